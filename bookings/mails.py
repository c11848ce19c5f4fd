"""What buyers are told by mail. The mail backend is the outbox: a mail commits together with what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from bookings.links import booking_url
from bookings.models import BookedSeat, Booking
from bookings.tickets import ticket_code
from movy.lib.money import Money
from movy.lib.text import mail_text


def mail_confirmed(booking: Booking, lines: Iterable[BookedSeat]) -> None:
    """Tell the buyer that the seats are theirs, with a link to each ticket. `lines` come with their tickets."""
    booking_mail(booking, "bookings/email/confirmed", tickets=_tickets(lines))


def mail_reminder(booking: Booking, lines: Iterable[BookedSeat]) -> None:
    """Remind the buyer of a show that is near, with a link to each ticket. `lines` come with their tickets."""
    booking_mail(booking, "bookings/email/reminder", tickets=_tickets(lines))


def mail_cancelled(booking: Booking, *, seats: Sequence[str], refund: Money | None) -> None:
    """Tell the buyer which seats were given back and what money comes back."""
    booking_mail(booking, "bookings/email/cancelled", seats=seats, refund=refund)


def mail_moved(booking: Booking, *, seats: Sequence[tuple[str, str]]) -> None:
    """Tell the buyer where they sit now. `seats`: (before, now)."""
    booking_mail(booking, "bookings/email/moved", moves=seats)


def mail_office_refund(booking: Booking, *, seats: Sequence[str], refund: Money | None, by_hand: bool) -> None:
    """Tell the buyer what the theatre took back and gives back; `by_hand`: at its box office, as it was paid."""
    booking_mail(booking, "bookings/email/office_refund", seats=seats, refund=refund, by_hand=by_hand)


def mail_called_off(booking: Booking, *, note: str, refund: Money | None, by_hand: bool) -> None:
    """Tell the buyer that the show does not take place, why if the theatre says so, and what becomes of the money."""
    booking_mail(booking, "bookings/email/called_off", note=note, refund=refund, by_hand=by_hand)


def mail_link(booking: Booking) -> None:
    """Send somebody without an account the way to their booking once more."""
    booking_mail(booking, "bookings/email/link")


def booking_mail(booking: Booking, template: str, **context: Any) -> None:
    """Queue one mail about a booking from `template` + _subject.txt, _message.txt and _message.html, in the
    buyer's language and the theatre's time. `url` is the booking's page, by booking_url: templates know no other."""
    showtime = booking.showtime
    theatre = showtime.screen.theatre
    context |= {
        "booking": booking,
        "showtime": showtime,
        "theatre": theatre,
        "url": booking_url(booking),
    }
    with (
        translation.override(booking.language),
        timezone.override(theatre.zone),
    ):  # templates turn every instant into the time of the zone around them
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = mail_text(render_to_string(f"{template}_message.txt", context))
        html = render_to_string(f"{template}_message.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[booking.email])
    mail.attach_alternative(html, "text/html")
    mail.about = booking.reference  # type: ignore[attr-defined]  # for the outbox: a booking's mails are found by it
    mail.send()


def _tickets(lines: Iterable[BookedSeat]) -> list[dict[str, Any]]:
    return [
        {"line": line, "url": settings.BASE_URL + reverse("bookings:ticket", args=[ticket_code(line.ticket.serial)])}
        for line in lines
    ]
