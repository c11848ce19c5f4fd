"""Transactions that survive what MySQL, MariaDB and Galera do under load. docs/locking.md tells the story."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError

T = TypeVar("T")
logger = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a whole transaction is tried before the caller is told to come back later."""

AGAIN = {
    1213,  # deadlock found: InnoDB rolled us back
    1205,  # lock wait timeout: the statement failed, so the whole is rolled back and tried again
    1020,  # record has changed since last read (MariaDB 11.6 and newer)
    3101,  # certification failed on a group replication node
    1180,  # error during commit: a Galera node refused the write set
}
CANNOT_CONNECT = 2003
"""No answer from the host, or its refusal."""

ELSEWHERE = {
    1047,  # a Galera node that is not in the primary component
    1290,  # the server is read-only: a failover has happened
    2002,  # cannot connect through the socket
    CANNOT_CONNECT,
    2006,  # server has gone away before the statement was sent
}
LOST = 2013
"""Connection lost during a statement. At COMMIT nobody knows whether the commit happened."""

AWAY = ELSEWHERE | {LOST, 1040, 1053, 1129, 1203, 1226, 2005, 2055, 3024, 1021, 1114}
"""Codes that mean "the database cannot serve anybody now": gone, frozen, full, out of connections, shutting down."""


class Busy(DomainError):
    """The database refused the whole transaction five times in a row."""

    code = "busy"
    status = 503
    message = _(
        "Very many people are booking right now and we could not get through. Nothing was changed: please try again."
    )


def error_code(error: BaseException) -> int | None:
    """Return the MySQL client's or server's error number, None for other databases' errors."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else None


def is_database_away(error: BaseException | None) -> bool:
    """Say whether an error means that the database cannot be reached or used, rather than that we asked nonsense."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor != "mysql":
        text = str(error)
        return any(words in text for words in ("locked", "unable to open", "disk is full", "disk I/O", "readonly"))
    code = error_code(error)
    return code is None or code in AWAY or code in AGAIN


def run_in_transaction(function: Callable[[], T], *, find: Callable[[], T | None]) -> T:
    """Run `function` in one durable transaction and return what it returns; run the whole again where that heals.

    Deadlocks and lock waits: again with jitter, 5 times at most, then Busy. A lost server: once more on a new
    connection. A connection lost during COMMIT: `find` is asked on a new connection what became of it; it returns the
    result if that commit happened, None if it did not. So whatever must be the same on every try (references, `now`)
    is made before this call, and `find` is not optional; see `again` for functions that a second run does not hurt.
    """
    reconnected = False
    attempt = 1
    while True:
        in_commit = False
        try:
            with transaction.atomic(durable=True):
                result = function()
                in_commit = True
            return result
        except (OperationalError, InterfaceError) as error:
            code = error_code(error)
            logger.warning("transaction failed", extra={"db_error": code, "in_commit": in_commit, "attempt": attempt})
            if in_commit and (code == LOST or code in ELSEWHERE or isinstance(error, InterfaceError)):
                connection.close()
                found = find()
                if found is not None:
                    return found
                if reconnected:
                    raise
                reconnected = True
            elif code in ELSEWHERE or isinstance(error, InterfaceError):
                connection.close()
                if reconnected:
                    raise
                reconnected = True
            elif code in AGAIN:
                if attempt >= ATTEMPTS:
                    raise Busy from error
                time.sleep(random.uniform(0.005, 0.03) * 2**attempt)  # noqa: S311 - jitter, no secret
            else:
                raise
            attempt += 1
        except Exception:
            # A COMMIT that nobody answered may come through after the look-up: then the second run meets its traces.
            found = find() if reconnected else None
            if found is None:
                raise
            return found


def again() -> None:
    """The `find` of a function that changes nothing when it runs a second time: running it again is the look-up."""
