"""Tables that leave the house as files: CSV and XLSX here, PDF in movy/lib/pdf.py. All of them from one Table.

A cell is a str, an int, a Decimal, a date, a Money or None. Text can never become a formula; numbers stay numbers;
money is a number in major units with its currency in a column of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from movy.lib.money import Money, minor_to_major

Cell = str | int | Decimal | date | Money | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet read text as a formula. Source: OWASP, CSV injection."""

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the machine's own code page."""

XLSX_WIDTH_MAX = 60  # characters


@dataclass(frozen=True)
class Column:
    title: str
    is_number: bool = False  # to the right, in figures of one width


@dataclass(frozen=True)
class Table:
    """A report as people see it. `lines` stand under the title: whose it is, which days; `notes` under the table.
    `totals` has one row for each currency."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()
    lines: Sequence[str] = ()
    notes: Sequence[str] = ()
    file_stem: str = "report"


def cell_text(cell: Cell) -> str:
    """Return a cell as people read it: cell_text(Money(350000, "NGN")) == "₦3,500"."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return date_format(cell, "D j M Y")
    if isinstance(cell, (int, Decimal)):
        return number_format(cell, use_l10n=True, force_grouping=True)
    return str(cell)


def formula_safe(text: str) -> str:
    """Return text that a spreadsheet shows and never runs: formula_safe("=1+1") == "'=1+1"."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_parts(table: Table) -> Iterator[str]:
    """Yield the table as CSV, line by line: UTF-8 with a BOM, CRLF, quoted as RFC 4180 has it."""
    writer = csv.writer(_Echo())
    yield BOM
    for row in file_rows(table):
        yield writer.writerow([cell.isoformat() if isinstance(cell, date) else cell for cell in row])


def xlsx_file(table: Table) -> IO[bytes]:
    """Return the table as an open XLSX file at its beginning, written to disk row by row; the caller closes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=_("Report"))
    sheet.freeze_panes = "A2"
    rows = list(file_rows(table))
    for number, column in enumerate(zip(*rows, strict=True)):
        width = max(len(str(cell)) for cell in column) + 2
        sheet.column_dimensions[_letters(number)].width = min(width, XLSX_WIDTH_MAX)
    bold = {0, *range(len(rows) - len(table.totals), len(rows))}
    for number, row in enumerate(rows):
        sheet.append([_xlsx_cell(sheet, cell, is_bold=number in bold) for cell in row])
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def file_rows(table: Table) -> Iterator[list[Any]]:
    """Yield header, rows and totals as files hold them: currency apart, text made safe."""
    has_money = any(isinstance(cell, Money) for row in table.rows for cell in row)
    extra = [formula_safe(_("Currency"))] if has_money else []
    yield [*(formula_safe(column.title) for column in table.columns), *extra]
    for row in (*table.rows, *table.totals):
        currency = next((cell.currency for cell in row if isinstance(cell, Money)), "")
        yield [*map(_file_cell, row), *([currency] if has_money else [])]


def _file_cell(cell: Cell) -> Any:
    if isinstance(cell, Money):
        return minor_to_major(cell.amount_minor, cell.currency)
    if cell is None:
        return ""
    return formula_safe(cell) if isinstance(cell, str) else cell


def _xlsx_cell(sheet: Any, value: Any, *, is_bold: bool) -> WriteOnlyCell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _letters(number: int) -> str:
    """Return a column's name: _letters(0) == "A"; reports have fewer than 26."""
    return chr(ord("A") + number)


class _Echo:
    """What csv.writer writes to, so that it returns each line."""

    def write(self, line: str) -> str:
        return line
