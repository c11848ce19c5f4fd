"""Very many rows: by INSERT … SELECT, and with the database told not to look up what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, models

from movy.lib.references import ALPHABET
from movy.management.demo.bulk import BATCH, rows_insert

__all__ = ["first_id", "joined", "loading", "reference_of", "rows_insert", "rows_select", "table_fill"]

PATIENCE = {"read_timeout": 3600, "write_timeout": 3600}
_ODD = 0x5851F42D4C957F2D
"""Multiplying by an odd number changes places within 2**n without two numbers meeting."""


@contextmanager
def loading() -> Iterator[None]:
    """On a connection of its own, which waits as long as it takes, and for which no foreign key and no unique key is
    looked up as rows come in. The rows are right all the same; `connection.check_constraints()` and the audit ask
    afterwards. Checks of single rows are always made."""
    if connection.vendor != "mysql":
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    usual = {name: options[name] for name in PATIENCE}
    connection.close()
    options |= PATIENCE
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        yield
    finally:
        connection.close()
        options |= usual


def rows_select(model: type[models.Model], columns: Mapping[str, str], source: str, values: list[object]) -> None:
    """Write rows that the database makes itself. `columns`: attribute → what is selected for it; `source`: FROM and
    what follows, of which `values` are the parameters."""
    by_name = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    names = ", ".join(quote(by_name[name]) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {', '.join(columns.values())} FROM {source}",
            values,
        )


def table_fill(table: str, width: int, rows: Sequence[Sequence[object]]) -> None:
    """Fill a temporary table that has `width` columns."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * width)})", rows[start : start + BATCH])


def joined(*parts: str) -> str:
    """Return SQL that puts texts together."""
    return f"CONCAT({', '.join(parts)})" if connection.vendor == "mysql" else " || ".join(parts)


def first_id(model: type[models.Model]) -> int:
    """Return the id that the next row may have: ids are given here, so that nobody has to look them up."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(last or 0) + 1


def reference_of(number: int, *, length: int = 10) -> str:
    """Return a reference that looks drawn by lot, another one for each number below 32**length."""
    mixed = number * _ODD % 32**length
    return "".join(ALPHABET[mixed >> 5 * place & 31] for place in range(length))
