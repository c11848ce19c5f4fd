"""Django's MySQL backend, which does not wait twice for a server that does not answer (rest.py tells why), and asks it
nothing that it need not: a transaction costs its BEGIN and its COMMIT, a request no ping while its connection is fresh.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import MySQLdb as Database
from django.db import OperationalError
from django.db.backends.mysql import base
from django.db.backends.utils import debug_transaction

from movy.lib.db import ELSEWHERE, LOST, error_code
from movy.lib.mysql.rest import rest

PING_AFTER_SECONDS = 1.0
"""How long a server that answered is believed to be there, as long as nothing comes from it unasked."""


@contextmanager
def _noticed(seconds: float) -> Iterator[None]:
    """Begin a rest when the block loses the server after so many seconds; a server that is gone is lost at once."""
    started = time.monotonic()
    try:
        yield
    except (OperationalError, Database.OperationalError) as error:
        _notice(error, started, seconds)
        raise


def _notice(error: Exception, started: float, seconds: float) -> None:
    now = time.monotonic()
    if error_code(error) in ELSEWHERE | {LOST} and now - started >= seconds:
        rest.begin(now)


class CursorWrapper(base.CursorWrapper):
    def __init__(self, cursor: Any, read_seconds: float) -> None:
        super().__init__(cursor)
        self._read_seconds = read_seconds

    def execute(self, query: str, args: Any = None) -> Any:
        started = time.monotonic()
        try:
            return super().execute(query, args)
        except (OperationalError, Database.OperationalError) as error:
            _notice(error, started, self._read_seconds)
            raise

    def executemany(self, query: str, args: Any) -> Any:
        with _noticed(self._read_seconds):
            return super().executemany(query, args)


class DatabaseWrapper(base.DatabaseWrapper):
    _ping_at = 0.0
    """When is_usable() asks the server again, as time.monotonic()."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        rest.check(time.monotonic())
        with _noticed(self._seconds("connect_timeout")):
            try:
                new = super().get_new_connection(conn_params)
            finally:
                rest.end()  # unless it is found to have waited in vain
        self._ping_at = time.monotonic() + PING_AFTER_SECONDS
        return new

    def create_cursor(self, name: str | None = None) -> CursorWrapper:
        return CursorWrapper(self.connection.cursor(), self._seconds("read_timeout"))

    def is_usable(self) -> bool:
        """Return whether the server is there: asked at the beginning of each request, so the answer must be cheap.

        A server that restarts, ends an idle connection or fails over says so by closing it, which its socket shows
        without a round trip. What is silent in any other way is found by a ping, once in PING_AFTER_SECONDS and after
        every error.
        """
        if not self.errors_occurred and time.monotonic() < self._ping_at and self._is_quiet():
            return True
        try:
            with _noticed(self._seconds("read_timeout")):
                self.connection.ping()
        except Database.Error:
            return False
        self._ping_at = time.monotonic() + PING_AFTER_SECONDS
        return True

    def _is_quiet(self) -> bool:
        """Whether nothing has come from the server since its last answer, the end of the connection included."""
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)

    def _commit(self) -> None:
        with _noticed(self._seconds("read_timeout")):
            super()._commit()  # type: ignore[misc]

    def _start_transaction_under_autocommit(self) -> None:
        """Begin as Django does on SQLite. Its way on MySQL is SET autocommit=0, and =1 after the COMMIT: one round trip
        more for each transaction."""
        with (
            debug_transaction(self, "BEGIN"),
            _noticed(self._seconds("read_timeout")),
            self.wrap_database_errors,
        ):
            self.connection.begin()

    def _set_autocommit(self, autocommit: bool) -> None:
        with _noticed(self._seconds("read_timeout")):
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _seconds(self, option: str) -> float:
        return float(self.settings_dict["OPTIONS"].get(option, "inf"))
