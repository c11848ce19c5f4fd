"""A plan as text: what it means, that it comes back as it was, and what is said of a line that is wrong."""

from __future__ import annotations

import json

import pytest

from demo import plans
from theatres.plan import (
    PlacedSeat,
    PlanUnreadable,
    plan_drawing,
    plan_of_drawing,
    plan_of_places,
    plan_of_text,
    plan_text,
)

CODES = ["standard", "premium", "balcony", "recliner"]
DRAWINGS = {name: drawing for name, drawing in vars(plans).items() if isinstance(drawing, plans.Drawing)}


def places(text: str) -> dict[str, PlacedSeat]:
    return {seat.label: seat for seat in plan_of_text(text, categories=CODES).places()}


def rewritten(text: str) -> str:
    return plan_text(plan_of_text(text, categories=CODES), categories=CODES)


def problems(text: str) -> list[str]:
    with pytest.raises(PlanUnreadable) as refused:
        plan_of_text(text, categories=CODES)
    return [str(problem) for problem in refused.value.problems]


# ---- What it means


def test_a_row_is_a_name_and_its_seats_with_an_aisle_one_seat_wide():
    seats = places("A: 1-6 _ 7-12")
    assert list(seats) == [f"A{number}" for number in range(1, 13)]
    assert [seats[label].x for label in ("A1", "A6", "A7", "A12")] == [0, 50, 70, 120]


def test_two_signs_are_two_seats_and_tenths_are_said_apart():
    seats = places("A: 1 __ 2 >5 3 >-3 _ 4")
    assert [seat.x for seat in seats.values()] == [0, 30, 45, 62]


def test_seats_can_be_numbered_from_the_right():
    seats = places("A: 12-7 _ 6-1")
    assert seats["A12"].x == 0
    assert seats["A1"].x == 120


def test_categories_and_kinds_are_marked():
    seats = places("A: 1w 2c 3-4 5-6=balcony\nB (premium): 1-2 3w=standard")
    assert {label: seat.category for label, seat in seats.items() if seat.category != "standard"} == {
        "A5": "balcony",
        "A6": "balcony",
        "B1": "premium",
        "B2": "premium",
    }
    assert {label: seat.kind for label, seat in seats.items() if seat.kind != "regular"} == {
        "A1": "accessible",
        "A2": "companion",
        "B3": "accessible",
    }


def test_rows_stand_in_the_middle_unless_told_otherwise():
    assert places("A: 1-2\nB: 1-5")["A1"].x == 15
    assert places("align left\nA: 1-2\nB: 1-5")["A1"].x == 0
    assert places("A: _ 1-2\nB: 1-5")["A1"].x == 25


def test_an_empty_line_is_a_cross_aisle_and_a_gap_says_tenths():
    seats = places("\nA: 1\nB: 1\n\nC: 1\ngap 3\nD: 1\n")
    assert [seat.y for seat in seats.values()] == [0, 12, 38, 53]


def test_the_ends_of_a_curved_row_stand_nearer_to_the_screen():
    seats = places("curve 20\nA: 1-5\nB (curve 0): 1-5")
    assert [seat.y for seat in seats.values()] == [0, 15, 20, 15, 0, 32, 32, 32, 32, 32]


def test_single_seats_can_stand_further_forward():
    assert [seat.y for seat in places("A: 1 ^3 2 ^0 3").values()] == [3, 0, 3]


def test_a_text_without_rows_is_an_empty_plan():
    assert plan_of_text(" \r\n ", categories=CODES).seats_total == 0
    assert plan_text(plan_of_text("", categories=CODES), categories=CODES) == ""


# ---- That it comes back


@pytest.mark.parametrize(
    "text",
    [
        "A: 1-6 _ 7-12\n",
        "A: 1w 2c 3-4 5-6=balcony\nB (premium): 1-2 3w=standard _ 4-9\n",
        "curve 26\nA: 14-8 __ 7-1\n\nB: 1-14\ngap 5\nC (curve 3): 1-20\n",
        "align left\nA: 1-3\nB: 1-4\nC: _ 1-6\n",
        "A: 1 ^3 2-4 ^0 5\nB: 1-12\n",
        "A: 1 3 5-7 16\n",
    ],
)
def test_text_in_its_plainest_form_comes_back_as_it_was(text):
    assert rewritten(text) == text


