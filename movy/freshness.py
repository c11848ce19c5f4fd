"""What makes a public page or a hall new: the one place that knows (docs/caching.md).

Every statement that Movy sends is looked at on its way: one that changes a row of a table which they show adds a row to
CatalogueChange, in the same transaction. So no service, form of the office, import or bulk update can forget it, and a
change that is rolled back was none. The count and the sum of those rows are the catalogue's stamp (movy/lib/stamp.py).
A page is kept under it, and under the database's minute, because what time alone changes (a show begins, sales close, a
day ends) does so at whole minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from catalog.models import Credit, Genre, Listing, Movie, Person, Showtime, ShowtimePrice
from movy.lib.clock import now_sql
from movy.lib.stamp import stamp_forget
from movy.models import CatalogueChange
from theatres.models import RefundStep, Screen, Seat, SeatCategory, Theatre, TicketType

SHOWN = (
    *(Theatre, Screen, TicketType),
    *(Movie, Movie.genres.through, Genre, Person, Credit, Listing),
    *(Showtime, ShowtimePrice),
    *(Seat, SeatCategory, RefundStep),
)
"""All that public pages and halls (bookings/maps.py) are made of, but for who has which seat, and but for
FoldedShowing, by which nothing changes that they show. Tests fail when one of them asks another table."""

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
            transaction.on_commit(stamp_forget, connection.alias, robust=True)
    return result


def _is_noted(connection: BaseDatabaseWrapper) -> bool:
    """Whether this transaction has said so before. Django forgets what is to be done on commit together with the
    savepoint that it was asked in, as the database forgets the row."""
    return any(asked[1] == stamp_forget for asked in connection.run_on_commit)


@cache
def _tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in SHOWN)
