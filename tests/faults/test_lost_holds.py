"""A hold by the door that pages and API share, its connection cut at COMMIT."""

from __future__ import annotations

import pytest

from bookings.flows import seats_hold
from bookings.models import Booking, BookingEvent
from bookings.tests.factories import draft_of
from movy.lib.clock import database_now
from payments.tests.factories import coming_showtime
from tests.faults.proxy import Cut

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("audited")]


@pytest.mark.parametrize("cut", list(Cut))
def test_a_hold_by_its_own_door_is_made_once(proxied, cut):
    now = database_now()
    wish = draft_of(coming_showtime(), ["C4"], now=now)
    proxied.cut_next(cut)
    assert seats_hold(wish, now=now).reference == wish.reference
    assert (Booking.objects.count(), BookingEvent.objects.count()) == (1, 1)
