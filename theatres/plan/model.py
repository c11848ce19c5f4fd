"""A seating plan as rows of seats, apart from the database. All lengths are tenths of a seat's width.

A row stands `y` behind the first one. Its ends bend towards the silver screen (bend_of), by `curve` where the plan is
widest; a seat may stand a little nearer to it than its row, `forward`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from theatres.models import SeatKind, seat_label

SEAT = 10
ROW_STEP = 12
"""From one row to the next: legs need room too."""
CROSS_AISLE = 14
"""What a cross aisle adds to that."""
CURVE_MAX = 40
"""As much as the buyer's map can show within one row (static/css/seats.css)."""


class PlanSeat(NamedTuple):
    """A seat of a row. `x`: its left edge, from the left edge of the plan."""

    number: int
    x: int
    category: str
    kind: str = SeatKind.REGULAR.value
    forward: int = 0


class PlanRow(NamedTuple):
    name: str
    y: int
    curve: int
    seats: tuple[PlanSeat, ...]


class PlacedSeat(NamedTuple):
    """A seat as the database keeps it, its category by code."""

    row: str
    number: int
    x: int
    y: int
    category: str
    kind: str

    @property
    def label(self) -> str:
        return seat_label(self.row, self.number)


class Plan(NamedTuple):
    """Rows from the screen to the back. Made by plan_of_rows or plan_of_places, which see to it that x begins at 0."""

    rows: tuple[PlanRow, ...]

    @property
    def seats_total(self) -> int:
        return sum(len(row.seats) for row in self.rows)

    @property
    def width(self) -> int:
        """From the first seat's left edge to the last one's."""
        return max((seat.x for row in self.rows for seat in row.seats), default=0)

    def places(self) -> list[PlacedSeat]:
        """Return every seat where it stands; the seat nearest to the screen has y 0."""
        placed = [
            PlacedSeat(
                row.name,
                seat.number,
                seat.x,
                row.y - bend_of(row.curve, seat.x, self.width) - seat.forward,
                seat.category,
                seat.kind,
            )
            for row in self.rows
            for seat in row.seats
        ]
        top = min((seat.y for seat in placed), default=0)
        return [seat._replace(y=seat.y - top) for seat in placed]


def bend_of(curve: int, x: int, width: int) -> int:
    """Return how much nearer to the screen a seat stands than the middle of its row: a parabola over the whole plan."""
    middle = width / 2
    return round(curve * ((x - middle) / middle) ** 2) if width else 0


def plan_of_rows(rows: Iterable[PlanRow]) -> Plan:
    """Return the plan with its left edge at 0, the first row's y at 0, and each row's seats from left to right."""
    kept = sorted((row for row in rows if row.seats), key=lambda row: row.y)
    left = min((seat.x for row in kept for seat in row.seats), default=0)
    first = kept[0].y if kept else 0
    return Plan(
        tuple(
            row._replace(
                y=row.y - first,
                seats=tuple(sorted((seat._replace(x=seat.x - left) for seat in row.seats), key=lambda seat: seat.x)),
            )
            for row in kept
        )
    )


def plan_of_places(places: Iterable[PlacedSeat]) -> Plan:
    """Return the plan in which seats stand where they do: plan_of_places(plan.places()) places them alike.

    Curves are found again by trying; what no curve explains is `forward`.
    """
    ordered = sorted(places, key=lambda seat: (seat.row, seat.x))
    by_row = {name: list(seats) for name, seats in groupby(ordered, key=lambda seat: seat.row)}
    left = min((seat.x for seat in ordered), default=0)
    width = max((seat.x for seat in ordered), default=0) - left
    fitting = {name: _curves_of(seats, left, width) for name, seats in by_row.items()}
    votes = Counter(curve for curves in fitting.values() for curve in curves)
    usual = min(votes, key=lambda curve: (-votes[curve], abs(curve), curve), default=0)
    return plan_of_rows(
        _row_of(name, seats, left, width, usual if usual in fitting[name] else next(iter(fitting[name]), 0))
        for name, seats in by_row.items()
    )


def _curves_of(seats: Sequence[PlacedSeat], left: int, width: int) -> list[int]:
    """Return the curves under which all of a row's seats stand on it, the flattest first."""
    flattest_first = sorted(range(-CURVE_MAX, CURVE_MAX + 1), key=abs)
    return [curve for curve in flattest_first if _stand_on_it(seats, curve, left, width)]


def _stand_on_it(seats: Sequence[PlacedSeat], curve: int, left: int, width: int) -> bool:
    y = seats[0].y + bend_of(curve, seats[0].x - left, width)
    return all(seat.y + bend_of(curve, seat.x - left, width) == y for seat in seats)


def _row_of(name: str, seats: Sequence[PlacedSeat], left: int, width: int, curve: int) -> PlanRow:
    straight = [seat.y + bend_of(curve, seat.x - left, width) for seat in seats]
    y = Counter(straight).most_common(1)[0][0]
    return PlanRow(
        name,
        y,
        curve,
        tuple(
            PlanSeat(seat.number, seat.x - left, seat.category, seat.kind, forward=y - line)
            for seat, line in zip(seats, straight, strict=True)
        ),
    )
