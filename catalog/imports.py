"""Films from TMDb: searched for, and imported in two steps: what is fetched, outside any transaction, and what is
stored, inside one."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog import constants
from catalog.models import Credit, Genre, Job, Listing, Movie, Person
from catalog.pictures import UnusablePicture, picture_jpeg
from catalog.tmdb import TmdbFound, TmdbGenre, TmdbMovie, TmdbNotFound, TmdbPerson, TmdbUnavailable, tmdb
from theatres.models import Theatre

logger = logging.getLogger(__name__)

SMALL_POSTER_SIZE = "w342"  # TMDb's name


@dataclass(frozen=True)
class PictureKind:
    """size: TMDb's name of the one that we copy. folder: where it goes in our storage."""

    size: str
    pixels_max: tuple[int, int]
    folder: str


POSTER = PictureKind("w780", constants.POSTER_PIXELS, "posters")
BACKDROP = PictureKind("w1280", constants.BACKDROP_PIXELS, "backdrops")
PHOTO = PictureKind("w185", constants.PHOTO_PIXELS, "people")


@dataclass(frozen=True)
class FetchedMovie:
    """A film as TMDb tells it. `pictures`: TMDb's path -> name in our storage, for those that could be had."""

    film: TmdbMovie
    pictures: dict[str, str]

    def picture(self, path: str | None) -> str:
        return self.pictures.get(path or "", "")


@dataclass(frozen=True)
class ImportedMovie:
    movie: Movie
    is_new_on_list: bool


@dataclass(frozen=True)
class FoundMovie:
    """A line of a search. `poster_url` is on the host that pictures of the configured TMDb are on."""

    film: TmdbFound
    poster_url: str | None


@dataclass(frozen=True)
class FoundPage:
    movies: list[FoundMovie]
    has_next: bool


def movies_search(query: str, *, page: int) -> FoundPage:
    """Ask TMDb for films whose title has these words, the best first. page: 1 to 500, of 20 each.

    Raises TmdbUnavailable. Call it outside transactions.
    """
    found = tmdb().search(query, page=page)
    return FoundPage(
        movies=[FoundMovie(film, _poster_url(film)) for film in found.results],
        has_next=page < found.total_pages,
    )


def _poster_url(film: TmdbFound) -> str | None:
    if film.poster_path is None:
        return None
    try:
        return tmdb().picture_url(film.poster_path, SMALL_POSTER_SIZE)
    except (TmdbNotFound, TmdbUnavailable):  # a list without pictures is better than none
        return None


def movie_fetch(tmdb_id: int) -> FetchedMovie | None:
    """Ask TMDb for a film and copy its pictures; None for one that we have already. Call it outside transactions.

    Raises TmdbNotFound, TmdbUnavailable. A picture that cannot be had or used is left out: posters can be uploaded.
    """
    if Movie.objects.filter(tmdb_id=tmdb_id).exists():  # spares the call; the unique key decides, in movie_import
        return None
    film = tmdb().movie(tmdb_id)
    return FetchedMovie(film=film, pictures=dict(_pictures_copied(film)))


def movie_import(*, theatre: Theatre, tmdb_id: int, fetched: FetchedMovie | None, now: datetime) -> ImportedMovie:
    """Put a film on a theatre's list, storing it first if it is `fetched`. Again changes nothing."""
    movie = _movie_stored(fetched, theatre.country, now) if fetched else Movie.objects.get(tmdb_id=tmdb_id)
    _listing, is_new = Listing.objects.get_or_create(theatre=theatre, movie=movie)
    return ImportedMovie(movie=movie, is_new_on_list=is_new)


def _movie_stored(fetched: FetchedMovie, country: str, now: datetime) -> Movie:
    film = fetched.film
    movie, is_new = Movie.objects.get_or_create(
        tmdb_id=film.tmdb_id,
        defaults={
            "tmdb_fetched_at": now,
            **film_facts(film, country=country),
            "poster": fetched.picture(film.poster_path),
            "backdrop": fetched.picture(film.backdrop_path),
        },
    )
    if not is_new:  # another theatre's import was faster
        return movie
    movie.genres.set([genre_stored(genre) for genre in film.genres])
    Credit.objects.bulk_create(
        Credit(
            movie=movie,
            person=_person_stored(person, photo=fetched.picture(person.photo_path)),
            job=job,
            character=person.character,
            position=position,
        )
        for job, people in ((Job.DIRECTOR, film.directors), (Job.CAST, film.cast))
        for position, person in enumerate(people)
    )
    return movie


def film_facts(film: TmdbMovie, *, country: str) -> dict[str, Any]:
    """Return what TMDb says of a film, by the names of our columns; the certificate is that country's."""
    return {
        "title": film.title,
        "original_title": film.original_title,
        "tagline": film.tagline,
        "overview": film.overview,
        "runtime_minutes": film.runtime_minutes,
        "release_date": film.released_on,
        "certification": film.certification_in(country),
        "language": film.language,
        "trailer_url": f"https://www.youtube.com/watch?v={film.trailer_key}" if film.trailer_key else "",
    }


def genre_stored(genre: TmdbGenre) -> Genre:
    known = Genre.objects.filter(tmdb_id=genre.tmdb_id).first()  # TMDb may have renamed it since
    return known or Genre.objects.get_or_create(name=genre.name, defaults={"tmdb_id": genre.tmdb_id})[0]


def _person_stored(person: TmdbPerson, *, photo: str) -> Person:
    return Person.objects.get_or_create(tmdb_id=person.tmdb_id, defaults={"name": person.name, "photo": photo})[0]


def _pictures_copied(film: TmdbMovie) -> Iterator[tuple[str, str]]:
    """Yield (TMDb's path, name in our storage), the most important first, until the time for it is over."""
    photos = [(person.photo_path, PHOTO) for person in film.cast[: constants.PHOTOS_MAX]]
    until = time.monotonic() + constants.PICTURES_SECONDS
    for path, kind in [(film.poster_path, POSTER), (film.backdrop_path, BACKDROP), *photos]:
        if path is None or time.monotonic() > until:
            continue
        name = picture_copied(path, kind)
        if name:
            yield path, name


def picture_copied(path: str, kind: PictureKind) -> str:
    """Copy one of TMDb's pictures; return its name in our storage, "" for one that cannot be had, used or stored."""
    try:
        picture = picture_jpeg(tmdb().image(path, kind.size), pixels_max=kind.pixels_max)
        return default_storage.save(f"{kind.folder}/{path_stem(path)}.jpg", ContentFile(picture))
    except (TmdbNotFound, TmdbUnavailable, UnusablePicture):
        return ""
    except OSError:  # the disk is full, or not ours to write on: a film without pictures is better than none
        logger.exception("picture not stored")
        return ""


def path_stem(path: str) -> str:
    """Return how TMDb calls a picture: "abc" for "/abc.jpg"."""
    return path.strip("/").rpartition(".")[0]
