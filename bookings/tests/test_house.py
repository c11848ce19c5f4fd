"""Seats that the theatre keeps off sale: for good, or for the house until a moment that the database knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.tests.factories import user_make
from bookings.drafts import InvalidPick, desk_draft
from bookings.errors import SeatsUnavailable, UnknownSeats
from bookings.house import seats_block, seats_unblock
from bookings.maps import seat_map
from bookings.models import Buyer, SeatStatus, ShowtimeEvent, ShowtimeSeat
from bookings.pricing import SeatPick
from bookings.services import booking_sell
from bookings.showtimes import showtime_change
from bookings.tests.factories import NOW, block, hold, showtime_on_sale
from catalog.errors import InvalidShowtime
from catalog.models import Showtime, ShowtimeStatus
from catalog.selectors import seats_left
from catalog.services import ShowtimeChange
from catalog.tests.factories import STARTS_AT
from movy.lib.clock import database_now, rfc3339
from payments.audit import violations

pytestmark = pytest.mark.django_db

RELEASE = STARTS_AT - timedelta(minutes=30)


@pytest.fixture
def showtime() -> Showtime:
    return showtime_on_sale(["C4", "C5", "C6"])


def sell_at_desk(showtime: Showtime, label: str):
    draft = desk_draft(
        theatre_id=showtime.screen.theatre_id,
        showtime_id=showtime.pk,
        seats=[SeatPick(label)],
        buyer=Buyer(email=""),
        now=NOW,
    )
    with transaction.atomic():
        return booking_sell(draft, sold_by_id=user_make().pk, now=NOW)


def unblock(showtime: Showtime, labels: list[str]) -> None:
    with transaction.atomic():
        seats_unblock(showtime_id=showtime.pk, labels=labels, reason="", actor_id=None, now=NOW)


def test_a_seat_of_the_house_is_everybodys_from_its_release_and_not_before(showtime):
    block(showtime, ["C4"], until=RELEASE)
    with pytest.raises(SeatsUnavailable):
        hold(showtime, ["C4"], now=RELEASE - timedelta(seconds=1))
    assert hold(showtime, ["C4"], now=RELEASE)
    assert list(violations(RELEASE)) == []


def test_a_seat_blocked_for_good_is_never_released(showtime):
    block(showtime, ["C4"])
    with pytest.raises(SeatsUnavailable):
        hold(showtime, ["C4"], now=STARTS_AT - timedelta(minutes=6))
    assert seats_left([showtime.pk], now=STARTS_AT)[showtime.pk].free == 2


def test_the_map_and_the_count_follow_the_release_with_nobodys_doing(showtime):
    block(showtime, ["C4", "C5"], until=database_now() + timedelta(minutes=1), now=database_now())
    before = seat_map(showtime.pk)
    assert (before.seats_free, set(before.taken.values())) == (1, {"blocked"})
    ShowtimeSeat.objects.filter(seat__label="C4").update(held_until=database_now())
    after = seat_map(showtime.pk)
    assert after.seats_free == 2
    assert after.version != before.version
    assert seats_left([showtime.pk], now=database_now())[showtime.pk].free == 2


def test_the_desk_sells_what_is_kept_for_the_house_and_not_what_is_blocked(showtime):
    block(showtime, ["C4"], until=RELEASE)
    block(showtime, ["C5"])
    assert sell_at_desk(showtime, "C4").status == "confirmed"
    with pytest.raises(SeatsUnavailable):
        sell_at_desk(showtime, "C5")


def test_a_seat_that_somebody_has_is_not_taken_from_them_and_nothing_else_is(showtime):
    hold(showtime, ["C5"])
    with pytest.raises(SeatsUnavailable) as refusal:
        block(showtime, ["C4", "C5"])
    assert refusal.value.extra["seats"] == ["C5"]
    assert ShowtimeSeat.objects.get(seat__label="C4").status == SeatStatus.FREE
    assert not ShowtimeEvent.objects.exists()


def test_each_change_is_one_line_of_history_with_who_and_why(showtime):
    manager = user_make()
    with transaction.atomic():
        seats_block(
            showtime_id=showtime.pk, labels=["C5", "C4"], until=RELEASE, reason="press", actor_id=manager.pk, now=NOW
        )
    unblock(showtime, ["C4"])
    kept, released = ShowtimeEvent.objects.order_by("pk")
    assert (kept.kind, kept.actor, kept.detail["seats"]) == ("seats_kept", manager, ["C4", "C5"])
    assert (kept.detail["reason"], kept.detail["until"]) == ("press", rfc3339(RELEASE))
    assert (released.kind, released.detail["seats"]) == ("seats_released", ["C4"])
    assert hold(showtime, ["C4"])


def test_the_end_of_a_kept_seat_can_be_another_or_none(showtime):
    block(showtime, ["C4"], until=RELEASE)
    block(showtime, ["C4"])
    with pytest.raises(SeatsUnavailable):
        hold(showtime, ["C4"], now=RELEASE)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"labels": []}, InvalidPick),
        ({"labels": ["Z9"]}, UnknownSeats),
        ({"labels": ["C4"], "until": NOW}, InvalidShowtime),
    ],
)
def test_what_makes_no_sense_is_refused(showtime, wish, refusal):
    with pytest.raises(refusal):
        block(showtime, **wish)


def test_a_free_seat_cannot_be_freed(showtime):
    with pytest.raises(SeatsUnavailable):
        unblock(showtime, ["C4"])


def test_a_showing_that_is_not_on_sale_has_no_seats_to_keep(showtime):
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    with pytest.raises(InvalidShowtime):
        block(showtime, ["C4"])


def test_a_show_that_begins_later_releases_its_seats_later(showtime):
    block(showtime, ["C4"], until=RELEASE)
    block(showtime, ["C5"])
    with transaction.atomic():
        showtime_change(
            theatre_id=showtime.screen.theatre_id,
            showtime_id=showtime.pk,
            change=ShowtimeChange(starts_at=STARTS_AT + timedelta(hours=3)),
            now=NOW,
        )
    ends = dict(ShowtimeSeat.objects.filter(status="blocked").values_list("seat__label", "held_until"))
    assert ends == {"C4": RELEASE + timedelta(hours=3), "C5": None}
