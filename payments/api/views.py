"""The JSON doors to paying, asking and cancelling."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from bookings.api.inputs import CancelInput
from bookings.api.outputs import booking_output, instant
from bookings.api.views import own_booking
from bookings.drafts import InvalidPick
from bookings.errors import (
    AlreadyAdmitted,
    AlreadyCancelled,
    CancellationClosed,
    HoldExpired,
    SalesClosed,
    UnknownSeats,
)
from bookings.models import Booking
from movy.idempotency.views import IdempotentView, Keep
from movy.lib.clock import database_now
from movy.lib.errors import NotFound
from movy.lib.inputs import TextField, body_read
from movy.lib.schema import Answer, operation
from payments.addresses import callback_checked, verify_address
from payments.api.shapes import CancelledShape, CheckoutShape, VerifiedShape
from payments.errors import (
    AlreadyPaid,
    CallbackNotAllowed,
    ChannelNotAvailable,
    NothingToPay,
    ProviderUnavailable,
)
from payments.flows import booking_give_back, booking_pay
from payments.models import Channel, Payment, Refund
from payments.views import payment_asked

ONLINE = [channel for channel in Channel if channel not in (Channel.CASH, Channel.CARD_TERMINAL)]


class PayInput(serializers.Serializer[Any]):
    booking = TextField(max_length=20)
    channel = serializers.ChoiceField(choices=ONLINE, default=Channel.CARD)
    callback_url = TextField(required=False, max_length=500)

    example = {"booking": "K7MR4PX29D", "channel": "card"}


REFERENCE = OpenApiParameter("reference", str, required=True, description="The payment's own reference.")


class PayView(IdempotentView):
    """Where to pay: the living attempt of this channel, or a new one."""

    permission_classes = [IsAuthenticated]

    @operation(
        "pay",
        "Where to pay",
        description="Asked again with the same channel while the attempt lives: the same attempt. Another channel: a"
        " new attempt, and the old one stays watched. The first request sets how long the seats are kept from then on.",
        body=PayInput,
        answers={200: Answer("Where to pay.", CheckoutShape)},
        refusals=[
            NotFound,
            ChannelNotAvailable,
            CallbackNotAllowed,
            HoldExpired,
            SalesClosed,
            AlreadyPaid,
            NothingToPay,
            ProviderUnavailable,
        ],
    )
    def act(self, request: Request, kept: Keep[Payment]) -> Response:
        wish = body_read(request, PayInput)
        booking = own_booking(request, wish["booking"])
        callback = wish.get("callback_url")
        page = request.build_absolute_uri(booking.get_absolute_url())

        def answer(payment: Payment | None) -> Response:
            return Response(
                {
                    "reference": payment.reference if payment else None,
                    "authorization_url": payment.authorization_url if payment else page,
                    "access_code": payment.access_code if payment else None,
                    "hold_expires_at": instant(own_booking(request, booking.reference).hold_expires_at),
                }
            )

        return answer(
            booking_pay(
                booking,
                channel=Channel(wish["channel"]),
                callback_url=callback_checked(request, callback) if callback else verify_address(request),
                cancel_url=page,
                also=kept(answer),
            )
        )


class VerifyView(APIView):
    """What became of a payment: Paystack is asked. Somebody else's is not found."""

    permission_classes = [IsAuthenticated]

    @operation(
        "verify_payment",
        "What became of a payment",
        description="Paystack is asked. While the payment is `pending`, ask again after a few seconds.",
        parameters=[REFERENCE],
        answers={200: Answer("The payment and its booking.", VerifiedShape)},
        refusals=[NotFound],
    )
    def get(self, request: Request) -> Response:
        reference = request.query_params.get("reference", "")
        if not Payment.objects.filter(reference=reference, booking__user=cast(User, request.user)).exists():
            raise Http404
        payment, _is_reached = payment_asked(reference)
        booking = own_booking(request, payment.booking.reference)
        return Response(
            {"payment": payment_output(payment), "booking": booking_output(request, booking, now=database_now())}
        )


class CancelView(IdempotentView):
    permission_classes = [IsAuthenticated]

    @operation(
        "cancel_booking",
        "Give seats back",
        description="A held booking is let go; a paid one is refunded by the theatre's rule as it stood when you"
        " bought. `cancellation` in the booking says beforehand what would come back.",
        body=CancelInput,
        answers={200: Answer("What is left, and what comes back.", CancelledShape)},
        refusals=[InvalidPick, UnknownSeats, CancellationClosed, AlreadyCancelled, AlreadyAdmitted],
    )
    def act(self, request: Request, kept: Keep[Refund | None], *, reference: str) -> Response:
        wish = body_read(request, CancelInput)
        own_booking(request, reference)
        labels = wish.get("seats")

        def answer(booking: Booking, refund: Refund | None) -> Response:
            back = {"amount": refund.money.as_json(), "status": refund.status} if refund else None
            return Response({"booking": booking_output(request, booking, now=database_now()), "refund": back})

        return answer(
            *booking_give_back(
                reference,
                labels=labels,
                actor_id=request.user.pk,
                also=kept(lambda refund: answer(own_booking(request, reference), refund)),
            )
        )


def payment_output(payment: Payment) -> dict[str, Any]:
    """A payment for its buyer."""
    return {
        "reference": payment.reference,
        "status": payment.public_status,
        "amount": payment.money.as_json(),
        "paid_at": instant(payment.paid_at),
        "channel": payment.channel,
    }
