"""What a charge does, whoever tells of it: browser, webhook, poller, office."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bookings.locks import booking_locked_by_id
from bookings.models import BookingStatus
from bookings.services import booking_confirm_locked
from catalog.models import ShowtimeStatus
from movy.lib.money import Money
from payments.constants import ASK_AFTER_DEADLINE, ASK_WHILE_HELD
from payments.errors import GoesBackAlready
from payments.gateway.paystack import Charge
from payments.locks import payment_locked
from payments.mails import mail_refund
from payments.models import Payment, PaymentStatus, Refund, RefundReason
from payments.services.moves import payment_event_add, payment_move
from payments.services.refunds import refund_request


def charge_settle(charge: Charge, *, reference: str, now: datetime) -> Payment:
    """Record what verify has just shown us about the attempt `reference`; again changes nothing.

    Never raises for bad money: a charge of another amount, currency, reference or mode is recorded as paid, confirms
    nothing and is refunded. Raises NotFound for a reference that isn't ours.
    """
    payment = payment_locked(reference)
    if payment.status == PaymentStatus.PAID:
        return payment  # the webhook and the returning browser race; this one came second
    if not charge.succeeded:
        _not_paid(payment, charge, now=now)
        return payment
    mismatch = charge_mismatch(payment, charge)
    if "reference" in mismatch and _is_known_elsewhere(payment, charge):
        # The money belongs to another attempt of ours, which settles it; giving it back here would give it back twice.
        Payment.objects.filter(pk=payment.pk).update(mismatch=mismatch, next_check_at=next_look_at(payment, now))
        payment_event_add(payment, "mismatch", at=now, detail={"mismatch": mismatch, "charged": charge.reference})
        return payment
    is_confirmed = not mismatch and booking_confirm_locked(booking_locked_by_id(payment.booking_id), now=now)
    payment_move(
        payment,
        PaymentStatus.PAID,
        at=now,
        paid_at=charge.paid_at or now,
        charged_minor=charge.money.amount_minor,
        charged_currency=charge.money.currency,
        provider_id=charge.provider_id,
        provider_note=charge.note,
        mismatch=mismatch,
        next_check_at=None,
        confirms_id=payment.booking_id if is_confirmed else None,
        **_parts(charge),
    )
    if mismatch:
        _give_back(payment, charge, RefundReason.MISMATCH, now=now)
    elif not is_confirmed:
        _give_back(payment, charge, _why_not(payment), now=now)
    return payment


def charge_parts_keep(payment: Payment, charge: Charge) -> bool:
    """Keep the fee and who gets what, where Paystack had not told it when the charge was settled; return whether that
    was news."""
    if payment.platform_minor is not None or charge.split is None or charge.money != payment.charged:
        return False
    return bool(Payment.objects.filter(pk=payment.pk, platform_minor=None).update(**_parts(charge)))


def charge_give_back(reference: str, *, actor_id: int, now: datetime) -> Refund:
    """Ask for all that is left of a charge that bought no ticket. Raises GoesBackAlready, NotFound."""
    payment = payment_locked(reference)
    charged = payment.charged
    if payment.status != PaymentStatus.PAID or charged is None or payment.confirms_id or not payment.left_minor:
        raise GoesBackAlready
    left = Money(payment.left_minor, charged.currency)
    refund = refund_request(payment, money=left, reason=_why_not(payment), now=now, actor_id=actor_id)
    mail_refund(refund)
    return refund


def charge_mismatch(payment: Payment, charge: Charge) -> str:
    """Return in what a charge differs from what was asked, in words joined by commas; empty when in nothing."""
    is_test_asked = not settings.PAYSTACK_SECRET_KEY.startswith("sk_live_")
    differs = {
        "amount": charge.money.amount_minor != payment.amount_minor,
        "currency": charge.money.currency != payment.currency,
        "reference": charge.reference != payment.reference,
        "mode": charge.is_test != is_test_asked,
    }
    return ", ".join(word for word, is_so in differs.items() if is_so)


def next_look_at(payment: Payment, now: datetime) -> datetime | None:
    """Return when to ask Paystack again: every minute while the hold lives, then rarer, after a day no more.

    There is no message for a failure, and a buyer may still pay on a page that is open.
    """
    if now < payment.deadline_at:
        return now + ASK_WHILE_HELD
    looks = (payment.deadline_at + later for later in ASK_AFTER_DEADLINE)
    return next((look for look in looks if look > now), None)


def _parts(charge: Charge) -> dict[str, int | None]:
    split = charge.split
    return {
        "fees_minor": charge.fees_minor,
        "theatre_minor": split.theatre_minor if split else None,
        "platform_minor": split.platform_minor if split else None,
    }


def _give_back(payment: Payment, charge: Charge, reason: RefundReason, *, now: datetime) -> None:
    mail_refund(refund_request(payment, money=charge.money, reason=reason, now=now))


def _not_paid(payment: Payment, charge: Charge, *, now: datetime) -> None:
    changes = {"provider_note": charge.note, "next_check_at": next_look_at(payment, now)}
    if charge.failed and payment.status == PaymentStatus.PENDING:
        payment_move(payment, PaymentStatus.FAILED, at=now, **changes)
    else:
        Payment.objects.filter(pk=payment.pk).update(**changes)


def _is_known_elsewhere(payment: Payment, charge: Charge) -> bool:
    others = Payment.objects.exclude(pk=payment.pk)
    return others.filter(Q(reference=charge.reference) | Q(provider_id=charge.provider_id)).exists()


def _why_not(payment: Payment) -> RefundReason:
    payment.booking.refresh_from_db()
    if payment.booking.status == BookingStatus.CONFIRMED:
        return RefundReason.PAID_TWICE
    if payment.booking.showtime.status == ShowtimeStatus.CALLED_OFF:
        return RefundReason.CALLED_OFF
    if payment.booking.status == BookingStatus.CANCELLED:
        return RefundReason.CANCELLED
    return RefundReason.SEATS_GONE
