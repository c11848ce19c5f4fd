"""What Paystack lists, held against what we have: one refund and one charge at a time. Again changes nothing."""

from __future__ import annotations

from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.http import Outside
from payments.flows.asking import charge_fetch, payment_look
from payments.gateway import paystack
from payments.locks import payment_locked
from payments.models import FindingKind, Payment, PaymentStatus, Refund, RefundStatus
from payments.services import (
    charge_parts_keep,
    finding_close,
    finding_open,
    refund_adopt,
    refund_settle,
)
from payments.services.refunds import STATES

NOT_PAID = ("failed", "abandoned")
"""States in which Paystack has no money of a transaction. A word that nobody knows is none: nothing is guessed."""


def refund_compare(told: paystack.ProviderRefund, payment: Payment | None) -> bool:
    """Bring one of Paystack's refunds into the books, whoever asked for it; return whether that was news. One of a
    charge that we don't hold for paid is left to the charge's own look. May raise what the database raises."""
    refund = Refund.objects.filter(provider_id=told.provider_id).first()
    if refund is None and told.merchant_note:
        refund = Refund.objects.filter(reference=told.merchant_note, provider_id="").first()  # asked for, unanswered
    now = database_now()
    if refund is not None:
        is_news = STATES.get(told.status, refund.status) != refund.status != RefundStatus.PROCESSED
        if is_news:
            run_in_transaction(lambda: refund_settle(refund.pk, told, now=now), find=again)
        return is_news
    if payment is None or payment.status != PaymentStatus.PAID or told.status == "failed":
        return False
    locked = payment.reference
    adopted = run_in_transaction(lambda: refund_adopt(payment_locked(locked), told, now=now), find=again)
    if adopted is None:
        kind = FindingKind.OVER_REFUNDED
        return finding_open(kind, told.provider_id, payment=payment, money=told.money, note=told.status, now=now)
    finding_close(FindingKind.OVER_REFUNDED, told.provider_id, now=now)
    return True


def attempt_compare(payment: Payment, *, via: Outside = paystack.WORKER) -> bool:
    """Ask about one attempt of ours and its refunds; return whether that brought news. Raises OutsideUnavailable."""
    is_news = False
    if payment.status == PaymentStatus.PAID and payment.provider_id:
        for refund in paystack.refunds_of(payment.provider_id, via=via):
            is_news |= refund_compare(refund, payment)
        payment.refresh_from_db()
    charge = charge_fetch(payment.reference, via=via)
    return (_missing_note(payment) if charge is None else charge_compare(charge, payment, via=via)) or is_news


def charge_compare(charge: paystack.Charge, payment: Payment | None, *, via: Outside = paystack.WORKER) -> bool:
    """Settle what we have missed of a charge, and note what is not as we have it; return whether that was news.

    Raises OutsideUnavailable.
    """
    if payment is None:
        return _stranger_note(charge)
    if payment.status == PaymentStatus.PAID:
        return _paid_compare(charge, payment, via)
    if not charge.succeeded:
        return _set(FindingKind.UNSETTLED, payment, charge, is_so=False)
    payment = payment_look(payment.reference, via=via)
    is_settled = payment.status == PaymentStatus.PAID
    return _set(FindingKind.UNSETTLED, payment, charge, is_so=not is_settled) or is_settled


def _missing_note(payment: Payment) -> bool:
    """Note that Paystack has never heard of a payment that we hold for paid; return whether that was news."""
    money, now = payment.charged or payment.money, database_now()
    if payment.status != PaymentStatus.PAID:
        return False
    return finding_open(FindingKind.UNPAID, payment.reference, payment=payment, money=money, note="", now=now)


def _stranger_note(charge: paystack.Charge) -> bool:
    """A charge under a reference that we never made, until its money has gone back."""
    now = database_now()
    if not charge.succeeded:
        return finding_close(FindingKind.STRANGER, charge.reference, now=now)
    return finding_open(
        FindingKind.STRANGER, charge.reference, payment=None, money=charge.money, note=charge.channel, now=now
    )


def _paid_compare(charge: paystack.Charge, payment: Payment, via: Outside) -> bool:
    """What Paystack says now of a charge that we have settled. A list may be behind: what it says against a payment is
    asked again by itself before it counts."""
    if any(_objections(charge, payment).values()):
        charge = charge_fetch(payment.reference, via=via) or charge
    is_news = charge_parts_keep(payment, charge)
    is_known = set(payment.findings.open().values_list("kind", flat=True))
    for kind, is_so in _objections(charge, payment).items():
        if is_so or kind in is_known:
            is_news |= _set(kind, payment, charge, is_so=is_so)
    return _set(FindingKind.UNSETTLED, payment, charge, is_so=False) or is_news


def _objections(charge: paystack.Charge, payment: Payment) -> dict[FindingKind, bool]:
    return {
        FindingKind.UNPAID: charge.status in NOT_PAID,
        # After a refund in part some charges read "reversed" as well: then our own books say how much went back.
        FindingKind.TAKEN_BACK: charge.status == "reversed" and not payment.refunded_minor,
        FindingKind.DIFFERS: charge.succeeded and charge.money != payment.charged,
    }


def _set(kind: FindingKind, payment: Payment, charge: paystack.Charge, *, is_so: bool) -> bool:
    now = database_now()
    if not is_so:
        return finding_close(kind, payment.reference, now=now)
    return finding_open(kind, payment.reference, payment=payment, money=charge.money, note=charge.status, now=now)
