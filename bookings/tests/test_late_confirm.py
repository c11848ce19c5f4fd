"""Money that comes after the hold: all of its seats, or all of them for whoever comes next."""

from __future__ import annotations

import pytest

from bookings.models import SeatStatus, ShowtimeSeat
from bookings.services import booking_confirm
from bookings.tests.factories import buyer, hold, showtime_on_sale

pytestmark = pytest.mark.django_db


def test_late_and_a_seat_short_it_leaves_the_others_as_they_were():
    """The money goes back, so the seats that were still free must not stay sold to nobody."""
    showtime = showtime_on_sale(["C4", "C5"])
    booking = hold(showtime, ["C4", "C5"])
    late = booking.hold_expires_at
    hold(showtime, ["C5"], who=buyer("kofi"), now=late)
    assert not booking_confirm(booking.reference, now=late)
    assert ShowtimeSeat.objects.get(seat__label="C4").status == SeatStatus.HELD
    hold(showtime, ["C4"], who=buyer("ife"), now=late)
