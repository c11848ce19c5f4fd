"""The lock that payments take. Always before the booking's, which comes before the seats' (docs/locking.md)."""

from __future__ import annotations

from movy.lib.errors import NotFound
from payments.models import Payment, Refund


def payment_locked(reference: str) -> Payment:
    """Return the payment with its row locked until the transaction ends; no join, or the booking would be locked too.

    Raises NotFound.
    """
    payment = Payment.objects.select_for_update().filter(reference=reference).first()
    if payment is None:
        raise NotFound
    return payment


def refund_locked(reference: str) -> Refund:
    """Return the refund with its row locked until the transaction ends. Raises NotFound."""
    refund = Refund.objects.select_for_update().filter(reference=reference).first()
    if refund is None:
        raise NotFound
    return refund
