"""What TMDb answers, as Movy believes it.

It was typed in by strangers: every text is one line of bounded length without control characters, still to be escaped
where it is shown, and every number is in a sane range or None. Fields and limits: TMDb's API reference,
https://developer.themoviedb.org/reference/movie-details
"""

import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.tmdb.errors import TmdbUnavailable

logger = logging.getLogger(__name__)

TITLE_MAX = 200  # characters, as the catalogue's columns have room for
TAGLINE_MAX = 300
OVERVIEW_MAX = 4000
NAME_MAX = 120
CHARACTER_MAX = 200
GENRE_MAX = 40
CERTIFICATION_MAX = 12
RUNTIME_MINUTES_MAX = 1440
CAST_MAX = 20
DIRECTORS_MAX = 10
ID_MAX = 2**31 - 1  # TMDb's ids are int32

PICTURE_PATH = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(jpg|jpeg|png|webp)")
TRAILER_KEY = re.compile(r"[A-Za-z0-9_-]{6,20}")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
CERTIFYING_RELEASES = {3: 0, 2: 1, 1: 2}  # TMDb's type of release → how gladly its rating is taken: cinemas first


@dataclass(frozen=True)
class TmdbFound:
    """A line of a search."""

    tmdb_id: int
    title: str
    original_title: str
    overview: str
    released_on: date | None
    poster_path: str | None


@dataclass(frozen=True)
class TmdbPage:
    page: int
    total_pages: int
    results: tuple[TmdbFound, ...]


@dataclass(frozen=True)
class TmdbGenre:
    tmdb_id: int
    name: str


@dataclass(frozen=True)
class TmdbPerson:
    """Somebody of the cast (with a character) or a director (without)."""

    tmdb_id: int
    name: str
    character: str
    photo_path: str | None


@dataclass(frozen=True)
class TmdbMovie:
    """A film. "" and None mean that TMDb doesn't know. certifications: the rating by country, ISO 3166-1."""

    tmdb_id: int
    title: str
    original_title: str
    tagline: str
    overview: str
    runtime_minutes: int | None
    released_on: date | None
    language: str
    genres: tuple[TmdbGenre, ...]
    directors: tuple[TmdbPerson, ...]
    cast: tuple[TmdbPerson, ...]
    trailer_key: str | None  # of a YouTube video
    certifications: Mapping[str, str]
    poster_path: str | None
    backdrop_path: str | None

    def certification_in(self, country: str) -> str:
        """Return that country's rating, "" where it has none: another country's is never borrowed."""
        return self.certifications.get(country, "")


def movie_of(data: Mapping[str, Any]) -> TmdbMovie:
    tmdb_id = integer_of(data.get("id"), 1, ID_MAX)
    original_title = text_of(data.get("original_title"), TITLE_MAX)
    title = text_of(data.get("title"), TITLE_MAX) or original_title
    if tmdb_id is None or not title:
        logger.warning("tmdb sent a film without id or title")
        raise TmdbUnavailable
    credits = dict_of(data.get("credits"))
    cast = sorted(dicts_of(credits.get("cast")), key=lambda row: integer_of(row.get("order"), 0, ID_MAX) or 0)
    directors = [row for row in dicts_of(credits.get("crew")) if row.get("job") == "Director"]
    return TmdbMovie(
        tmdb_id=tmdb_id,
        title=title,
        original_title=original_title,
        tagline=text_of(data.get("tagline"), TAGLINE_MAX),
        overview=text_of(data.get("overview"), OVERVIEW_MAX),
        runtime_minutes=integer_of(data.get("runtime"), 1, RUNTIME_MINUTES_MAX),
        released_on=_date(data.get("release_date")),
        language=_match(LANGUAGE_CODE, data.get("original_language")) or "",
        genres=_genres(data.get("genres")),
        directors=_people(directors)[:DIRECTORS_MAX],
        cast=_people(cast)[:CAST_MAX],
        trailer_key=_trailer_key(dicts_of(dict_of(data.get("videos")).get("results"))),
        certifications=_certifications(dicts_of(dict_of(data.get("release_dates")).get("results"))),
        poster_path=_match(PICTURE_PATH, data.get("poster_path")),
        backdrop_path=_match(PICTURE_PATH, data.get("backdrop_path")),
    )


