"""Cancelling: seats given back, and the money for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bookings.models import BookedSeat, Booking
from bookings.selectors import booking_full
from bookings.services import Cancelled, booking_cancel
from movy.lib.clock import database_now
from movy.lib.db import run_in_transaction
from movy.lib.errors import NotFound
from payments.locks import payment_locked
from payments.models import Payment, Refund, RefundReason
from payments.services import refund_request


def booking_give_back(
    reference: str,
    *,
    labels: Sequence[str] | None,
    actor_id: int | None,
    also: Callable[[Refund | None], None] | None = None,
) -> tuple[Booking, Refund | None]:
    """Cancel a booking or some of its seats, ask for the refund and do `also`, in one transaction.

    Raises as bookings.services.booking_cancel does.
    """
    now = database_now()

    def give_back() -> tuple[Booking, Refund | None]:
        done = _cancel_and_refund(reference, labels, actor_id, now)
        if also:
            also(done[1])
        return done

    _booking, refund = run_in_transaction(give_back, find=lambda: _cancelled_at(reference, now))
    booking = booking_full(reference)
    if booking is None:
        raise NotFound
    return booking, refund


def _cancel_and_refund(
    reference: str, labels: Sequence[str] | None, actor_id: int | None, now: datetime
) -> tuple[Booking, Refund | None]:
    payment = Payment.objects.filter(confirms__reference=reference).first()
    if payment is not None:
        payment = payment_locked(payment.reference)  # before the booking, as everywhere
    left_minor = payment.left_minor if payment else None
    done: Cancelled = booking_cancel(reference, labels=labels, left_minor=left_minor, actor_id=actor_id, now=now)
    refund = None
    if done.refund is not None:
        payment = payment or payment_locked(Payment.objects.get(confirms__reference=reference).reference)
        refund = refund_request(payment, money=done.refund, reason=RefundReason.CANCELLED, now=now, actor_id=actor_id)
    return done.booking, refund


def _cancelled_at(reference: str, now: datetime) -> tuple[Booking, Refund | None] | None:
    """What a cancellation of that instant did, None when there was none: for a commit whose answer was lost."""
    line = BookedSeat.objects.filter(booking__reference=reference, cancelled_at=now).select_related("booking").first()
    if line is None:
        return None
    return line.booking, Refund.objects.filter(payment__booking=line.booking, created_at=now).first()
