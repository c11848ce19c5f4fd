"""What buyers are told by mail about money going back: one mail for each step."""

from __future__ import annotations

from bookings.mails import booking_mail
from payments.models import Refund


def mail_refund(refund: Refund) -> None:
    """Tell the buyer where their refund is: asked for, paid back, needs their bank details, or failed."""
    booking = refund.payment.booking
    if booking.email:
        booking_mail(booking, f"payments/email/refund_{refund.status}", refund=refund)
