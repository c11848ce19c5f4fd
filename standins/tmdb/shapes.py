"""TMDb's JSON objects, made from a Film: the fields of the v3 API. `language` is "en-US", "fr" and so on."""

import hashlib
import zlib
from datetime import date
from typing import Any

from standins.tmdb.films import GENRES, Film, Release, Translation, Video, backdrop_path, portrait_path, poster_paths

LANGUAGES = {  # English name, own name, the country TMDb shows a translation under
    "en": ("English", "English", "US"),
    "ar": ("Arabic", "العربية", "SA"),
    "da": ("Danish", "Dansk", "DK"),
    "de": ("German", "Deutsch", "DE"),
    "fr": ("French", "Français", "FR"),
    "it": ("Italian", "Italiano", "IT"),
    "ja": ("Japanese", "日本語", "JP"),
    "ru": ("Russian", "Pусский", "RU"),
    "sv": ("Swedish", "svenska", "SE"),
    "sw": ("Swahili", "Kiswahili", "KE"),
    "yo": ("Yoruba", "Èdè Yorùbá", "NG"),
    "xx": ("No Language", "No Language", "XX"),
}
COUNTRIES = {
    "US": "United States of America",
    "GB": "United Kingdom",
    "NG": "Nigeria",
    "GH": "Ghana",
    "KE": "Kenya",
    "ZA": "South Africa",
    "FR": "France",
    "DE": "Germany",
    "JP": "Japan",
    "EG": "Egypt",
    "IT": "Italy",
    "SE": "Sweden",
    "DK": "Denmark",
    "SU": "Soviet Union",
}
CERTIFICATIONS = {  # no NG, GH, KE: TMDb lists none for them
    "US": ["NR", "G", "PG", "PG-13", "R", "NC-17"],
    "GB": ["U", "PG", "12A", "12", "15", "18", "R18"],
    "ZA": ["A", "PG", "7-9PG", "10-12PG", "13", "16", "18", "X18"],
    "FR": ["TP", "12", "16", "18"],
    "DE": ["0", "6", "12", "16", "18"],
    "CA-QC": ["G", "13+", "16+", "18+"],
}


def language_code(language: str) -> str:
    return language.partition("-")[0].lower()


def texts(film: Film, language: str) -> tuple[str, str, str]:
    """Return title, overview and tagline. What isn't translated is empty, a title is then the original one."""
    code = language_code(language)
    original_title = film.original_title or film.title
    if code == "en":
        return film.title, film.overview, film.tagline
    if translation := film.translations.get(code):
        return translation.title or original_title, translation.overview, translation.tagline
    return original_title, "", ""


def list_item(film: Film, language: str, today: date, region: str = "") -> dict[str, Any]:
    title, overview, _ = texts(film, language)
    posters = poster_paths(film)
    return {
        "adult": film.adult,
        "backdrop_path": backdrop_path(film),
        "genre_ids": list(film.genre_ids),
        "id": film.id,
        "original_language": film.original_language,
        "original_title": film.original_title or film.title,
        "overview": overview,
        "popularity": film.popularity,
        "poster_path": posters[0] if posters else None,
        "release_date": film.release_date_in(region, today),
        "title": title,
        "video": False,
        "vote_average": 6.5,
        "vote_count": 120,
    }


def details(film: Film, language: str, today: date) -> dict[str, Any]:
    item = list_item(film, language, today)
    del item["genre_ids"]
    english, own, _ = LANGUAGES[film.original_language]
    return {
        **item,
        "belongs_to_collection": None,
        "budget": 0,
        "genres": [{"id": genre_id, "name": GENRES[genre_id]} for genre_id in film.genre_ids],
        "homepage": film.homepage,
        "imdb_id": film.imdb_id,
        "origin_country": list(film.countries),
        "production_companies": [],
        "production_countries": [{"iso_3166_1": code, "name": COUNTRIES.get(code, code)} for code in film.countries],
        "revenue": 0,
        "runtime": film.runtime,
        "spoken_languages": [{"english_name": english, "iso_639_1": film.original_language, "name": own}],
        "status": film.status,
        "tagline": texts(film, language)[2],
    }


