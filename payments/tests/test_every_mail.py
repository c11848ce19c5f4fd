"""Every mail: text and HTML say the same, what people typed is text, and nothing is fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.context import request_context
from django.db import transaction
from django.test import RequestFactory

from accounts.adapters import AccountAdapter
from bookings.mails import booking_mail, mail_confirmed, mail_reminder
from bookings.models import Booking
from bookings.services import booking_confirm
from bookings.tests.factories import NOW, hold, showtime_on_sale
from movy.lib.money import Money
from movy.lib.text import mail_text
from movy.outbox.models import Mail
from theatres.models import Role, Theatre
from theatres.people import invitation_send

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
        **of_refund(why=HOSTILE, is_whole=False, find_url="https://movy.test/find", offer=offer(booking, same=False)),
    ),
    "refund sent": lambda booking: booking_mail(booking, "payments/email/refund_processed", **of_refund()),
    "refund failed": lambda booking: booking_mail(booking, "payments/email/refund_failed", **of_refund()),
    "refund stuck": lambda booking: booking_mail(booking, "payments/email/refund_needs_attention", **of_refund()),
}


def of_account(template: str, **context: Any) -> Callable[[Booking], None]:
    def send(_booking: Booking) -> None:
        with request_context(RequestFactory().get("/")):
            AccountAdapter().send_mail(f"account/email/{template}", "ada@movy.test", context)

    return send


def invite(booking: Booking) -> None:
    theatre, sender = booking.showtime.screen.theatre, booking.user
    invitation_send(theatre=theatre, email="z@y.test", role=Role.DOOR, invited_by=sender, token="a:b", now=NOW)


OTHERS: dict[str, Any] = {
    "confirm e-mail": of_account("email_confirmation", key="k-1"),
    "welcome": of_account("email_confirmation_signup", key="k-1"),
    "new password": of_account("password_reset_key", uid="7", key="k-1"),
    "no account": of_account("unknown_account", email="ada@movy.test"),
    "invitation": invite,
}

HTML_ALONE = {
    *("movy", "Movy", "Ticket", "See", "the", "invitation", "Confirm", "my", "e-mail", "Create", "an", "account"),
    *("Choose", "seats", "a", "new", "password", "·", "Your", "booking"),
}
"""Words of buttons and links, which stand for addresses in the text; and what parts them."""
TEXT_ALONE = {"", "·", "Your", "booking", "You", "can", "make", "here", "Movy"}
"""The words before such an address."""


def only_mail() -> EmailMessage:
    return message_from_bytes(bytes(Mail.objects.get().content), policy=policy.default)


def words(text: str) -> set[str]:
    return {word.rstrip(",.:;") for word in re.findall(r"[^\s<>()\"]+", text)}


def seen(page: str) -> str:
    """What a mail client shows of HTML, and where its links lead."""
    body = page[page.index("<body") :]
    links = " ".join(re.findall(r'href="([^"]*)"', body))
    return html.unescape(f"{re.sub(r'<[^>]*>', ' ', body)} {links}")


@pytest.mark.parametrize("name", [*MAILS, *OTHERS])
def test_text_and_html_say_the_same_and_what_was_typed_is_text(name, booking, tmp_path):
    (MAILS | OTHERS)[name](booking)
    mail = only_mail()
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")  # for scripts/mail_sheet.py
    assert words(text) - words(seen(page)) <= TEXT_ALONE
    assert words(seen(page)) - words(text) <= HTML_ALONE
    assert "<b>Quartz" not in page
    assert not re.search(r"<(img|link|script|iframe|base|form)\b|url\(", page)
    assert re.findall(r"^Bcc:", mail.as_string().partition("\n\n")[0], re.MULTILINE) == []
    assert "\n" not in mail["subject"]
    assert all(address.startswith(("http://testserver", "https://movy.test/")) for address in links_of(page))


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_about_a_show_names_it_and_whose_time_that_is(name, booking):
    MAILS[name](booking)
    text = only_mail().get_body(("plain",)).get_content()
    assert "<b>Quartz</b>" in text
    assert f"Times are those of {booking.showtime.screen.theatre.city}." in text
    assert f"Booking {booking.reference}" in text


def test_lines_of_text_are_short_and_addresses_whole():
    address = "https://movy.test/" + "a-b/" * 30
    said = mail_text(f"{'word ' * 40}\n\n\n\nYour booking: {address}\n")
    assert max(len(line) for line in said.splitlines() if address not in line) <= 72
    assert address in said
    assert "\n\n\n" not in said


def links_of(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page)


def test_a_mail_is_written_in_the_language_that_was_booked_in(booking):
    booking.language = "fr"
    mail_confirmed(booking, booking.seats.select_related("ticket"))
    assert '<html lang="fr">' in only_mail().get_body(("html",)).get_content()
