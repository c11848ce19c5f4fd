"""The transactions that pages and API open for bookings, once for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bookings.drafts import BookingDraft
from bookings.models import Booking
from bookings.services import booking_hold
from movy.lib.db import run_in_transaction


def seats_hold(draft: BookingDraft, *, now: datetime, also: Callable[[Booking], None] | None = None) -> Booking:
    """Hold the draft's seats in a transaction of their own, and do `also` in the same. Raises as booking_hold does.

    A COMMIT whose answer was lost is looked up by the draft's reference, never repeated.
    """

    def hold() -> Booking:
        booking = booking_hold(draft, now=now)
        if also:
            also(booking)
        return booking

    return run_in_transaction(
        hold,
        find=lambda: Booking.objects.filter(reference=draft.reference).first(),
    )
