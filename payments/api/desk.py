"""The JSON door at the theatre's desk."""

from __future__ import annotations

from typing import cast

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.inputs import EmailField
from accounts.models import User, one_line
from bookings.api.inputs import ReserveInput
from bookings.api.outputs import booking_output
from bookings.drafts import desk_draft
from bookings.models import Buyer
from movy.lib.clock import database_now
from movy.lib.inputs import TextField
from payments.flows import desk_sell
from payments.models import Channel
from theatres.api.staff import StaffView
from theatres.models import Role


class DeskSaleInput(ReserveInput):
    """A showtime and seats as buyers name them. Who gives an e-mail is sent the tickets; nobody has to."""

    paid_by = serializers.ChoiceField(choices=[Channel.CASH, Channel.CARD_TERMINAL])
    email = EmailField(default="", allow_blank=True, max_length=254)
    name = TextField(default="", allow_blank=True, max_length=150)


class BoxOfficeView(StaffView):
    """Sell seats that are paid here and now."""

    role = Role.BOX_OFFICE

    def post(self, request: Request, theatre_id: int) -> Response:
        data = DeskSaleInput(data=request.data)
        data.is_valid(raise_exception=True)
        wish = data.validated_data
        now = database_now()
        draft = desk_draft(
            theatre_id=self.theatre.pk,
            showtime_id=wish["showtime"],
            seats=wish["seats"],
            buyer=Buyer(email=wish["email"], name=one_line(wish["name"])),
            now=now,
        )
        seller = cast(User, request.user)
        booking = desk_sell(draft, channel=Channel(wish["paid_by"]), sold_by_id=seller.pk, now=now)
        return Response({"booking": booking_output(request, booking, now=now)}, status=status.HTTP_201_CREATED)
