"""Two managers put a show on the same screen at the same time: by the service, by a series, by the office's page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import time, timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

import catalog.series
import catalog.services
from bookings.showtimes import showings_add
from catalog.errors import ScreenBusy
from catalog.models import Showtime
from catalog.series import SeriesRefused, Wish
from catalog.services import ShowtimeDraft, showtime_schedule
from catalog.tests.factories import ListingFactory
from movy.lib.clock import database_now, local_day
from movy.lib.db import again, run_in_transaction
from tests.site import Site, all_at_once
from theatres.models import Screen
from theatres.tests.factories import ScreenFactory
from theatres.tests.people import browser_of

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


# ---- Series


def two_series_at_once(monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> list[str]:
    """Save two series that meet on every day, each stopping after its plan until the other has made its own, if it ever
    can."""
    screen = ScreenFactory()
    films = [ListingFactory(theatre=screen.theatre).movie for _number in range(2)]
    now = database_now()
    first = local_day(now, screen.theatre.timezone) + timedelta(days=1)
    both_have_planned = threading.Barrier(2)
    plan = catalog.series.series_plan

    def plan_and_wait(*args: object, **kwargs: object) -> object:
        planned = plan(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            both_have_planned.wait(TOGETHER_SECONDS)
        return planned

    monkeypatch.setattr(catalog.series, "series_plan", plan_and_wait)
    if not guarded:
        monkeypatch.setattr(catalog.series, "screen_locked", lambda *, theatre_id, screen_id: None)

    def manager(number: int) -> str:
        wishes = [
            Wish(films[number], screen, day=first + timedelta(days=days), at=time(19, number), prices=350_000)
            for days in range(5)
        ]
        try:
            run_in_transaction(
                lambda: showings_add(wishes, theatre=screen.theatre, leave_out_refused=False, now=now), find=again
            )
        except SeriesRefused:
            return "refused"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as managers:
        return sorted(managers.map(manager, [0, 1]))


def test_of_two_series_that_meet_one_is_saved_whole_and_the_other_not_at_all(monkeypatch):
    assert two_series_at_once(monkeypatch, guarded=True) == ["refused", "saved"]
    assert Showtime.objects.count() == 5


def test_without_the_lock_on_the_screens_both_series_would_run(monkeypatch):
    assert two_series_at_once(monkeypatch, guarded=False) == ["saved", "saved"]
    assert Showtime.objects.count() == 10


# ---- Browsers

ROUNDS = 8


def browser(site: Site, screen: Screen) -> Callable[[str, dict[str, object]], tuple[int, str]]:
    """Return what a manager's browser does with a form: the status, and the page that came of it."""
    cookies = {
        settings.SESSION_COOKIE_NAME: browser_of("manager", screen.theatre).cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: "a" * 32,
    }
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": site.base_url,
    }

    def post(path: str, form: dict[str, object]) -> tuple[int, str]:
        sent = urlencode({**form, "csrfmiddlewaretoken": "a" * 32}).encode()
        answer = site.call("POST", path, body=sent, headers=headers)
        return answer.status, answer.body.decode()

    return post


def test_of_two_browsers_that_schedule_one_slot_one_wins_and_the_other_reads_which_show_is_in_the_way():
    screen = ScreenFactory(name="Grand Hall")
    films = [ListingFactory(theatre=screen.theatre, movie__title=title).movie for title in ("Metropolis", "Nosferatu")]
    page = reverse("admin:schedule_new", args=[screen.theatre_id])
    first = local_day(database_now(), screen.theatre.timezone) + timedelta(days=1)
    with Site(workers=2) as site:
        browsers = [browser(site, screen) for _film in films]
        for day in range(ROUNDS):
            form = {"screen": screen.pk, "day": first + timedelta(days=day), "price": "own", "amount": "3500"}
            forms = [
                form | {"movie": film.pk, "at": f"19:{30 * number:02d}", "opening": "now"}
                for number, film in enumerate(films)
            ]
            answers = all_at_once(2, [partial(post, page, sent) for post, sent in zip(browsers, forms, strict=True)])
            assert sorted(status for status, _body in answers) == [303, 409]
            [winner] = [film for film, (status, _body) in zip(films, answers, strict=True) if status == 303]
            [told] = [body for status, body in answers if status == 409]
            assert f"{winner.title} runs in Grand Hall from 19:" in told
    assert Showtime.objects.filter(status="on_sale").count() == ROUNDS
