"""Overlapping sets of seats, taken and given back by many at once, in the process itself."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest
from django.db import connection

import bookings.services
from bookings.drafts import booking_draft
from bookings.errors import SeatsUnavailable
from bookings.models import Booking, Buyer
from bookings.pricing import SeatPick
from bookings.services import booking_cancel, booking_hold
from bookings.tests.factories import buyer, showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from payments.audit import violations

LABELS = [f"{row}{number}" for row in "ABCD" for number in range(1, 11)]


def take_and_give_back(showtime: Showtime, *, processes: int, threads: int, seconds: float) -> Counter[str]:
    """Hold random sets of 1 to 6 seats and let most go again; return how often what happened.

    From several processes, as web workers: 64 threads of one Python would wait more for each other than for a lock.
    """
    who = [buyer(f"buyer{number}") for number in range(processes * threads)]
    connection.close()  # a fork must not share it
    shares = [who[start::processes] for start in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        results = pool.map(_worker, [showtime.pk] * processes, shares, [seconds] * processes)
        return sum(results, Counter())


def _worker(showtime_id: int, who: list[Buyer], seconds: float) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    stop_at = time.monotonic() + seconds
    people = [threading.Thread(target=_buyer, args=(showtime_id, person, stop_at, outcomes)) for person in who]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return outcomes


def _buyer(showtime_id: int, who: Buyer, stop_at: float, outcomes: Counter[str]) -> None:
    dice = random.Random(who.email)
    try:
        while time.monotonic() < stop_at:
            picks = [SeatPick(label) for label in dice.sample(LABELS, dice.randint(1, 6))]
            outcomes[_try(showtime_id, who, picks, lets_go=dice.random() < 0.9)] += 1
    except Exception as error:  # noqa: BLE001 - whatever reaches a buyer is what this test looks for
        outcomes[f"{type(error).__name__}: {error}"] += 1
    finally:
        connection.close()


def _try(showtime_id: int, who: Buyer, picks: list[SeatPick], *, lets_go: bool) -> str:
    now = database_now()
    draft = booking_draft(showtime_id=showtime_id, seats=picks, buyer=who, now=now)
    held = Booking.objects.filter(reference=draft.reference)
    try:
        run_in_transaction(lambda: booking_hold(draft, now=now), find=held.first)
    except SeatsUnavailable:
        return "refused"
    if lets_go:
        run_in_transaction(lambda: booking_cancel(draft.reference, actor_id=None, now=now), find=again)
        return "held and let go"
    return "held"


@pytest.fixture
def patience(transactional_db, monkeypatch) -> Iterator[None]:
    """Wait for locks and answers for as long as it takes: 64 threads of Python on two cores hold a lock for longer than
    web workers wait. What can't be waited out, a deadlock, is no less one."""
    options = connection.settings_dict["OPTIONS"]
    lock_wait = re.sub(r"innodb_lock_wait_timeout=\d+", "innodb_lock_wait_timeout=20", options["init_command"])
    long = {"connect_timeout": 30, "read_timeout": 30, "write_timeout": 30, "init_command": lock_wait}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options | long)
    connection.close()
    yield
    connection.close()


@pytest.fixture
def showtime(transactional_db, settings) -> Showtime:
    settings.RATE_LIMITS = False
    return showtime_on_sale(LABELS, starts_at=database_now() + timedelta(days=3))


def deadlocks() -> int:
    """Return how many deadlocks the server has found so far; MariaDB counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")
        return int(cursor.fetchone()[1])


@pytest.mark.mariadb
@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_overlapping_sets_from_64_threads_reach_nobody_as_a_database_error(showtime):
    before = deadlocks()
    outcomes = take_and_give_back(showtime, processes=8, threads=8, seconds=10)
    assert set(outcomes) == {"held", "refused", "held and let go"}
    assert deadlocks() == before  # none was even retried: everybody meets the seats in one order
    assert list(violations(database_now())) == []


@pytest.mark.mariadb
@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_without_the_guard_seats_are_sold_twice(showtime, monkeypatch):
    """The guard is the row count of the take. Taken out, the audit must find what the test above finds missing."""
    real = bookings.services.seats_take

    def count_not_checked(**wish):
        real(**wish)
        return len(wish["seat_ids"])

    monkeypatch.setattr(bookings.services, "seats_take", count_not_checked)
    take_and_give_back(showtime, processes=2, threads=8, seconds=3)
    assert list(violations(database_now()))
