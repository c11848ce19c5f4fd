"""Paying's part of a booking's page, so that bookings need not know of payments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template

from bookings.links import seats_address
from bookings.models import Booking
from bookings.selectors import sales_open
from payments.constants import CHANNELS
from payments.later import same_seats_later
from payments.models import Channel, Payment, PaymentStatus, RefundReason
from payments.services.attempts import hold_minutes
from payments.telling import Stage, asks_until, payment_stage, refund_why

register = template.Library()

WORTH_TELLING = (Stage.LATE, Stage.LET_GO, Stage.BOOKED, Stage.GIVEN_BACK)
"""Of a booking's attempts on its page. While seats wait for money the choice of how to pay tells it."""


@register.inclusion_tag("payments/_pay.html", takes_context=True)
def pay_panel(context: dict[str, Any], booking: Booking, now: datetime) -> dict[str, Any]:
    """The choice of how to pay, each with how long it keeps the seats, and the button to Paystack."""
    channels = [
        {"code": channel, "name": Channel(channel).label, "held_until": _held_until(booking, channel, now)}
        for channel in CHANNELS[booking.currency]
    ]
    open_attempt = max(booking.payments.all(), key=lambda payment: payment.prominence, default=None)
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "booking": booking,
        "theatre": booking.showtime.screen.theatre,
        "channels": channels,
        "chosen": open_attempt.channel if open_attempt else Channel.CARD,
        "attempt": open_attempt,
    }


@register.inclusion_tag("payments/_money.html")
def money_panel(booking: Booking, now: datetime) -> dict[str, Any]:
    """Where the buyer's money is, attempt by attempt, the one that counts first."""
    payments = sorted(booking.payments.all(), key=lambda payment: payment.prominence, reverse=True)
    status = booking.status_at(now)
    told = [payment for payment in payments if payment_stage(payment, status) in WORTH_TELLING]
    return {"booking": booking, "payments": told, "now": now}


@register.inclusion_tag("payments/_attempt.html")
def attempt_panel(booking: Booking, payment: Payment, now: datetime) -> dict[str, Any]:
    """Where the money of one attempt is: what was paid, and each refund with why and its steps."""
    payment.booking = booking  # as fetched: saves queries
    refunds = sorted(payment.refunds.all(), key=lambda refund: refund.pk)
    for refund in refunds:
        refund.payment = payment
    return {
        "booking": booking,
        "theatre": booking.showtime.screen.theatre,
        "payment": payment,
        "stage": payment_stage(payment, booking.status_at(now)),
        "asks_until": asks_until(payment, now),
        "refunds": [{"refund": refund, "why": refund_why(refund)} for refund in refunds],
    }


@register.inclusion_tag("payments/_ran_out.html")
def ran_out_panel(booking: Booking, now: datetime) -> dict[str, Any]:
    """What became of a booking whose time ran out: not paid, or paid too late, and then what can be had instead."""
    payments = booking.payments.all()
    late = next((payment for payment in payments if payment.status == PaymentStatus.PAID), None)
    return _late(booking, late, now) | {
        "booking": booking,
        "again": seats_address(booking.showtime_id, booking.seats.all()) if sales_open(booking.showtime, now) else "",
    }


@register.inclusion_tag("payments/_too_late.html")
def too_late_panel(booking: Booking, payment: Payment, now: datetime) -> dict[str, Any]:
    """Why a payment that was taken could not be used, and the same seats in a later showing where time ran out."""
    return _late(booking, payment, now)


def _late(booking: Booking, payment: Payment | None, now: datetime) -> dict[str, Any]:
    refund = min(payment.refunds.all(), key=lambda refund: refund.pk, default=None) if payment else None
    if payment is None or refund is None:
        return {"why": "", "offer": None}
    payment.booking = booking
    refund.payment = payment
    is_late = refund.reason == RefundReason.SEATS_GONE
    return {
        "theatre": booking.showtime.screen.theatre,
        "why": refund_why(refund),
        "refund": refund,
        "offer": same_seats_later(booking, now=now) if is_late else None,
    }


def _held_until(booking: Booking, channel: Channel, now: datetime) -> datetime:
    """Return until when seats would be kept: as payment_begin will decide."""
    held = booking.hold_expires_at or now
    if booking.hold_is_lengthened:
        return held
    chosen = min(now + timedelta(minutes=hold_minutes(channel)), booking.showtime.sales_close_at)
    return max(chosen, held)
