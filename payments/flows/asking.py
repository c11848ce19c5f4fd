"""Asking Paystack what became of attempts, and settling what it says."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from bookings.models import Booking
from bookings.services import booking_expire
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction, update_alone
from movy.lib.errors import NotFound
from movy.lib.http import Outside, OutsideUnavailable
from payments.gateway import paystack
from payments.models import Payment, PaymentStatus
from payments.services import charge_settle
from payments.services.charges import next_look_at

logger = logging.getLogger(__name__)

CLAIM_LASTS = timedelta(minutes=1)
"""Longer than one question to Paystack, which ends after 30 s."""


def charge_fetch(reference: str, *, via: Outside) -> paystack.Charge | None:
    """Ask Paystack about an attempt of ours; None when it has never heard of it. Raises OutsideUnavailable."""
    try:
        return paystack.verify(reference, via=via)
    except paystack.Refused as error:
        logger.error("verify refused: %s", error.message)
        raise OutsideUnavailable(f"refused: {error.message}", status=error.status) from error


def payment_look(reference: str, *, via: Outside) -> Payment:
    """Ask Paystack what became of an attempt and settle it: the one way in which a payment is ever believed.

    Raises OutsideUnavailable, NotFound.
    """
    payment = Payment.objects.filter(reference=reference).first()
    if payment is None:
        raise NotFound
    if payment.status == PaymentStatus.PAID:
        return payment
    charge = charge_fetch(reference, via=via)
    if charge is None:
        return payment
    now = database_now()
    return run_in_transaction(lambda: charge_settle(charge, reference=reference, now=now), find=again)


def payments_poll(*, limit: int = 50) -> int:
    """Ask about the attempts that are due; return how many were asked. Claimed by an UPDATE, so several may run; what a
    worker was asking about when it was killed, another asks about when the claim has run out."""
    now = database_now()
    due = Payment.objects.due(now).order_by("next_check_at")[:limit]
    return one_by_one(due, lambda payment: _ask_due(payment, now=now))


def _ask_due(payment: Payment, *, now: datetime) -> bool:
    claimed_until = now + CLAIM_LASTS
    if not update_alone(_claimed(payment, payment.next_check_at), next_check_at=claimed_until):
        return False
    try:
        payment_look(payment.reference, via=paystack.WORKER)
    except Exception:
        update_alone(_claimed(payment, claimed_until), next_check_at=next_look_at(payment, now))
        raise
    # Unless settling has said when.
    update_alone(_claimed(payment, claimed_until), next_check_at=next_look_at(payment, now))
    return True


def _claimed(payment: Payment, until: datetime | None) -> QuerySet[Payment]:
    """The payment while it is due at `until`; nothing once somebody else has it."""
    return Payment.objects.filter(pk=payment.pk, next_check_at=until)


def holds_release_overdue(*, limit: int = 200) -> int:
    """End the holds whose time is over; return how many. Their open attempts are asked about once more before.

    If Paystack can't be reached the hold ends all the same: its seats are free since its time, and a success that shows
    later is settled as a late one.
    """
    overdue = Booking.objects.overdue(database_now()).order_by("hold_expires_at").prefetch_related("payments")

    def end(booking: Booking) -> bool:
        attempts = (row for row in booking.payments.all() if row.status != PaymentStatus.PAID and row.next_check_at)
        one_by_one(attempts, lambda row: bool(payment_look(row.reference, via=paystack.WORKER)))
        return _hold_end(booking.reference)

    return one_by_one(overdue[:limit], end)


def _hold_end(reference: str) -> bool:
    now = database_now()
    return run_in_transaction(lambda: booking_expire(reference, now=now), find=again)
