"""Bookings in the middle of being paid."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.test import Client

from bookings.models import Booking, Buyer, ShowtimeSeat
from bookings.tests.factories import hold, showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from payments.flows import booking_pay
from payments.models import Channel, Payment

SEATS = ["A1", "A2", "A3", "A4", "A5", "A6"]
"""The hall of the fixture `showtime`."""


def coming_showtime(**kwargs: Any) -> Showtime:
    """Return a showing in three days by the database's clock, which the flows ask."""
    return showtime_on_sale(starts_at=database_now() + timedelta(days=3), **kwargs)


def held_booking(
    showtime: Showtime | None = None, labels: tuple[str, ...] = ("C4",), *, who: Buyer | None = None
) -> Booking:
    return hold(showtime or coming_showtime(), labels, who=who, now=database_now())


def attempt(booking: Booking, channel: Channel = Channel.CARD) -> Payment:
    """Press "pay": an attempt that Paystack knows."""
    payment = booking_pay(
        booking, channel=channel, callback_url="http://testserver/verify-payment", cancel_url="http://x/"
    )
    assert payment is not None
    return payment


def charge(payment: Payment, **changes: Any) -> None:
    """Pay at the stand-in as a buyer would, then bend what it tells of it: amount=…, currency=…, domain=…"""
    control = f"{settings.PAYSTACK_BASE_URL}/_standin/transactions/{payment.reference}"
    body = {"status": "success", "webhook": False} | changes
    assert requests.patch(control, json=body, timeout=5).ok


def webhook(client: Client, payment: Payment, *, event: str = "charge.success", **data: Any) -> int:
    """Send Movy a message signed with our key; return the status that it answers with."""
    body = json.dumps({"event": event, "data": {"reference": payment.reference} | data}).encode()
    return signed(client, body)


def signed(client: Client, body: bytes, *, key: str = "", algorithm: Any = hashlib.sha512) -> int:
    signature = hmac.new((key or settings.PAYSTACK_SECRET_KEY).encode(), body, algorithm).hexdigest()
    response = client.post(
        "/webhooks/paystack", data=body, content_type="application/json", headers={"x-paystack-signature": signature}
    )
    return response.status_code


def lapse(booking: Booking, ago: timedelta = timedelta(minutes=1)) -> datetime:
    """Let the booking's hold have ended a while ago, in all places where that stands."""
    ended_at = database_now() - ago
    Booking.objects.filter(pk=booking.pk).update(hold_expires_at=ended_at)
    ShowtimeSeat.objects.filter(showtime_id=booking.showtime_id, booking_id=booking.reference).update(
        held_until=ended_at
    )
    Payment.objects.filter(booking=booking).update(deadline_at=ended_at)
    return ended_at


def says(page: str, word: str) -> bool:
    """Whether a page has this word; not as a part of a reference or of the form's token."""
    return bool(re.search(rf"\b{re.escape(word)}\b", page))
