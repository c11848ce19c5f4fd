"""The moves that a booking makes, each from the state that it was seen in."""

from __future__ import annotations

import pytest

from bookings.models import Booking, BookingEvent, BookingStatus
from bookings.services import booking_cancel, booking_move
from bookings.tests.factories import NOW, hold, showtime_on_sale

pytestmark = pytest.mark.django_db


def test_a_booking_that_was_moved_meanwhile_is_not_moved_again():
    """Its lock should keep anybody from moving it meanwhile; where it doesn't, the UPDATE names the old state."""
    seen = Booking.objects.get(pk=hold(showtime_on_sale(["C4"]), ["C4"]).pk)
    booking_cancel(seen.reference, actor_id=None, now=NOW)
    with pytest.raises(RuntimeError, match="was moved under its lock"):
        booking_move(seen, BookingStatus.CONFIRMED, at=NOW, confirmed_at=NOW)
    assert Booking.objects.get().status == BookingStatus.CANCELLED
    assert not BookingEvent.objects.filter(kind="confirmed").exists()


@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.EXPIRED, BookingStatus.HELD])
def test_what_was_cancelled_goes_nowhere(status):
    booking = hold(showtime_on_sale(["C4"]), ["C4"])
    cancelled = booking_cancel(booking.reference, actor_id=None, now=NOW).booking
    with pytest.raises(RuntimeError, match="cannot go from"):
        booking_move(cancelled, status, at=NOW)
