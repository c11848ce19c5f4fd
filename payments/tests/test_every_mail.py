"""Every mail about a booking: text and HTML say the same, what people typed is text, and nothing is fetched."""

from __future__ import annotations

import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from bookings.mails import booking_mail, mail_confirmed, mail_reminder
from bookings.models import Booking
from bookings.services import booking_confirm
from bookings.tests.factories import NOW, hold, showtime_on_sale
from movy.lib.money import Money
from movy.outbox.models import Mail
from theatres.models import Theatre

pytestmark = pytest.mark.django_db

HOSTILE = '<b>Quartz</b> & "Co"\r\nBcc: x@y.test'
MONEY = Money(350_000, "NGN")


@pytest.fixture
def booking() -> Booking:
    showtime = showtime_on_sale(["C4", "C5"])
    showtime.movie.title = HOSTILE
    showtime.movie.save()
    Theatre.objects.filter(pk=showtime.screen.theatre_id).update(name=HOSTILE, phone="+234 700 000")
    booking = hold(showtime, ["C4", "C5"])
    with transaction.atomic():
        booking_confirm(booking.reference, now=NOW)
    Mail.objects.all().delete()
    return Booking.objects.select_related("showtime__movie", "showtime__screen__theatre").get()


def of_refund(**more: Any) -> dict[str, Any]:
    payment = SimpleNamespace(reference="MV-7KQ2ZH4MXW3N9BTE")
    return {"refund": SimpleNamespace(money=MONEY, payment=payment), "payment": payment} | more


def offer(booking: Booking, *, same: bool) -> Any:
    return SimpleNamespace(
        has_same_seats=same,
        names="C4, C5",
        showtime=booking.showtime,
        lines=list(booking.seats.all()),
        url="https://movy.test/booking/7?seats=C4",
    )


MAILS: dict[str, Any] = {
    "confirmed": lambda booking: mail_confirmed(booking, booking.seats.select_related("ticket")),
    "reminder": lambda booking: mail_reminder(booking, booking.seats.select_related("ticket")),
    "link": lambda booking: booking_mail(booking, "bookings/email/link"),
    "cancelled": lambda booking: booking_mail(booking, "bookings/email/cancelled", seats=["C4"], refund=MONEY),
    "moved": lambda booking: booking_mail(booking, "bookings/email/moved", moves=[("C4", "D1")]),
    "office refund": lambda booking: booking_mail(
        booking, "bookings/email/office_refund", seats=["C4"], refund=MONEY, by_hand=False
    ),
    "refund at the desk": lambda booking: booking_mail(
        booking, "bookings/email/office_refund", seats=[], refund=MONEY, by_hand=True
    ),
    "called off": lambda booking: booking_mail(
        booking, "bookings/email/called_off", note=HOSTILE, refund=MONEY, by_hand=False
    ),
    "refund asked": lambda booking: booking_mail(
        booking,
        "payments/email/refund_pending",
        **of_refund(why=HOSTILE, is_whole=True, find_url="https://movy.test/find", offer=offer(booking, same=True)),
    ),
    "refund asked, other seats": lambda booking: booking_mail(
        booking,
        "payments/email/refund_pending",
        **of_refund(why="Why.", is_whole=False, find_url="https://movy.test/find", offer=offer(booking, same=False)),
    ),
    "refund sent": lambda booking: booking_mail(booking, "payments/email/refund_processed", **of_refund()),
    "refund failed": lambda booking: booking_mail(booking, "payments/email/refund_failed", **of_refund()),
    "refund stuck": lambda booking: booking_mail(booking, "payments/email/refund_needs_attention", **of_refund()),
}


def only_mail() -> EmailMessage:
    return message_from_bytes(bytes(Mail.objects.get().content), policy=policy.default)


def words(text: str) -> set[str]:
    return {word.rstrip(",.:;") for word in re.findall(r"[^\s<>()\"]+", text)}


def seen(page: str) -> str:
    """What a mail client shows of HTML, and where its links lead."""
    body = page[page.index("<body") :]
    links = " ".join(re.findall(r'href="([^"]*)"', body))
    return html.unescape(f"{re.sub(r'<[^>]*>', ' ', body)} {links}")


@pytest.mark.parametrize("name", MAILS)
def test_text_and_html_say_the_same_and_what_was_typed_is_text(name, booking):
    MAILS[name](booking)
    mail = only_mail()
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    said_in_text_alone = words(text) - words(seen(page)) - {"", "Your", "booking"}  # there it is a button
    assert not said_in_text_alone
    assert "<b>Quartz</b>" in text
    assert "<b>Quartz" not in page
    assert not re.search(r"<(img|link|script|iframe|base|form)\b|url\(", page)
    assert re.findall(r"^Bcc:", mail.as_string().partition("\n\n")[0], re.MULTILINE) == []
    assert "\n" not in mail["subject"]
    assert all(address.startswith(("http://testserver/", "https://movy.test/")) for address in links_of(page))


def links_of(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page)


def test_a_mail_is_written_in_the_language_that_was_booked_in(booking):
    booking.language = "fr"
    mail_confirmed(booking, booking.seats.select_related("ticket"))
    assert '<html lang="fr">' in only_mail().get_body(("html",)).get_content()
