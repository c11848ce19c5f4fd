"""What clients send about bookings: types and ranges, never whether a seat is free."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.constants import SEATS_A_BUYER_MAX
from bookings.pricing import SeatPick
from movy.lib.inputs import StrictInteger, TextField
from theatres.models import TicketType


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": 8, "description": "A label: an adult's seat."},
            {
                "type": "object",
                "properties": {
                    "label": {"type": "string", "minLength": 1, "maxLength": 8},
                    "ticket_type": {"type": "string", "minLength": 1, "maxLength": 20, "default": "adult"},
                },
                "required": ["label"],
            },
        ]
    }
)
class SeatPickField(serializers.Field[SeatPick, Any, Any, Any]):
    """A label, which is an adult's, or {"label": …, "ticket_type": …}."""

    default_error_messages = {  # braces twice, because the message is a format
        "invalid": gettext_lazy('Name a seat as "C4" or as {{"label": "C4", "ticket_type": "child"}}.')
    }

    def to_internal_value(self, data: Any) -> SeatPick:
        label, ticket_type = data, TicketType.ADULT
        if isinstance(data, dict):
            label, ticket_type = data.get("label"), data.get("ticket_type", TicketType.ADULT)
        for value, length in ((label, 8), (ticket_type, 20)):
            if not isinstance(value, str) or not 0 < len(value) <= length or not value.isprintable():
                self.fail("invalid")
        return SeatPick(label=str(label).upper(), ticket_type=str(ticket_type))

    def to_representation(self, value: SeatPick) -> Any:
        return {"label": value.label, "ticket_type": value.ticket_type}


class ReserveInput(serializers.Serializer[Any]):
    showtime = StrictInteger(min_value=1, max_value=2**63 - 1)
    seats = serializers.ListField(child=SeatPickField(), min_length=1, max_length=100)

    example = {"showtime": 812, "seats": ["C4", {"label": "C5", "ticket_type": "child"}]}


class BestSeatsInput(serializers.Serializer[Any]):
    """`tickets` together; `ticket_types` says who they are for, and sums up to it."""

    tickets = StrictInteger(min_value=1, max_value=SEATS_A_BUYER_MAX)
    category = TextField(required=False, allow_null=True, max_length=20)
    ticket_types = serializers.DictField(
        child=StrictInteger(min_value=0, max_value=SEATS_A_BUYER_MAX), required=False, allow_null=True
    )

    example = {"tickets": 3, "category": "regular", "ticket_types": {"adult": 2, "child": 1}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        types = attrs.get("ticket_types") or {TicketType.ADULT: attrs["tickets"]}
        if sum(types.values()) != attrs["tickets"]:
            message = _("The ticket types must add up to the number of tickets.")
            raise serializers.ValidationError({"ticket_types": message})
        return {**attrs, "category": attrs.get("category"), "ticket_types": types}


class CancelInput(serializers.Serializer[Any]):
    """Without `seats`: all of the booking."""

    seats = serializers.ListField(child=TextField(max_length=8), required=False, min_length=1, max_length=100)

    example = {"seats": ["C5"]}
