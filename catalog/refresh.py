"""Fetching a film from TMDb again without losing what people have changed in it.

Movie.edited_fields names what a person set. Those fields keep our value unless somebody chooses TMDb's again, which
ends that. People of the film stay as they are: typed credits could not be told from fetched ones.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.imports import (
    BACKDROP,
    POSTER,
    FetchedMovie,
    film_facts,
    genre_stored,
    path_stem,
    picture_copied,
)
from catalog.models import Movie
from catalog.tmdb import TmdbMovie, tmdb

PICTURES = {"poster": POSTER, "backdrop": BACKDROP}
FIELDS = (
    "title",
    "original_title",
    "tagline",
    "overview",
    "runtime_minutes",
    "release_date",
    "certification",
    "language",
    "trailer_url",
    "genres",
    *PICTURES,
)
"""What fetching again can change, in the order in which it is shown."""


SHOWN_LENGTH = 240
"""Characters of a text that the comparison shows."""


@dataclass(frozen=True)
class Difference:
    """A field in which TMDb says something else than we do."""

    name: str
    label: str
    ours: str
    theirs: str
    is_edited: bool


def film_fetch(tmdb_id: int) -> TmdbMovie:
    """Ask TMDb for a film that we have. Raises TmdbNotFound, TmdbUnavailable. Call it outside transactions."""
    return tmdb().movie(tmdb_id)


def pictures_fetch(film: TmdbMovie, *, fields: Collection[str]) -> FetchedMovie:
    """Copy those of a film's pictures that are wanted. Call it outside transactions."""
    wanted = [(path, kind) for name, kind in PICTURES.items() if name in fields and (path := _path(film, name))]
    return FetchedMovie(film=film, pictures={path: picture_copied(path, kind) for path, kind in wanted})


def differences(movie: Movie, film: TmdbMovie, *, country: str) -> list[Difference]:
    """Return what fetching again could change. TMDb's not knowing a thing is no difference. One query."""
    found = []
    ours, theirs = _ours(movie), _theirs(film, country)
    for name in FIELDS:
        if theirs[name] in ("", None, []) or _is_same(name, ours[name], theirs[name]):
            continue
        found.append(
            Difference(
                name=name,
                label=capfirst(str(Movie._meta.get_field(name).verbose_name)),  # type: ignore[union-attr]
                ours=_shown(name, ours[name]),
                theirs=_shown(name, theirs[name]),
                is_edited=name in movie.edited_fields,
            )
        )
    return found


def movie_refresh(*, movie_id: int, fetched: FetchedMovie, fields: Iterable[str], country: str, now: datetime) -> Movie:
    """Take these fields of a film from TMDb; they count as TMDb's own from then on. Runs inside the door's transaction;
    again changes nothing."""
    movie = Movie.objects.select_for_update().get(pk=movie_id)
    taken = [name for name in FIELDS if name in set(fields)]
    facts = film_facts(fetched.film, country=country)
    for name in taken:
        if name in PICTURES:
            picture = fetched.picture(_path(fetched.film, name))
            if picture:  # else it could not be had: ours stays
                setattr(movie, name, picture)
        elif name == "genres":
            movie.genres.set([genre_stored(genre) for genre in fetched.film.genres])
        else:
            setattr(movie, name, facts[name])
    movie.edited_fields = [name for name in movie.edited_fields if name not in taken]
    movie.tmdb_fetched_at = now
    movie.save()
    return movie


def edits_note(movie: Movie, changed: Iterable[str]) -> None:
    """Remember that a person set these fields of a film from TMDb. Saving is the caller's."""
    if movie.tmdb_id is not None:
        edited = {*movie.edited_fields, *changed}
        movie.edited_fields = [name for name in FIELDS if name in edited]


def _ours(movie: Movie) -> dict[str, Any]:
    values = {name: getattr(movie, name) for name in FIELDS if name != "genres" and name not in PICTURES}
    values["genres"] = sorted(movie.genres.values_list("name", flat=True))
    return values | {name: _stem_of_stored(getattr(movie, name).name or "") for name in PICTURES}


def _theirs(film: TmdbMovie, country: str) -> dict[str, Any]:
    pictures = {name: path_stem(_path(film, name) or "") for name in PICTURES}
    return film_facts(film, country=country) | {"genres": sorted(genre.name for genre in film.genres)} | pictures


def _stem_of_stored(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _is_same(name: str, ours: Any, theirs: Any) -> bool:
    """A picture that was copied twice has a suffix of its own in our storage."""
    is_copy = name in PICTURES and re.fullmatch(rf"{re.escape(theirs)}(_[A-Za-z0-9]{{7}})?", ours) is not None
    return is_copy or bool(ours == theirs)


def _path(film: TmdbMovie, name: str) -> str | None:
    return film.poster_path if name == "poster" else film.backdrop_path


def _shown(name: str, value: Any) -> str:
    if name in PICTURES and value:
        return _("another picture")
    text = ", ".join(value) if isinstance(value, list) else str(value or "")
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
