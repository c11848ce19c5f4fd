"""What buyers are told by mail about money going back: one mail for each step."""

from __future__ import annotations

from typing import Any

from bookings.mails import booking_mail
from bookings.models import Booking
from payments.addresses import find_url
from payments.later import same_seats_later
from payments.models import Refund, RefundReason, RefundStatus
from payments.telling import refund_why


def mail_refund(refund: Refund) -> None:
    """Tell the buyer where their refund is: asked for, paid back, needs their bank details, or failed."""
    booking = refund.payment.booking
    if not booking.email:
        return
    context = {"refund": refund, "payment": refund.payment, "find_url": find_url(refund.payment)}
    if refund.status == RefundStatus.PENDING:
        context |= _first_told(refund, booking)
    booking_mail(booking, f"payments/email/refund_{refund.status}", **context)


def _first_told(refund: Refund, booking: Booking) -> dict[str, Any]:
    """Why it goes back; and who paid too late is offered the same seats in a later showing."""
    is_late = refund.reason == RefundReason.SEATS_GONE
    return {
        "why": refund_why(refund),
        "is_whole": refund.money == refund.payment.charged,
        "offer": same_seats_later(booking, now=refund.created_at) if is_late else None,
    }
