"""Paystack's messages over HTTP: a hundred of one, and those that somebody else made."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter

import pytest
from django.conf import settings

from bookings.models import Booking, BookingEvent, BookingStatus, Ticket
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.models import Payment, PaymentEvent, PaymentStatus, Refund, RefundReason, WebhookMessage
from payments.tests.factories import attempt, charge, held_booking, lapse
from standins.paystack.store import Delivery
from tests.site import Site, all_at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.usefixtures("paystack", "audited")]


def about(payment: Payment) -> bytes:
    return json.dumps({"event": "charge.success", "data": {"reference": payment.reference}}).encode()


@pytest.fixture
def payment(transactional_db, paystack) -> Payment:
    """An attempt whose money has been taken, of which nobody has told us yet."""
    payment = attempt(held_booking(labels=("C4", "C5")))
    charge(payment, webhook=True)  # written down by the stand-in, with nowhere to send it
    return payment


@pytest.fixture
def message(payment, paystack) -> bytes:
    """Paystack's own bytes about it."""
    (delivery,) = paystack.account.store.all(Delivery)
    return delivery.body.encode()


def signature(body: bytes, *, key: str = "", algorithm: str = "sha512") -> str:
    return hmac.new((key or settings.PAYSTACK_SECRET_KEY).encode(), body, algorithm).hexdigest()


def test_one_message_a_hundred_times_twenty_at_a_time_confirms_once(payment, message):
    with Site(workers=2) as site:
        answers = all_at_once(20, [lambda: site.webhook(message)] * 100)
        assert site.manage("audit").stdout.splitlines()[-1] == "violations=0"
    assert Counter(answer.status for answer in answers) == {200: 100}
    assert WebhookMessage.objects.get().times == 100
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
    assert Counter(BookingEvent.objects.values_list("kind", flat=True)) == {"held": 1, "confirmed": 1}
    assert Counter(PaymentEvent.objects.values_list("kind", flat=True)) == {"pending": 1, "paid": 1}
    assert (Ticket.objects.count(), Mail.objects.count(), Refund.objects.count()) == (2, 1, 0)


def test_what_paystack_did_not_sign_is_refused_and_changes_nothing(payment, message):
    ours = signature(message)
    dumped = json.dumps(json.loads(message)).encode()
    assert dumped != message
    forgeries = {
        "altered": (message.replace(b'"success"', b'"failed"', 1), ours),
        "with a space more": (message + b" ", ours),
        "serialised anew": (dumped, ours),
        "SHA-256": (message, signature(message, algorithm="sha256")),
        "truncated": (message, ours[:64]),
        "with another key": (message, signature(message, key="sk_test_somebody_else")),
        "signed with no key": (message, hashlib.sha512(message).hexdigest()),
        "empty": (message, ""),
        "upper case": (message, ours.upper()),
        "not ASCII": (message, "é" * 128),
    }
    with Site() as site:
        for name, (body, signed) in forgeries.items():
            assert (name, site.webhook(body, signature=signed).status) == (name, 401)
        large = b" " * 1024 * 1024
        assert site.webhook(large).status == 413
        assert not WebhookMessage.objects.exists()
        assert Payment.objects.get().status == PaymentStatus.PENDING
        assert Booking.objects.get().status == BookingStatus.HELD
        assert site.webhook(message).status == 200  # the real one is taken all the same
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


@pytest.mark.parametrize("are_gone", [False, True])
def test_late_it_confirms_if_the_seats_are_free_and_is_refunded_if_they_are_gone(are_gone):
    booking = held_booking(labels=("C4", "C5"))
    payment = attempt(booking)
    lapse(booking)
    if are_gone:
        held_booking(booking.showtime, ("C5",), who=buyer("kofi"))
    charge(payment)
    with Site() as site:
        assert [site.webhook(about(payment)).status for _time in range(3)] == [200] * 3
    booking.refresh_from_db()
    refunds = [(refund.reason, refund.money) for refund in Refund.objects.all()]
    assert booking.status_at(database_now()) == (BookingStatus.EXPIRED if are_gone else BookingStatus.CONFIRMED)
    assert refunds == ([(RefundReason.SEATS_GONE, booking.total)] if are_gone else [])
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("difference", [{"amount": 699_999}, {"currency": "GHS"}])
def test_a_kobo_short_or_in_another_currency_confirms_nothing_and_goes_back(difference):
    booking = held_booking(labels=("C4", "C5"))
    payment = attempt(booking)
    charge(payment, **difference)
    with Site() as site:
        assert [site.webhook(about(payment)).status for _time in range(3)] == [200] * 3
    booking.refresh_from_db()
    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert (booking.status, payment.mismatch) == (BookingStatus.HELD, *difference)
    assert (refund.reason, refund.money) == (RefundReason.MISMATCH, payment.charged)
    assert {"amount": refund.amount_minor, "currency": refund.currency}.items() >= difference.items()
    assert not Ticket.objects.exists()


def test_with_the_signature_unchecked_a_forgery_is_taken(payment, message, client, monkeypatch):
    """The guard of the test above, taken out."""
    monkeypatch.setattr("payments.gateway.paystack.signature_is_valid", lambda body, signature: True)
    headers = {"x-paystack-signature": "0" * 128}
    assert (
        client.post("/webhooks/paystack", data=message, content_type="application/json", headers=headers).status_code
        == 200
    )
    assert WebhookMessage.objects.exists()
