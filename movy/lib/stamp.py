"""The stamp of the catalogue: the same one, the same films, halls and prices. What is made of them is kept under it;
movy/freshness.py writes down what makes another one (docs/caching.md)."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from movy.lib.clock import now_sql
from movy.lib.recent import Recent
from movy.lib.sql import sql_instant

STAMP_SECONDS = 0.5
"""How long a process goes by the stamp that it has read: half of the second after which a change must be seen."""

KEPT_SECONDS = 90
"""How long what is kept under a stamp may be asked for: it is of one minute, and gone when the next has begun."""

_stamps: Recent[str] = Recent(size=1, seconds=STAMP_SECONDS)


def stamp() -> str | None:
    """Return what public things are kept under: another one, another catalogue or another minute. At most STAMP_SECONDS
    old; one query then.

    None inside a transaction, which sees what nobody else does yet.
    """
    if connection.in_atomic_block:
        return None
    return _stamps.find("stamp") or _stamps.keep("stamp", _stamp_read())


def stamp_forget() -> None:
    """Read it anew at its next use: this process has just changed the catalogue."""
    _stamps.clear()


def _stamp_read() -> str:
    """Neither count nor sum alone would do: of two changes at once, the one with the higher number may be committed
    first."""
    table = apps.get_model("movy", "CatalogueChange")._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now_sql()}, COUNT(*), SUM(id) FROM {table}", [])  # noqa: S608
        now, count, total = cursor.fetchone()
    return f"{count}.{total or 0}.{sql_instant(now):%Y%m%d%H%M}"
