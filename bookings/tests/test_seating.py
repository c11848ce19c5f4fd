"""The best seats together, on halls drawn as text: `.` is free, `x` taken, a space an aisle one seat wide, an empty
line a cross aisle."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest

from bookings.proposals import groups_said
from bookings.seating import Group, Place, are_neighbours, best_together
from demo import plans

ROW_STEP = 12
CROSS_AISLE = 14


def drawn(text: str) -> tuple[list[Place], list[Place]]:
    """Return a hall and its free seats. Numbers count seats, so that an aisle has none."""
    hall, free, y, rows = [], [], 0, 0
    for line in text.strip("\n").split("\n"):
        if not line.strip():
            y += CROSS_AISLE
            continue
        row, number = chr(ord("A") + rows), 0
        for column, mark in enumerate(line.strip("|")):
            if mark == " ":
                continue
            number += 1
            hall.append(place(f"{row}{number}", row, number, column * 10, y))
            if mark == ".":
                free.append(hall[-1])
        y += ROW_STEP
        rows += 1
    return hall, free


def place(label: str, row: str, number: int, x: int, y: int) -> Place:
    return Place(hash(label), label, row, number, x, y, "regular", None, "standard", "Standard")


def best(text: str, count: int) -> list[list[str]]:
    hall, free = drawn(text)
    return [[seat.label for seat in group] for group in best_together(free, count, hall=hall) or []]


def said(text: str, count: int) -> str:
    hall, free = drawn(text)
    groups = best_together(free, count, hall=hall)
    assert groups
    return groups_said(groups)


HALLS = {
    "the middle of the best row": ("......\n......\n......\n......", 2, [["C3", "C4"]]),
    "not over an aisle": ("...  ..", 3, [["A1", "A2", "A3"]]),
    "a seat nearer to the middle is not worth leaving one alone": ("x.....x", 4, [["A2", "A3", "A4", "A5"]]),
    "one is left alone where that cannot be helped": ("x....x", 3, [["A2", "A3", "A4"]]),
    "whole groups before better places": ("....xxxxxxxx\nxxxxxxxxxxxx\nxxxx.xx.xxxx", 3, [["A2", "A3", "A4"]]),
    "right behind each other": (
        ".....xxxxxxx\nxxxxxxxxxxxx\nxxx.....xxxx\nxxx.....xxxx",
        10,
        [["C4", "C5", "C6", "C7", "C8"], ["D4", "D5", "D6", "D7", "D8"]],
    ),
    "nobody alone: 3 and 2, not 4 and 1": ("....x\n.x..x", 5, [["A2", "A3", "A4"], ["B3", "B4"]]),
    "two groups before three that are nearer": (
        "..x..x..\nxxxxxxxx\n...xx...",
        6,
        [["C1", "C2", "C3"], ["C6", "C7", "C8"]],
    ),
    "the nearer of two second groups": (
        "..xxxxxx\nxx...xxx\nxxxxxxx.\nxxxxxx..",
        5,
        [["A1", "A2"], ["B3", "B4", "B5"]],
    ),
    "somebody alone where it cannot be helped": ("..x.x", 3, [["A1", "A2"], ["A4"]]),
    "one person is no lone one": (".x.x.", 1, [["A3"]]),
    "everybody alone": (".x.x.", 3, [["A1"], ["A3"], ["A5"]]),
    "fewer than that are left": ("..x", 3, []),
}


@pytest.mark.parametrize(("text", "count", "wanted"), HALLS.values(), ids=HALLS)
def test_the_best_seats_are(text: str, count: int, wanted: list[list[str]]) -> None:
    assert best(text, count) == wanted


@pytest.mark.parametrize("seed", range(60))
def test_no_choice_has_fewer_people_alone_or_fewer_groups(seed: int) -> None:
    """Against every choice there is, in small halls sold at random."""
    chance = random.Random(seed)
    rows = ("".join(chance.choice("..x ") for _seat in range(7)) for _row in range(3))
    hall, free = drawn("\n".join(f"|{row}|" for row in rows))
    free = free[:13]
    count = min(chance.randint(2, 6), len(free))
    groups = best_together(free, count, hall=hall)
    assert groups is not None
    chosen = [seat for group in groups for seat in group]
    assert len({seat.label for seat in chosen}) == len(chosen) == count
    assert groups_of(chosen) == sorted(map(len, groups))
    best_shape = min(shape(groups_of(choice)) for choice in combinations(free, count))
    assert shape(groups_of(chosen)) == best_shape


def groups_of(seats: Sequence[Place]) -> list[int]:
    """Return how many sit side by side, group by group."""
    sizes = [1]
    for left, right in pairwise(sorted(seats, key=lambda seat: (seat.row, seat.x))):
        if left.row == right.row and are_neighbours(left, right):
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sorted(sizes)


def shape(sizes: list[int]) -> tuple[int, int]:
    return (sizes.count(1), len(sizes))


def test_ten_friends_sit_together_in_a_grand_hall_that_is_seventy_percent_sold() -> None:
    """Sold as halls are: parties of one to six, each choosing the best that there is."""
    hall, free = grand_hall(sold=0.7, seed=1)
    assert len(free) <= 0.3 * len(hall)
    [together] = best_together(free, 10, hall=hall) or []
    assert len(together) == 10
    assert all(are_neighbours(left, right) for left, right in pairwise(together))


@pytest.mark.parametrize("seed", range(10))
def test_ten_friends_split_into_few_groups_when_single_seats_were_sold_all_over(seed: int) -> None:
    """The same hall, sold seat by seat at random: hardly any run has ten seats."""
    hall, _free = grand_hall(sold=0, seed=0)
    chance = random.Random(seed)
    free = [seat for seat in hall if chance.random() >= 0.7]
    groups: list[Group] = best_together(free, 10, hall=hall) or []
    assert sum(map(len, groups)) == 10
    assert 2 <= len(groups) <= 4
    assert min(map(len, groups)) >= 2


def grand_hall(*, sold: float, seed: int) -> tuple[list[Place], list[Place]]:
    """Return the demo's largest hall and its free seats, when parties have come one after the other."""
    hall = [place(seat.label, seat.row, seat.number, seat.x, seat.y) for seat in plans.seats(plans.GRAND_HALL)]
    free, chance = hall, random.Random(seed)
    while len(free) > (1 - sold) * len(hall):
        for group in best_together(free, chance.randint(1, 6), hall=hall) or []:
            free = [seat for seat in free if seat not in group]
    return hall, free


def test_a_split_is_said_plainly() -> None:
    behind = "xxx.....xxxx\nxxx.....xxxx"
    assert said(behind, 10) == "No 10 together are left: 5 in row A and 5 right behind in row B."
    assert said("...xx..", 5) == "No 5 together are left: 3 in row A and 2 more in row A."
    assert said("..xxxx\n\nxxxx.x\nxxxxx.", 4) == "No 4 together are left: 2 in row A, 1 in row B and 1 in row C."


def test_seats_together_are_named() -> None:
    assert said("......", 4) == "4 seats together are marked for you: A1 to A4."
    assert said(".....", 1) == "Seat A3 is marked for you."
