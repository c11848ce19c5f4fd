"""A manager saves another plan at the moment in which somebody buys a seat, opens a sale or saves a plan too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest

import bookings.plans
import bookings.services
from bookings.models import BookedSeat, SeatStatus, ShowtimeSeat
from bookings.plans import screen_plan_change
from bookings.services import booking_hold, showtime_put_on_sale
from bookings.tests.factories import draft_of, showtime_on_sale
from catalog.models import Showtime
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from tests.races.test_showtime_changes import Meeting, at_once
from theatres.models import Screen, Seat
from theatres.plan import plan_of_text
from theatres.planning import stored_plan

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

Drop = Callable[..., int]
BUSY_SECONDS = 60
"""How long a busy machine may take to get one of two going."""
TWO_ROWS = [f"{row}{number}" for row in "CD" for number in range(1, 6)]


@pytest.fixture
def now() -> datetime:
    return database_now()


@pytest.fixture
def showtime(now, settings) -> Iterator[Showtime]:
    settings.RATE_LIMITS = False
    return showtime_on_sale(TWO_ROWS, starts_at=now + timedelta(days=3))


def planned(screen: Screen, text: str, now: datetime) -> partial[object]:
    """The saving of a plan that was drawn from the one there is now."""
    stored = stored_plan(screen)
    plan = plan_of_text(text, categories=stored.codes)
    of_screen = {"theatre_id": screen.theatre_id, "screen_id": screen.pk}
    return partial(screen_plan_change, **of_screen, plan=plan, version=stored.version, actor_id=None, now=now)


def rows_of(showtime: Showtime) -> set[str]:
    seats = ShowtimeSeat.objects.filter(showtime=showtime).values("seat_id")
    return set(Seat.objects.filter(pk__in=seats).values_list("label", flat=True))


# ---- A seat is bought while it leaves the plan


def buy_and_retire(
    showtime: Showtime, now: datetime, monkeypatch: pytest.MonkeyPatch, *, drop: Drop | None = None
) -> list[str]:
    """The buyer has taken D1, not committed; the manager, whose plan has no row D, has stored it and is about to take
    D1 off the map. `drop` does that in another way, and meets the buyer itself."""
    meeting, wish, taken = Meeting(), draft_of(showtime, ["D1"], now=now), Event()
    take, plan = bookings.services.seats_take, planned(showtime.screen, "C: 1-5", now)

    def seats_take(**asked: Any) -> int:
        count = take(**asked)
        taken.set()
        meeting.wait()
        return count

    def change() -> object:
        assert taken.wait(BUSY_SECONDS)
        return plan()

    monkeypatch.setattr(bookings.services, "seats_take", seats_take)
    if drop:
        monkeypatch.setattr(bookings.plans, "seats_drop", partial(drop, meeting))
    else:
        monkeypatch.setattr(bookings.plans, "plan_store", meeting.after(bookings.plans.plan_store))
    return at_once(partial(booking_hold, wish, now=now), change)


@pytest.fixture
def unguarded(monkeypatch) -> None:
    """No lock on the showing; and the plan's own rows are left alone, because the buyer's foreign keys would wait for
    those, and a deadlock decide instead."""
    monkeypatch.setattr(bookings.plans, "showtimes_of_screen_locked", unlocked)
    monkeypatch.setattr(bookings.plans, "plan_store", lambda stored, change, *, now: [])


def unlocked(screen_id: int, *, now: datetime) -> list[Showtime]:
    return list(Showtime.objects.filter(screen_id=screen_id))


def seats_looked_at_and_dropped(meeting: Meeting, *, showtime_id: int, seat_ids: Sequence[int], now: datetime) -> int:
    rows = ShowtimeSeat.objects.filter(showtime_id=showtime_id, seat_id__in=seat_ids)
    free = list(rows.filter(status=SeatStatus.FREE).values_list("seat_id", flat=True))
    meeting.wait()
    return rows.filter(seat_id__in=free).delete()[0]


def every_booked_seat_has_its_row(showtime: Showtime) -> bool:
    return {line.label for line in BookedSeat.objects.all()} <= rows_of(showtime)


def test_a_seat_that_is_bought_as_it_leaves_the_plan_is_the_buyers(showtime, now, monkeypatch):
    assert buy_and_retire(showtime, now, monkeypatch) == ["done", "done"]
    assert rows_of(showtime) == {"C1", "C2", "C3", "C4", "C5", "D1"}


def test_without_the_lock_on_the_showing_the_condition_of_the_delete_keeps_the_seat(
    showtime, now, unguarded, monkeypatch
):
    assert buy_and_retire(showtime, now, monkeypatch) == ["done", "done"]
    assert every_booked_seat_has_its_row(showtime)


def test_without_both_guards_a_booked_seat_is_lost(showtime, now, unguarded, monkeypatch):
    assert buy_and_retire(showtime, now, monkeypatch, drop=seats_looked_at_and_dropped) == ["done", "done"]
    assert not every_booked_seat_has_its_row(showtime)


# ---- A showing goes on sale while the plan changes


def sell_and_plan(showtime: Showtime, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Showtime:
    """A draft of the hall has got its seats by the old plan, and the manager has locked what there is to change."""
    draft, meeting = ShowtimeFactory(screen=showtime.screen, starts_at=now + timedelta(days=4)), Meeting()
    monkeypatch.setattr(bookings.services, "seats_of_plan_add", meeting.after(bookings.services.seats_of_plan_add))
    monkeypatch.setattr(bookings.plans, "plan_store", meeting.after(bookings.plans.plan_store))
    outcome = at_once(
        partial(showtime_put_on_sale, showtime_id=draft.pk, now=now), planned(showtime.screen, "C: 1-5\nE: 1-3", now)
    )
    assert outcome == ["done", "done"]
    return draft


def test_a_showing_that_goes_on_sale_meanwhile_has_the_new_plan(showtime, now, monkeypatch):
    draft = sell_and_plan(showtime, now, monkeypatch)
    assert rows_of(draft) == {"C1", "C2", "C3", "C4", "C5", "E1", "E2", "E3"}


def test_without_the_lock_it_would_have_the_old_one(showtime, now, monkeypatch):
    monkeypatch.setattr(bookings.plans, "showtimes_of_screen_locked", unlocked)
    draft = sell_and_plan(showtime, now, monkeypatch)
    assert rows_of(draft) == set(TWO_ROWS)


# ---- Two managers


def save_two(showtime: Showtime, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    meeting, screen = Meeting(), showtime.screen
    monkeypatch.setattr(bookings.plans, "stored_plan", meeting.after(bookings.plans.stored_plan))
    return at_once(planned(screen, "C: 1-5", now), planned(screen, "D: 1-5", now))


def test_one_of_two_plans_saved_at_once_is_kept_and_the_other_manager_is_told(showtime, now, monkeypatch):
    assert sorted(save_two(showtime, now, monkeypatch)) == ["done", "plan_changed"]
    assert Seat.objects.in_use().count() == 5


def test_without_the_lock_on_the_screen_both_would_be_saved(showtime, now, monkeypatch):
    monkeypatch.setattr(bookings.plans, "screen_locked", lambda *, theatre_id, screen_id: showtime.screen)
    assert save_two(showtime, now, monkeypatch) == ["done", "done"]
