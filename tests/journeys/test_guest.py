"""Somebody without an account: from seats to the refund, across two devices, and into the account they make later; and
what they pay, the same on every screen."""

from __future__ import annotations

import re

import pytest
import requests
from django.conf import settings as movy_settings
from django.test import Client

from accounts.tests.factories import PASSWORD
from bookings.models import Booking, BookingEvent
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments.flows import refunds_follow
from payments.models import Payment, Refund, RefundStatus
from payments.tests.factories import coming_showtime

pytestmark = [pytest.mark.usefixtures("audited", "paystack")]

GUEST = {"email": "efe@example.test", "name": "Efe Adeleke"}
SEATS = ["C4", "C5"]


@pytest.fixture
def showtime() -> Showtime:
    return coming_showtime(seats=[*SEATS, "C6"])


def book(phone: Client, showtime: Showtime) -> Booking:
    """From the seats to the page that asks to pay, by what each page leads to."""
    asked = phone.post("/booking", {"showtime": showtime.pk, "seats": SEATS})
    card = phone.get(asked["Location"]).content.decode().partition("guest stack")[2]
    wish: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', card):
        wish.setdefault(name, []).append(value)
    held = phone.post(re.findall(r'action="([^"]+)"', card)[0], wish | GUEST)
    assert held.status_code == 303
    return Booking.objects.get(reference=held["Location"].rpartition("/")[2])


def pay(phone: Client, booking: Booking) -> Payment:
    """Pay as the page leads: to Paystack, and back."""
    away = phone.post("/booking/pay", {"booking": booking.reference, "channel": "card"})
    assert away.status_code == 303
    assert "/checkout/" in away["Location"]
    payment = Payment.objects.get(booking=booking)
    control = f"{movy_settings.PAYSTACK_BASE_URL}/_standin/transactions/{payment.reference}/pay"
    assert requests.post(control, json={"card": "4084084084084081"}, timeout=10).ok
    back = phone.get("/verify-payment", {"reference": payment.reference})
    assert (back.status_code, back["Location"]) == (303, booking.get_absolute_url())
    return payment


def refunded(refund: Refund) -> bool:
    """Let the worker ask Paystack for it, Paystack do it, and the worker see that. Return whether the buyer has it."""
    for _look in range(2):
        Refund.objects.filter(pk=refund.pk).update(next_check_at=database_now())
        refunds_follow()
        refund.refresh_from_db()
        control = f"{movy_settings.PAYSTACK_BASE_URL}/_standin/refunds/{refund.provider_id}"
        assert requests.patch(control, json={"status": "processed"}, timeout=5).ok
    return refund.status == RefundStatus.PROCESSED


def mails(part: str) -> list[str]:
    """Return the mails to the guest whose subject has this, the text of each."""
    found = [bytes(mail.content).decode() for mail in Mail.objects.order_by("pk")]
    return [text for text in found if "efe@example.test" in text and part in text.partition("\n\n")[0]]


def link_in(mail: str) -> str:
    [link] = set(re.findall(r"http://testserver(/bookings/\w+/open/[\w-]+)", mail))
    return link


def test_a_guest_books_closes_everything_cancels_on_another_device_and_finds_it_in_the_account_made_later(showtime):
    phone = Client()
    booking = book(phone, showtime)
    pay(phone, booking)
    [confirmed] = mails("Your tickets")

    laptop = Client()  # the phone is closed for good
    assert laptop.get(booking.get_absolute_url()).status_code == 302
    opened = laptop.get(link_in(confirmed), follow=True)
    page = opened.content.decode()
    assert opened.redirect_chain == [(booking.get_absolute_url(), 303)]
    assert all(f"ticket for seat {label}" in page for label in SEATS)
    before = laptop.get(f"/cancel-booking/{booking.reference}").content.decode()
    assert str(booking.total) in before
    assert laptop.post(f"/cancel-booking/{booking.reference}", {"seats": "C4"}).status_code == 303
    refund = Refund.objects.get()
    assert refund.money == Money(350_000, "NGN")
    assert refunded(refund)
    assert [event.actor_id for event in BookingEvent.objects.filter(booking=booking, kind="seats_cancelled")] == [None]

    person = {"email": GUEST["email"], "password": PASSWORD, "first_name": "Efe", "last_name": "Adeleke"}
    home = Client()
    assert home.post("/auth/user/signup", person).status_code == 303
    assert booking.reference not in home.get("/bookings").content.decode()
    [asked] = mails("is this your e-mail")
    confirm = re.search(r"http://testserver(/auth/user/confirm-email/\S+)", asked)
    assert confirm
    assert home.post(confirm[1]).status_code == 303
    assert booking.reference in home.get("/bookings").content.decode()
    assert home.get(booking.get_absolute_url()).status_code == 200
    assert laptop.get(booking.get_absolute_url()).status_code == 404  # it is an account's now


def test_the_price_is_the_same_from_the_first_screen_to_the_receipt(showtime):
    """One seat costs 3,500 naira wherever its price stands, two 7,000, and nothing comes on top."""
    phone, one, both = Client(), str(Money(350_000, "NGN")), str(Money(700_000, "NGN"))
    film, theatre = showtime.movie, showtime.screen.theatre
    day = showtime.starts_at.astimezone(theatre.zone).date()
    for first in ("/movies", film.get_absolute_url(), f"{theatre.get_absolute_url()}?date={day}"):
        assert prices(phone.get(first).content.decode()) <= {one}, first
    assert one in phone.get(film.get_absolute_url()).content.decode()
    seats = phone.get(f"/booking/{showtime.pk}?seats=C4&seats=C5").content.decode()
    assert prices(seats) <= {one, both}
    assert one in seats

    booking = book(phone, showtime)
    held = phone.get(booking.get_absolute_url()).content.decode()
    assert prices(held) == {one, both}
    assert f"Pay {both}" in held
    payment = pay(phone, booking)
    told = requests.get(f"{movy_settings.PAYSTACK_BASE_URL}/_standin/transactions/{payment.reference}", timeout=5)
    amounts = {row["amount"] for row in [told.json().get("data", told.json())]}
    assert amounts == {700_000}
    [receipt] = mails("Your tickets")
    assert prices(receipt) == {both}
    assert prices(phone.get(booking.get_absolute_url()).content.decode()) == {one, both}
    assert prices(phone.get(f"/cancel-booking/{booking.reference}").content.decode()) == {one, both}


def prices(text: str) -> set[str]:
    """Return every sum in naira that a page or a mail names."""
    return set(re.findall(r"₦[\d,.]*\d", text))
