"""What a person at the office does about money: each a transaction of its own, once."""

from __future__ import annotations

from collections.abc import Sequence

from bookings.models import BookedSeat
from movy.lib.clock import database_now
from movy.lib.db import run_in_transaction
from payments.models import PaymentEvent, Refund, RefundStatus
from payments.services import booking_refund, refund_ask_again, refund_pay_out


def booking_refund_at_office(
    reference: str, *, labels: Sequence[str], amount_minor: int, why: str, actor_id: int
) -> Refund | None:
    """Take seats back and give money. Raises as payments.services.booking_refund does.

    A COMMIT whose answer was lost is looked up by its instant, so that nobody is paid for having been lost sight of.
    """
    now = database_now()

    def refund() -> tuple[Refund | None]:
        made = booking_refund(reference, labels=labels, amount_minor=amount_minor, why=why, actor_id=actor_id, now=now)
        return (made,)

    def made() -> tuple[Refund | None] | None:
        found = Refund.objects.filter(payment__booking__reference=reference, created_at=now).first()
        gone = BookedSeat.objects.filter(booking__reference=reference, cancelled_at=now).exists()
        return (found,) if found or gone else None

    return run_in_transaction(refund, find=made)[0]


def refund_again(reference: str, *, actor_id: int) -> Refund:
    """Ask once more for a refund that failed. Raises RefundRuns, NotFound."""
    now = database_now()

    def asked() -> Refund | None:
        event = PaymentEvent.objects.filter(at=now, actor_id=actor_id, kind="refund_pending").first()
        return Refund.objects.filter(payment=event.payment_id, status=RefundStatus.PENDING).first() if event else None

    return run_in_transaction(lambda: refund_ask_again(reference, actor_id=actor_id, now=now), find=asked)


def refund_paid_out(reference: str, *, actor_id: int) -> Refund:
    """Note that somebody has handed over what the desk once took. Raises NotPaidHere, NotFound."""
    now = database_now()
    return run_in_transaction(
        lambda: refund_pay_out(reference, actor_id=actor_id, now=now),
        find=lambda: Refund.objects.filter(reference=reference, status=RefundStatus.PROCESSED).first(),
    )
