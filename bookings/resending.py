"""Sending somebody their tickets again, or the way to their booking. Runs inside the transaction of its door."""

from __future__ import annotations

from datetime import datetime

from bookings.constants import LINKS_PAUSE, RESEND_PAUSE
from bookings.errors import NobodyToSendTo, SentJustNow
from bookings.locks import booking_locked, bookings_locked
from bookings.mails import mail_confirmed, mail_link
from bookings.models import Booking, BookingEvent, BookingStatus
from bookings.services import event_add

TICKETS_RESENT = "tickets_resent"
LINK_RESENT = "link_resent"
LINKS_AT_ONCE = 10  # mails that one question sends at most, of the soonest shows


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


def guest_links_resend(email: str, *, now: datetime) -> int:
    """Send the link of each live booking for a coming show that somebody made with this e-mail and without an account;
    return how many. Not again within LINKS_PAUSE, whoever asks. `email`: as bookings.guests.guest_email writes it."""
    coming = Booking.objects.of_guests().live(now).filter(email=email, showtime__ends_at__gt=now)
    ids = coming.order_by("showtime__starts_at", "pk").values_list("pk", flat=True)[:LINKS_AT_ONCE]
    sent = 0
    for booking in bookings_locked(ids):
        lately = BookingEvent.objects.filter(booking=booking, kind=LINK_RESENT, at__gt=now - LINKS_PAUSE)
        if booking.email != email or lately.exists():  # a database may call two people's e-mails equal
            continue
        event_add(booking, LINK_RESENT, at=now)
        mail_link(booking)
        sent += 1
    return sent
