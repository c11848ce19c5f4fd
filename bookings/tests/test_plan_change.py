"""A screen gets another seating plan while its showings are sold: what follows, and who keeps what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bookings.drafts import best_seats_draft
from bookings.errors import SeatsUnavailable
from bookings.maps import seat_map
from bookings.models import ShowtimeSeat
from bookings.plans import plan_touch, screen_plan_change
from bookings.services import booking_cancel, booking_confirm, showtime_put_on_sale
from bookings.tests.factories import NOW, buyer, draft_of, hold, showtime_on_sale
from catalog.models import Showtime
from catalog.tests.factories import STARTS_AT, ShowtimeFactory
from movy.lib.clock import database_now
from payments.audit import violations
from theatres.models import Screen, Seat, SeatCategory
from theatres.plan import plan_of_text, plan_text
from theatres.planning import PlanChange, PlanChanged, plan_change, stored_plan

pytestmark = pytest.mark.django_db

LABELS = [f"{row}{number}" for row in "ABCD" for number in range(1, 11)]
WITHOUT_D = "A: 1-10\nB: 1-10\nC: 1-10\n"


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def showtime() -> Showtime:
    """On sale, forty seats."""
    return showtime_on_sale(LABELS)


def planned(screen: Screen, text: str) -> PlanChange:
    """Give the screen the plan, as the editor does."""
    stored = stored_plan(screen)
    plan = plan_of_text(text, categories=stored.codes)
    with transaction.atomic():
        return screen_plan_change(
            theatre_id=screen.theatre_id,
            screen_id=screen.pk,
            plan=plan,
            version=stored.version,
            actor_id=None,
            now=NOW,
        )


def touched(screen: Screen, text: str):
    stored = stored_plan(screen)
    change = plan_change(stored, plan_of_text(text, categories=stored.codes))
    return plan_touch(screen, change, now=NOW)


def states(showtime: Showtime) -> dict[str, str]:
    drawn = seat_map(showtime.pk)
    return {seat.label: drawn.state(seat) for seat in drawn.hall.seats}


def bought(showtime: Showtime, labels: list[str]) -> str:
    reference = hold(showtime, labels).reference
    with transaction.atomic():
        assert booking_confirm(reference, now=NOW)
    return reference


# ---- What follows


def test_a_plan_with_thirty_sold_seats_loses_none_and_the_audit_is_clean(showtime):
    """The seats cost nothing here, so that no payment has to stand behind them."""
    showtime.prices.update(amount_minor=0)
    sold = [*LABELS[:10], *LABELS[20:40]]
    for first in range(0, 30, 10):
        bought(showtime, sold[first : first + 10])
    planned(showtime.screen, "curve 12\nA: 1-4 _ 5-8\n\nB: 1-10\nZ: 1-6")
    assert {label for label, state in states(showtime).items() if state == "sold"} == set(sold)
    assert list(violations(NOW)) == []
    left = set(Seat.objects.in_use().values_list("label", flat=True))
    assert left == {*LABELS[:8], *LABELS[10:20], *(f"Z{number}" for number in range(1, 7))}


def test_a_showing_follows_the_plan_where_nobody_sits(showtime):
    bought(showtime, ["D1"])
    hold(showtime, ["D2"])
    planned(showtime.screen, WITHOUT_D + "E: 1-2\n")
    seats = Seat.objects.in_bulk(showtime.seats.values_list("seat_id", flat=True))
    rows = {seats[row.seat_id].label: row.status for row in showtime.seats.all()}
    assert {label: status for label, status in rows.items() if label[0] in "DE"} == {
        "D1": "sold",
        "D2": "held",
        "E1": "free",
        "E2": "free",
    }


def test_a_hold_that_has_lapsed_keeps_no_seat_in_a_plan_that_it_left(showtime):
    hold(showtime, ["D2"], now=NOW - timedelta(days=1))
    planned(showtime.screen, WITHOUT_D)
    assert "D2" not in states(showtime)


def test_a_draft_takes_the_new_plan_when_it_goes_on_sale(showtime):
    draft = ShowtimeFactory(screen=showtime.screen, starts_at=STARTS_AT + timedelta(days=1))
    planned(showtime.screen, WITHOUT_D)
    with transaction.atomic():
        showtime_put_on_sale(showtime_id=draft.pk, now=NOW)
    assert len(states(draft)) == 30


def test_a_showing_that_has_ended_keeps_its_map(showtime):
    past = showtime_on_sale(screen=showtime.screen, starts_at=NOW - timedelta(days=1))
    planned(showtime.screen, WITHOUT_D)
    assert len(states(past)) == 40


def test_a_seat_that_moves_stays_the_same_seat(showtime):
    before = dict(Seat.objects.values_list("label", "pk"))
    bought(showtime, ["A1"])
    change = planned(showtime.screen, "A: 10-6 __ 5-1\nB: 1-10\nC: 1-10\nD: 1-9 10w\n")
    assert dict(Seat.objects.values_list("label", "pk")) == before
    assert change.rekinded == ["D10"]
    assert set(change.moved) <= set(LABELS)
    assert not change.seats_added
    assert not change.retired
    assert states(showtime)["A1"] == "sold"


def test_a_seat_comes_back_with_its_row(showtime):
    before = dict(Seat.objects.values_list("label", "pk"))
    planned(showtime.screen, WITHOUT_D)
    change = planned(showtime.screen, WITHOUT_D + "D: 1-10\n")
    assert len(change.brought_back) == 10
    assert dict(Seat.objects.in_use().values_list("label", "pk")) == before
    assert set(states(showtime).values()) == {"free"}


def test_a_seat_that_comes_back_while_somebody_still_has_it_is_still_theirs(showtime):
    bought(showtime, ["D1"])
    planned(showtime.screen, WITHOUT_D)
    planned(showtime.screen, WITHOUT_D + "D: 1-10\n")
    assert states(showtime)["D1"] == "sold"
    assert ShowtimeSeat.objects.filter(showtime=showtime).count() == 40


def test_a_map_shows_the_new_plan_at_the_next_load(showtime):
    before = seat_map(showtime.pk)
    planned(showtime.screen, WITHOUT_D)
    after = seat_map(showtime.pk)
    assert len(after.hall.seats) == 30
    assert after.version != before.version


def test_nothing_is_written_for_a_plan_that_is_the_same(showtime):
    stored, before = stored_plan(showtime.screen), list(Seat.objects.values())
    assert planned(showtime.screen, plan_text(stored.plan, categories=stored.codes)).is_none
    assert list(Seat.objects.values()) == before


def test_a_plan_that_only_stands_further_right_on_its_paper_has_not_moved(showtime):
    change = planned(showtime.screen, "align left\nA: 11 1-10\nB: _ 1-10\nC: _ 1-10\nD: _ 1-10\n")
    assert (change.seats_added, list(change.moved)) == (1, [])


# ---- Seats that nobody new gets


def test_a_seat_out_of_the_plan_is_nobodys_once_it_is_given_back(showtime):
    reference = bought(showtime, ["D1"])
    planned(showtime.screen, WITHOUT_D)
    with transaction.atomic():
        booking_cancel(reference, actor_id=None, now=NOW)
    assert states(showtime)["D1"] == "blocked"
    with pytest.raises(SeatsUnavailable):
        draft_of(showtime, ["D1"])


def test_seats_of_a_category_without_a_price_are_shown_and_not_sold(showtime):
    SeatCategory.objects.create(theatre=showtime.screen.theatre, code="premium", name="Premium", position=1)
    told = touched(showtime.screen, WITHOUT_D + "E (premium): 1-2\n")
    assert [row.unpriced for row in told.showings] == [["Premium"]]
    planned(showtime.screen, "E (premium): 1-2\n" + WITHOUT_D)
    assert states(showtime)["E1"] == "blocked"
    Showtime.objects.update(sales_close_at=database_now() + timedelta(hours=1))
    draft = best_seats_draft(showtime_id=showtime.pk, ticket_types={"adult": 10}, category=None, buyer=buyer())
    assert not [line for line in draft.lines if line.category == "premium"]


# ---- What is told before


def test_the_editor_tells_what_a_change_touches_before_it_happens(showtime):
    other = showtime_on_sale(screen=showtime.screen, starts_at=STARTS_AT + timedelta(days=1))
    ShowtimeFactory(screen=showtime.screen, starts_at=STARTS_AT + timedelta(days=2))
    bought(showtime, ["D1", "D2"])
    hold(showtime, ["D3"])
    told = touched(showtime.screen, WITHOUT_D + "E: 1-4\n")
    assert (told.change.seats_added, len(told.change.retired), told.drafts) == (4, 10, 1)
    assert [(row.showtime, row.kept) for row in told.showings] == [(showtime, ["D1", "D2", "D3"]), (other, [])]
    assert [row.showtime for row in told.keeping] == [showtime]
    assert told.seats_kept == 3
    assert Seat.objects.in_use().count() == 40


def test_what_it_tells_takes_as_many_queries_for_many_showings(showtime, django_assert_num_queries):
    for day in range(1, 12):
        bought(showtime_on_sale(screen=showtime.screen, starts_at=STARTS_AT + timedelta(days=day)), ["D1"])
    stored = stored_plan(showtime.screen)
    change = plan_change(stored, plan_of_text(WITHOUT_D + "E: 1", categories=stored.codes))
    with django_assert_num_queries(4):
        plan_touch(showtime.screen, change, now=NOW)


# ---- Two managers


def test_the_second_of_two_managers_is_told_and_changes_nothing(showtime):
    screen, stale = showtime.screen, stored_plan(showtime.screen)
    planned(screen, WITHOUT_D)
    with pytest.raises(PlanChanged), transaction.atomic():
        screen_plan_change(
            theatre_id=screen.theatre_id,
            screen_id=screen.pk,
            plan=plan_of_text("A: 1", categories=stale.codes),
            version=stale.version,
            actor_id=None,
            now=NOW,
        )
    assert Seat.objects.in_use().count() == 30
