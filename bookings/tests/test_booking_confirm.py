"""Confirming: in time, late, and when it can't be any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.services import booking_cancel, booking_confirm, booking_expire
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale
from movy.outbox.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    return showtime_on_sale(["C4", "C5"])


def test_in_time_its_seats_are_sold_and_it_has_tickets_and_one_mail(showtime):
    booking = hold(showtime, ["C4", "C5"])
    assert booking_confirm(booking.reference, now=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.confirmed_at) == (BookingStatus.CONFIRMED, NOW)
    rows = ShowtimeSeat.objects.filter(showtime=showtime).values_list("status", "booking_id", "held_until")
    assert set(rows) == {(SeatStatus.SOLD, booking.reference, None)}
    assert Ticket.objects.filter(booked_seat__booking=booking).count() == 2
    assert list(Mail.objects.values_list("recipients", flat=True)) == [["ada@example.test"]]


def test_it_is_confirmed_once(showtime):
    booking = hold(showtime, ["C4"])
    assert booking_confirm(booking.reference, now=NOW)
    assert not booking_confirm(booking.reference, now=NOW)
    assert (Ticket.objects.count(), Mail.objects.count()) == (1, 1)


@pytest.mark.parametrize("swept", [True, False])
def test_late_it_is_confirmed_if_its_seats_are_still_free(showtime, swept):
    booking = hold(showtime, ["C4", "C5"])
    late = booking.hold_expires_at + timedelta(hours=1)
    if swept:
        assert booking_expire(booking.reference, now=late)
    assert booking_confirm(booking.reference, now=late)
    assert ShowtimeSeat.objects.filter(status=SeatStatus.SOLD, booking_id=booking.reference).count() == 2


def test_late_it_takes_none_of_its_seats_when_one_is_gone(showtime):
    booking = hold(showtime, ["C4", "C5"])
    late = booking.hold_expires_at + timedelta(minutes=1)
    other = hold(showtime, ["C5"], who=buyer("kofi"), now=late)
    assert not booking_confirm(booking.reference, now=late)
    states = dict(ShowtimeSeat.objects.filter(showtime=showtime).values_list("seat__label", "booking_id"))
    assert states["C5"] == other.reference
    assert not Ticket.objects.exists()
    assert Booking.objects.get(pk=booking.pk).status_at(late) == BookingStatus.EXPIRED


def test_late_it_is_not_confirmed_once_the_show_has_begun(showtime):
    booking = hold(showtime, ["C4"], now=showtime.starts_at - timedelta(minutes=20))
    assert not booking_confirm(booking.reference, now=showtime.starts_at)


def test_a_cancelled_one_is_never_confirmed(showtime):
    booking = hold(showtime, ["C4"])
    booking_cancel(booking.reference, actor_id=None, now=NOW)
    assert not booking_confirm(booking.reference, now=NOW)


def test_a_hold_ends_only_when_its_time_is_over(showtime):
    booking = hold(showtime, ["C4"])
    assert not booking_expire(booking.reference, now=booking.hold_expires_at - timedelta(seconds=1))
    assert booking_expire(booking.reference, now=booking.hold_expires_at)
    assert not booking_expire(booking.reference, now=booking.hold_expires_at)


def test_sweeping_leaves_the_seats_of_the_next_owner_alone(showtime):
    booking = hold(showtime, ["C4", "C5"])
    later = booking.hold_expires_at
    other = hold(showtime, ["C5"], who=buyer("kofi"), now=later)
    assert booking_expire(booking.reference, now=later)
    states = dict(ShowtimeSeat.objects.filter(showtime=showtime).values_list("seat__label", "status"))
    assert states == {"C4": SeatStatus.FREE, "C5": SeatStatus.HELD}
    assert ShowtimeSeat.objects.get(seat__label="C5").booking_id == other.reference