def found_of(item: Mapping[str, Any]) -> TmdbFound | None:
    tmdb_id = integer_of(item.get("id"), 1, ID_MAX)
    original_title = text_of(item.get("original_title"), TITLE_MAX)
    title = text_of(item.get("title"), TITLE_MAX) or original_title
    if tmdb_id is None or not title or item.get("adult") not in (False, None):
        return None
    return TmdbFound(
        tmdb_id=tmdb_id,
        title=title,
        original_title=original_title,
        overview=text_of(item.get("overview"), OVERVIEW_MAX),
        released_on=_date(item.get("release_date")),
        poster_path=_match(PICTURE_PATH, item.get("poster_path")),
    )


def _genres(value: Any) -> tuple[TmdbGenre, ...]:
    rows = ((integer_of(row.get("id"), 1, ID_MAX), text_of(row.get("name"), GENRE_MAX)) for row in dicts_of(value))
    return tuple(TmdbGenre(genre_id, name) for genre_id, name in rows if genre_id and name)


def _people(rows: list[dict[str, Any]]) -> tuple[TmdbPerson, ...]:
    people = (
        TmdbPerson(
            tmdb_id=integer_of(row.get("id"), 1, ID_MAX) or 0,
            name=text_of(row.get("name"), NAME_MAX),
            character=text_of(row.get("character"), CHARACTER_MAX),
            photo_path=_match(PICTURE_PATH, row.get("profile_path")),
        )
        for row in rows
    )
    return tuple(person for person in people if person.tmdb_id and person.name)


def _trailer_key(videos: list[dict[str, Any]]) -> str | None:
    """Return the YouTube trailer to show: an official one before others, then the newest."""
    trailers = [
        video
        for video in videos
        if video.get("site") == "YouTube" and video.get("type") == "Trailer" and _match(TRAILER_KEY, video.get("key"))
    ]
    best = max(
        trailers, key=lambda video: (video.get("official") is True, str(video.get("published_at"))), default=None
    )
    return best["key"] if best else None


def _certifications(countries: list[dict[str, Any]]) -> dict[str, str]:
    """Return each country's rating: that of a cinema release (type 3), a limited one (2), a premiere (1), any other."""
    chosen = {}
    for row in countries:
        country = _match(COUNTRY_CODE, row.get("iso_3166_1"))
        rated = [
            (integer_of(release.get("type"), 1, 6), certification)
            for release in dicts_of(row.get("release_dates"))
            if (certification := text_of(release.get("certification"), CERTIFICATION_MAX))
        ]
        if country and rated:
            chosen[country] = min(rated, key=lambda pair: CERTIFYING_RELEASES.get(pair[0] or 0, 3))[1]
    return chosen


def text_of(value: Any, limit: int) -> str:
    """Return a string of at most `limit` characters, blanks and line ends as single blanks, without control characters
    and halves of surrogate pairs, which databases refuse; "" for what is no string. Markup stays: it is text."""
    if not isinstance(value, str):
        return ""
    visible = (char for char in " ".join(value.split()) if unicodedata.category(char) not in {"Cc", "Cs"})
    text = "".join(visible).strip()
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def integer_of(value: Any, lowest: int, highest: int) -> int | None:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return value if is_integer and lowest <= value <= highest else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _match(form: re.Pattern[str], value: Any) -> str | None:
    return value if isinstance(value, str) and form.fullmatch(value) else None


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def dicts_of(value: Any) -> list[dict[str, Any]]:
    return [item for item in list_of(value) if isinstance(item, dict)]
