"""A manager changes a showing, or the theatre's list, at the moment in which somebody else builds on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

import bookings.services
import bookings.showtimes
import catalog.services
from bookings.models import Booking
from bookings.services import booking_hold
from bookings.showtimes import showtime_change, showtime_delete
from bookings.tests.factories import draft_of, showtime_on_sale
from catalog.locks import showtime_locked
from catalog.models import Credit, Job, Listing, Movie, Showtime, ShowtimeStatus
from catalog.services import (
    ShowtimeChange,
    ShowtimeDraft,
    listing_remove,
    movie_fetch,
    movie_import,
    showtime_schedule,
)
from catalog.tests.factories import ListingFactory
from demo.films import FILM_BY_SLUG
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from theatres.tests.factories import ScreenFactory, TheatreFactory

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

TOGETHER_SECONDS = 0.5  # how long one waits for the other in the middle of the transaction


class Meeting:
    """Two who stop in the middle of their transactions until the other has got as far, where that can be."""

    def __init__(self) -> None:
        self._both = threading.Barrier(2)

    def wait(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self._both.wait(TOGETHER_SECONDS)

    def after(self, function: Callable[..., object]) -> Callable[..., object]:
        def meet(*args: object, **kwargs: object) -> object:
            result = function(*args, **kwargs)
            self.wait()
            return result

        return meet


def at_once(*people: Callable[[], object]) -> list[str]:
    """Run each in a transaction and a thread of its own; return what became of them, in their order: done or the code
    of the refusal."""

    def run(person: Callable[[], object]) -> str:
        try:
            run_in_transaction(person, find=again)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


@pytest.fixture
def now() -> datetime:
    return database_now()


@pytest.fixture
def showtime(now, settings) -> Iterator[Showtime]:
    settings.RATE_LIMITS = False
    return showtime_on_sale(starts_at=now + timedelta(days=3))


def changed(showtime: Showtime, kind: str, now: datetime) -> None:
    theatre_id = showtime.screen.theatre_id
    if kind == "deleted":
        showtime_delete(theatre_id=theatre_id, showtime_id=showtime.pk)
        return
    status = ShowtimeStatus.DRAFT if kind == "draft" else None
    starts_at = showtime.starts_at + timedelta(hours=1) if kind == "moved" else None
    change = ShowtimeChange(starts_at=starts_at)
    showtime_change(theatre_id=theatre_id, showtime_id=showtime.pk, change=change, status=status, now=now)


def hold_and_change_at_once(showtime: Showtime, kind: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The buyer has taken the seats, the manager has looked for bookings; then both go on."""
    meeting, wish = Meeting(), draft_of(showtime, ["C4"], now=now)
    monkeypatch.setattr(bookings.services, "seats_take", meeting.after(bookings.services.seats_take))
    locked = bookings.showtimes.showtime_of_theatre_locked
    monkeypatch.setattr(bookings.showtimes, "showtime_of_theatre_locked", meeting.after(locked))
    return at_once(partial(booking_hold, wish, now=now), partial(changed, showtime, kind, now))


def stands_as_booked(showtime: Showtime) -> bool:
    return Showtime.objects.as_shown(showtime).exists() and showtime.seats.filter(status="held").exists()


@pytest.mark.parametrize("kind", ["moved", "draft", "deleted"])
def test_a_showing_is_either_booked_or_changed(showtime, kind, now, monkeypatch):
    outcome = hold_and_change_at_once(showtime, kind, now, monkeypatch)
    assert outcome in (["done", "showtime_has_bookings"], ["showtime_changed", "done"])
    assert stands_as_booked(showtime) == Booking.objects.exists() == (outcome[0] == "done")


def test_without_the_shared_lock_a_showing_is_moved_under_a_booking(showtime, now, monkeypatch):
    monkeypatch.setattr(bookings.seats, "_LOCK_SHARED", {})
    assert hold_and_change_at_once(showtime, "moved", now, monkeypatch) == ["done", "done"]
    assert Booking.objects.exists()
    assert not stands_as_booked(showtime)


