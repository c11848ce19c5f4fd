"""Redis is emptied again and again while people look and book: what they are shown is never older than a second."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
import redis as redis_client
from django.db import connection

from bookings.tests.factories import showtime_on_sale
from catalog.models import Movie
from movy.lib.clock import database_now
from tests.races.test_rush import buyers
from tests.site import Answer, Site

T = TypeVar("T")

A_SECOND = 1.0  # the contract's
LOAD_SECONDS = 5
EMPTIED_EVERY = 0.2  # seconds
READERS = 3
FAULT = "Redis is emptied five times a second while people look and book"
LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]
FREE = re.compile(r'value="([A-Z]\d+)"[^>]*aria-label="[^"]*">')  # one that can be ticked
FILM = re.compile(r"Film number (\d+)")


class Truth:
    """What one thing was, one value after the other, and when each was written: somewhere between two instants."""

    def __init__(self, value: object) -> None:
        self._was: list[tuple[object, float, float]] = [(value, 0.0, 0.0)]

    def change(self, value: object, write: Callable[[], T]) -> T:
        """Write the next value; return what `write` returns."""
        began = time.monotonic()
        written = write()
        self._was.append((value, began, time.monotonic()))
        return written

    def age(self, value: object, asked_at: float, answered_at: float) -> float:
        """Return for how many seconds a value had not been true when it was asked for; infinity if it never was."""
        ends = [done for _value, _began, done in self._was[1:]] + [float("inf")]
        ages = [
            max(0.0, asked_at - end)
            for (was, began, _done), end in zip(self._was, ends, strict=True)
            if was == value and began <= answered_at
        ]
        return min(ages, default=float("inf"))


@dataclass(frozen=True)
class Shown:
    path: str
    value: object
    asked_at: float
    answered_at: float


@pytest.mark.mariadb
@pytest.mark.slow
def test_with_redis_emptied_amid_the_load_nothing_shown_is_older_than_a_second(audited, redis, proof):
    showtime = showtime_on_sale(LABELS, starts_at=database_now() + timedelta(days=3))
    (token,) = buyers(1)
    seats, title = Truth(frozenset()), Truth(0)
    name_film(showtime.movie_id, 0)
    shown: list[Shown] = []
    is_over = threading.Event()
    reads: dict[str, tuple[Truth, Callable[[Answer], object]]] = {
        f"/api/v1/booking/{showtime.pk}": (seats, taken_in_json),
        f"/booking/{showtime.pk}": (seats, taken_on_page),
        "/movies": (title, film_number),
        f"/movies/{showtime.movie_id}": (title, film_number),
        "/api/v1/movies": (title, film_number),
    }

    def look(site: Site) -> None:
        while not is_over.is_set():
            for path, (_truth, read) in reads.items():
                asked_at = time.monotonic()
                answer = site.call("GET", path)
                assert answer.status == 200
                shown.append(Shown(path, read(answer), asked_at, time.monotonic()))

    def change(site: Site) -> None:
        """Hold two seats and give them back, others each time; and name the film anew."""
        for number in range(len(LABELS) // 2):
            if is_over.is_set():
                break
            pair = LABELS[2 * number : 2 * number + 2]
            hold = partial(
                site.call, "POST", "/api/v1/booking", body={"showtime": showtime.pk, "seats": pair}, token=token
            )
            held = seats.change(frozenset(pair), hold)
            assert held.status == 201, held.body
            title.change(number + 1, partial(name_film, showtime.movie_id, number + 1))
            is_over.wait(0.3)
            cancel = f"/api/v1/cancel-booking/{held.json()['booking']['reference']}"
            cancelled = seats.change(frozenset(), partial(site.call, "POST", cancel, body={}, token=token))
            assert cancelled.status == 200, cancelled.body
        connection.close()  # this thread's

    with (
        proof(FAULT, holds="nothing that is shown is older than a second") as proven,
        Site(workers=2, REDIS_URL=redis.url, RATE_LIMITS="off") as site,
        at_once([partial(look, site)] * READERS + [partial(change, site)], is_over),
        redis_client.from_url(redis.url) as memory,
    ):
        until = time.monotonic() + LOAD_SECONDS
        while time.monotonic() < until:
            time.sleep(EMPTIED_EVERY)
            memory.flushall()
            proven.times += 1

    # What is a second old when a page is begun is older by the time it takes to make the page.
    longest = max(row.answered_at - row.asked_at for row in shown)
    ages = {row: reads[row.path][0].age(row.value, row.asked_at, row.answered_at) for row in shown}
    assert [(row, age) for row, age in ages.items() if age > A_SECOND + longest] == []
    assert {row.path for row in shown if row.value not in (frozenset(), 0)} == set(reads)  # they saw changes


def test_the_age_of_what_was_shown_counts_from_when_it_was_last_true():
    title = Truth(0)
    title.change(1, lambda: None)
    changed_at = time.monotonic()
    assert title.age(0, asked_at=changed_at + 3, answered_at=changed_at + 4) == pytest.approx(3, abs=0.1)
    assert title.age(1, asked_at=changed_at + 3, answered_at=changed_at + 4) == 0
    assert title.age(2, asked_at=changed_at + 3, answered_at=changed_at + 4) == float("inf")


@contextmanager
def at_once(functions: list[Callable[[], None]], is_over: threading.Event) -> Iterator[None]:
    """Run the functions until the block's end, each in a thread. Raises what one of them raised."""
    with ThreadPoolExecutor(len(functions)) as pool:
        running = [pool.submit(function) for function in functions]
        try:
            yield
        finally:
            is_over.set()
        for each in running:
            each.result()


def name_film(movie_id: int, number: int) -> None:
    Movie.objects.filter(pk=movie_id).update(title=f"Film number {number}")


def taken_in_json(answer: Answer) -> frozenset[str]:
    return frozenset(seat["label"] for seat in answer.json()["seats"] if seat["status"] != "free")


def taken_on_page(answer: Answer) -> frozenset[str]:
    return frozenset(LABELS) - set(FREE.findall(answer.body.decode()))


def film_number(answer: Answer) -> int:
    return int(FILM.search(answer.body.decode())[1])
