"""Refunds, brought on step by step until they end."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction, update_alone
from movy.lib.money import Money
from payments.constants import REFUND_LOOK_AGAIN
from payments.gateway import paystack
from payments.models import Refund, RefundStatus
from payments.services import refund_move, refund_settle

logger = logging.getLogger(__name__)


def refunds_follow(*, limit: int = 50) -> int:
    """Ask for the refunds that are due, or what became of them; return how many were looked at."""

    def follow(refund: Refund) -> bool:
        if not refund_claim(refund, now=database_now()):
            return False
        refund_follow(refund)
        return True

    due = Refund.objects.due(database_now()).select_related("payment").order_by("next_check_at")
    return one_by_one(due[:limit], follow)


def refund_claim(refund: Refund, *, now: datetime) -> bool:
    """Take the next look at a refund, so that nobody else asks for it meanwhile; False when somebody has."""
    until = now + _refund_pause(refund, now)
    free = Refund.objects.filter(pk=refund.pk, next_check_at=refund.next_check_at)
    if not update_alone(free, next_check_at=until):
        return False
    refund.next_check_at = until
    return True


def refund_follow(refund: Refund) -> Refund:
    """Bring one claimed refund a step on. Asked for at most once: Paystack's own list is looked through before.

    Raises OutsideUnavailable; the next look then starts with that list.
    """
    transaction_id = refund.payment.provider_id
    if not transaction_id:
        raise RuntimeError(f"{refund.reference} is for a payment that Paystack has not shown us")
    try:
        known = refund.provider_id
        told = paystack.refund_fetch(known) if known else _refund_found(refund, transaction_id)
        if told is None:
            # The list may have taken longer than our claim lasts, and somebody else have looked and asked since.
            if not refund_claim(refund, now=database_now()):
                return refund
            told = paystack.refund_create(
                transaction_id=transaction_id,
                money=Money(refund.amount_minor, refund.currency),
                merchant_note=refund.reference,
            )
    except paystack.Refused as error:
        logger.error("refund refused: %s %s", refund.reference, error.message)
        return _refund_refused(refund, error.message)
    now = database_now()
    return run_in_transaction(lambda: refund_settle(refund.pk, told, now=now), find=again)


def _refund_found(refund: Refund, transaction_id: str) -> paystack.ProviderRefund | None:
    """Find our request in Paystack's list by the note that we sent with it."""
    listed = paystack.refunds_of(transaction_id)
    return next((row for row in listed if row.merchant_note == refund.reference), None)


def _refund_refused(refund: Refund, note: str) -> Refund:
    """Paystack said no: a person has to look. Nothing is asked again by itself."""
    now = database_now()
    if refund.status == RefundStatus.PENDING:
        run_in_transaction(lambda: refund_move(refund, RefundStatus.FAILED, at=now, note=note), find=again)
    return refund


def _refund_pause(refund: Refund, now: datetime) -> timedelta:
    """Return how long to wait before the next look: short while it is young, hourly after an hour."""
    if not refund.provider_id:
        return REFUND_LOOK_AGAIN
    age = now - refund.created_at
    if age < timedelta(minutes=2):
        return timedelta(seconds=3)
    if age < timedelta(minutes=10):
        return timedelta(seconds=30)
    if age < timedelta(hours=1):
        return timedelta(minutes=5)
    return timedelta(hours=1)
