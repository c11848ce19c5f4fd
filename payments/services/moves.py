"""The only moves that payments and refunds make: conditional on the old state, each with its event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from payments.models import (
    NEXT_PAYMENT,
    NEXT_REFUND,
    Payment,
    PaymentEvent,
    PaymentStatus,
    Refund,
    RefundStatus,
)


def payment_move(payment: Payment, status: PaymentStatus, *, at: datetime, **changes: Any) -> None:
    """Move a locked payment on. Raises RuntimeError for a move that doesn't exist."""
    old = PaymentStatus(payment.status)
    if status not in NEXT_PAYMENT[old]:
        raise RuntimeError(f"{payment.reference} cannot go from {old} to {status}")
    if Payment.objects.filter(pk=payment.pk, status=old).update(status=status, **changes) != 1:
        raise RuntimeError(f"{payment.reference} was moved under its lock")
    payment.status = status
    for name, value in changes.items():
        setattr(payment, name, value)
    payment_event_add(payment, status, at=at)


def refund_move(
    refund: Refund, status: RefundStatus, *, at: datetime, note: str = "", actor_id: int | None = None
) -> bool:
    """Move a refund on; return False when somebody else moved it first. Raises RuntimeError for a move that isn't."""
    old = RefundStatus(refund.status)
    if status not in NEXT_REFUND[old]:
        raise RuntimeError(f"{refund.reference} cannot go from {old} to {status}")
    ended = status in (RefundStatus.PROCESSED, RefundStatus.FAILED)
    changes: dict[str, Any] = {"status": status, "provider_note": note, "settled_at": at if ended else None}
    if ended:
        changes["next_check_at"] = None
    if Refund.objects.filter(pk=refund.pk, status=old).update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(refund, name, value)
    detail = {"refund": refund.reference, "note": note}
    payment_event_add(refund.payment, f"refund_{status}", at=at, actor_id=actor_id, detail=detail)
    return True


def payment_event_add(
    payment: Payment, kind: str, *, at: datetime, actor_id: int | None = None, detail: dict[str, Any] | None = None
) -> None:
    """Write one line of a payment's history."""
    PaymentEvent.objects.create(payment=payment, at=at, kind=kind, actor_id=actor_id, detail=detail or {})
