"""The transactions that pages and API open for the catalogue, once for both."""

from __future__ import annotations

from catalog.alerts import alert_make, alert_tell, alerts_due
from catalog.models import Listing, Movie, OpeningAlert
from catalog.services import ImportedMovie, listing_remove, movie_fetch, movie_import
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from theatres.models import Theatre

TOLD_AT_ONCE = 100  # people that one round of the worker tells that a film can be booked


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


def alert_ask(movie: Movie, *, email: str, city: str, language: str) -> OpeningAlert:
    """Note in a transaction of its own that somebody wants to be told when a film can be booked."""
    now = database_now()
    return run_in_transaction(lambda: alert_make(movie, email=email, city=city, language=language, now=now), find=again)


def alerts_tell() -> int:
    """Tell people whose film can be booked now, each in a transaction of its own; return how many. Killed in between,
    it goes on with the next."""
    now = database_now()
    due = alerts_due(now=now, most=TOLD_AT_ONCE)
    return one_by_one(due, lambda alert_id: run_in_transaction(lambda: alert_tell(alert_id, now=now), find=again))
