"""Each part of a Movy in production's shape is killed in turn, while people book, pay and cancel without a pause."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

import standins.paystack
from movy.health import WORKER
from movy.lib.clock import database_now
from movy.models import Heartbeat
from movy.outbox.models import Mail
from payments.tests.factories import coming_showtime
from scripts.servers import MariaDB, Redis
from standins.paystack import PaystackServer
from tests.faults.conftest import copy_database
from tests.faults.postbox import Postbox
from tests.load.drawing import Kill, chart, table
from tests.load.people import Crowd, Outcome, Request
from tests.load.serving import Served, looking_at
from tests.load.truth import broken_promises, time_passes, work_left
from tests.processes import kill
from tests.proof import Proof
from tests.races.test_rush import buyers
from tests.running import port_with_neighbours, wait_for

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

BUYERS = 8
HALLS = 8
LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]

AWAY_SECONDS = 3  # from the death of a server to its restart, by whoever operates it
DATABASE_BACK_SECONDS = 10
WEB_PROCESS_BACK_SECONDS = 2
REDIS_BACK_SECONDS = 1
WEB_BACK_SECONDS = 10  # the whole web at once: Python and Django start anew, in every process
WORKER_BACK_SECONDS = 60
GIVEN_UP_SECONDS = 120
LATER_SECONDS = 3  # until somebody is told to come later
PAYSTACK_LATER_SECONDS = 9  # or that Paystack can't be reached: as long as a person waits for it, docs/limits.md
SECOND_SECONDS = 1  # what looking for it takes, ten times a second, with a `ps` and a request each
CAUGHT_UP_SECONDS = 120

TROUBLE = {Outcome.LATER, Outcome.LOST}
NO_PAYSTACK = " 502 "
"""What a process answers that gets nothing from Paystack, or whose few places for asking it are taken, whoever has
died: the machine is busy."""

CHART = "KILL_CHART"
"""The variable that names a file for the chart of docs/staying-up.md; the table is printed beside it."""


@dataclass
class Town:
    """Everything that can be killed, and those who live there."""

    served: Served
    mariadb: MariaDB
    redis: Redis
    paystack: PaystackServer
    postbox: Postbox
    crowd: Crowd

    def web_process(self) -> float:
        """One of those that answer; the others go on."""
        victim = self.served.web_processes()[-1]
        return back_after(lambda: kill(victim), lambda: self.served.has_another_than(victim), what="a web process")

    def web(self) -> float:
        """The one that keeps them; they go with it."""
        victims = [self.served.web(), *self.served.web_processes()]

        def is_back() -> bool:
            return self.served.has_another_than(*victims) and self.is_ready()

        return back_after(lambda: kill(victims[0]), is_back, what="the web")

    def worker(self) -> float:
        victim, before = self.served.worker(), database_now()
        beats = Heartbeat.objects.filter(name=WORKER, seen_at__gt=before)
        return back_after(lambda: kill(victim), beats.exists, what="the worker")

    def database(self) -> float:
        """Counted from when it takes connections again."""
        connection.close()
        self.mariadb.process.kill()
        self.mariadb.process.wait()
        time.sleep(AWAY_SECONDS)
        return back_after(self.mariadb.start, self.is_ready, what="the database")

    def redis_(self) -> float:
        self.redis.process.kill()
        self.redis.process.wait()
        time.sleep(AWAY_SECONDS)
        return back_after(self.redis.start, self.is_ready, what="Redis")

    def is_ready(self) -> bool:
        link = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=5)
        try:
            link.request("GET", "/readyz")
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def back_after(deed: Callable[[], None], is_back: Callable[[], bool], *, what: str) -> float:
    """Return how many seconds after the deed it was back."""
    deed()
    began = time.monotonic()
    wait_for(is_back, what=what, seconds=GIVEN_UP_SECONDS)
    return time.monotonic() - began


@dataclass(frozen=True)
class Part:
    """Something to kill; kill: waits until it is back, and returns how many seconds that took."""

    name: str
    kill: Callable[[Town], float]
    within_seconds: float
    holds: str


PARTS = [
    Part("web process", Town.web_process, WEB_PROCESS_BACK_SECONDS, "the others answer, there is another in 2 s"),
    Part("worker", Town.worker, WORKER_BACK_SECONDS, "its work goes on within a minute"),
    Part("Redis", Town.redis_, REDIS_BACK_SECONDS, "nobody notices"),
    Part("web", Town.web, WEB_BACK_SECONDS, "back by itself, nothing acknowledged is lost"),
    Part("database", Town.database, DATABASE_BACK_SECONDS, "503 meanwhile, back in 10 s, nothing acknowledged is lost"),
]


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, hold_seconds: float) -> Iterator[Town]:
    port = port_with_neighbours()
    tokens = buyers(BUYERS)
    halls = {coming_showtime(seats=LABELS).pk: LABELS for _hall in range(HALLS)}
    with ExitStack() as stack:
        mariadb = stack.enter_context(MariaDB(tmp_path / "mariadb", port=port + 1))
        redis = stack.enter_context(Redis(tmp_path / "redis", port=port + 2))
        copy_database(mariadb)
        stack.enter_context(looking_at(mariadb))
        hook = f"http://127.0.0.1:{port}/webhooks/paystack"
        paystack = standins.paystack.start(webhook_url=hook, refund_step_seconds=0.5, ladder="live", speed=180)
        stack.callback(paystack.stop)
        postbox = stack.enter_context(Postbox(port=port + 4))
        served = stack.enter_context(
            Served(
                tmp_path / "movy",
                port=port,
                LIVE_PORT=str(port + 3),
                DATABASE_URL=mariadb.url,
                REDIS_URL=redis.url,
                PAYSTACK_BASE_URL=paystack.base_url,
                PAYSTACK_SECRET_KEY=paystack.account.config.secret_key,
                EMAIL_URL=postbox.url,
                HOLD_MINUTES=str(hold_seconds / 60),
            )
        )
        crowd = Crowd(port=port, tokens=tokens, halls=halls, paystack=paystack)
        yield Town(served, mariadb, redis, paystack, postbox, crowd)


@pytest.mark.parametrize(
    ("hold_seconds", "every_seconds", "rounds"),
    [
        pytest.param(10, 3, 1, id="short"),
        pytest.param(30, 20, 3, id="five-minutes", marks=pytest.mark.long),
    ],
)
def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nobody_pays_for_nothing(
    town, proof: Proof, every_seconds, rounds
):
    kills: list[Kill] = []
    loads: list[float] = []
    with ExitStack() as proofs:
        counts = {}
        for part in PARTS:
            fault = f"kill -9 of the {part.name} under load"
            counts[part.name] = proofs.enter_context(proof(fault, holds=part.holds, audit=lambda: found))
        with town.crowd:
            began = time.monotonic()
            for number, part in enumerate(PARTS * rounds, 1):
                time.sleep(max(0, began + (number - 0.5) * every_seconds - time.monotonic()))
                kills.append(Kill(part.name, at=time.monotonic(), back_seconds=part.kill(town)))
                counts[part.name].times += 1
                loads.append(os.getloadavg()[0] / (os.cpu_count() or 1))
            time.sleep(max(0, began + len(kills) * every_seconds - time.monotonic()))
            ended = time.monotonic()
            caught_up(town)
        told = town.crowd.told
        load = sum(loads) / len(loads)
        print(f"\nload: {load:.1f} a core")  # noqa: T201
        print(f"\n{table(told.requests, kills, until=ended)}")  # noqa: T201 - for docs/staying-up.md
        if path := os.environ.get(CHART):
            Path(path).write_text(chart(told.requests, kills, began=began, seconds=int(ended - began)))
        found = [*town.served.audit(), *broken_promises(told, town.paystack), *undelivered(town, len(kills))]

    assert [row.what for row in told.requests if row.outcome is Outcome.BROKEN] == []
    troubled = [row for row in told.requests if row.outcome in TROUBLE and NO_PAYSTACK not in row.what]
    assert [row.what for row in troubled if after(row.ended_at, kills) == "Redis"] == []
    busy = max(1.0, *loads)  # how many want each core: everything takes so many times as long
    within = {part.name: part.within_seconds * busy + SECOND_SECONDS for part in PARTS}
    assert [row for row in kills if row.back_seconds > within[row.part]] == []
    later = [row for row in told.requests if row.outcome is Outcome.LATER]
    assert [row for row in later if row.seconds > later_seconds(row) * busy + SECOND_SECONDS] == []
    assert len(told.held) > 10 * len(kills)  # or there was no load to speak of
    assert min(len(told.confirmed), len(told.cancelled)) > len(kills)


def later_seconds(row: Request) -> float:
    """Return how long somebody may wait for that answer: to come later."""
    return PAYSTACK_LATER_SECONDS if NO_PAYSTACK in row.what else LATER_SECONDS


def after(at: float, kills: list[Kill]) -> str:
    """Return what had been killed last at that time."""
    return next((kill.part for kill in reversed(kills) if kill.at <= at), "")


def caught_up(town: Town) -> None:
    """Wait until everybody has an answer and the worker nothing left to do. The minutes and hours that they would wait
    go by."""
    deadline = time.monotonic() + CAUGHT_UP_SECONDS
    while not town.crowd.go_home() or work_left(town.paystack):
        assert time.monotonic() < deadline, work_left(town.paystack)
        time_passes()
        time.sleep(1)


def undelivered(town: Town, kills: int) -> Iterator[str]:
    """Yield what was not delivered as it should be. What a worker handed over as it died is handed over once more, with
    the same Message-ID, by which the receiver knows it: that may happen once a kill."""
    written = set(Mail.objects.values_list("message_id", flat=True))
    for message_id in written ^ town.postbox.received.keys():
        yield f"{message_id}: written and not delivered, or delivered and not written"
    if town.postbox.received.total() > len(written) + kills:
        yield f"{town.postbox.received.total()} mails for {len(written)} that were written"
