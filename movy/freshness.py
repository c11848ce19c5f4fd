"""What makes a public page new: the one place that knows (docs/caching.md).

Every statement that Movy sends is looked at on its way: one that changes a row of a table which public pages show adds
a row to CatalogueChange, in the same transaction. So no service, form of the office, import or bulk update can forget
it, and a change that is rolled back was none. The count and the sum of those rows are the catalogue's version. A page
is kept under it, and under the database's minute, because what time alone changes (a show begins, sales close, a day
ends) does so at whole minutes.

Neither count nor sum alone would do: of two changes at once, the one with the higher number may be committed first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from catalog.models import Credit, Genre, Listing, Movie, Person, Showtime, ShowtimePrice
from movy.lib.clock import now_sql
from movy.lib.recent import Recent
from movy.lib.sql import sql_instant
from movy.models import CatalogueChange
from theatres.models import Screen, Theatre, TicketType

SHOWN = (
    *(Theatre, Screen, TicketType),
    *(Movie, Movie.genres.through, Genre, Person, Credit, Listing),
    *(Showtime, ShowtimePrice),
)
"""All that public pages are made of. A test fails when one of them asks another table."""

STAMP_SECONDS = 0.5
"""How long a process goes by the stamp that it has read: half of the second after which a change must be seen."""

KEPT = timedelta(hours=1)
"""How long rows of changes stay. Deleting some makes pages anew, so it is done seldom."""
PRUNED_AT_ONCE = 5000

CHANGE = re.compile(
    r"\s*(?:(?P<adds>INSERT(?:\s+OR\s+\w+|\s+IGNORE)?\s+INTO|REPLACE\s+INTO)|UPDATE(?:\s+OR\s+\w+)?"
    r"|DELETE(?:\s+[`\"]?\w+[`\"]?)?\s+FROM)\s+[`\"]?(?P<table>\w+)",
    re.IGNORECASE,
)
"""A statement that changes rows, and the table."""

_TABLE = CatalogueChange._meta.db_table
_stamps: Recent[str] = Recent(size=1, seconds=STAMP_SECONDS)


def stamp() -> str | None:
    """Return what public pages are kept under: another one, another catalogue or another minute. At most STAMP_SECONDS
    old; one query then.

    None inside a transaction, which sees what nobody else does yet.
    """
    if connection.in_atomic_block:
        return None
    return _stamps.find("stamp") or _stamps.keep("stamp", _stamp_read())


def watch(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Look at all that goes through a connection. Django calls it with each new one."""
    if _note_change not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note_change)


def changes_prune(*, now: datetime) -> int:
    """Delete rows of changes that every process has long seen; return how many."""
    old = CatalogueChange.objects.order_by("pk").filter(at__lt=now - KEPT)
    deleted, _by_model = CatalogueChange.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    ).delete()
    return deleted


def _stamp_read() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now_sql()}, COUNT(*), SUM(id) FROM {_TABLE}", [])  # noqa: S608
        now, count, total = cursor.fetchone()
    return f"{count}.{total or 0}.{sql_instant(now):%Y%m%d%H%M}"


def _note_change(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Send a statement; where it has changed what public pages show, say so in the same transaction.

    Outside of any, as in a shell, right after it: who is killed in between leaves pages as they were until their minute
    ends."""
    result = execute(sql, params, many, context)
    change = CHANGE.match(sql)
    if change and change["table"] in _tables():
        connection = context["connection"]
        # Where an INSERT tells the new rows' ids, SQLite counts them only when they are read.
        if (change["adds"] or context["cursor"].rowcount) and not _is_noted(connection):
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {_TABLE} (at) VALUES ({now_sql()})", [])  # noqa: S608
            transaction.on_commit(_stamps.clear, connection.alias, robust=True)
    return result


def _is_noted(connection: BaseDatabaseWrapper) -> bool:
    """Whether this transaction has said so before. Django forgets what is to be done on commit together with the
    savepoint that it was asked in, as the database forgets the row."""
    return any(asked[1] == _stamps.clear for asked in connection.run_on_commit)


@cache
def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in SHOWN)
