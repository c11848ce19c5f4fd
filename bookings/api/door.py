"""The JSON door at the theatre's door."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from bookings.api.shapes import AdmissionShape
from bookings.errors import OtherTheatre, TicketAdmitted, TicketCancelled, UnknownTicket, WrongShowtime
from bookings.flows import ticket_check_in
from bookings.models import Ticket
from catalog.api.outputs import showtime_brief
from movy.lib.clock import database_now
from movy.lib.inputs import StrictInteger, TextField, body_read
from movy.lib.schema import Answer, operation
from theatres.api.staff import StaffView
from theatres.models import Role

JSON = dict[str, Any]


class CheckInInput(serializers.Serializer[Any]):
    """`code` takes whatever a scanner may read: what is no ticket is an unknown one, however long or odd."""

    code = TextField(allow_blank=True, help_text="As scanned or typed: the code, or the address of the ticket's page.")
    showtime = StrictInteger(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The showing that this door is for. Without it, any that has its doors open.",
    )

    example = {"code": "K7MR4PX29DQ8WZTCHB5N3VGEJ6SYAUL2", "showtime": 812}


class CheckInView(StaffView):
    role = Role.DOOR

    @operation(
        "check_in",
        "Let one person in",
        description="For the door, its managers and the platform owner. A ticket lets in once. Without `showtime`, from"
        " two hours before the start to the end; with it the ticket has to be for that one, at any time. Whoever asks"
        " again because an answer got lost is refused: `admitted_at` is then seconds ago.",
        body=CheckInInput,
        answers={200: Answer("Come in.", AdmissionShape)},
        refusals=[UnknownTicket, TicketAdmitted, TicketCancelled, OtherTheatre, WrongShowtime],
    )
    def post(self, request: Request, theatre_id: int) -> Response:
        wish = body_read(request, CheckInInput)
        ticket = ticket_check_in(
            wish["code"],
            theatre_id=self.theatre.pk,
            showtime_id=wish["showtime"],
            admitted_by_id=cast(User, request.user).pk,
            now=database_now(),
        )
        return Response(admission_output(request, ticket))


def admission_output(request: HttpRequest, ticket: Ticket) -> JSON:
    """What the door needs to show the way."""
    line = ticket.booked_seat
    return {
        "result": "admitted",
        "seat": line.label,
        "showtime": showtime_brief(request, line.booking.showtime),
        "ticket_type": line.ticket_type,
    }
