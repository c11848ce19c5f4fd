"""What happened to payments and refunds, in sentences, and all of a booking's history in one line of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.history import Told, booking_told, buyer_named, person_named
from bookings.models import Booking, BookingEvent
from movy.lib.money import Money
from payments.models import PaymentEvent, RefundReason


def history_of(booking: Booking) -> list[Told]:
    """Return everything that happened to a booking and its money, the newest first. Two queries."""
    own = BookingEvent.objects.filter(booking=booking).select_related("actor")
    money = PaymentEvent.objects.filter(payment__booking=booking).select_related("actor", "payment")
    told = [booking_told(event) for event in own] + [payment_told(event) for event in money]
    return sorted(told, key=lambda line: line.at, reverse=True)


def payment_told(event: PaymentEvent) -> Told:
    """Return a line of a payment's history in words."""
    say = _TOLD.get(event.kind)
    sentence = say(event) if say else event.kind.replace("_", " ").capitalize()
    extra = event.detail.get("why") or event.detail.get("note")
    named = buyer_named if event.kind in _OF_BUYERS else person_named
    return Told(event.at, named(event.actor), f"{sentence}: {extra}" if extra else sentence)


def _refund_pending(event: PaymentEvent) -> str:
    """Asked for the first time, with an amount; or again, without."""
    detail: dict[str, Any] = event.detail
    if "amount" not in detail:
        return _("Refund %(refund)s asked for again") % detail
    money = Money(detail["amount"], event.payment.charged_currency or event.payment.currency)
    return _("%(money)s to go back, %(reason)s (%(refund)s)") % {
        "money": money,
        "reason": RefundReason(detail["reason"]).label,
        "refund": detail["refund"],
    }


def _about(sentence: str) -> Callable[[PaymentEvent], str]:
    """A sentence with the payment's reference, way and money, and the refund's reference."""

    def say(event: PaymentEvent) -> str:
        payment = event.payment
        return _(sentence) % {
            "payment": payment.reference,
            "way": payment.get_channel_display(),  # type: ignore[attr-defined]
            "money": payment.charged or payment.money,
            "refund": event.detail.get("refund", ""),
            "mismatch": event.detail.get("mismatch", ""),
        }

    return say


_TOLD: dict[str, Callable[[PaymentEvent], str]] = {
    "pending": _about(gettext_noop("Went to pay by %(way)s (%(payment)s)")),
    "paid": _about(gettext_noop("%(money)s paid by %(way)s (%(payment)s)")),
    "failed": _about(gettext_noop("Payment %(payment)s failed")),
    "mismatch": _about(gettext_noop("What came for %(payment)s differs in %(mismatch)s")),
    "refund_pending": _refund_pending,
    "checked": _about(gettext_noop("Paystack asked about %(payment)s")),
    "put_away": _about(gettext_noop("Looked at and put away (%(payment)s)")),
    "bank_details": _about(gettext_noop("Bank details for refund %(refund)s sent to Paystack")),
    "refund_processed": _about(gettext_noop("Refund %(refund)s paid back")),
    "refund_needs_attention": _about(gettext_noop("Refund %(refund)s needs the buyer's bank details")),
    "refund_failed": _about(gettext_noop("Refund %(refund)s failed")),
}
_OF_BUYERS = {"pending", "bank_details"}
