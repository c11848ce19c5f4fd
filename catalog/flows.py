"""The transactions that pages and API open for the catalogue, once for both."""

from __future__ import annotations

from catalog.models import Listing, Movie
from catalog.services import ImportedMovie, listing_remove, movie_fetch, movie_import
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from theatres.models import Theatre


def movie_add(*, theatre: Theatre, tmdb_id: int) -> ImportedMovie:
    """Put a film on a theatre's list, fetched from TMDb unless we have it. Two at once make one film and one place.

    Raises TmdbNotFound, TmdbUnavailable: then nothing was changed.
    """
    fetched = movie_fetch(tmdb_id)
    now = database_now()
    return run_in_transaction(
        lambda: movie_import(theatre=theatre, tmdb_id=tmdb_id, fetched=fetched, now=now), find=again
    )


def movie_take_off(*, theatre: Theatre, movie: Movie) -> None:
    """Take a film off a theatre's list. Raises MovieHasShowtimes, NotFound."""
    now = database_now()

    def take_off() -> bool:
        listing_remove(theatre_id=theatre.pk, movie_id=movie.pk, now=now)
        return True

    run_in_transaction(
        take_off, find=lambda: None if Listing.objects.filter(theatre=theatre, movie=movie).exists() else True
    )
