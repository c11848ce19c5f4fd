"""The shape of what the seat map sends: never whether a seat is free."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.constants import SEATS_A_BUYER_MAX
from bookings.pricing import SeatPick
from theatres.models import TicketType


class When(models.TextChoices):
    UPCOMING = "upcoming", _("Upcoming")
    PAST = "past", _("Past")


TICKET_TYPE_PREFIX = "ticket_type."


class SeatPickForm(forms.Form):
    """`showtime`, `seats` repeated, and for each seat that isn't an adult's `ticket_type.C5`."""

    showtime = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.picks = picks_of(data)
        self.labels = [pick.label for pick in self.picks]

    def clean(self) -> None:
        if not self.labels:
            raise forms.ValidationError(_("Choose at least one seat."))
        if len(self.labels) > 100 or any(len(label) > 8 for label in self.labels):
            raise forms.ValidationError(_("These seats could not be read. Please choose them on the map."))

    @property
    def query(self) -> str:
        """The picks as a query for the seat map's address, so that they survive a sign-in on the way."""
        return picks_query(self.picks)


class DoorForm(forms.Form):
    """`code` as scanned or typed: what is no ticket is an unknown one, however long or odd. `showtime`: the one that
    this door is for; without it, any that has its doors open."""

    code = forms.CharField(required=False)
    showtime = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class BookingFilterForm(forms.Form):
    """Which of somebody's bookings. Without `when`: all."""

    when = forms.ChoiceField(
        required=False, choices=When, help_text=_("Showings that are still to come or running, or that are over.")
    )


class BestSeatsForm(forms.Form):
    """`tickets` and `category`: the best free seats together."""

    tickets = forms.IntegerField(label=_("Tickets"), min_value=1, max_value=SEATS_A_BUYER_MAX)
    category = forms.CharField(label=_("Category"), required=False, max_length=20)


def picks_of(data: QueryDict) -> list[SeatPick]:
    """Return the seats that a form or an address names, each with its ticket type."""
    labels = [label.strip().upper() for label in data.getlist("seats") if label.strip()]
    return [SeatPick(label, data.get(f"{TICKET_TYPE_PREFIX}{label}") or TicketType.ADULT) for label in labels]


def picks_query(picks: list[SeatPick]) -> str:
    """Return picks as a query: seats=C4&seats=C5&ticket_type.C5=child."""
    pairs = [("seats", pick.label) for pick in picks]
    pairs += [
        (f"{TICKET_TYPE_PREFIX}{pick.label}", pick.ticket_type)
        for pick in picks
        if pick.ticket_type != TicketType.ADULT
    ]
    return urlencode(pairs)
