"""Django's MySQL backend, which does not wait twice for a server that does not answer (rest.py tells why)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import MySQLdb as Database
from django.db import OperationalError
from django.db.backends.mysql import base

from movy.lib.db import ELSEWHERE, LOST, error_code
from movy.lib.mysql.rest import rest


@contextmanager
def _noticed(seconds: float) -> Iterator[None]:
    """Begin a rest when the block loses the server after so many seconds; a server that is gone is lost at once."""
    started = time.monotonic()
    try:
        yield
    except (OperationalError, Database.OperationalError) as error:
        if error_code(error) in ELSEWHERE | {LOST} and time.monotonic() - started >= seconds:
            rest.begin(time.monotonic())
        raise


class CursorWrapper(base.CursorWrapper):
    def __init__(self, cursor: Any, read_seconds: float) -> None:
        super().__init__(cursor)
        self._read_seconds = read_seconds

    def execute(self, query: str, args: Any = None) -> Any:
        with _noticed(self._read_seconds):
            return super().execute(query, args)

    def executemany(self, query: str, args: Any) -> Any:
        with _noticed(self._read_seconds):
            return super().executemany(query, args)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        rest.check(time.monotonic())
        with _noticed(self._seconds("connect_timeout")):
            try:
                return super().get_new_connection(conn_params)
            finally:
                rest.end()  # unless it is found to have waited in vain

    def create_cursor(self, name: str | None = None) -> CursorWrapper:
        return CursorWrapper(self.connection.cursor(), self._seconds("read_timeout"))

    def is_usable(self) -> bool:
        try:
            with _noticed(self._seconds("read_timeout")):
                self.connection.ping()
        except Database.Error:
            return False
        return True

    def _commit(self) -> None:
        with _noticed(self._seconds("read_timeout")):
            super()._commit()  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        with _noticed(self._seconds("read_timeout")):
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _seconds(self, option: str) -> float:
        return float(self.settings_dict["OPTIONS"].get(option, "inf"))
