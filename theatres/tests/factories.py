"""The least valid rows of theatres, nothing random."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import factory
from factory.django import DjangoModelFactory

from theatres.models import Membership, RefundStep, Role, Screen, Seat, SeatCategory, Theatre, TicketType


class TheatreFactory(DjangoModelFactory):
    """In Lagos, with the category `standard` and the ticket type `adult`; all money back until 2 hours before."""

    class Meta:
        model = Theatre

    name = factory.Sequence(lambda n: f"Theatre {n}")
    slug = factory.Sequence(lambda n: f"theatre-{n}")
    city = "Lagos"
    country = "NG"
    address = "1 Harbour Street"
    timezone = "Africa/Lagos"
    currency = "NGN"

    @classmethod
    def _create(cls, model_class: type[Theatre], *args: Any, **kwargs: Any) -> Theatre:
        theatre: Theatre = super()._create(model_class, *args, **kwargs)
        SeatCategory.objects.create(theatre=theatre, code="standard", name="Standard")
        TicketType.objects.create(theatre=theatre, code=TicketType.ADULT, name="Adult")
        RefundStep.objects.create(theatre=theatre, hours_before=2, percent=100)
        return theatre


class ScreenFactory(DjangoModelFactory):
    """A screen. `seats` are labels; all of them are standard seats, placed by row and number."""

    class Meta:
        model = Screen

    theatre = factory.SubFactory(TheatreFactory)
    name = factory.Sequence(lambda n: f"Screen {n}")
    seats = ("C4", "C5")

    @classmethod
    def _create(cls, model_class: type[Screen], *args: Any, seats: Sequence[str], **kwargs: Any) -> Screen:
        screen: Screen = super()._create(model_class, *args, **kwargs)
        seats_add(screen, seats)
        return screen


class MembershipFactory(DjangoModelFactory):
    """A manager of a theatre; give the `user`."""

    class Meta:
        model = Membership

    theatre = factory.SubFactory(TheatreFactory)
    role = Role.MANAGER


def seats_add(screen: Screen, labels: Sequence[str], *, category: str = "standard", **fields: Any) -> list[Seat]:
    """Put seats into a screen: seats_add(screen, ["C4"], kind="accessible")."""
    of_category = SeatCategory.objects.get(theatre=screen.theatre, code=category)
    seats = []
    for label in labels:
        row, number = re.fullmatch(r"([A-Z]+)(\d+)", label).groups()  # type: ignore[union-attr]
        place = {"x": int(number) * 10, "y": (ord(row[-1]) - ord("A")) * 12}
        seats.append(
            Seat.objects.create(screen=screen, row=row, number=int(number), category=of_category, **place, **fields)
        )
    return seats
