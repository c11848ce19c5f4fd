"""What statements read: how many rows MariaDB's handlers were asked for, and by which way the planner went to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

_TABLES = re.compile(r"(?:FROM|JOIN|UPDATE)\s+`?(\w+)`?(?:\s+(?:AS\s+)?`?(?!ON\b|SET\b|WHERE\b|USING\b)(\w+)`?)?", re.I)
_EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE)\b", re.I)


@dataclass(frozen=True)
class Statement:
    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True)
class Step:
    """One row of EXPLAIN: how one table is read, and how many of its rows the planner expects to look at, for each row
    of the table before it. `select`: the number of the part of the statement that it belongs to."""

    select: str
    table: str
    access: str
    key: str | None
    rows: int
    extra: str
    sql: str


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Collect the statements that are sent meanwhile, each text once."""
    seen: dict[str, Statement] = {}
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql not in seen and _EXPLAINED.match(sql):
            seen[sql] = Statement(sql, tuple(params or ()))
            found.append(seen[sql])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def steps(statement: Statement) -> list[Step]:
    """Return the way that the planner chooses for a statement, with tables by their names rather than aliases."""
    names = {alias or table: table for table, alias in _TABLES.findall(statement.sql)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", statement.params)
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [
        Step(
            select=str(row["id"]),
            table=names.get(row["table"], row["table"] or ""),
            access=row["type"] or "",
            key=row["key"],
            rows=int(str(row["rows"] or 0).split()[0]),  # MariaDB writes "16 (10%)" where it filters by a second index
            extra=row["Extra"] or "",
            sql=statement.sql,
        )
        for row in rows
    ]


def rows_read(do: Callable[[], object]) -> int:
    """Return how many rows the server reads for what `do` asks on this connection, keys of indexes included."""
    return _read_by(do) - _read_by(lambda: None)


def _read_by(do: Callable[[], object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("FLUSH STATUS")
        do()
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        return sum(int(count) for _name, count in cursor.fetchall())
