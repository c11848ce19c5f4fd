"""Money going back. The row comes first; the worker asks Paystack and follows it to its end (payments/flows)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from movy.lib.money import Money
from movy.lib.references import reference_new
from payments.constants import REFUND_LOOK_AGAIN
from payments.errors import NotPaidHere, RefundRuns
from payments.gateway.paystack import ProviderRefund
from payments.locks import refund_locked
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
    payment: Payment, *, money: Money, reason: RefundReason, now: datetime, actor_id: int | None = None, why: str = ""
) -> Refund:
    """Write that this money goes back. The caller has locked the payment, moved it to paid, and tells the buyer. What
    the desk took waits for a person (refund_pay_out), the rest for the worker. `why`: the office's own words.

    Raises RuntimeError when more would go back than came in: a bug, never a buyer's doing. The database refuses it too.
    """
    charged = payment.charged
    if charged is None or charged.currency != money.currency:
        raise RuntimeError(f"{payment.reference} took no {money.currency} to give back")
    after = F("refunded_minor") + money.amount_minor
    if not Payment.objects.filter(pk=payment.pk, charged_minor__gte=after).update(refunded_minor=after):
        raise RuntimeError(f"{payment.reference} would be refunded more than it took")
    payment.refunded_minor += money.amount_minor
    refund = Refund.objects.create(
        reference=f"RF-{reference_new(12)}",
        payment=payment,
        amount_minor=money.amount_minor,
        currency=money.currency,
        reason=reason,
        created_at=now,
        next_check_at=None if payment.is_by_hand else now,
    )
    detail = {"refund": refund.reference, "amount": money.amount_minor, "reason": str(reason)}
    payment_event_add(
        payment, "refund_pending", at=now, actor_id=actor_id, detail=detail | ({"why": why} if why else {})
    )
    return refund


def refund_pay_out(reference: str, *, actor_id: int, now: datetime) -> Refund:
    """Record that somebody has handed over what the desk once took. Again changes nothing. Raises NotPaidHere,
    NotFound."""
    refund = refund_locked(reference)
    if not refund.payment.is_by_hand:
        raise NotPaidHere
    if refund.status != RefundStatus.PROCESSED:
        refund_move(refund, RefundStatus.PROCESSED, at=now, actor_id=actor_id)
    return refund


def refund_ask_again(reference: str, *, actor_id: int, now: datetime) -> Refund:
    """Have the worker ask for a refund that failed once more. Raises RefundRuns, NotFound.

    Paystack finds a request by our reference. One that it has told us failed gets a new reference, or it would be found
    again; one that it never told us of keeps its own, because it may have been made all the same.
    """
    refund = refund_locked(reference)
    if refund.status != RefundStatus.FAILED:
        raise RefundRuns
    if refund.provider_id:
        refund.reference, refund.provider_id = f"RF-{reference_new(12)}", ""
    refund.next_check_at = now
    refund.save(update_fields=["reference", "provider_id", "next_check_at"])
    refund_move(refund, RefundStatus.PENDING, at=now, actor_id=actor_id)
    return refund


def refund_adopt(payment: Payment, told: ProviderRefund, *, now: datetime) -> Refund | None:
    """Write down a refund of a locked payment that somebody made in Paystack's dashboard, or return the one that we
    have. It takes the place of one of ours that failed, if that was as much. None when it failed, and when more would
    have gone back than came in: then the books stay as they are, and a person has to look.
    """
    status = STATES.get(told.status)
    known = Refund.objects.filter(provider_id=told.provider_id).first()
    if known is not None or status in (None, RefundStatus.FAILED):
        return known
    refund = payment.refunds.filter(status=RefundStatus.FAILED, amount_minor=told.money.amount_minor).first()
    if refund is None:
        charged = payment.charged
        if charged is None or told.money.currency != charged.currency or told.money.amount_minor > payment.left_minor:
            return None
        refund = refund_request(payment, money=told.money, reason=RefundReason.AT_PAYSTACK, now=now)
    Refund.objects.filter(pk=refund.pk).update(provider_id=told.provider_id, next_check_at=now)
    return refund_settle(refund.pk, told, now=now)


def refund_details_sent(reference: str, *, ending: str, actor_id: int | None, now: datetime) -> Refund:
    """Move a refund on that needs bank details, before Paystack is told them: the second of two people is too late.
    ending: the last digits of the account, all that is kept of it. Raises RefundRuns, NotFound."""
    refund = refund_locked(reference)
    if refund.status != RefundStatus.NEEDS_ATTENTION:
        raise RefundRuns
    refund_move(refund, RefundStatus.PENDING, at=now, actor_id=actor_id, note=f"…{ending}")
    Refund.objects.filter(pk=refund.pk).update(next_check_at=now + REFUND_LOOK_AGAIN)
    return refund


def refund_details_refused(reference: str, *, note: str, now: datetime) -> None:
    """Put a refund back among those that need bank details: Paystack took none. Nobody is told again."""
    refund = refund_locked(reference)
    if refund.status == RefundStatus.PENDING:
        refund_move(refund, RefundStatus.NEEDS_ATTENTION, at=now, note=note)


def refund_settle(refund_id: int, told: ProviderRefund, *, now: datetime) -> Refund:
    """Record what Paystack says of a refund; again changes nothing. One mail for each state that concerns the buyer."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if not refund.provider_id:
        refund.provider_id = told.provider_id
        refund.save(update_fields=["provider_id"])
    status = STATES.get(told.status)
    if status is None or status == refund.status or refund.status == RefundStatus.PROCESSED:
        return refund
    if refund.status == RefundStatus.FAILED:  # it goes on after all, so it is followed again
        Refund.objects.filter(pk=refund.pk).update(next_check_at=now)
    if refund_move(refund, status, at=now) and status != RefundStatus.PENDING:
        mail_refund(refund)
    return refund
