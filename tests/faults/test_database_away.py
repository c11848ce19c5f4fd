"""MariaDB frozen, silent, killed, full: everybody gets a 503 in time and in their format, and all is well later."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from accounts.tests.factories import PASSWORD, user_make
from movy.lib.problems import CONTENT_TYPE
from payments.tests.factories import coming_showtime
from scripts.servers import MariaDB
from tests.faults.conftest import copy_database
from tests.faults.proxy import Cut
from tests.races.test_rush import buyers
from tests.site import Answer, Site, all_at_once, database_url

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

WITHIN_SECONDS = 3.0
BACK_SECONDS = 10.0


@dataclass(frozen=True)
class Town:
    """What the requests below name."""

    showtime_id: int
    token: str
    cookie: str

    def requests(self, site: Site) -> dict[str, Callable[[], Answer]]:
        """One request of each kind: pages, signed in too; API; webhook; sign-in."""
        wish = {"showtime": self.showtime_id, "seats": ["C4"]}
        cookie = {"Cookie": self.cookie}
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.base_url}
        return {
            "page": lambda: site.call("GET", f"/booking/{self.showtime_id}"),
            "own page": lambda: site.call("GET", "/bookings", headers=cookie),
            "API": lambda: site.call("GET", f"/api/v1/booking/{self.showtime_id}"),
            "API, signed in": lambda: site.call("GET", "/api/v1/bookings", token=self.token),
            "API, hold": lambda: site.call("POST", "/api/v1/booking", body=wish, token=self.token),
            "API, sign in": lambda: site.call(
                "POST", "/api/v1/auth/user/login", body={"email": "ngozi@movy.test", "password": PASSWORD}
            ),
            "sign in": lambda: sign_in(site, form),
            "webhook": lambda: site.webhook(b'{"event": "charge.success"}'),
        }


def sign_in(site: Site, headers: dict[str, str]) -> Answer:
    """Post the sign-in form as a browser does; its token comes in a cookie, whatever state the database is in."""
    token = "a" * 32
    body = f"email=ngozi@movy.test&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token}"
    return site.call("POST", "/auth/user/login", body=body.encode(), headers=headers | {"Cookie": f"csrftoken={token}"})


@pytest.fixture
def town(transactional_db) -> Town:
    showtime = coming_showtime()
    ngozi = user_make(email="ngozi@movy.test", password=None)
    ngozi.password = make_password(PASSWORD, hasher="argon2")  # the tests' own cheap one is not known to a Site
    ngozi.save()
    (token,) = buyers(1)
    client = Client()
    client.force_login(user_make(email="ada@movy.test"))
    return Town(showtime.pk, token, f"sessionid={client.cookies['sessionid'].value}")


def assert_away(answers: dict[str, Answer]) -> None:
    """All are 503 with Retry-After, each in the format asked for."""
    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(answers, 503)
    for name, answer in answers.items():
        assert int(answer.headers["retry-after"]) > 0
        if name.startswith("API"):
            assert answer.headers["content-type"] == CONTENT_TYPE
            assert answer.json()["code"] == "unavailable"
        else:
            assert answer.headers["content-type"].startswith("text/html")
            assert b"We cannot reach our database" in answer.body


def asked_in_time(requests: dict[str, Callable[[], Answer]]) -> dict[str, Answer]:
    """Send all of them at once, which is more than there are threads; none may take longer than WITHIN_SECONDS."""

    def timed(call: Callable[[], Answer]) -> Callable[[], tuple[float, Answer]]:
        def measure() -> tuple[float, Answer]:
            started = time.monotonic()
            answer = call()
            return time.monotonic() - started, answer

        return measure

    results = all_at_once(len(requests), [timed(call) for call in requests.values()])
    took = {name: seconds for name, (seconds, _answer) in zip(requests, results, strict=True)}
    assert {name: seconds for name, seconds in took.items() if seconds > WITHIN_SECONDS} == {}
    return {name: answer for name, (_seconds, answer) in zip(requests, results, strict=True)}


def assert_back(requests: dict[str, Callable[[], Answer]]) -> None:
    """Within BACK_SECONDS nothing is refused for the database's sake any more, and then never again."""
    deadline = time.monotonic() + BACK_SECONDS
    while requests["page"]().status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    for _round in range(2):  # all threads come by
        answers = all_at_once(len(requests), list(requests.values()))
        assert [answer.status for answer in answers if answer.status >= 500] == []


def test_frozen_it_is_503_within_three_seconds_and_thawed_all_is_well(town, mariadb):
    copy_database(mariadb)
    with Site(DATABASE_URL=mariadb.url) as site:
        requests = town.requests(site)
        assert_back(requests)  # every thread has a connection now
        os.kill(mariadb.process.pid, signal.SIGSTOP)
        try:
            assert_away(asked_in_time(requests))
            assert_away(asked_in_time(requests))  # and those who come later
        finally:
            os.kill(mariadb.process.pid, signal.SIGCONT)
        assert_back(requests)


def test_killed_it_is_503_at_once_and_restarted_all_is_well(town, mariadb):
    copy_database(mariadb)
    with Site(DATABASE_URL=mariadb.url) as site:
        requests = town.requests(site)
        assert_back(requests)
        mariadb.process.kill()
        mariadb.process.wait()
        assert_away(asked_in_time(requests))
        mariadb.start()
        assert_back(requests)


def test_a_silent_network_is_503_within_three_seconds(town, proxy):
    with Site(DATABASE_URL=database_url(port=proxy.port)) as site:
        requests = town.requests(site)
        assert_back(requests)
        proxy.fall_silent()
        assert_away(asked_in_time(requests))
        proxy.speak_again()
        assert_back(requests)


@contextmanager
def full(server: MariaDB) -> Iterator[None]:
    """End everybody's connections and take all that the server gives."""
    with ExitStack() as taken:
        here = {"host": "127.0.0.1", "port": server.port, "user": "movy", "password": "movy"}
        cursor = taken.enter_context(closing(connection.Database.connect(**here))).cursor()
        cursor.execute("SET GLOBAL max_connections = 10")  # the least that MariaDB agrees to
        cursor.execute("SELECT id FROM information_schema.processlist WHERE user = 'movy' AND id <> CONNECTION_ID()")
        for (others,) in cursor.fetchall():
            cursor.execute("KILL %s", [others])
        refused = 0
        while refused < 5:  # it is still busy ending some
            try:
                taken.enter_context(closing(connection.Database.connect(**here)))
            except connection.Database.OperationalError:
                refused += 1
                time.sleep(0.1)
        yield


def test_out_of_connections_it_is_503(town, mariadb):
    copy_database(mariadb)
    with Site(DATABASE_URL=mariadb.url) as site:
        requests = town.requests(site)
        assert_back(requests)
        with full(mariadb):
            assert_away(asked_in_time(requests))
        assert_back(requests)


def test_a_session_that_cannot_be_saved_is_503_too(proxied):
    """Middleware writes it after the view: Django makes of it a 400 (movy/lib/sessions.py) or a 500 (movy/views.py)."""
    user_make(email="ngozi@movy.test")
    client = Client(raise_request_exception=False)
    proxied.cut_next(Cut.BEFORE, b"UPDATE `django_session`")
    response = client.post("/auth/user/login", {"email": "ngozi@movy.test", "password": PASSWORD})
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
