"""The JSON doors to paying, asking and cancelling."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from bookings.api.inputs import CancelInput
from bookings.api.outputs import booking_output, instant
from bookings.api.views import own_booking
from bookings.models import Booking
from movy.idempotency.views import IdempotentView, Keep
from movy.lib.clock import database_now
from movy.lib.inputs import TextField
from payments.addresses import callback_checked, verify_address
from payments.flows import booking_give_back, booking_pay
from payments.models import Channel, Payment, Refund
from payments.views import payment_asked

ONLINE = [channel for channel in Channel if channel not in (Channel.CASH, Channel.CARD_TERMINAL)]


class PayInput(serializers.Serializer[Any]):
    booking = TextField(max_length=20)
    channel = serializers.ChoiceField(choices=ONLINE, default=Channel.CARD)
    callback_url = TextField(required=False, max_length=500)


class PayView(IdempotentView):
    """Where to pay: the living attempt of this channel, or a new one."""

    permission_classes = [IsAuthenticated]

    def act(self, request: Request, kept: Keep[Payment]) -> Response:
        data = PayInput(data=request.data)
        data.is_valid(raise_exception=True)
        wish = data.validated_data
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

    def act(self, request: Request, kept: Keep[Refund | None], *, reference: str) -> Response:
        data = CancelInput(data=request.data)
        data.is_valid(raise_exception=True)
        own_booking(request, reference)
        labels = data.validated_data.get("seats")

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
