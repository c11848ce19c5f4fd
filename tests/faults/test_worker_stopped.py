"""No worker runs in any of these tests; what must not wait for one, doesn't."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bookings.models import Booking, BookingStatus, ShowtimeSeat
from movy.lib.clock import database_now
from payments.tests.factories import coming_showtime
from tests.races.test_rush import buyers
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

HOLD_SECONDS = 6  # enough for three requests on a busy machine


def test_a_lapsed_holds_seats_can_be_taken_at_the_second_they_lapse(audited):
    showtime = coming_showtime()
    first, second = buyers(2)
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    with Site(HOLD_MINUTES=str(HOLD_SECONDS / 60)) as site:
        mine = site.call("POST", "/api/v1/booking", body=wish, token=first)
        assert mine.status == 201
        held = Booking.objects.get()
        early = site.call("POST", "/api/v1/booking", body=wish, token=second)
        assert (early.status, early.json()["seats"]) == (409, ["C4"])
        assert database_now() < held.hold_expires_at  # or the refusal would prove nothing
        time.sleep((held.hold_expires_at - database_now()) / timedelta(seconds=1))
        assert site.call("POST", "/api/v1/booking", body=wish, token=second).status == 201
        reference = mine.json()["booking"]["reference"]
        told = site.call("GET", f"/api/v1/bookings/{reference}", token=first)
    assert told.json()["status"] == "expired"
    held.refresh_from_db()
    assert held.status == BookingStatus.HELD  # nobody has swept it
    assert ShowtimeSeat.objects.get(status="held").booking_id != held.reference
