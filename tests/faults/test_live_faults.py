"""What open maps are shown while Redis, the database or the live process itself goes and comes: the truth, within a
second of when it can be known."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from http.client import HTTPException
from itertools import count

import MySQLdb
import pytest
from redis import Redis as RedisClient

from bookings.maps import seat_map
from bookings.models import ShowtimeSeat
from bookings.news import channel, map_changed
from bookings.tests.factories import block, buyer, hold
from movy.lib.clock import database_now
from payments.tests.factories import coming_showtime
from scripts.servers import MariaDB, Redis
from tests.faults.conftest import copy_database
from tests.live import LiveProcess, Stream
from tests.processes import kill, serving
from tests.running import wait_for
from theatres.models import SeatCategory

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

A_SECOND = 1.0
NUMBERS = count(7001)


@pytest.fixture
def showtime():
    return coming_showtime(seats=[f"C{number}" for number in range(1, 21)], pk=next(NUMBERS))


@pytest.fixture(scope="module")
def live_alone(django_db_setup):
    """A live process without Redis."""
    with LiveProcess(REDIS_URL="") as process:
        yield process


def seen_within_a_second(stream: Stream, showtime_id: int, label: str) -> None:
    """Somebody takes a seat by a statement that tells nobody; the stream shows it."""
    seats = ShowtimeSeat.objects.filter(showtime=showtime_id, seat__label=label)
    assert seats.update(status="blocked") == 1
    changed_at = time.monotonic()
    event = stream.event()
    assert event.changes == {label: "blocked"}
    assert event.came_at - changed_at < A_SECOND


def is_heard(redis: Redis) -> bool:
    """Return whether the live process has subscribed."""
    with RedisClient.from_url(redis.url) as client:
        return client.pubsub_numsub(channel(client))[0][1] == 1


def block_one(mariadb: MariaDB, showtime_id: int) -> None:
    link = MySQLdb.connect(host="127.0.0.1", port=mariadb.port, user="movy", password="movy", database="movy")
    with link.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_showtimeseat SET status = 'blocked' WHERE showtime_id = %s LIMIT 1", [showtime_id]
        )
    link.commit()
    link.close()


def test_without_any_redis_a_map_moves_all_the_same(proof, showtime, live_alone):
    with (
        proof("no Redis at all", holds="an open map shows a change within a second") as faults,
        live_alone.open(showtime.pk) as stream,
    ):
        stream.event()
        for label in ("C1", "C2", "C3"):
            seen_within_a_second(stream, showtime.pk, label)
            faults.times += 1


def test_a_change_whose_news_got_lost_is_shown_within_a_second(proof, showtime):
    with (
        proof("news of a change lost", holds="an open map shows it within a second") as faults,
        LiveProcess() as live,
        live.open(showtime.pk) as stream,
    ):
        stream.event()
        time.sleep(2)  # it has subscribed, and relies on news
        for label in ("C1", "C2", "C3"):
            seen_within_a_second(stream, showtime.pk, label)
            faults.times += 1


def test_news_alone_are_a_reason_to_look(showtime):
    with LiveProcess() as live, live.open(showtime.pk) as stream, live.open(showtime.pk) as another:
        stream.event()
        another.event()
        time.sleep(3)  # the database has been asked about this showing for the first time
        SeatCategory.objects.update(name="Stalls")  # a part of the version that no row of a seat or showing tells of
        assert another.is_quiet(2)
        map_changed(showtime.pk)
        assert stream.event().changes == {}


def test_redis_dies_and_comes_back_under_an_open_map(proof, showtime, redis):
    with (
        proof("Redis killed, started again", holds="an open map shows each change within a second") as faults,
        LiveProcess(REDIS_URL=redis.url) as live,
        live.open(showtime.pk) as stream,
    ):
        stream.event()
        wait_for(lambda: is_heard(redis), what="the subscription")
        redis.process.kill()
        redis.process.wait()
        seen_within_a_second(stream, showtime.pk, "C1")
        redis.start()
        seen_within_a_second(stream, showtime.pk, "C2")
        wait_for(lambda: is_heard(redis), what="the subscription again")
        seen_within_a_second(stream, showtime.pk, "C3")
        faults.times += 1


@pytest.mark.long
def test_the_database_dies_and_comes_back_under_an_open_map(proof, showtime, mariadb):
    copy_database(mariadb)
    with (
        proof("database killed under an open map", holds="streams stay open and go on") as faults,
        LiveProcess(DATABASE_URL=mariadb.url, REDIS_URL="") as live,
        live.open(showtime.pk) as stream,
    ):
        known = stream.event().version
        mariadb.process.kill()
        mariadb.process.wait()
        time.sleep(2)
        with live.open(showtime.pk, Last_Event_ID=str(known)) as another:
            assert another.status == 200  # what was known last is known still
        with live.open(next(NUMBERS)) as unknown:
            assert (unknown.status, unknown.body()["code"]) == (503, "unavailable")
            assert int(unknown.headers["retry-after"]) > 0
        assert live.ask("GET", "/healthz").status == 200
        mariadb.start()
        block_one(mariadb, showtime.pk)
        assert list(stream.event(seconds=10).changes.values()) == ["blocked"]
        faults.times += 1


def test_the_live_process_is_killed_and_browsers_that_come_again_have_the_right_map(proof, showtime):
    with (
        proof("kill -9 of the live process", holds="who comes again has the right map") as faults,
        LiveProcess() as live,
    ):
        with live.open(showtime.pk) as stream:
            known = stream.event().version
            (worker,) = serving(live.process.pid, "movy.asgi")
            hold(showtime, ["C1"], now=database_now())
            kill(worker)
            with suppress(OSError, EOFError, HTTPException):  # the end of a stream whose process has died
                while stream.event(seconds=10):
                    pass
        hold(showtime, ["C2"], who=buyer("kofi"), now=database_now())
        wait_for(live.is_up, what="another live process")
        with live.open(showtime.pk, Last_Event_ID=str(known)) as stream:
            event = stream.event()
            assert event.is_complete
            assert event.changes == {"C1": "held", "C2": "held"}
            assert event.version == seat_map(showtime.pk).version
            faults.times += 1


def test_nobody_waits_for_a_reader_who_reads_nothing(showtime, live_alone):
    labels = [f"C{number}" for number in range(1, 21)]
    with live_alone.open(showtime.pk) as reader, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect(("127.0.0.1", live_alone.port))
        deaf.sendall(f"GET /booking/{showtime.pk}/live HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        reader.event()
        for count_taken in range(1, 6):
            block(showtime, labels[:count_taken], now=database_now())
            changed_at = time.monotonic()
            assert reader.event().came_at - changed_at < A_SECOND
