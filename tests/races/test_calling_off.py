"""A showing is called off at the moment in which somebody books it or pays late: whoever comes first, nobody is left
with a ticket for a show that does not take place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

import bookings.services
from bookings.calling_off import showtime_call_off
from bookings.models import Booking, CallOff
from bookings.services import booking_confirm, booking_expire, booking_hold
from bookings.tests.factories import draft_of, hold, showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from payments.flows import callings_off_go_on
from tests.races.test_showtime_changes import Meeting

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = False
    return showtime_on_sale(starts_at=database_now() + timedelta(days=3))


def at_once(*people: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own; return what they return, or the code of their refusal."""

    def run(person: Callable[[], object]) -> object:
        try:
            return person()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def call_off_to_the_end(showtime: Showtime) -> None:
    off = {"theatre_id": showtime.screen.theatre_id, "showtime_id": showtime.pk, "actor_id": None}
    now = database_now()
    run_in_transaction(lambda: showtime_call_off(**off, now=now), find=again)
    callings_off_go_on()


def left_with_a_ticket() -> bool:
    """Whether somebody holds or has seats of a showing whose calling off is done."""
    assert CallOff.objects.unfinished().count() == 0
    return Booking.objects.unended().exists()


def meet_in_the_middle(
    showtime: Showtime, name: str, buy: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> list[object]:
    """Whoever buys has changed the seats by the function `name` and not committed, and waits so long for the manager
    to have called the showing off as the manager can wait for the buyer."""
    both, done, change = Meeting(), Meeting(), getattr(bookings.services, name)

    def change_and_dawdle(**seats: object) -> int:
        changed = change(**seats)
        both.wait()
        done.wait()
        return changed

    monkeypatch.setattr(bookings.services, name, change_and_dawdle)

    def call_off() -> None:
        both.wait()
        call_off_to_the_end(showtime)
        done.wait()

    return at_once(lambda: run_in_transaction(buy, find=again), call_off)


def booked_and_called_off(showtime: Showtime, monkeypatch: pytest.MonkeyPatch) -> None:
    now = database_now()
    wish = draft_of(showtime, ["C4"], now=now)
    meet_in_the_middle(showtime, "seats_take", partial(booking_hold, wish, now=now), monkeypatch)


def paid_late_and_called_off(showtime: Showtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The money is for a hold that has lapsed and was swept."""
    booking = hold(showtime, ["C4"], now=database_now())
    late = booking.hold_expires_at
    run_in_transaction(lambda: booking_expire(booking.reference, now=late), find=again)
    meet_in_the_middle(showtime, "seats_sell", partial(booking_confirm, booking.reference, now=late), monkeypatch)


def test_whoever_books_at_that_moment_is_refused_or_let_go(showtime, monkeypatch):
    booked_and_called_off(showtime, monkeypatch)
    assert not left_with_a_ticket()


def test_whoever_pays_late_at_that_moment_is_refused_or_called_off(showtime, monkeypatch):
    paid_late_and_called_off(showtime, monkeypatch)
    assert not left_with_a_ticket()


def test_without_the_lock_a_late_payment_confirms_a_seat_of_a_showing_called_off(showtime, monkeypatch):
    monkeypatch.setattr(bookings.services, "showtime_locked", lambda pk: Showtime.objects.get(pk=pk))
    paid_late_and_called_off(showtime, monkeypatch)
    assert left_with_a_ticket()


def test_without_the_shared_lock_somebody_books_a_showing_called_off(showtime, monkeypatch):
    monkeypatch.setattr(bookings.seats, "_LOCK_SHARED", {})
    booked_and_called_off(showtime, monkeypatch)
    assert left_with_a_ticket()