def test_text_comes_back_the_same_once_it_was_rewritten():
    first = rewritten("a:1-3   4-6\n\n\n\nAA : 12-12 >20 7")
    assert first == "A: 1-6\n\n\n\nAA: 12 __ 7\n"
    assert rewritten(first) == first


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_plan_of_the_demo_is_said_in_text_and_stands_as_it_stood(name):
    seats = [PlacedSeat(*seat) for seat in plans.seats(DRAWINGS[name])]
    text = plan_text(plan_of_places(seats), categories=CODES)
    again = plan_of_text(text, categories=CODES)
    assert sorted(again.places()) == sorted(seats)
    assert "^" not in text
    assert plan_text(again, categories=CODES) == text


def test_seats_that_stand_just_anywhere_come_back_where_they_stood():
    seats = [
        PlacedSeat("A", 1, 0, 4, "standard", "regular"),
        PlacedSeat("A", 9, 13, 0, "premium", "accessible"),
        PlacedSeat("A", 2, 31, 7, "standard", "companion"),
        PlacedSeat("B", 5, 99, 20, "standard", "regular"),
        PlacedSeat("C", 1, 0, 20, "standard", "regular"),
    ]
    text = plan_text(plan_of_places(seats), categories=CODES)
    assert sorted(plan_of_text(text, categories=CODES).places()) == sorted(seats)


def test_the_drawing_is_the_same_plan():
    plan = plan_of_text("curve 9\nA: 1w 2-6 _ 7-12\n\nB (premium): 1-14", categories=CODES)
    assert plan_of_drawing(json.dumps(plan_drawing(plan)), categories=CODES) == plan


# ---- What is wrong, and what to write instead


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A 1-6", "A row begins with its name and a colon"),
        ("A: 1-6_7-12", "“1-6_7-12” isn't understood. Write seats as 4 or 1-6, an aisle as _, with spaces between."),
        ("A: 1-6 x", "“x” isn't understood"),
        ("A:", "Row A has no seats"),
        ("A: __", "Row A has no seats"),
        ("ABCD: 1", "A row's name is one to three letters or digits"),
        ("Ä: 1", "A row's name is one to three letters or digits"),
        ("A: 0-3", "Seats are numbered from 1 to 999"),
        ("A: 1-6 6", "There is a seat A6 already"),
        ("A: 1 >-4 2", "Seats A1 and A2 stand in each other's place"),
        ("A (gold): 1", "There is no category “gold”. This theatre has: standard, premium, balcony, recliner."),
        ("A: 1=gold", "There is no category “gold”"),
        ("A: ١-٢", "isn't understood"),
        ("curve wide", "“wide” isn't a whole number of tenths of a seat. Write it as in curve 20."),
        ("align right", "Write “align left” or “align centre”."),
        ("A (curve 90): 1-9", "Row A bends by more than 40 tenths of a seat"),
        ("gap 90", "Row Z stands too far behind"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_what_to_write(line, said):
    first = "" if line.split()[0] in ("curve", "align") else "Y: 1-2\n"
    told = problems(f"{first}{line}\nZ: 1\n")
    assert len(told) == 1
    assert said in told[0]
    assert told[0].startswith("Line ")


def test_all_lines_that_are_wrong_are_told_at_once_by_their_numbers():
    assert [told.split(":")[0] for told in problems("A: 1\nB\nC: x\n\nD: 1-3")] == ["Line 2", "Line 3"]
    assert problems("A: 1\n\nB: 1\nA: 2")[0].startswith("Line 4: There is a row A already")
    assert problems("1: 12\n11: 2")[0].startswith("Line 2: There is a seat 112 already")


@pytest.mark.parametrize("text", ["A: 1-9999", "A: " + "1-900 " * 2000, "A: " + "_" * 60 + " 1\nB: 1-4", "x" * 50_000])
def test_what_no_hall_has_is_refused(text):
    assert problems(text)


@pytest.mark.parametrize(
    "drawing",
    [
        "",
        "{",
        "7",
        "[7]",
        '[{"name": "A"}]',
        '[{"name": "A", "y": 1e9, "curve": 0, "seats": []}]',
        '[{"name": ["A"], "y": 0, "curve": 0, "seats": []}]',
        "[" * 100_000,
        '[{"name": "A", "y": 0, "curve": 0, "seats": [{"number": true, "x": 0, "category": "", "kind": ""}]}]',
        '[{"name": "A", "y": 0, "curve": 0, "seats": [{"number": 1, "x": 0, "category": "gold", "kind": "regular",'
        ' "forward": 0}]}]',
    ],
)
def test_a_drawing_that_is_none_is_refused(drawing):
    with pytest.raises(PlanUnreadable):
        plan_of_drawing(drawing, categories=CODES)
