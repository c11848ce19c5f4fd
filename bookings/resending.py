"""Sending somebody their tickets again. Runs inside the transaction that its door opened."""

from __future__ import annotations

from datetime import datetime

from bookings.constants import RESEND_PAUSE
from bookings.errors import NobodyToSendTo, SentJustNow
from bookings.locks import booking_locked
from bookings.mails import mail_confirmed
from bookings.models import BookingEvent, BookingStatus
from bookings.services import event_add

TICKETS_RESENT = "tickets_resent"


def tickets_resend(reference: str, *, actor_id: int | None, now: datetime) -> BookingEvent:
    """Send a booking's tickets to its e-mail once more and return the event; not twice for a double click, nor ten
    times a minute. `actor_id`: None for a buyer who is not signed in.

    Raises SentJustNow, NobodyToSendTo without tickets or an e-mail, NotFound.
    """
    booking = booking_locked(reference)
    if booking.status != BookingStatus.CONFIRMED or not booking.email:
        raise NobodyToSendTo
    lately = BookingEvent.objects.filter(booking=booking, kind=TICKETS_RESENT, at__gt=now - RESEND_PAUSE)
    if lately.exists():
        raise SentJustNow
    mail_confirmed(booking, booking.seats.kept().select_related("ticket"))
    return event_add(booking, TICKETS_RESENT, at=now, actor_id=actor_id)
