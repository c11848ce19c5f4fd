"""The beginning and the end of sales, for those who are a moment late or come twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import SalesClosed
from bookings.models import Booking, ShowtimeSeat
from bookings.services import booking_hold, showtime_put_on_sale
from bookings.tests.factories import NOW, draft_of, hold, showtime_on_sale

pytestmark = pytest.mark.django_db


def test_a_wish_made_in_time_is_not_held_after_the_end_of_sales():
    """Between choosing and holding somebody may wait: for a lock, for the database, for an older try."""
    showtime = showtime_on_sale(["C4"])
    wish = draft_of(showtime, ["C4"], now=showtime.sales_close_at - timedelta(seconds=1))
    with pytest.raises(SalesClosed):
        booking_hold(wish, now=showtime.sales_close_at)
    assert not Booking.objects.exists()


def test_what_is_on_sale_is_put_on_sale_again_without_a_change():
    showtime = showtime_on_sale(["C4", "C5"])
    hold(showtime, ["C4"])
    before = list(ShowtimeSeat.objects.order_by("pk").values())
    showtime_put_on_sale(showtime_id=showtime.pk, now=NOW)
    assert list(ShowtimeSeat.objects.order_by("pk").values()) == before
