"""A programme as a CSV file: read row by row into wishes, with every problem named by its row and column."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.forms import YEARS, language_valid
from catalog.models import Listing, Movie
from catalog.prices import PriceBook, amount_read, price_book
from catalog.series import SHOWINGS_MAX, Problem, Wish
from movy.lib.clock import instant_of
from movy.lib.errors import DomainError
from movy.lib.exports import FORMULA_STARTS
from movy.lib.text import search_form
from theatres.models import Screen, Theatre

T = TypeVar("T")

COLUMNS = ("film", "screen", "date", "time", "format", "language", "price", "status")
REQUIRED = ("film", "screen", "date", "time")
BYTES_MAX = 200_000
FORMAT_LENGTH = 20
SHOWN_LENGTH = 40  # letters of a cell that a problem repeats
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?\Z", re.ASCII)


class SheetUnreadable(DomainError):
    """The file as a whole can't be read, so there is no row to blame."""

    code = "invalid"
    status = 400


def sheet_text(content: bytes) -> str:
    """Return a file's text: UTF-8 with or without a mark, or the code page in which Excel saves on Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def sheet_wishes(text: str, *, theatre: Theatre) -> list[Wish]:
    """Return a wish for each row that isn't empty. Raises SheetUnreadable. Four queries.

    Columns may come in any order, parted by commas, semicolons or tabs.
    """
    reader = _Reader(theatre)
    return [reader.wish(line, row) for line, row in _rows(text)]


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that isn't empty, with its line in the file, as {column: text}."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    found = 0
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _names(cells)
                continue
            found += 1
            if found > SHOWINGS_MAX:
                raise SheetUnreadable(_("A file can have %(most)d showings. Split this one.") % {"most": SHOWINGS_MAX})
            yield reader.line_num, {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}
    except csv.Error as error:
        raise SheetUnreadable(_("Line %(line)d can't be read as CSV.") % {"line": reader.line_num}) from error
    if not found:
        raise SheetUnreadable(_("There is no showing in this file. Its first line names the columns."))


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name and name not in COLUMNS]
    if missing:
        raise SheetUnreadable(_("The first line must name these columns: %(names)s.") % {"names": ", ".join(missing)})
    if unknown:
        raise SheetUnreadable(
            _("There is no column %(name)s. There are: %(all)s.") % {"name": unknown[0][:40], "all": ", ".join(COLUMNS)}
        )
    return names


def _plain(cell: str) -> str:
    """Return a cell without the mark that keeps spreadsheets from running it, which our own exports set."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


@dataclass(frozen=True)
class _Opening:
    is_on_sale: bool = False
    opens_at: datetime | None = None


class _Reader:
    """Reads rows by a theatre's own names."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self._book: PriceBook = price_book(theatre)
        self._cards = {search_form(one.card.name): one.card.pk for one in self._book.cards}
        self._screens: dict[str, list[Screen]] = defaultdict(list)
        for screen in Screen.objects.filter(theatre=theatre).select_related("theatre"):
            self._screens[search_form(screen.name)].append(screen)
        self._films: dict[str, list[Movie]] = defaultdict(list)
        for listing in Listing.objects.filter(theatre=theatre).select_related("movie"):
            for name in {listing.movie.title, str(listing.movie)}:
                self._films[search_form(name)].append(listing.movie)

    def wish(self, line: int, row: Mapping[str, str]) -> Wish:
        problems: list[Problem] = []

        def read(column: str, reader: Callable[[str], T], otherwise: T) -> T:
            text = row.get(column, "")
            if not text and column not in REQUIRED:
                return otherwise
            try:
                return reader(text)
            except (DomainError, ValidationError) as error:
                why = str(error.message)
                problems.append(Problem(column, f"“{text[:SHOWN_LENGTH]}”: {why}" if text else why))
                return otherwise

        by_nothing: tuple[int | None, int | None] = (None, None)
        card_or_price = read("price", self._price, by_nothing)
        opening = read("status", self._opening, _Opening())
        return Wish(
            movie=read("film", self._film, None),
            screen=read("screen", self._screen, None),
            day=read("date", _day, None),
            at=read("time", _time, None),
            format=read("format", _format, "2D"),
            language=read("language", _language, ""),
            card_id=card_or_price[0],
            prices=card_or_price[1],
            is_on_sale=opening.is_on_sale,
            opens_at=opening.opens_at,
            line=line,
            problems=tuple(sorted(problems, key=lambda problem: COLUMNS.index(problem.field))),
        )

    def _film(self, text: str) -> Movie | None:
        return _only(self._films[search_form(text)], text, _("No film of this name is on the theatre's list."))

    def _screen(self, text: str) -> Screen | None:
        return _only(self._screens[search_form(text)], text, _("This theatre has no such screen."))

    def _price(self, text: str) -> tuple[int | None, int | None]:
        """A card's name, or an amount for every seat."""
        card_id = self._cards.get(search_form(text))
        return (card_id, None) if card_id is not None else (None, amount_read(text, self.theatre.currency))

    def _opening(self, text: str) -> _Opening:
        """Draft, on sale, or when: 2026-12-01 10:00."""
        word = text.lower().replace("_", " ")
        if word in ("draft", "on sale"):
            return _Opening(is_on_sale=word == "on sale")
        day, _space, at = text.partition(" ")
        try:
            moment = datetime.combine(_day(day), _time(at.strip()))
        except SheetUnreadable as error:
            raise SheetUnreadable(_("Write draft, on sale, or when sales begin: 2026-12-01 10:00.")) from error
        return _Opening(opens_at=instant_of(moment, self.theatre.timezone))


def _only(found: Sequence[T], text: str, none: str) -> T | None:
    if not text:
        raise SheetUnreadable(_("This is missing."))
    if not found:
        raise SheetUnreadable(none)
    if len(found) > 1:
        raise SheetUnreadable(_("There are several of this name. Write a film's year behind it: Metropolis (1927)."))
    return found[0]


def _day(text: str) -> date:
    for pattern, order in ((_DAY, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        if match := pattern.match(text):
            year, month, day = (int(match[group]) for group in order)
            try:
                if year in YEARS:
                    return date(year, month, day)
            except ValueError:
                break
    raise SheetUnreadable(_("Write a day as 2026-11-28 or 28/11/2026."))


def _time(text: str) -> time:
    match = _TIME.match(text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise SheetUnreadable(_("Write a time as 18:30, by the theatre's own clock."))
    return time(int(match[1]), int(match[2]))


def _format(text: str) -> str:
    if len(text) > FORMAT_LENGTH:
        raise SheetUnreadable(_("A format has at most %(most)d letters.") % {"most": FORMAT_LENGTH})
    return text


def _language(text: str) -> str:
    if len(text) > 8:
        raise SheetUnreadable(_("Two letters, such as en."))
    language_valid(text)
    return text
