"""What a person at the reconciliation desk does: once, whoever presses first, and noted in the payment's history."""

from __future__ import annotations

from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import NotFound
from movy.lib.http import OutsideUnavailable
from movy.lib.money import Money
from payments.errors import BankDetailsRefused, LookedAtAlready, PutAwayAlready
from payments.flows.asking import charge_fetch
from payments.flows.comparing import attempt_compare, charge_compare
from payments.flows.refunds import refund_claim, refund_follow
from payments.gateway import paystack
from payments.models import Finding, FindingKind, Payment, Refund, RefundStatus
from payments.services import (
    charge_give_back,
    finding_put_away,
    payment_event_add,
    refund_details_refused,
    refund_details_sent,
    refund_settle,
)


def payment_check(reference: str, *, actor_id: int) -> bool:
    """Ask Paystack about an attempt and its refunds; return whether that brought news. Raises OutsideUnavailable,
    NotFound."""
    payment = Payment.objects.filter(reference=reference).first()
    if payment is None:
        raise NotFound
    is_news = attempt_compare(payment, via=paystack.PERSON_WAITS)
    _checked(payment, actor_id)
    return is_news


def stranger_check(reference: str) -> bool:
    """Ask Paystack about a charge that is not ours; return whether its money has gone back. Raises
    OutsideUnavailable."""
    charge = charge_fetch(reference, via=paystack.PERSON_WAITS)
    return charge is not None and charge_compare(charge, None)


def payment_give_back(reference: str, *, actor_id: int) -> Refund:
    """Give back what is left of a charge that bought no ticket. Raises GoesBackAlready, NotFound."""
    now = database_now()
    return run_in_transaction(
        lambda: charge_give_back(reference, actor_id=actor_id, now=now),
        find=lambda: Refund.objects.filter(payment__reference=reference, created_at=now).first(),
    )


def refund_check(reference: str, *, actor_id: int) -> Refund:
    """Look at once where a refund is. Raises LookedAtAlready, OutsideUnavailable, NotFound."""
    refund = Refund.objects.filter(reference=reference).select_related("payment").first()
    if refund is None:
        raise NotFound
    if refund.next_check_at is not None:
        if not refund_claim(refund, now=database_now()):
            raise LookedAtAlready
        refund = refund_follow(refund)
    _checked(refund.payment, actor_id)
    return refund


def refund_details_give(reference: str, *, account_number: str, bank_id: str, actor_id: int | None) -> Refund:
    """Tell Paystack where a refund that needs bank details is to go. They are sent on and not kept.
    actor_id: None for a guest.

    The refund is moved on first, so that of two people one sends; without an answer it is put back, and the next look
    tells what Paystack made of it. Raises RefundRuns, BankDetailsRefused, OutsideUnavailable, NotFound.
    """
    now = database_now()
    ending = account_number[-4:]
    refund = run_in_transaction(
        lambda: refund_details_sent(reference, ending=ending, actor_id=actor_id, now=now),
        find=lambda: Refund.objects.filter(reference=reference, status=RefundStatus.PENDING).first(),
    )
    try:
        told = paystack.refund_retry(
            refund.provider_id, currency=refund.currency, account_number=account_number, bank_id=bank_id
        )
    except paystack.Refused as error:
        _details_back(reference, error.message)
        raise BankDetailsRefused(error.message) from error
    except OutsideUnavailable as error:
        _details_back(reference, error.reason)
        raise
    settled_at = database_now()
    return run_in_transaction(lambda: refund_settle(refund.pk, told, now=settled_at), find=again)


def finding_away(
    kind: FindingKind, reference: str, *, payment: Payment | None, money: Money, why: str, actor_id: int
) -> None:
    """Put away what somebody has looked at, with their reason. Raises PutAwayAlready."""
    now = database_now()

    is_done = run_in_transaction(
        lambda: finding_put_away(kind, reference, payment=payment, money=money, why=why, actor_id=actor_id, now=now),
        find=lambda: Finding.objects.filter(kind=kind, reference=reference, resolved_at=now).exists() or None,
    )
    if not is_done:
        raise PutAwayAlready


def _details_back(reference: str, note: str) -> None:
    now = database_now()
    run_in_transaction(lambda: refund_details_refused(reference, note=note, now=now), find=again)


def _checked(payment: Payment, actor_id: int) -> None:
    now = database_now()
    run_in_transaction(lambda: payment_event_add(payment, "checked", at=now, actor_id=actor_id), find=again)
