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
from bookings.api.shapes import BookingShape
from bookings.drafts import InvalidPick, desk_draft
from bookings.errors import SalesClosed, SeatsUnavailable, UnknownSeats
from bookings.models import Booking, Buyer
from bookings.selectors import bookings_full
from catalog.errors import ShowtimeChanged
from movy.idempotency.views import IdempotentView, Keep
from movy.lib.clock import database_now
from movy.lib.inputs import TextField, body_read
from movy.lib.schema import Answer, operation
from movy.lib.shapes import one_of
from payments.flows import desk_sell
from payments.models import Channel
from theatres.api.staff import StaffView
from theatres.models import Role


class DeskSaleInput(ReserveInput):
    """A showtime and seats as buyers name them. Who gives an e-mail is sent the tickets; nobody has to."""

    paid_by = serializers.ChoiceField(choices=[Channel.CASH, Channel.CARD_TERMINAL])
    email = EmailField(default="", allow_blank=True, max_length=254)
    name = TextField(default="", allow_blank=True, max_length=150)

    example = {**ReserveInput.example, "paid_by": "cash", "email": "", "name": ""}


class BoxOfficeView(StaffView, IdempotentView):
    """Sell seats that are paid here and now."""

    role = Role.BOX_OFFICE

    @operation(
        "box_office",
        "Sell seats at the desk",
        description="For the box office, its managers and the platform owner. The seats are paid here and now, and sold"
        " until the show is over.",
        body=DeskSaleInput,
        answers={201: Answer("The booking, with its tickets.", one_of("booking", BookingShape))},
        refusals=[InvalidPick, UnknownSeats, SeatsUnavailable, SalesClosed, ShowtimeChanged],
    )
    def act(self, request: Request, kept: Keep[Booking], *, theatre_id: int) -> Response:
        wish = body_read(request, DeskSaleInput)
        now = database_now()
        draft = desk_draft(
            theatre_id=self.theatre.pk,
            showtime_id=wish["showtime"],
            seats=wish["seats"],
            buyer=Buyer(email=wish["email"], name=one_line(wish["name"])),
            now=now,
        )
        seller = cast(User, request.user)

        def answer(booking: Booking) -> Response:
            body = {"booking": booking_output(request, booking, now=now)}
            return Response(body, status=status.HTTP_201_CREATED)

        return answer(
            desk_sell(
                draft,
                channel=Channel(wish["paid_by"]),
                sold_by_id=seller.pk,
                now=now,
                also=kept(lambda booking: answer(bookings_full().get(pk=booking.pk))),
            )
        )
