"""People who have paid are moved to other seats: all or nobody, within a category, with the tickets that they have."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.tests.factories import user_make
from bookings.drafts import InvalidPick
from bookings.errors import AlreadyCancelled, SalesClosed, SeatsUnavailable, UnknownSeats
from bookings.models import Booking, BookingEvent, ShowtimeSeat, Ticket
from bookings.moving import booking_seats_move
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from catalog.tests.factories import STARTS_AT
from movy.lib.recent import forget_recent
from movy.outbox.models import Mail
from theatres.models import Seat, SeatCategory

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime() -> Showtime:
    return showtime_on_sale(["A1", "A2", "A3", "A4"])


@pytest.fixture
def booking(showtime) -> Booking:
    booking = hold(showtime, ["A1", "A2"])
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=NOW)
    Mail.objects.all().delete()
    return booking


def move(booking: Booking, leave: list[str], take: list[str], now=NOW) -> Booking:
    with transaction.atomic():
        return booking_seats_move(booking.reference, leave=leave, take=take, actor_id=user_make().pk, now=now)


def owners(showtime: Showtime) -> dict[str, str | None]:
    rows = ShowtimeSeat.objects.filter(showtime=showtime, status="sold")
    return dict(rows.values_list("seat__label", "booking_id"))


def test_tickets_keep_their_codes_and_show_the_new_seats(booking, showtime):
    before = set(Ticket.objects.values_list("serial", flat=True))
    move(booking, ["A1", "A2"], ["A3", "A4"])
    assert owners(showtime) == dict.fromkeys(["A3", "A4"], booking.reference)
    assert set(booking.seats.values_list("label", flat=True)) == {"A3", "A4"}
    assert set(Ticket.objects.filter(cancelled_at=None).values_list("serial", flat=True)) == before
    assert hold(showtime, ["A1"], who=buyer("kofi"))  # free at once


def test_the_buyer_is_told_and_history_has_both_seats(booking):
    move(booking, ["A2"], ["A3"])
    assert "A3 instead of A2" in bytes(Mail.objects.get().content).decode()
    assert BookingEvent.objects.get(kind="seats_moved").detail == {"seats": [["A2", "A3"]]}


def test_a_seat_of_the_house_may_be_taken_and_a_blocked_one_not(booking, showtime):
    block(showtime, ["A3"], until=STARTS_AT)
    block(showtime, ["A4"])
    with pytest.raises(SeatsUnavailable) as refusal:
        move(booking, ["A1", "A2"], ["A3", "A4"])
    assert refusal.value.extra["seats"] == ["A4"]
    assert set(owners(showtime)) == {"A1", "A2"}
    move(booking, ["A1"], ["A3"])
    assert set(owners(showtime)) == {"A2", "A3"}


def test_somebody_elses_seat_stays_theirs(booking, showtime):
    other = hold(showtime, ["A3"], who=buyer("kofi"))
    with pytest.raises(SeatsUnavailable):
        move(booking, ["A1"], ["A3"])
    assert ShowtimeSeat.objects.get(seat__label="A3").booking_id == other.reference


def test_a_dearer_or_cheaper_category_is_refused(booking, showtime):
    gold = SeatCategory.objects.create(theatre=showtime.screen.theatre, code="gold", name="Gold")
    price = ShowtimePrice.objects.get(showtime=showtime)
    ShowtimePrice.objects.create(
        showtime=showtime, category=gold, ticket_type=price.ticket_type, amount_minor=price.amount_minor
    )
    Seat.objects.filter(label="A3").update(category=gold)
    forget_recent()
    with pytest.raises(InvalidPick):
        move(booking, ["A1"], ["A3"])


@pytest.mark.parametrize(
    ("leave", "take", "refusal"),
    [
        (["A1"], ["A3", "A4"], InvalidPick),
        ([], [], InvalidPick),
        (["A1"], ["A2"], InvalidPick),
        (["A1"], ["Z9"], UnknownSeats),
        (["A4"], ["A3"], AlreadyCancelled),
    ],
)
def test_what_makes_no_sense_is_refused(booking, leave, take, refusal):
    with pytest.raises(refusal):
        move(booking, leave, take)


def test_nobody_moves_after_the_end_or_when_called_off(booking, showtime):
    with pytest.raises(SalesClosed):
        move(booking, ["A1"], ["A3"], now=showtime.ends_at + timedelta(seconds=1))
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    with pytest.raises(SalesClosed):
        move(booking, ["A1"], ["A3"])


def test_a_cancelled_booking_has_nobody_to_move(booking):
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=None, now=NOW)
    with pytest.raises(AlreadyCancelled):
        move(booking, ["A1"], ["A3"])
