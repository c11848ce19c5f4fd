from collections import Counter

import pytest

from demo.people import PEOPLE
from demo.theatres import FORMAT_NAMES, MINIMUM_MINOR, SCREENS, THEATRE_BY_SLUG, THEATRES, plan

screens = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.key)
theatres = pytest.mark.parametrize("theatre", THEATRES, ids=lambda theatre: theatre.slug)


def test_four_theatres_in_three_countries():
    assert Counter(theatre.city for theatre in THEATRES) == {"Lagos": 2, "Accra": 1, "Nairobi": 1}
    assert {theatre.currency for theatre in THEATRES} == {"NGN", "GHS", "KES"}
    assert {theatre.timezone for theatre in THEATRES} == {"Africa/Lagos", "Africa/Accra", "Africa/Nairobi"}


def test_eleven_screens_of_48_to_420_seats():
    counts = [screen.seat_count for screen in SCREENS]
    assert len(SCREENS) == len({screen.key for screen in SCREENS}) == 11
    assert (min(counts), max(counts)) == (48, 420)
    assert [screen.name for screen in SCREENS if screen.seat_count == 420] == ["Grand Hall"]


@screens
def test_the_plan_has_the_seats_that_are_stated(screen):
    seats = plan(screen)
    assert len(seats) == len({seat.label for seat in seats}) == screen.seat_count


@screens
def test_numbers_count_from_one_left_to_right(screen):
    rows: dict[str, list] = {}
    for seat in plan(screen):
        rows.setdefault(seat.row, []).append(seat)
    assert list(rows) == [chr(ord("A") + at) for at in range(len(rows))]
    for row in rows.values():
        assert [seat.number for seat in row] == list(range(1, len(row) + 1))
        assert [seat.x for seat in row] == sorted(seat.x for seat in row)


@screens
def test_no_two_seats_overlap(screen):
    seats = plan(screen)
    assert min(seat.x for seat in seats) == min(seat.y for seat in seats) == 0
    for at, one in enumerate(seats):
        assert not [two for two in seats[at + 1 :] if abs(one.x - two.x) < 10 and abs(one.y - two.y) < 10]


@screens
def test_the_seats_that_docs_and_tests_name_are_ordinary(screen):
    kinds = {seat.label: seat.kind for seat in plan(screen)}
    named = ["C4", "C5"] + (["G5", "G6"] if screen.key == "grand-hall" else [])
    assert [kinds[label] for label in named] == ["regular"] * len(named)


@screens
def test_an_accessible_place_is_beside_its_companion_at_the_end_of_a_row(screen):
    seats = {seat.label: seat for seat in plan(screen)}
    accessible = [seat for seat in seats.values() if seat.kind == "accessible"]
    assert accessible
    for seat in accessible:
        last = max(other.number for other in seats.values() if other.row == seat.row)
        assert seat.number in (1, last)
        inside = seats[f"{seat.row}{seat.number + (1 if seat.number == 1 else -1)}"]
        assert inside.kind == "companion"


@screens
def test_every_category_of_a_plan_has_a_name_and_a_price(screen):
    theatre = THEATRE_BY_SLUG[screen.theatre]
    assert {seat.category for seat in plan(screen)} <= set(theatre.categories)
    assert screen in theatre.screens
    assert set(screen.formats) <= set(FORMAT_NAMES)


@theatres
def test_prices_are_complete_and_payable(theatre):
    assert list(theatre.ticket_types)[0] == "adult"
    assert set(theatre.prices) == set(theatre.categories)
    used = {seat.category for screen in theatre.screens for seat in plan(screen)}
    assert used == set(theatre.categories)
    for format_name in FORMAT_NAMES:
        for row in theatre.prices_for(format_name).values():
            assert set(row) == set(theatre.ticket_types)
            assert all(MINIMUM_MINOR[theatre.currency] <= price <= row["adult"] for price in row.values())


def test_another_format_costs_more():
    lantern = THEATRES[0]
    assert lantern.prices_for("Giant")["standard"]["adult"] == lantern.prices["standard"]["adult"] + 150_000


def test_people_have_the_promised_sign_ins():
    names = {person.email.removesuffix("@movy.test"): person for person in PEOPLE}
    assert set(names) == {"ada", "kofi", "manager", "desk", "door", "rival", "admin"}
    hall = next(screen for screen in SCREENS if screen.name == "Grand Hall")
    assert {names[name].theatre for name in ("manager", "desk", "door")} == {hall.theatre}
    assert THEATRE_BY_SLUG[names["rival"].theatre].city == "Accra"
    assert [person.email for person in PEOPLE if person.is_owner] == ["admin@movy.test"]
