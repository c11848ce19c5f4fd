"""Attempts to pay: written before Paystack hears of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.conf import settings

from bookings.errors import HoldExpired, SalesClosed
from bookings.locks import booking_locked
from bookings.models import BookingStatus
from bookings.services import booking_lengthen_hold
from catalog.models import ShowtimeStatus
from payments.constants import ASK_WHILE_HELD, CHANNELS, HOLD_MINUTES_BY_CHANNEL, INITIALIZE_WAIT_SECONDS
from payments.errors import AlreadyPaid, ChannelNotAvailable, NothingToPay
from payments.models import Channel, Payment, PaymentStatus
from payments.services.moves import payment_event_add, payment_move


def hold_minutes(channel: Channel) -> float:
    """Return how many minutes seats are kept from the choice of a channel; never past the end of sales."""
    return HOLD_MINUTES_BY_CHANNEL.get(channel, settings.HOLD_MINUTES)


def payment_begin(*, reference: str, booking_reference: str, channel: Channel, now: datetime) -> Payment:
    """Return the attempt to pay this booking by this channel: the living one, or a new one under `reference`.

    The first attempt sets how long the hold lives. A living attempt has no address yet while another request is asking
    Paystack for it. Raises ChannelNotAvailable, AlreadyPaid, NothingToPay, HoldExpired,
    SalesClosed for a showing that was called off, NotFound.
    """
    booking = booking_locked(booking_reference)
    status = booking.status_at(now)
    if status == BookingStatus.CONFIRMED:
        raise AlreadyPaid
    if status == BookingStatus.CANCELLED:
        raise NothingToPay
    if status == BookingStatus.EXPIRED:
        raise HoldExpired
    if booking.showtime.status != ShowtimeStatus.ON_SALE:
        raise SalesClosed
    if channel not in CHANNELS[booking.currency]:
        raise ChannelNotAvailable
    living = booking.payments.filter(channel=channel, status=PaymentStatus.PENDING).order_by("-pk")
    asked_since = now - timedelta(seconds=INITIALIZE_WAIT_SECONDS)
    for attempt in living:
        if attempt.authorization_url or (attempt.is_opening and attempt.created_at > asked_since):
            return attempt
    until = now + timedelta(minutes=hold_minutes(channel))
    booking = booking_lengthen_hold(booking_reference, until=until, now=now)
    payment = Payment.objects.create(
        reference=reference,
        booking=booking,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        channel=channel,
        created_at=now,
        deadline_at=cast(datetime, booking.hold_expires_at),  # it is held, so it has one
        is_opening=True,
        next_check_at=now + ASK_WHILE_HELD,
    )
    payment_event_add(payment, PaymentStatus.PENDING, at=now, actor_id=booking.user_id)
    return payment


def payment_address_store(reference: str, *, authorization_url: str, access_code: str) -> Payment:
    """Keep where the buyer pays, so that a second click gets the same address."""
    Payment.objects.filter(reference=reference).update(
        authorization_url=authorization_url, access_code=access_code, is_opening=False
    )
    return Payment.objects.get(reference=reference)


def payment_give_up(reference: str, *, note: str, now: datetime) -> None:
    """Close an attempt that Paystack refused to open; nobody can pay it."""
    payment = Payment.objects.select_for_update().get(reference=reference)
    if payment.status == PaymentStatus.PENDING:
        payment_move(payment, PaymentStatus.FAILED, at=now, provider_note=note[:200], next_check_at=None)
