"""Money going back. The row comes first; the worker asks Paystack and follows it to its end (payments/flows)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from movy.lib.money import Money
from movy.lib.references import reference_new
from payments.gateway.paystack import ProviderRefund
from payments.mails import mail_refund
from payments.models import Payment, Refund, RefundReason, RefundStatus
from payments.services.moves import payment_event_add, refund_move

STATES = {  # Paystack's words -> ours
    "pending": RefundStatus.PENDING,
    "processing": RefundStatus.PENDING,
    "processed": RefundStatus.PROCESSED,
    "needs-attention": RefundStatus.NEEDS_ATTENTION,
    "failed": RefundStatus.FAILED,
}


def refund_request(
    payment: Payment, *, money: Money, reason: RefundReason, now: datetime, actor_id: int | None = None
) -> Refund:
    """Write that this money goes back. The caller has locked the payment and moved it to paid.

    Raises RuntimeError when more would go back than came in: a bug, never a buyer's doing.
    """
    charged = payment.charged
    if charged is None or charged.currency != money.currency:
        raise RuntimeError(f"{payment.reference} took no {money.currency} to give back")
    before = payment.refunds.aggregate(total=Sum("amount_minor"))["total"] or 0
    if before + money.amount_minor > charged.amount_minor:
        raise RuntimeError(f"{payment.reference} would be refunded more than it took")
    refund = Refund.objects.create(
        reference=f"RF-{reference_new(12)}",
        payment=payment,
        amount_minor=money.amount_minor,
        currency=money.currency,
        reason=reason,
        created_at=now,
        next_check_at=now,
    )
    detail = {"refund": refund.reference, "amount": money.amount_minor, "reason": str(reason)}
    payment_event_add(payment, "refund_pending", at=now, actor_id=actor_id, detail=detail)
    if reason not in (RefundReason.CANCELLED, RefundReason.OFFICE):  # those have said so in a mail of their own
        mail_refund(refund)
    return refund


def refund_settle(refund_id: int, told: ProviderRefund, *, now: datetime) -> Refund:
    """Record what Paystack says of a refund; again changes nothing. One mail for each state that concerns the buyer."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if not refund.provider_id:
        refund.provider_id = told.provider_id
        refund.save(update_fields=["provider_id"])
    status = STATES.get(told.status)
    if status is None or status == refund.status or refund.status == RefundStatus.PROCESSED:
        return refund
    if refund_move(refund, status, at=now) and status != RefundStatus.PENDING:
        mail_refund(refund)
    return refund