def schedule_and_take_off_the_list(now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One manager has looked whether the film is on the list, the other whether it has shows; then both go on."""
    screen = ScreenFactory()
    movie = ListingFactory(theatre=screen.theatre).movie
    meeting = Meeting()
    monkeypatch.setattr(catalog.services, "listing_locked", meeting.after(catalog.services.listing_locked))
    draft = ShowtimeDraft(
        theatre_id=screen.theatre_id,
        screen_id=screen.pk,
        movie_id=movie.pk,
        starts_at=now + timedelta(days=1),
        prices=350_000,
    )
    return at_once(
        partial(showtime_schedule, draft=draft, now=now),
        partial(listing_remove, theatre_id=screen.theatre_id, movie_id=movie.pk, now=now),
    )


def test_a_film_is_either_scheduled_or_taken_off_the_list(now, monkeypatch):
    outcome = schedule_and_take_off_the_list(now, monkeypatch)
    assert outcome in (["done", "movie_has_showtimes"], ["invalid", "done"])
    assert Showtime.objects.exists() == Listing.objects.exists() == (outcome[0] == "done")


def test_without_the_lock_on_the_list_a_film_is_scheduled_that_is_not_on_it(now, monkeypatch):
    def listing_looked_up(**of: int) -> Listing | None:
        return Listing.objects.filter(**of).first()

    monkeypatch.setattr(catalog.services, "listing_locked", listing_looked_up)
    assert schedule_and_take_off_the_list(now, monkeypatch) == ["done", "done"]
    assert Showtime.objects.exists()
    assert not Listing.objects.exists()


def test_a_film_added_twice_at_once_is_one_film_with_one_place_on_the_list(now, tmdb, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    theatre, tmdb_id = TheatreFactory(), FILM_BY_SLUG["metropolis"].tmdb_id
    fetched = movie_fetch(tmdb_id)
    add = partial(movie_import, theatre=theatre, tmdb_id=tmdb_id, fetched=fetched, now=now)
    assert at_once(*[add] * 4) == ["done"] * 4
    assert Listing.objects.get().movie == Movie.objects.get()
    assert Credit.objects.filter(job=Job.DIRECTOR).count() == 1


def schedule_and_move_into_one_slot(showtime: Showtime, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One manager schedules in a free hall, the other moves a showing into it; both have seen that it is free."""
    hall, meeting = ScreenFactory(theatre=showtime.screen.theatre), Meeting()
    draft = ShowtimeDraft(
        theatre_id=hall.theatre_id,
        screen_id=hall.pk,
        movie_id=ListingFactory(theatre=hall.theatre).movie.pk,
        starts_at=showtime.starts_at,
        prices=350_000,
    )
    monkeypatch.setattr(catalog.services, "_slot_check", meeting.after(catalog.services._slot_check))
    return at_once(
        partial(showtime_schedule, draft=draft, now=now),
        partial(
            showtime_change,
            theatre_id=hall.theatre_id,
            showtime_id=showtime.pk,
            change=ShowtimeChange(screen_id=hall.pk),
            now=now,
        ),
    )


def test_a_slot_goes_to_a_new_showing_or_to_one_that_moves(showtime, now, monkeypatch):
    assert sorted(schedule_and_move_into_one_slot(showtime, now, monkeypatch)) == ["done", "screen_busy"]


def test_without_the_lock_on_the_halls_both_would_run(showtime, now, monkeypatch):
    def showtime_alone_locked(*, theatre_id: int, showtime_id: int) -> Showtime:
        return showtime_locked(showtime_id)

    monkeypatch.setattr(bookings.showtimes, "showtime_of_theatre_locked", showtime_alone_locked)
    assert schedule_and_move_into_one_slot(showtime, now, monkeypatch) == ["done", "done"]
