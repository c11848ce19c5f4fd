"""What our MySQL backend asks the server of its own accord: as little as is safe."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import user_make

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pings() -> Iterator[list[str]]:
    """Grows with each question whether the server is there."""
    asked: list[str] = []

    class Watched:
        """The driver's connection, which is written in C and can't be patched."""

        def __init__(self, inner: object) -> None:
            self._inner = inner

        def ping(self) -> None:
            asked.append("ping")
            self._inner.ping()

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    connection.close()
    connection.ensure_connection()
    driver, connection.connection = connection.connection, Watched(connection.connection)
    yield asked
    connection.connection = driver


def sent_so_far() -> int:
    """Return how many statements the server has had from this connection, this one included."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Questions'", [])
        return int(cursor.fetchone()[1])


def test_a_transaction_costs_its_begin_and_its_commit_and_nothing_besides():
    before = sent_so_far()
    with CaptureQueriesContext(connection) as queries, transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT 1", [])
    assert [query["sql"] for query in queries] == ["BEGIN", "SELECT 1", "COMMIT"]
    assert sent_so_far() - before == 3 + 1


def test_after_a_rollback_nothing_is_left_and_each_statement_commits_itself_again():
    with transaction.atomic():
        user_make()
        transaction.set_rollback(True)
    assert User.objects.count() == 0
    user_make()
    connection.close()
    assert User.objects.count() == 1


def test_a_fresh_connection_is_not_asked(pings):
    assert connection.is_usable()
    assert pings == []


def test_after_a_while_it_is_asked_once(pings):
    connection._ping_at = 0.0
    assert connection.is_usable()
    assert connection.is_usable()
    assert pings == ["ping"]


def test_after_an_error_it_is_asked(pings):
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM information_schema.no_such_table", [])
    assert connection.errors_occurred
    assert connection.is_usable()
    assert pings == ["ping"]


def test_a_connection_that_the_server_has_ended_is_noticed_without_waiting_for_a_request_to_fail():
    connection.ensure_connection()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(f"KILL CONNECTION {connection.connection.thread_id()}")
    other.close()
    deadline = time.monotonic() + 5
    while connection.is_usable():
        assert time.monotonic() < deadline
    connection.close()
