"""The transactions that pages and API open for bookings, once for both."""

from __future__ import annotations

from datetime import datetime

from bookings.drafts import BookingDraft
from bookings.models import Booking
from bookings.services import booking_hold
from movy.lib.db import run_in_transaction


def seats_hold(draft: BookingDraft, *, now: datetime) -> Booking:
    """Hold the draft's seats in a transaction of their own. Raises as booking_hold does.

    A COMMIT whose answer was lost is looked up by the draft's reference, never repeated.
    """
    return run_in_transaction(
        lambda: booking_hold(draft, now=now),
        find=lambda: Booking.objects.filter(reference=draft.reference).first(),
    )
