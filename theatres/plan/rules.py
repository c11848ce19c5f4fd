"""What every plan keeps to, however it was written: so that a label names one seat, and the buyer's map can show it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from movy.lib.errors import DomainError
from theatres.models import SeatKind, seat_label
from theatres.plan.model import CURVE_MAX, SEAT, Plan, PlanRow

SEATS_MAX = 1000
NUMBER_MAX = 999
WIDTH_MAX = 470  # 48 seats side by side, which is what static/css/seats.css has columns for
STEP_MAX = 60  # from one row to the next, likewise
NAME = re.compile(r"[A-Z0-9]{1,3}")


@dataclass
class Problem:
    """One thing wrong with a plan. `row`: its place in the plan, None when it is about all of it; `line` is for text,
    counted from 1."""

    message: str
    row: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        return _("Line %(line)d: %(message)s") % {"line": self.line, "message": self.message}


class PlanUnreadable(DomainError):
    """The plan is not one. `problems` say what to write instead."""

    code = "invalid"
    status = 400

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        errors = [{"field": "plan", "code": "invalid", "message": str(problem)} for problem in problems]
        super().__init__(str(problems[0]), errors=errors)


def plan_problems(plan: Plan, *, categories: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong. `categories`: the codes that the theatre has."""
    if plan.seats_total > SEATS_MAX:
        yield Problem(
            _("A plan has at most %(most)d seats; this one has %(count)d.")
            % {"most": SEATS_MAX, "count": plan.seats_total}
        )
        return
    if plan.width > WIDTH_MAX:
        yield Problem(_("The plan is wider than 48 seats side by side, aisles counted. Make its rows shorter."))
    seen: dict[str, str] = {}
    for index, row in enumerate(plan.rows):
        for message in _row_problems(row, categories, seen):
            yield Problem(message, row=index)
    for index, (before, row) in enumerate(pairwise(plan.rows), start=1):
        if row.y - before.y > STEP_MAX:
            yield Problem(
                _("Row %(row)s stands too far behind the row before: at most 4 seats' depth.") % {"row": row.name},
                row=index,
            )


def _row_problems(row: PlanRow, categories: Collection[str], seen: dict[str, str]) -> Iterator[str]:
    if not NAME.fullmatch(row.name):
        yield _("“%(row)s” can't be a row's name: write one to three capital letters or digits, such as A or AA.") % {
            "row": row.name[:20]
        }
        return
    if row.name in seen.values():
        yield _("There is a row %(row)s already. Give this one another name.") % {"row": row.name}
        return
    if abs(row.curve) > CURVE_MAX or any(abs(seat.forward) > CURVE_MAX for seat in row.seats):
        yield _("Row %(row)s bends by more than %(most)d tenths of a seat. Make it flatter.") % {
            "row": row.name,
            "most": CURVE_MAX,
        }
    for seat in row.seats:
        label = seat_label(row.name, seat.number)
        if not 1 <= seat.number <= NUMBER_MAX:
            yield _("Seats are numbered from 1 to %(most)d, so %(label)s can't be one.") % {
                "most": NUMBER_MAX,
                "label": label,
            }
        elif label in seen:
            yield _("There is a seat %(label)s already. Give this one another number.") % {"label": label}
        elif seat.category not in categories:
            yield category_unknown(seat.category, categories)
            return
        elif seat.kind not in SeatKind.values:
            yield _("Seat %(label)s is of a kind that isn't known.") % {"label": label}
        seen[label] = row.name
    for left, right in pairwise(row.seats):
        if right.x - left.x < SEAT:
            yield _(
                "Seats %(first)s and %(second)s stand in each other's place. Leave a seat's width from one to the next."
            ) % {"first": seat_label(row.name, left.number), "second": seat_label(row.name, right.number)}
            return


def category_unknown(code: str, categories: Collection[str]) -> str:
    """Say that there is no such category, and which there are."""
    return _("There is no category “%(code)s”. This theatre has: %(codes)s.") % {
        "code": code[:20],
        "codes": ", ".join(categories) or _("none yet"),
    }
