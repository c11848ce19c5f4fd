"""Money in the office: payments, refunds, bookings with what was paid for them, and showings that were called off."""

from payments.admin.bookings import BookingOfficeAdmin
from payments.admin.calling_off import CallOffAdmin
from payments.admin.payments import PaymentAdmin, RefundAdmin, WebhookMessageAdmin

__all__ = ["BookingOfficeAdmin", "CallOffAdmin", "PaymentAdmin", "RefundAdmin", "WebhookMessageAdmin"]
