"""When a hold is not lengthened: its seats must still be its own, and sales open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import HoldExpired
from bookings.models import Booking, ShowtimeSeat
from bookings.services import booking_lengthen_hold
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_a_hold_whose_seats_have_just_gone_is_not_lengthened():
    """Whoever pays asked for the time before the hold lapsed, and waited for the lock while another took the seat."""
    showtime = showtime_on_sale(["C4"])
    slow = hold(showtime, ["C4"])
    quick = hold(showtime, ["C4"], who=buyer("kofi"), now=slow.hold_expires_at)
    with pytest.raises(HoldExpired):
        booking_lengthen_hold(slow.reference, until=NOW + 35 * MINUTE, now=slow.hold_expires_at - MINUTE)
    seat = ShowtimeSeat.objects.get(showtime=showtime)
    assert (seat.booking_id, seat.held_until) == (quick.reference, quick.hold_expires_at)
    slow.refresh_from_db()
    assert not slow.hold_is_lengthened


def test_a_hold_that_has_ended_is_not_lengthened():
    booking = hold(showtime_on_sale(["C4"]), ["C4"])
    ended_at = booking.hold_expires_at
    with pytest.raises(HoldExpired):
        booking_lengthen_hold(booking.reference, until=ended_at + 35 * MINUTE, now=ended_at)
    assert Booking.objects.get().hold_expires_at == ended_at


def test_a_hold_is_never_lengthened_past_the_end_of_sales():
    showtime = showtime_on_sale(["C4"], starts_at=NOW + 20 * MINUTE)
    booking = hold(showtime, ["C4"])
    lengthened = booking_lengthen_hold(booking.reference, until=NOW + 35 * MINUTE, now=NOW)
    assert lengthened.hold_expires_at == showtime.sales_close_at == ShowtimeSeat.objects.get().held_until
