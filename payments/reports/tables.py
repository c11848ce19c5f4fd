"""From rows of the database to tables: sums by key, totals by currency, texts that several reports share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from movy.lib.exports import Cell, Column, Table
from movy.lib.money import Money
from payments.reports.scope import Scope

Row = Sequence[Cell]


def text(title: str) -> Column:
    return Column(title)


def number(title: str) -> Column:
    return Column(title, is_number=True)


def percent(part: int, whole: int) -> Decimal | None:
    """Return part of whole in percent with one place: percent(1, 3) == Decimal("33.3"); None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None


def local_start(starts_at: datetime, zone: ZoneInfo) -> str:
    """Return when a show starts as the theatre's clock has it: "Fri 5 Jun 2026, 18:30"."""
    return date_format(starts_at.astimezone(zone), "D j M Y, H:i")


def person_name(first: str | None, last: str | None, email: str | None) -> str:
    """Return who sold; all None once the account is closed."""
    return f"{first or ''} {last or ''}".strip() or email or _("somebody whose account is closed")


def totals(rows: Iterable[Row], *, blank: Sequence[int] = ()) -> list[Row]:
    """Return one row for each currency: whole numbers and money added up, everything else left empty.

    Rows without money are one currency of their own. blank: columns that must not be added (percentages of a sum are
    the report's own matter).
    """
    sums: dict[str, list[Any]] = {}
    for row in rows:
        currency = next((cell.currency for cell in row if isinstance(cell, Money)), "")
        total = sums.setdefault(currency, [None] * len(row))
        for place, cell in enumerate(row):
            if place in blank or isinstance(cell, (str, Decimal)) or cell is None:
                continue
            if isinstance(cell, Money):
                before = total[place].amount_minor if total[place] else 0
                total[place] = Money(before + cell.amount_minor, currency)
            elif isinstance(cell, int):
                total[place] = (total[place] or 0) + cell
    return [(_("Total"), *total[1:]) for _currency, total in sorted(sums.items())]


def table_make(
    scope: Scope,
    *,
    title: str,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    totals: Sequence[Row],
    notes: Sequence[str] = (),
) -> Table:
    """Return a table headed by its theatre and days, in a file named after them."""
    period = scope.period
    days = date_format(period.first, "D j M Y")
    if period.last != period.first:
        days = f"{days} – {date_format(period.last, 'D j M Y')}"
    lines = [f"{scope.theatre.name}, {scope.theatre.city}", _("%(days)s, days from 05:00 to 05:00") % {"days": days}]
    return Table(
        title=title,
        columns=columns,
        rows=rows,
        totals=totals,
        lines=lines,
        notes=notes,
        file_stem=f"{scope.theatre.slug}-{name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}",
    )
