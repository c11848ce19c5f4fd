"""Movy's client of TMDb (The Movie Database, API v3): the calls an import needs, typed and cleaned.

TMDb is optional: Movy is whole without it, and its free key is for non-commercial use only. Call it from an import,
never from a public page and never inside a transaction.
"""

from catalog.tmdb.answers import TmdbFound, TmdbGenre, TmdbMovie, TmdbPage, TmdbPerson
from catalog.tmdb.client import Tmdb, tmdb
from catalog.tmdb.errors import TmdbNotFound, TmdbUnavailable

__all__ = [
    "Tmdb",
    "TmdbFound",
    "TmdbGenre",
    "TmdbMovie",
    "TmdbNotFound",
    "TmdbPage",
    "TmdbPerson",
    "TmdbUnavailable",
    "tmdb",
]
