"""Messages from Paystack that come late, again, of a kind that nobody knows, or from somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import movy.lib.clock
from bookings.models import Booking, BookingStatus
from movy.lib.clock import database_now
from payments.models import Payment, WebhookMessage
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, signed, webhook
from tests.proof import Proof
from tests.races.test_settle_orders import ONE_CONFIRMATION, traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]

PAYSTACKS_ADDRESSES = ["52.31.139.75", "52.49.173.169", "52.214.14.220"]
TEST_KEY, LIVE_KEY = "sk_test_movy_standin", "sk_live_movy"
UNKNOWN_EVENTS = ["charge.celebrated", "refund.celebrated", "transfer.success", "invoice.create", "", "é" * 300]


@pytest.fixture
def payment() -> Payment:
    """The attempt of a booking of two seats, whose money has been taken, of which nobody has told us yet."""
    payment = attempt(held_booking(coming_showtime(), ("C4", "C5")))
    charge(payment)
    return payment


def sent(body: bytes, **headers: str) -> int:
    return Client().post("/webhooks/paystack", body, content_type="application/json", headers=headers).status_code


def test_days_later_and_a_hundred_times_a_message_changes_nothing(payment, monkeypatch, proof: Proof):
    with proof("one message a hundred times, five days later", holds="nothing changes after the first") as count:
        assert webhook(Client(), payment) == 200
        later = database_now() + timedelta(days=5)  # the show is over
        with monkeypatch.context() as patched:
            patched.setattr(movy.lib.clock, "now_sql", lambda: f"'{later.replace(tzinfo=None)}'")
            for count.times in range(1, 101):  # noqa: B007 - the count that the row tells
                assert webhook(Client(), payment) == 200
            assert database_now() == later
        assert traces(payment.booking) == ONE_CONFIRMATION


def test_an_event_that_nobody_knows_is_kept_and_is_a_reason_to_ask_at_most(payment, paystack, proof: Proof):
    """What it says is not believed: whoever has not paid is not confirmed by it, whoever has is confirmed once."""
    unpaid = attempt(held_booking(coming_showtime()))
    with proof("events that nobody knows", holds="kept, answered 200, and never believed") as count:
        for event in UNKNOWN_EVENTS * 2:
            for about in (payment, unpaid):
                assert webhook(Client(), about, event=event, status="success", amount=about.amount_minor) == 200
                count.times += 1
        assert WebhookMessage.objects.filter(handled_at=None).count() == 0
        assert traces(payment.booking) == ONE_CONFIRMATION
        assert Booking.objects.get(pk=unpaid.booking_id).status == BookingStatus.HELD


def forgeries(payment: Payment) -> Iterable[tuple[bytes, dict[str, str]]]:
    """Yield a message without our signature, from wherever it says that it comes."""
    data: dict[str, Any] = {"reference": payment.reference, "status": "success", "amount": payment.amount_minor}
    body = json.dumps({"event": "charge.success", "data": data}).encode()
    for address in PAYSTACKS_ADDRESSES:
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Paystack-Signature"):
            yield body, {name: address}
        yield body, {"X-Forwarded-For": address, "X-Paystack-Signature": "0" * 128}


@pytest.mark.parametrize("proxies", [0, 1])
def test_no_address_stands_in_for_a_signature(payment, proxies, settings, proof: Proof):
    settings.TRUSTED_PROXIES = proxies
    with proof("messages that say they come from Paystack's addresses", holds="401, nothing stored") as count:
        for body, headers in forgeries(payment):
            assert sent(body, **headers) == 401
            count.times += 1
        assert not WebhookMessage.objects.exists()
        assert Booking.objects.get().status == BookingStatus.HELD


@pytest.mark.parametrize(("ours", "theirs"), [(LIVE_KEY, TEST_KEY), (TEST_KEY, LIVE_KEY)])
def test_the_key_of_the_other_mode_signs_nothing(payment, ours, theirs, settings, proof: Proof):
    settings.PAYSTACK_SECRET_KEY = ours
    with proof(f"a message signed with {theirs[:7]} where {ours[:7]} is in use", holds="401, nothing stored") as count:
        body = json.dumps({"event": "charge.success", "data": {"reference": payment.reference}}).encode()
        assert signed(Client(), body, key=theirs) == 401
        count.times += 1
        assert not WebhookMessage.objects.exists()
