"""A seating plan as the visual editor (static/js/plan-editor.js) holds and posts it: JSON, row by row."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from theatres.plan.model import Plan, PlanRow, PlanSeat, plan_of_rows
from theatres.plan.rules import PlanUnreadable, Problem, plan_problems

LENGTH_MAX = 10_000
"""No length or number of a plan comes near it, in tenths of a seat or otherwise."""


def plan_drawing(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows as plain values."""
    return [
        {"name": row.name, "y": row.y, "curve": row.curve, "seats": [seat._asdict() for seat in row.seats]}
        for row in plan.rows
    ]


def plan_of_drawing(drawing: str, *, categories: Collection[str]) -> Plan:
    """Read what the visual editor posted. Raises PlanUnreadable."""
    try:
        plan = plan_of_rows(_row(row) for row in json.loads(drawing))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PlanUnreadable([Problem(_("The drawing could not be read. Load the page again."))]) from error
    problems = list(plan_problems(plan, categories=categories))
    if problems:
        raise PlanUnreadable(problems)
    return plan


def _row(row: Mapping[str, Any]) -> PlanRow:
    return PlanRow(_text(row["name"]), _number(row["y"]), _number(row["curve"]), tuple(map(_seat, row["seats"])))


def _seat(seat: Mapping[str, Any]) -> PlanSeat:
    return PlanSeat(
        _number(seat["number"]),
        _number(seat["x"]),
        _text(seat["category"]),
        _text(seat["kind"]),
        _number(seat["forward"]),
    )


def _number(value: object) -> int:
    if type(value) is not int or abs(value) > LENGTH_MAX:  # True is an int too
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
