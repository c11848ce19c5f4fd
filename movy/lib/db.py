"""Transactions that survive what MySQL, MariaDB and Galera do under load. docs/locking.md tells the story."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from movy.lib.counters import LOST_COMMITS, TRANSACTIONS_AGAIN, TRANSACTIONS_GIVEN_UP
from movy.lib.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    4031,  # MySQL 8 has ended a connection that was idle, and says so instead of taking the statement
}
LOST = 2013
"""Connection lost during a statement. At COMMIT nobody knows whether the commit happened."""

OUT_OF_ROOM = {
    3,  # error writing file: the disk of the log or of temporary files is full
    1021,  # disk full
    1026,  # error writing file
    1030,  # the storage engine's own error, such as 28: no space left on device
    1037,  # out of memory
    1041,  # out of resources
    1114,  # the table is full
}
OUT_OF_CONNECTIONS = {1040, 1129, 1203, 1226}  # of the server, for this host, for this user, for this hour
SHUT = {
    1045,  # our password is not valid any more
    1053,  # server shutdown in progress
    1317,  # the statement was interrupted
    1836,  # read-only mode
    1927,  # MariaDB: connection was killed
    2005,  # unknown server host
    2055,  # lost connection at a system error
    3024,  # the statement took longer than it may
    3032,  # offline mode
}
AWAY = ELSEWHERE | {LOST} | OUT_OF_ROOM | OUT_OF_CONNECTIONS | SHUT
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
    if not isinstance(error, (OperationalError, InternalError)):  # a driver calls codes below 1000 internal
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
                LOST_COMMITS.labels("no" if found is None else "yes").inc()
                if found is not None:
                    return found
                if reconnected:
                    raise
                reconnected = True
                TRANSACTIONS_AGAIN.labels("reconnected").inc()
            elif code in ELSEWHERE or isinstance(error, InterfaceError):
                connection.close()
                if reconnected:
                    raise
                reconnected = True
                TRANSACTIONS_AGAIN.labels("reconnected").inc()
            elif code in AGAIN:
                if attempt >= ATTEMPTS:
                    TRANSACTIONS_GIVEN_UP.inc()
                    raise Busy from error
                TRANSACTIONS_AGAIN.labels("conflict").inc()
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


def update_alone(rows: QuerySet[Any], **changes: Any) -> int:
    """Change the rows in a transaction of their own, which is run again as run_in_transaction does; return how many
    matched. For a worker's claim: its condition walks an index that a service changes under the row's lock, so that the
    two may meet in a deadlock. Raises Busy."""
    return run_in_transaction(lambda: rows.update(**changes), find=again)


def again() -> None:
    """The `find` of a function that changes nothing when it runs a second time: running it again is the look-up."""
