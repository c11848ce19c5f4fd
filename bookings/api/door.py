"""The JSON door at the theatre's door."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from bookings.flows import ticket_check_in
from bookings.models import Ticket
from catalog.api.outputs import showtime_brief
from movy.lib.clock import database_now
from movy.lib.inputs import StrictInteger, TextField
from theatres.api.staff import StaffView
from theatres.models import Role

JSON = dict[str, Any]


class CheckInInput(serializers.Serializer[Any]):
    """`code` takes whatever a scanner may read: what is no ticket is an unknown one, however long or odd."""

    code = TextField(allow_blank=True)
    showtime = StrictInteger(required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1)


class CheckInView(StaffView):
    """Let one person in."""

    role = Role.DOOR

    def post(self, request: Request, theatre_id: int) -> Response:
        data = CheckInInput(data=request.data)
        data.is_valid(raise_exception=True)
        ticket = ticket_check_in(
            data.validated_data["code"],
            theatre_id=self.theatre.pk,
            showtime_id=data.validated_data["showtime"],
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
