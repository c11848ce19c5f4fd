"""Holds in the process: Movy's own path, and the bare driver sending the very same statements."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import MySQLdb
from django.db import connection, transaction

from benchmarks.cpu import cpu_seconds, spent
from benchmarks.figures import Rate, Run
from benchmarks.world import Wish
from bookings.drafts import BookingDraft, booking_draft
from bookings.flows import seats_hold
from bookings.pricing import SeatPick
from bookings.services import booking_hold
from movy.lib.clock import database_now

CONNECTIONS = 8
"""One process each: threads of one Python would wait for each other, on Movy's side more than on the driver's."""

BOOKING_ID = object()
"""Stands in a recorded statement where the new booking's id belongs, which is another one each time."""

Statement = tuple[str, list[Any]]
_fork = get_context("fork")


@contextmanager
def hold_workers(wishes: Sequence[Wish], *, database_pid: int | None) -> Iterator[tuple[Run, Run]]:
    """Yield two functions that hold all wishes, over CONNECTIONS connections at once, and return the rate: through
    Movy, and through the bare driver. Drafts are made and statements recorded before, outside what is timed."""
    connection.close()  # a fork must not share it
    start = _fork.Barrier(CONNECTIONS)
    pipes, processes = [], []
    for number in range(CONNECTIONS):
        ours, theirs = _fork.Pipe()
        processes.append(
            _fork.Process(target=_worker, args=(list(wishes[number::CONNECTIONS]), theirs, start), daemon=True)
        )
        processes[-1].start()
        pipes.append(ours)

    def run(path: str) -> Rate:
        before = cpu_seconds(database_pid)
        for pipe in pipes:
            pipe.send(path)
        spans = [pipe.recv() for pipe in pipes]
        return Rate(
            count=len(wishes),
            seconds=max(span.ended for span in spans) - min(span.began for span in spans),
            cpu_seconds=sum(span.cpu_seconds for span in spans),
            database_seconds=spent(before, cpu_seconds(database_pid)),
        )

    try:
        for pipe in pipes:
            pipe.recv()  # ready
        yield lambda: run("movy"), lambda: run("driver")
    finally:
        for process in processes:
            process.terminate()
            process.join()


@dataclass(frozen=True)
class Span:
    """When one worker began and ended, by the clock that all processes share, and the CPU it used between."""

    began: float
    ended: float
    cpu_seconds: float


def _worker(wishes: list[Wish], pipe: Connection, start: Any) -> None:
    now = database_now()
    drafts = [_draft(wish, now) for wish in wishes]
    link = _driver_link()
    recorded = [_recorded(draft, now) for draft in drafts]
    paths: dict[str, Callable[[], None]] = {
        "movy": lambda: _hold_by_movy(drafts, now),
        "driver": lambda: _hold_by_driver(link, recorded),
    }
    pipe.send("ready")
    while True:  # until it is terminated
        path = paths[pipe.recv()]
        start.wait()
        began, cpu_began = time.monotonic(), time.process_time()
        path()
        pipe.send(Span(began, time.monotonic(), time.process_time() - cpu_began))


def _draft(wish: Wish, now: datetime) -> BookingDraft:
    seats = [SeatPick(label) for label in wish.labels]
    return booking_draft(showtime_id=wish.showtime_id, seats=seats, buyer=wish.buyer, now=now)


def _hold_by_movy(drafts: list[BookingDraft], now: datetime) -> None:
    for draft in drafts:
        seats_hold(draft, now=now)


def _hold_by_driver(link: Any, holds: list[list[Statement]]) -> None:
    cursor = link.cursor()
    for statements in holds:
        booking_id = None
        for sql, values in statements:
            cursor.execute(sql, [booking_id if value is BOOKING_ID else value for value in values])
            if cursor.description:
                cursor.fetchall()
            booking_id = booking_id or cursor.lastrowid
        link.commit()


def _driver_link() -> Any:
    """Connect as Django does, but without Django: one transaction after the other, ended by commit()."""
    settings = connection.get_connection_params()
    return MySQLdb.connect(**{name: value for name, value in settings.items() if name != "conv"})


class _Undo(Exception):
    """Ends a recording: what was done is taken back."""


def _recorded(draft: BookingDraft, now: datetime) -> list[Statement]:
    """Return the statements that holding this draft sends, from a transaction that is then rolled back. Booking ids are
    too high to be anything else (world_build sees to that), so each one stands for the id of the booking just made."""
    sent: list[Statement] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent.append((sql, list(params or ())))
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(record):
            booking_id = booking_hold(draft, now=now).pk
            raise _Undo
    except _Undo:
        return [(sql, [BOOKING_ID if value == booking_id else value for value in values]) for sql, values in sent]
