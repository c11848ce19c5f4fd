"""Money back by the office: to one buyer for a reason, or to everybody of a showing that is called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bookings.calling_off import booking_call_off
from bookings.locks import booking_locked
from bookings.mails import mail_called_off, mail_office_refund
from bookings.services import booking_withdraw
from movy.lib.money import Money
from payments.errors import NothingToRefund, RefundTooMuch
from payments.locks import payment_locked
from payments.models import Payment, Refund, RefundReason
from payments.services.refunds import refund_request


def booking_refund(
    reference: str, *, labels: Sequence[str], amount_minor: int, why: str, actor_id: int, now: datetime
) -> Refund | None:
    """Take back the named seats, if any, and give the buyer this much: whatever the refund rule says, and also when
    seats are kept or long given back. Never more than is left of what was paid. None without money.

    Raises NothingToRefund, RefundTooMuch, and as bookings.services.booking_withdraw does.
    """
    if not labels and not amount_minor:
        raise NothingToRefund
    payment = _confirming_locked(reference)  # before the booking, as everywhere
    booking = booking_locked(reference)
    payment = payment or _confirming_locked(reference)  # paid between the two
    left_minor = payment.left_minor if payment else 0
    if amount_minor > left_minor:
        raise RefundTooMuch(left=Money(left_minor, booking.currency))
    if labels:
        booking = booking_withdraw(reference, labels=labels, actor_id=actor_id, why=why, now=now).booking
    refund = None
    if payment and amount_minor:
        money = Money(amount_minor, booking.currency)
        refund = refund_request(payment, money=money, reason=RefundReason.OFFICE, now=now, actor_id=actor_id, why=why)
    if booking.email:
        mail_office_refund(booking, seats=labels, refund=_money(refund), by_hand=_by_hand(payment))
    return refund


def booking_refund_called_off(reference: str, *, note: str, now: datetime) -> bool:
    """End a booking of a showing that was called off: what its seats cost goes back in full, and the buyer is told. All
    of it or nothing, and once: False for a booking that has ended. `note`: what the theatre says besides."""
    payment = _confirming_locked(reference)
    done = booking_call_off(reference, now=now)
    if done is None:
        return False
    refund = None
    if done.kept_minor:
        payment = payment or _confirming_locked(reference)
        refund = _refund_kept(payment, done.kept_minor, now=now) if payment else None
    if done.booking.email and done.was_live:
        mail_called_off(done.booking, note=note, refund=_money(refund), by_hand=_by_hand(payment))
    return True


def _refund_kept(payment: Payment, kept_minor: int, *, now: datetime) -> Refund | None:
    """The price of the seats that were kept, or what is left of the payment after a refund by the office."""
    back_minor = min(kept_minor, payment.left_minor)
    if not back_minor:
        return None
    money = Money(back_minor, payment.currency)
    return refund_request(payment, money=money, reason=RefundReason.CALLED_OFF, now=now)


def _confirming_locked(reference: str) -> Payment | None:
    """Return the payment that confirmed a booking, locked; None without one: unpaid, or for nothing."""
    payment = Payment.objects.filter(confirms__reference=reference).first()
    return payment and payment_locked(payment.reference)


def _money(refund: Refund | None) -> Money | None:
    return None if refund is None else refund.money


def _by_hand(payment: Payment | None) -> bool:
    return payment is not None and payment.is_by_hand
