"""Money in the office: payments, refunds, bookings with what was paid for them, showings that were called off, and
Paystack's messages."""

from payments.admin.bookings import BookingOfficeAdmin
from payments.admin.calling_off import CallOffAdmin
from payments.admin.messages import WebhookMessageAdmin
from payments.admin.payments import PaymentAdmin, RefundAdmin

__all__ = ["BookingOfficeAdmin", "CallOffAdmin", "PaymentAdmin", "RefundAdmin", "WebhookMessageAdmin"]
