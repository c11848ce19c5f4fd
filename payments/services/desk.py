"""Sales at the desk: confirmed and paid at once."""

from __future__ import annotations

from datetime import datetime

from bookings.drafts import BookingDraft
from bookings.models import Booking
from bookings.services import booking_sell
from payments.models import Channel, Payment, PaymentStatus
from payments.services.moves import payment_event_add


def desk_sale(draft: BookingDraft, *, reference: str, channel: Channel, sold_by_id: int, now: datetime) -> Booking:
    """Sell the draft's seats for cash or by card terminal: a confirmed booking, paid. Raises SeatsUnavailable."""
    booking = booking_sell(draft, sold_by_id=sold_by_id, now=now)
    payment = Payment.objects.create(
        reference=reference,
        booking=booking,
        theatre_id=draft.showtime.screen.theatre_id,
        confirms=booking,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        channel=channel,
        status=PaymentStatus.PAID,
        created_at=now,
        deadline_at=now,
        paid_at=now,
        charged_minor=booking.total_minor,
        charged_currency=booking.currency,
    )
    payment_event_add(payment, PaymentStatus.PAID, at=now, actor_id=sold_by_id)
    return booking
