"""What the answers about payments look like."""

from __future__ import annotations

from rest_framework import serializers

from bookings.api.shapes import PAYMENT_STATUSES, BookingShape
from movy.lib.refusals import refusal_describe
from movy.lib.shapes import InvalidShape, MoneyShape, Shape
from payments.errors import CallbackNotAllowed
from payments.models import Channel, RefundStatus


class CheckoutShape(Shape):
    """Where to pay. `reference` is the payment's own; ask `/api/v1/verify-payment` about it."""

    reference = serializers.CharField(allow_null=True, help_text="Null when nothing was to pay: it is confirmed.")
    authorization_url = serializers.URLField(help_text="Open it in a browser.")
    access_code = serializers.CharField(allow_null=True, allow_blank=True, help_text="For Paystack's mobile SDKs.")
    hold_expires_at = serializers.DateTimeField(allow_null=True, help_text="How long the seats are kept for paying.")

    example = {
        "reference": "MV-7QK2MZ4RXB9TWC3H",
        "authorization_url": "https://checkout.paystack.com/3ni8kdavz62431k",
        "access_code": "3ni8kdavz62431k",
        "hold_expires_at": "2026-11-21T09:22:44Z",
    }


class PaymentShape(Shape):
    """A payment, for its buyer."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=PAYMENT_STATUSES)
    amount = MoneyShape()
    paid_at = serializers.DateTimeField(allow_null=True)
    channel = serializers.ChoiceField(choices=Channel.choices)

    example = {
        "reference": "MV-7QK2MZ4RXB9TWC3H",
        "status": "paid",
        "amount": MoneyShape.example,
        "paid_at": "2026-11-21T09:14:02Z",
        "channel": "card",
    }


class VerifiedShape(Shape):
    """What became of a payment, and of its booking."""

    payment = PaymentShape()
    booking = BookingShape()

    example = {"payment": PaymentShape.example, "booking": BookingShape.example}


class RefundShape(Shape):
    """Money on its way back."""

    amount = MoneyShape()
    status = serializers.ChoiceField(choices=RefundStatus.choices)

    example = {"amount": MoneyShape.example, "status": "pending"}


class CancelledShape(Shape):
    """What is left of the booking."""

    booking = BookingShape()
    refund = RefundShape(allow_null=True, help_text="Null when nothing comes back.")

    example = {
        "booking": {**BookingShape.example, "status": "cancelled", "tickets": []},
        "refund": RefundShape.example,
    }


refusal_describe(CallbackNotAllowed, example=CallbackNotAllowed, shape=InvalidShape)
