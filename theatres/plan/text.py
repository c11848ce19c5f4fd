"""A seating plan as text. One line is one row, from the screen to the back:

    curve 26
    A: 1w 2c 3-6 _ 7-12
    B: 1-6 _ 7-12

    C (premium, curve 12): 14-8 __ 7-1

A row is its name, a colon, and what stands in it from left to right, with spaces between:

    7         the seat numbered 7            1-6   seats 1 to 6; 6-1 counts down
    w c       wheelchair place, companion seat: 1w, 2-3c
    =premium  of this category alone: 4-6=premium
    _ __      a gap one seat wide, two …     >5    a gap of 5 tenths of a seat; >-5 closes up
    ^3        what follows stands 3 tenths nearer to the screen than its row; ^0 no longer

In brackets after a row's name: its category, if it isn't the theatre's first, and its own curve. A row stands in the
middle under the widest one; a gap before its first seat moves it from there. An empty line is a cross aisle, `gap 5` 5
tenths of a seat more room than usual between two rows. Before the rows: `curve 26`, by how many tenths the ends of the
widest row bend towards the screen, and `align left`, which lets rows begin at the left edge instead of in the middle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _

from theatres.models import SeatKind
from theatres.plan.model import CROSS_AISLE, ROW_STEP, SEAT, Plan, PlanRow, PlanSeat, plan_of_rows
from theatres.plan.rules import NAME, SEATS_MAX, PlanUnreadable, Problem, category_unknown, plan_problems

TEXT_MAX = 40_000
"""Characters; 420 seats, each in a word of its own, are a tenth of that."""

_ROW = re.compile(r"(?P<name>[^\s:()]+)\s*(?:\((?P<options>[^()]*)\))?\s*:(?P<items>.*)", re.ASCII)
_SETTING = re.compile(r"(?P<word>curve|gap|align)\s+(?P<value>\S+)", re.IGNORECASE | re.ASCII)
_SEATS = re.compile(
    r"(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?P<kind>[wc]?)(?:=(?P<category>[\w-]+))?", re.IGNORECASE | re.ASCII
)
_GAP = re.compile(r"_+")
_MOVE = re.compile(r"(?P<sign>[>^])(?P<by>-?\d{1,3})", re.ASCII)
_KIND_OF = {"": SeatKind.REGULAR.value, "w": SeatKind.ACCESSIBLE.value, "c": SeatKind.COMPANION.value}
_MARK_OF = {kind: mark for mark, kind in _KIND_OF.items()}


# ---- Reading


def plan_of_text(text: str, *, categories: Sequence[str]) -> Plan:
    """Read a plan. `categories`: the theatre's codes, of which the first is meant where none is named.

    Raises PlanUnreadable with every line that is wrong. An empty text is a plan without seats.
    """
    if len(text) > TEXT_MAX:
        raise PlanUnreadable([Problem(_("This is longer than a plan can be."))])
    reader = _Reader(categories)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.read(line.strip(), number)
    if reader.problems:
        raise PlanUnreadable(reader.problems)
    plan = reader.plan()
    problems = list(plan_problems(plan, categories=categories))
    for problem in problems:
        problem.line = None if problem.row is None else reader.rows[problem.row].line
    if problems:
        raise PlanUnreadable(problems)
    return plan


@dataclass
class _Row:
    """A row as it was written: x counts from its first seat, `lead` is what was left free before that one."""

    line: int
    name: str
    y: int
    curve: int
    category: str
    lead: int = 0
    seats: list[PlanSeat] = field(default_factory=list)


class _Reader:
    """Reads line by line; what is wrong is noted, so that all of it can be told at once."""

    def __init__(self, categories: Sequence[str]) -> None:
        self.categories = categories
        self.problems: list[Problem] = []
        self.rows: list[_Row] = []
        self._curve, self._is_left, self._room, self._y, self._seats_total = 0, False, 0, 0, 0

    def plan(self) -> Plan:
        widest = max((row.seats[-1].x for row in self.rows), default=0)
        return plan_of_rows(
            PlanRow(row.name, row.y, row.curve, tuple(seat._replace(x=seat.x + start) for seat in row.seats))
            for row in self.rows
            for start in [row.lead + (0 if self._is_left else (widest - row.seats[-1].x) // 2)]
        )

    def read(self, line: str, number: int) -> None:
        if self._seats_total > SEATS_MAX:
            return  # told already; more of it would only take long
        if not line:
            self._room += CROSS_AISLE if self.rows else 0
        elif row := _ROW.fullmatch(line):
            self._read_row(row, number)
        elif setting := _SETTING.fullmatch(line):
            self._read_setting(setting["word"].lower(), setting["value"], number)
        else:
            self._wrong(number, _("A row begins with its name and a colon, such as A: 1-6 _ 7-12"))

    def _read_setting(self, word: str, value: str, number: int) -> None:
        if word == "gap":
            self._room += self._number(value, number, example="gap 5")
        elif self.rows:
            self._wrong(number, _("“%(word)s” stands before the first row.") % {"word": word})
        elif word == "curve":
            self._curve = self._number(value, number, example="curve 20")
        elif value in ("left", "centre"):
            self._is_left = value == "left"
        else:
            self._wrong(number, _("Write “align left” or “align centre”."))

    def _read_row(self, match: re.Match[str], number: int) -> None:
        name = match["name"].upper()
        if not NAME.fullmatch(name):
            message = _("A row's name is one to three letters or digits, such as A or AA, not “%(name)s”.")
            self._wrong(number, message % {"name": match["name"][:20]})
        if self.rows:
            self._y += max(ROW_STEP + self._room, 0)
        self._room = 0
        row = _Row(number, name, self._y, self._curve, self.categories[0] if self.categories else "")
        for option in filter(None, (part.strip() for part in (match["options"] or "").split(","))):
            self._read_option(row, option)
        told = len(self.problems)
        self._read_items(row, match["items"].split())
        if row.seats:
            self.rows.append(row)
        elif len(self.problems) == told:
            self._wrong(
                number,
                _("Row %(name)s has no seats. Write them, such as 1-6, or take the line out.") % {"name": name[:20]},
            )

    def _read_option(self, row: _Row, option: str) -> None:
        setting = _SETTING.fullmatch(option)
        if setting and setting["word"].lower() == "curve":
            row.curve = self._number(setting["value"], row.line, example="curve 20")
        else:
            row.category = self._category(option, row.line)

    def _read_items(self, row: _Row, items: list[str]) -> None:
        x = forward = 0
        for item in items:
            if _GAP.fullmatch(item):
                x += SEAT * len(item)
            elif move := _MOVE.fullmatch(item):
                by = self._number(move["by"], row.line, example=">5")
                x, forward = (x + by, forward) if move["sign"] == ">" else (x, by)
            elif seats := _SEATS.fullmatch(item):
                if not row.seats:
                    row.lead, x = x, 0
                category = self._category(seats["category"], row.line) if seats["category"] else row.category
                kind = _KIND_OF[seats["kind"].lower()]
                numbers = _numbers(int(seats["first"]), int(seats["last"] or seats["first"]))
                self._seats_total += len(numbers)
                if self._seats_total > SEATS_MAX:
                    self._wrong(
                        row.line, _("That is more than the %(most)d seats that a plan can have.") % {"most": SEATS_MAX}
                    )
                    return
                for number in numbers:
                    row.seats.append(PlanSeat(number, x, category, kind, forward))
                    x += SEAT
            else:
                message = _("“%(item)s” isn't understood. Write seats as 4 or 1-6, an aisle as _, with spaces between.")
                self._wrong(row.line, message % {"item": item[:20]})

    def _category(self, code: str, number: int) -> str:
        code = code.lower()
        if code not in self.categories:
            self._wrong(number, category_unknown(code, self.categories))
        return code

    def _number(self, value: str, number: int, *, example: str) -> int:
        if re.fullmatch(r"-?\d{1,3}", value, re.ASCII):
            return int(value)
        message = _("“%(value)s” isn't a whole number of tenths of a seat. Write it as in %(example)s.")
        self._wrong(number, message % {"value": value[:20], "example": example})
        return 0

    def _wrong(self, number: int, message: str) -> None:
        self.problems.append(Problem(message, line=number))


def _numbers(first: int, last: int) -> range:
    """Return 1 to 6, or 6 to 1 where it is written that way."""
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


# ---- Writing


def plan_text(plan: Plan, *, categories: Sequence[str]) -> str:
    """Write a plan so that plan_of_text reads the same again, the shortest way it can."""
    if not plan.rows:
        return ""
    starts = {"centre": [_middle(plan, row) for row in plan.rows], "left": [0 for _row in plan.rows]}
    align = min(
        starts, key=lambda word: sum(row.seats[0].x != x for row, x in zip(plan.rows, starts[word], strict=True))
    )
    curve = Counter(row.curve for row in plan.rows).most_common(1)[0][0]
    lines = [f"curve {curve}"] if curve else []
    lines += ["align left"] if align == "left" else []
    usual = categories[0] if categories else ""
    y = plan.rows[0].y - ROW_STEP
    for row, start in zip(plan.rows, starts[align], strict=True):
        lines += _room(row.y - y - ROW_STEP)
        lines.append(_row_text(row, row.seats[0].x - start, curve, usual))
        y = row.y
    return "\n".join(lines) + "\n"


def _middle(plan: Plan, row: PlanRow) -> int:
    """Where the row would begin in the middle under the widest one."""
    extents = [row.seats[-1].x - row.seats[0].x for row in plan.rows]
    return (max(extents) - (row.seats[-1].x - row.seats[0].x)) // 2


def _room(extra: int) -> list[str]:
    """Return the lines between two rows that are so much further apart than usual."""
    aisles, rest = divmod(extra, CROSS_AISLE)
    return [""] * aisles if extra >= 0 and not rest else [f"gap {extra}"]


def _row_text(row: PlanRow, lead: int, curve: int, usual: str) -> str:
    category = Counter(seat.category for seat in row.seats).most_common(1)[0][0]
    options = [category] if category != usual else []
    options += [f"curve {row.curve}"] if row.curve != curve else []
    name = f"{row.name} ({', '.join(options)})" if options else row.name
    return f"{name}: {' '.join(_items(row, lead, category))}"


def _items(row: PlanRow, lead: int, category: str) -> Iterator[str]:
    yield from _gap(lead)
    forward = 0
    for run, gap in _runs(row.seats):
        if run[0].forward != forward:
            forward = run[0].forward
            yield f"^{forward}"
        numbers = f"{run[0].number}-{run[-1].number}" if len(run) > 1 else str(run[0].number)
        own = f"={run[0].category}" if run[0].category != category else ""
        yield f"{numbers}{_MARK_OF[run[0].kind]}{own}"
        yield from _gap(gap)


def _runs(seats: Sequence[PlanSeat]) -> Iterator[tuple[list[PlanSeat], int]]:
    """Yield runs that one item can say, each with the gap behind it."""
    run = [seats[0]]
    for left, right in pairwise(seats):
        gap = right.x - left.x - SEAT
        step = right.number - left.number
        goes_on = len(run) == 1 or step == run[1].number - run[0].number
        alike = (left.kind, left.category, left.forward) == (right.kind, right.category, right.forward)
        if gap or abs(step) != 1 or not goes_on or not alike:
            yield run, gap
            run = [right]
        else:
            run.append(right)
    yield run, 0


def _gap(width: int) -> list[str]:
    if width < 0:
        return [f">{width}"]
    whole, rest = divmod(width, SEAT)
    return (["_" * whole] if whole else []) + ([f">{rest}"] if rest else [])
