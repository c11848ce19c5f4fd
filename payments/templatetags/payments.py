"""Paying's part of a booking's page, so that bookings need not know of payments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template

from bookings.models import Booking
from payments.constants import CHANNELS
from payments.models import Channel
from payments.services.attempts import hold_minutes

register = template.Library()


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
def money_panel(booking: Booking) -> dict[str, Any]:
    """Where the buyer's money is: what was paid, and each refund with its steps."""
    payments = sorted(booking.payments.all(), key=lambda payment: payment.prominence, reverse=True)
    return {"booking": booking, "payments": payments, "theatre": booking.showtime.screen.theatre}


def _held_until(booking: Booking, channel: Channel, now: datetime) -> datetime:
    """Return until when seats would be kept: as payment_begin will decide."""
    held = booking.hold_expires_at or now
    if booking.hold_is_lengthened:
        return held
    chosen = min(now + timedelta(minutes=hold_minutes(channel)), booking.showtime.sales_close_at)
    return max(chosen, held)
