"""Redis emptied, slow or read-only while people book: nobody notices, and the limits on sign-in don't open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import redis as redis_client
from django.contrib.auth.hashers import make_password
from django.core.cache import caches

from accounts.tests.factories import PASSWORD, user_make
from payments.tests.factories import coming_showtime
from scripts.servers import Redis, free_port
from tests.faults.walk import walk
from tests.races.test_rush import buyers
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

SLOW_SECONDS = 2.0
ANSWER_SECONDS = 3.0  # what anybody waits for anything
TRIES = 7
LABELS = ("C1", "C2", "C3")


class Slow:
    """A way to Redis on which every answer takes SLOW_SECONDS, once `is_slow`."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.is_slow = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                threading.Thread(target=self._carry, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, True), daemon=True).start()

    def _carry(self, from_: socket.socket, to: socket.socket, are_answers: bool) -> None:
        with suppress(OSError), from_, to:
            while data := from_.recv(65536):
                if are_answers and self.is_slow:
                    time.sleep(SLOW_SECONDS)
                to.sendall(data)


@contextmanager
def emptied(redis: Redis, slow: Slow) -> Iterator[None]:
    """Again and again."""
    is_over = threading.Event()

    def empty() -> None:
        with redis_client.Redis(port=redis.port) as client:
            while not is_over.wait(0.05):
                client.flushall()

    thread = threading.Thread(target=empty)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def slowed(redis: Redis, slow: Slow) -> Iterator[None]:
    slow.is_slow = True
    yield


@contextmanager
def read_only(redis: Redis, slow: Slow) -> Iterator[None]:
    """As after a failover that left us with the replica."""
    with redis_client.Redis(port=redis.port) as client:
        client.execute_command("REPLICAOF", "127.0.0.1", str(free_port()))
    yield


@pytest.mark.parametrize("made", [emptied, slowed, read_only])
def test_a_booking_goes_its_whole_way(audited, proof, paystack, redis, made: Callable):
    showtime = coming_showtime(seats=LABELS)
    (token,) = buyers(1)
    slow = Slow(redis.port)
    with (
        proof(f"Redis {made.__name__.replace('_', ' ')} during a booking", holds="no 5xx, no wait") as count,
        Site(REDIS_URL=f"redis://127.0.0.1:{slow.port}/0", RATE_LIMITS="off") as site,
    ):
        walk(site, token=token, showtime_id=showtime.pk, label="C1")
        with made(redis, slow):
            for label in LABELS[1:]:
                assert walk(site, token=token, showtime_id=showtime.pk, label=label) < ANSWER_SECONDS
                count.times += 1
    slow.close()


@pytest.mark.parametrize("made", [slowed, read_only])
def test_the_limit_on_sign_ins_stays_shut(audited, redis, made: Callable):
    slow = Slow(redis.port)
    with Site(REDIS_URL=f"redis://127.0.0.1:{slow.port}/0") as site, made(redis, slow):
        tries = [wrong_sign_in(site) for _try in range(TRIES)]
    assert tries == [401] * 5 + [429] * 2
    slow.close()


def test_emptied_it_counts_anew_and_shuts_again(audited, redis):
    """What was counted is lost with it: five more tries, and no more."""
    with Site(REDIS_URL=redis.url) as site:
        assert [wrong_sign_in(site) for _try in range(TRIES)] == [401] * 5 + [429] * 2
        with redis_client.Redis(port=redis.port) as client:
            client.flushall()
        assert [wrong_sign_in(site) for _try in range(TRIES)] == [401] * 5 + [429] * 2


@pytest.fixture(autouse=True)
def _ngozi(transactional_db: None) -> None:
    ngozi = user_make(email="ngozi@movy.test", password=None)
    ngozi.password = make_password(PASSWORD, hasher="argon2")  # the tests' own cheap one is not known to a Site
    ngozi.save()
    caches["database"].clear()  # where tries are counted while Redis is away; no model, so no test empties it


def wrong_sign_in(site: Site) -> int:
    body = {"email": "ngozi@movy.test", "password": "not this one"}
    return site.call("POST", "/api/v1/auth/user/login", body=body).status
