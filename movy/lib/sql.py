"""Raw SQL for the places where the ORM's price shows: the hold and the seat map (docs/performance.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from types import NoneType
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Model = TypeVar("Model", bound=models.Model)

_AS_THEY_ARE = {str, int, bool, NoneType}


def insert_rows(cursor: CursorWrapper, model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows, given by attribute name ("booking_id"), with one statement; return the first row's new id.

    All rows give the same attributes: every one that has no default in the database. Model defaults are not applied.
    """
    database = cursor.db
    cursor.execute(
        _insert_sql(model, tuple(rows[0]), len(rows), database.vendor),
        sql_values(value for row in rows for value in row.values()),
    )
    # SQLite tells the last id of a statement, MySQL the first.
    return cursor.lastrowid if database.vendor == "mysql" else cursor.lastrowid - len(rows) + 1


def row_made(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return a row that was just inserted, from its attributes, as if it had been read: those not given are None. The
    model's own constructor takes twice as long."""
    names = _attributes(model)
    return model.from_db(connection.alias, names, [values.get(name) for name in names])


def sql_values(values: Iterable[Any]) -> list[Any]:
    """Return values as both drivers take them, most of which they take as they are."""
    return [value if type(value) in _AS_THEY_ARE else sql_value(value) for value in values]


def sql_value(value: Any) -> Any:
    """Return a value as both drivers take it: aware instants as Django writes them, in UTC; lists and dicts as JSON."""
    kind = type(value)
    if kind is datetime:
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(" ").removesuffix("+00:00")
    if kind is dict or kind is list:
        return json.dumps(value)
    return value


def sql_instant(value: datetime | str) -> datetime:
    """Return an instant that a raw query gave, aware and UTC: MySQL's driver gives naive ones, SQLite's gives text."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).replace(tzinfo=UTC)


@cache
def _attributes(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@lru_cache(maxsize=64)
def _insert_sql(model: type[models.Model], names: tuple[str, ...], count: int, vendor: str) -> str:
    quote = connection.ops.quote_name
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    columns = ", ".join(quote(str(by_name[name].column)) for name in names)
    one = f"({', '.join(['%s'] * len(names))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([one] * count)}"  # noqa: S608