def credits(film: Film) -> dict[str, Any]:
    cast = [
        {
            **_person(film, name, "Acting"),
            "cast_id": order,
            "character": character,
            "credit_id": _credit_id(film, name, character),
            "order": order,
        }
        for order, (name, character) in enumerate(film.cast)
    ]
    crew = [
        {
            **_person(film, name, _department(job)),
            "credit_id": _credit_id(film, name, job),
            "department": _department(job),
            "job": job,
        }
        for name, job in film.crew
    ]
    return {"cast": cast[::-1], "crew": crew}  # not sorted: `order` is what says who comes first


def videos(film: Film, language: str) -> dict[str, Any]:
    wanted = [video for video in film.videos if video.language == language_code(language)]
    return {"results": [_video(film, video) for video in wanted]}


def release_dates(film: Film, today: date) -> dict[str, Any]:
    return {
        "results": [
            {"iso_3166_1": country, "release_dates": [_release(film, release, today) for release in releases]}
            for country, releases in film.releases.items()
        ]
    }


def images(film: Film, wanted_languages: set[str | None] | None) -> dict[str, Any]:
    """wanted_languages: codes, and None for pictures without words; None instead of a set means all."""
    posters = [
        _image(path, code, 1400, 2100)
        for path, code in zip(poster_paths(film), ("en", None, "fr"), strict=False)
        if wanted_languages is None or code in wanted_languages
    ]
    backdrop = backdrop_path(film)
    wants_wordless = wanted_languages is None or None in wanted_languages
    return {
        "backdrops": [_image(backdrop, None, 1920, 1080)] if backdrop and wants_wordless else [],
        "logos": [],
        "posters": posters,
    }


def translations(film: Film) -> dict[str, Any]:
    rows = {"en": Translation("", film.overview, film.tagline), **film.translations}
    return {"translations": [_translation(film, code, translation) for code, translation in rows.items()]}


def _person(film: Film, name: str, department: str) -> dict[str, Any]:
    return {
        "adult": False,
        "gender": 0,
        "id": zlib.crc32(name.encode()) % 5_000_000 + 1,
        "known_for_department": department,
        "name": name,
        "original_name": name,
        "popularity": 0.5,
        "profile_path": portrait_path(film, name) if department == "Acting" else None,
    }


def _department(job: str) -> str:
    return {"Director": "Directing", "Screenplay": "Writing", "Writer": "Writing"}.get(job, "Production")


def _credit_id(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _video(film: Film, video: Video) -> dict[str, Any]:
    return {
        "iso_639_1": video.language,
        "iso_3166_1": "US",
        "name": f"{film.title}: {video.kind}",
        "key": video.key,
        "site": video.site,
        "size": 1080,
        "type": video.kind,
        "official": video.official,
        "published_at": video.published_at,
        "id": _credit_id(film.id, video),
    }


def _release(film: Film, release: Release, today: date) -> dict[str, Any]:
    released = release.released or film.release_date(today) or "2026-01-01"
    return {
        "certification": release.certification,
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{released}T00:00:00.000Z",
        "type": release.kind,
    }


def _translation(film: Film, code: str, translation: Translation) -> dict[str, Any]:
    english, own, country = LANGUAGES[code]
    return {
        "iso_3166_1": country,
        "iso_639_1": code,
        "name": own,
        "english_name": english,
        "data": {
            "homepage": "",
            "overview": translation.overview,
            "runtime": film.runtime or 0,
            "tagline": translation.tagline,
            "title": translation.title,
        },
    }


def _image(path: str, language: str | None, width: int, height: int) -> dict[str, Any]:
    return {
        "aspect_ratio": round(width / height, 3),
        "height": height,
        "iso_639_1": language,
        "file_path": path,
        "vote_average": 5.0,
        "vote_count": 3,
        "width": width,
    }
