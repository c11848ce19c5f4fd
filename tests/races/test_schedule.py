"""Two managers put a show on the same screen at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection

import catalog.services
from catalog.errors import ScreenBusy
from catalog.models import Showtime
from catalog.services import ShowtimeDraft, showtime_schedule
from catalog.tests.factories import ListingFactory
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from theatres.models import Screen
from theatres.tests.factories import ScreenFactory

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

TOGETHER_SECONDS = 0.5  # how long the first waits for the second between its look and its insert


def schedule_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Schedule two overlapping shows, each stopping after its look until the other has looked too, if it ever can."""
    screen = ScreenFactory()
    movie = ListingFactory(theatre=screen.theatre).movie
    now = database_now()
    both_have_looked = threading.Barrier(2)
    look = catalog.services._slot_check

    def look_and_wait(*args: object, **kwargs: object) -> None:
        look(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            both_have_looked.wait(TOGETHER_SECONDS)

    monkeypatch.setattr(catalog.services, "_slot_check", look_and_wait)

    def manager(minutes: int) -> str:
        draft = ShowtimeDraft(
            theatre_id=screen.theatre_id,
            screen_id=screen.pk,
            movie_id=movie.pk,
            starts_at=now + timedelta(days=1, minutes=minutes),
            prices=350_000,
        )
        try:
            run_in_transaction(lambda: showtime_schedule(draft=draft, now=now), find=again)
        except ScreenBusy:
            return "busy"
        finally:
            connection.close()
        return "scheduled"

    with ThreadPoolExecutor(2) as managers:
        return sorted(managers.map(manager, [0, 30]))


def test_one_of_two_overlapping_shows_is_refused(monkeypatch):
    assert schedule_twice_at_once(monkeypatch) == ["busy", "scheduled"]
    assert Showtime.objects.count() == 1


def test_without_the_lock_on_the_screen_both_would_run(monkeypatch):
    monkeypatch.setattr(
        catalog.services, "screen_locked", lambda *, theatre_id, screen_id: Screen.objects.get(pk=screen_id)
    )
    monkeypatch.setattr(
        catalog.services,
        "listing_locked",  # it happens to be the same film's: two films would not meet there
        lambda *, theatre_id, movie_id: catalog.services.Movie.objects.get(pk=movie_id).listings.get(),
    )
    assert schedule_twice_at_once(monkeypatch) == ["scheduled", "scheduled"]
