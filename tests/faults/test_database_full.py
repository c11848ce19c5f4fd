"""A database that has no room left, or refuses for any other reason that is no fault of the request: 503 in the format
asked for, nothing half done, and all is well once there is room."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from accounts.services import session_token_issue
from accounts.tests.factories import PASSWORD, user_make
from bookings.models import BookedSeat, Booking
from movy.lib.clock import database_now
from movy.lib.db import AWAY, OUT_OF_ROOM, SHUT
from movy.lib.problems import CONTENT_TYPE
from movy.outbox.models import Mail
from payments.audit import violations
from payments.models import WebhookMessage
from payments.tests.factories import coming_showtime, signed

pytestmark = pytest.mark.django_db(transaction=True)


SEATS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 11)]


@pytest.fixture
def wish(settings) -> dict[str, Any]:
    settings.RATE_LIMITS = False
    return {"showtime": coming_showtime(seats=SEATS).pk, "seats": SEATS[-1:]}


@pytest.fixture
def ada() -> Any:
    return user_make(email="ada@movy.test", password=PASSWORD)


@pytest.fixture
def browser(ada) -> Client:
    """Signed in, and told of errors as a browser is."""
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    return client


@pytest.fixture
def app(ada) -> Client:
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {session_token_issue(ada)}"})


def hold(app: Client, wish: dict[str, Any]) -> HttpResponse:
    return app.post("/api/v1/booking", wish, content_type="application/json")


def assert_503(answer: HttpResponse, content_type: str) -> None:
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"].startswith(content_type)


@contextmanager
def full() -> Iterator[None]:
    """Allow the file no more pages, and take those that are free."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        size = 64 * 1024
        while size:
            try:
                Mail.objects.create(message_id=f"<{size}-{Mail.objects.count()}>", recipients=[], content=b"x" * size)
            except OperationalError:
                size //= 2
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="MariaDB's disk can't be filled by a test")
def test_as_the_disk_fills_up_holds_are_whole_or_503_and_who_reads_notices_nothing(browser, app, wish):
    """Rows still find room in pages that are begun, so the first holds are made."""
    message = json.dumps({"event": "charge.success", "data": {"note": "x" * 100_000}}).encode()
    with full():
        answers = [hold(app, wish | {"seats": [label]}) for label in SEATS[:-1]]
        made = [answer for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert refused
        for answer in refused:
            assert_503(answer, CONTENT_TYPE)
        assert_503(browser.post("/booking", wish), "text/html")
        assert signed(browser, message) == 503
        for path in ("/movies", f"/booking/{wish['showtime']}", "/healthz", "/readyz"):
            assert browser.get(path).status_code == 200
    assert (Booking.objects.count(), BookedSeat.objects.count()) == (len(made), len(made))
    assert not WebhookMessage.objects.exists()
    assert list(violations(database_now())) == []
    assert hold(app, wish).status_code == 201


@contextmanager
def every_write_raises(error: Exception) -> Iterator[None]:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.mariadb
@pytest.mark.parametrize("code", sorted(OUT_OF_ROOM | SHUT))
def test_what_mariadb_says_when_it_is_full_or_shut_is_503_in_both_formats(browser, app, wish, code):
    kind = InternalError if code < 1000 else OperationalError  # as the driver does
    with every_write_raises(kind(code, "No")):
        assert_503(hold(app, wish), CONTENT_TYPE)
        assert_503(browser.post("/booking", wish), "text/html")
        assert signed(browser, b'{"event": "charge.success"}') == 503
    assert not Booking.objects.exists()
    assert hold(app, wish).status_code == 201


@pytest.mark.mariadb
def test_a_bug_is_no_outage(browser, wish):
    unknown_column = 1054
    assert unknown_column not in AWAY
    with every_write_raises(OperationalError(unknown_column, "Unknown column")):
        assert browser.post("/booking", wish).status_code == 500
