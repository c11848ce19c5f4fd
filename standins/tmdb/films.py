"""A film as the stand-in keeps it, and the shelf of all of them."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

GENRES: Mapping[int, str] = {
    28: "Action",
    12: "Adventure",
    16: "Animation",
    35: "Comedy",
    80: "Crime",
    99: "Documentary",
    18: "Drama",
    10751: "Family",
    14: "Fantasy",
    36: "History",
    27: "Horror",
    10402: "Music",
    9648: "Mystery",
    10749: "Romance",
    878: "Science Fiction",
    10770: "TV Movie",
    53: "Thriller",
    10752: "War",
    37: "Western",
}


@dataclass(frozen=True)
class Video:
    key: str
    site: str = "YouTube"
    kind: str = "Trailer"
    official: bool = True
    published_at: str = "2026-01-15T10:00:00.000Z"
    language: str = "en"


@dataclass(frozen=True)
class Release:
    """kind: 1 premiere, 2 theatrical limited, 3 theatrical, 4 digital, 5 physical, 6 TV."""

    certification: str
    kind: int = 3
    released: str = ""  # the film's own date unless given


@dataclass(frozen=True)
class Translation:
    title: str
    overview: str = ""
    tagline: str = ""


@dataclass(frozen=True, kw_only=True)
class Film:
    """Facts about one film, in our own words. What may be missing at TMDb may be missing here."""

    id: int
    title: str
    original_title: str = ""  # the title unless given
    original_language: str = "en"
    overview: str = ""
    tagline: str = ""
    released: str = ""  # YYYY-MM-DD
    released_in_days: int | None = None  # instead of `released`: counted from the stand-in's clock
    runtime: int | None = 90  # minutes; 0 and None both mean unknown
    genre_ids: tuple[int, ...] = (18,)
    countries: tuple[str, ...] = ("US",)
    status: str = "Released"
    adult: bool = False
    imdb_id: str | None = None
    homepage: str = ""
    popularity: float = 1.0
    has_pictures: bool = True
    has_portraits: bool = False
    palette: tuple[str, ...] = ("#1d2b3a", "#c8553d", "#f2d0a4")  # "#rrggbb", back to front
    cast: tuple[tuple[str, str], ...] = ()  # name, character
    crew: tuple[tuple[str, str], ...] = ()  # name, job
    videos: tuple[Video, ...] = ()
    releases: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)  # by ISO 3166-1
    translations: Mapping[str, Translation] = field(default_factory=dict)  # by ISO 639-1, English apart

    def release_date(self, today: date) -> str:
        """Return YYYY-MM-DD, or "" when it is unknown."""
        if self.released_in_days is None:
            return self.released
        return (today + timedelta(days=self.released_in_days)).isoformat()

    def release_date_in(self, country: str, today: date) -> str:
        """Return the cinema date of that country, the film's own date when it has none."""
        for release in self.releases.get(country, ()):
            if release.kind in (2, 3) and release.released:
                return release.released
        return self.release_date(today)

    def titles(self) -> Iterable[str]:
        return (self.title, self.original_title, *(translation.title for translation in self.translations.values()))


@dataclass(frozen=True)
class Picture:
    kind: str  # "poster", "backdrop" or "profile"
    label: str
    palette: tuple[str, ...]


def picture_path(*parts: object) -> str:
    """Return an opaque path like TMDb's, the same for the same picture every time."""
    return f"/{hashlib.sha256(repr(parts).encode()).hexdigest()[:27]}.jpg"


def poster_paths(film: Film) -> tuple[str, ...]:
    """Return the paths of the film's posters in English, without words and in French."""
    return tuple(picture_path(film.id, "poster", n) for n in range(3)) if film.has_pictures else ()


def backdrop_path(film: Film) -> str | None:
    return picture_path(film.id, "backdrop") if film.has_pictures else None


def portrait_path(film: Film, name: str) -> str | None:
    return picture_path(name) if film.has_portraits else None


class Shelf:
    """All films, by id and in the order of their popularity, and all pictures by path."""

    def __init__(self, films: Iterable[Film]) -> None:
        self.films = sorted(films, key=lambda film: (-film.popularity, film.id))
        self.by_id = {film.id: film for film in self.films}
        self.pictures: dict[str, Picture] = {}
        for film in self.films:
            self._hang(film)
        self._search_texts = {film.id: [folded(title) for title in film.titles()] for film in self.films}

    def search(self, words: str) -> list[Film]:
        """Return the films with these words in a title, whatever their case and accents."""
        wanted = folded(words)
        return [film for film in self.films if any(wanted in text for text in self._search_texts[film.id])]

    def _hang(self, film: Film) -> None:
        for path in poster_paths(film):
            self.pictures[path] = Picture("poster", film.title, film.palette)
        if backdrop := backdrop_path(film):
            self.pictures[backdrop] = Picture("backdrop", film.title, film.palette)
        for name, _ in film.cast:
            if portrait := portrait_path(film, name):
                self.pictures[portrait] = Picture("profile", name, film.palette)


def folded(text: str) -> str:
    """Return the text for comparing: no accents, no case, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())
