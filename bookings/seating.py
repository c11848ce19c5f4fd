"""Which free seats are the best ones together. Pure: seats in, seats out.

Distances are in plan units, tenths of a seat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

SEAT = 10
NEIGHBOUR_GAP_MAX = 14  # between neighbours' left edges; more than this is an aisle
BEHIND_MAX = 20  # between a row and the one right behind it; more than this is a cross aisle
LONE_SEAT = 15  # how much further from the best spot we go rather than leave one seat free between others


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


Group = Sequence[Place]
"""Seats side by side, from left to right."""


class _Spot(NamedTuple):
    x: float
    y: float


def are_neighbours(left: Place, right: Place) -> bool:
    """Whether two seats of a row, one after the other, have no aisle between them."""
    return right.x - left.x <= NEIGHBOUR_GAP_MAX


def is_right_behind(group: Group, front: Group) -> bool:
    """Whether some of a group sit right behind some of another."""
    return 0 < group[0].y - front[0].y <= BEHIND_MAX and _beside(_block(0, group), _block(0, front)) == 0


def best_together(free: Sequence[Place], count: int, *, hall: Sequence[Place]) -> list[Group] | None:
    """Return `count` of the hall's free seats in groups, those in front first; None when there aren't so many.

    One group where that many are left side by side without an aisle: the one nearest to the best spot, unless one
    nearly as near leaves fewer seats free with nobody beside them. Else, in this order: as few people as can be sit by
    themselves; the groups are as few as can be, and as near to each other; and then to the best spot.
    """
    if count < 1 or len(free) < count:
        return None
    runs, spot = _runs(free), _best_spot(hall)
    whole = [block for index, run in enumerate(runs) for block in _blocks(index, run, count, spot)]
    chosen = [min(whole, key=lambda block: block.badness)] if whole else _Split(runs, count, spot).best()
    return [block.seats for block in sorted(chosen, key=lambda block: (block.y, block.left))]


def _best_spot(hall: Sequence[Place]) -> _Spot:
    """Return where a cinema is tuned: the middle of its rows, two thirds of the way to the back."""
    xs, ys = [seat.x for seat in hall], [seat.y for seat in hall]
    return _Spot((min(xs) + max(xs)) / 2, min(ys) + (max(ys) - min(ys)) * 2 / 3)


class _Block(NamedTuple):
    """A group that could be had. `run`: its number; `left` and `right`: x of its ends; `badness`: how far from the spot
    it is, and what it leaves alone."""

    run: int
    seats: Group
    left: int
    right: int
    y: float
    badness: float


def _block(run: int, seats: Group, badness: float = 0) -> _Block:
    return _Block(run, seats, seats[0].x, seats[-1].x, (seats[0].y + seats[-1].y) / 2, badness)


def _blocks(index: int, run: Group, size: int, spot: _Spot) -> Iterator[_Block]:
    for start in range(len(run) - size + 1):
        block = _block(index, run[start : start + size])
        away = abs((block.left + block.right) / 2 - spot.x) + 2 * abs(block.y - spot.y)
        lone = (start, len(run) - start - size).count(1)
        yield block._replace(badness=away + LONE_SEAT * lone)


def _beside(one: _Block, other: _Block) -> int:
    """Return how far two blocks are from being behind each other; 0 when some are."""
    return max(0, one.left - other.right, other.left - one.right)


def _apart(one: _Block, other: _Block) -> int:
    """Return how far apart two blocks are in whole seats: 1 is right behind."""
    return round((_beside(one, other) + abs(one.y - other.y)) / SEAT)


class _Shape(NamedTuple):
    """How many groups of two and more people, and how many people by themselves."""

    groups: int
    lone: int


def _shape(lengths: Sequence[int], count: int) -> _Shape:
    """Return the best shape that runs of these lengths, the longest first, have room for. They have `count` seats."""
    for lone in range(count + 1):
        people = count - lone
        for groups in range(min(people // 2, len(lengths) - lone) + 1):
            longest = lengths[:groups]
            if sum(longest) >= people and all(length > 1 for length in longest):
                return _Shape(groups, lone)
    raise AssertionError("These runs have fewer seats than were asked for.")


class _Split:
    """A wish that no run has room for. Tries every group that could be the largest; the others gather round."""

    def __init__(self, runs: Sequence[Group], count: int, spot: _Spot) -> None:
        self.runs = runs
        self.by_length = sorted(range(len(runs)), key=lambda index: -len(runs[index]))
        self.shape = _shape([len(runs[index]) for index in self.by_length], count)
        self.people = count - self.shape.lone  # who don't sit by themselves
        self.spot = spot
        self._known: dict[tuple[int, int], list[_Block]] = {}

    def best(self) -> list[_Block]:
        gathered = (self._gathered(first) for first in self._firsts())
        return min(gathered, key=lambda found: (found[0], self._cost(found[1])))[1]

    def _firsts(self) -> Iterator[_Block]:
        """Yield all blocks that could be the largest group."""
        groups = self.shape.groups
        least = -(-self.people // groups) if groups else 1
        most = self.people - 2 * (groups - 1) if groups else 1
        for size in range(least, most + 1):
            for index in range(len(self.runs)):
                if self._room(groups - 1, without=(index,)) + size >= self.people:
                    yield from self._of(index, size)

    def _gathered(self, first: _Block) -> tuple[int, list[_Block]]:
        """Return how far apart the groups are at most, each from the nearest one before it, and them."""
        blocks, worst = [first], 0
        left = self.people - len(first.seats)
        for groups in range(self.shape.groups - 1, 0, -1):
            apart, block = self._next(blocks, left, groups)
            blocks.append(block)
            left -= len(block.seats)
            worst = max(worst, apart)
        for _lone in range(self.shape.lone - (not self.shape.groups)):
            apart, block = self._next(blocks, 1, 1)
            blocks.append(block)
            worst = max(worst, apart)
        return worst, blocks

    def _next(self, blocks: Sequence[_Block], people: int, groups: int) -> tuple[int, _Block]:
        """Return the nearest block in another run that leaves room for the rest, and how far it is from the others.
        people: who still have no seat, in so many groups."""
        used = tuple(block.run for block in blocks)
        found: list[tuple[tuple[int, float], _Block]] = []
        for index, run in enumerate(self.runs):
            size = min(len(run), people - 2 * (groups - 1))
            if index in used or size < min(2, people):
                continue
            if size + self._room(groups - 1, without=(*used, index)) < people:
                continue
            for block in self._of(index, size):
                apart = min(_apart(block, other) for other in blocks)
                found.append(((apart, self._cost([*blocks, block])), block))
        (apart, _cost), block = min(found, key=itemgetter(0))
        return apart, block

    def _room(self, groups: int, *, without: Sequence[int]) -> int:
        """Return how many people the longest runs have room for, one group in each."""
        longest = (index for index in self.by_length if index not in without)
        return sum(len(self.runs[index]) for index, _group in zip(longest, range(groups), strict=False))

    def _of(self, index: int, size: int) -> list[_Block]:
        key = (index, size)
        if key not in self._known:
            self._known[key] = list(_blocks(index, self.runs[index], size, self.spot))
        return self._known[key]

    @staticmethod
    def _cost(blocks: Sequence[_Block]) -> float:
        """Return how wide and deep they spread, and how bad their places are for the one as for the other."""
        width = max(block.right for block in blocks) - min(block.left for block in blocks)
        depth = max(block.y for block in blocks) - min(block.y for block in blocks)
        people = sum(len(block.seats) for block in blocks)
        return width + depth + sum(block.badness * len(block.seats) for block in blocks) / people


def _runs(free: Sequence[Place]) -> list[Group]:
    """Return the free seats as runs of neighbours."""
    rows: defaultdict[str, list[Place]] = defaultdict(list)
    for seat in sorted(free, key=lambda seat: seat.x):
        rows[seat.row].append(seat)
    runs: list[Group] = []
    for row in rows.values():
        run = [row[0]]
        for seat in row[1:]:
            if are_neighbours(run[-1], seat):
                run.append(seat)
            else:
                runs.append(run)
                run = [seat]
        runs.append(run)
    return runs
