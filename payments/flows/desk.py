"""Sales at the theatre's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bookings.drafts import BookingDraft
from bookings.models import Booking
from bookings.selectors import bookings_full
from movy.lib.db import run_in_transaction
from movy.lib.references import reference_new
from payments.models import Channel
from payments.services import desk_sale


def desk_sell(
    draft: BookingDraft,
    *,
    channel: Channel,
    sold_by_id: int,
    now: datetime,
    also: Callable[[Booking], None] | None = None,
) -> Booking:
    """Sell the draft's seats at the theatre's desk and do `also`, in one transaction; return the booking in full.

    Raises SeatsUnavailable. A COMMIT whose answer was lost is looked up by the draft's reference: the money is in the
    till once.
    """
    reference = f"MV-{reference_new(16)}"

    def sell() -> Booking:
        booking = desk_sale(draft, reference=reference, channel=channel, sold_by_id=sold_by_id, now=now)
        if also:
            also(booking)
        return booking

    booking = run_in_transaction(
        sell,
        find=lambda: Booking.objects.filter(reference=draft.reference).first(),
    )
    return bookings_full().get(pk=booking.pk)
