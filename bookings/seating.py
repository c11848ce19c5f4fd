"""Which free seats are the best ones together. Pure: seats in, seats out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

NEIGHBOUR_GAP_MAX = 14  # plan units, tenths of a seat; more than this is an aisle


class Place(NamedTuple):
    """A seat of a hall: what theatres.models.Seat says of it, read for hundreds at once. `category` is the code."""

    id: int
    label: str
    row: str
    number: int
    x: int
    y: int
    kind: str
    retired_at: datetime | None
    category: str
    category_name: str


def best_together(free: Sequence[Place], count: int, *, rows_in_hall: tuple[int, int]) -> list[Place] | None:
    """Return the `count` free seats that sit together best, None when there aren't so many.

    Together is side by side without an aisle; failing that, split over as few runs as possible, near each other. Best
    is near the middle of a row, two thirds of the way to the back, where a cinema is tuned.
    `rows_in_hall`: smallest and largest y of the whole hall in plan units.
    """
    if count < 1 or len(free) < count:
        return None
    centre = (min(seat.x for seat in free) + max(seat.x for seat in free)) / 2
    front, back = rows_in_hall
    ideal = front + (back - front) * 2 / 3

    def badness(block: Sequence[Place]) -> float:
        x = sum(seat.x for seat in block) / len(block)
        y = sum(seat.y for seat in block) / len(block)
        return abs(x - centre) + 2 * abs(y - ideal)

    runs = _runs(free)
    blocks = [run[i : i + count] for run in runs for i in range(len(run) - count + 1)]
    if blocks:
        best = min(blocks, key=badness)
        return list(best)
    return _split(runs, count)


def _split(runs: list[list[Place]], count: int) -> list[Place]:
    """Fill up from the longest run, then from the runs nearest to it."""
    seed = max(runs, key=len)

    def distance(run: list[Place]) -> float:
        return abs(run[0].y - seed[0].y) * 2 + min(
            abs(a.x - b.x) for a in (run[0], run[-1]) for b in (seed[0], seed[-1])
        )

    chosen: list[Place] = []
    for run in sorted(runs, key=distance):
        chosen += run[: count - len(chosen)]
        if len(chosen) == count:
            break
    return chosen


def _runs(free: Sequence[Place]) -> list[list[Place]]:
    """Return the free seats as runs of neighbours."""
    rows: defaultdict[str, list[Place]] = defaultdict(list)
    for seat in sorted(free, key=lambda seat: seat.x):
        rows[seat.row].append(seat)
    runs: list[list[Place]] = []
    for row in rows.values():
        run = [row[0]]
        for seat in row[1:]:
            if seat.x - run[-1].x <= NEIGHBOUR_GAP_MAX:
                run.append(seat)
            else:
                runs.append(run)
                run = [seat]
        runs.append(run)
    return runs
