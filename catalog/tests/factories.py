"""The least valid rows of the catalogue, nothing random."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from catalog.models import Genre, Listing, Movie, Showtime, ShowtimePrice
from theatres.models import SeatCategory, TicketType
from theatres.tests.factories import ScreenFactory, TheatreFactory

STARTS_AT = datetime(2026, 6, 6, 18, 0, tzinfo=UTC)
"""When a show starts unless told otherwise: 19:00 on a Saturday in Lagos."""


class GenreFactory(DjangoModelFactory):
    class Meta:
        model = Genre
        django_get_or_create = ("name",)

    name = "Drama"


class MovieFactory(DjangoModelFactory):
    """A film of 100 minutes."""

    class Meta:
        model = Movie

    title = factory.Sequence(lambda n: f"Film {n}")
    runtime_minutes = 100


class ListingFactory(DjangoModelFactory):
    class Meta:
        model = Listing

    theatre = factory.SubFactory(TheatreFactory)
    movie = factory.SubFactory(MovieFactory)


class ShowtimeFactory(DjangoModelFactory):
    """A draft. `seats`: labels of the screen it makes. `prices`: minor units for every seat, or
    {category code: {ticket type code: minor units}}; the codes must be the theatre's."""

    class Meta:
        model = Showtime

    class Params:
        seats = ("C4", "C5")

    movie = factory.SubFactory(MovieFactory)
    screen = factory.SubFactory(ScreenFactory, seats=factory.SelfAttribute("..seats"))
    starts_at = STARTS_AT
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(minutes=o.movie.runtime_minutes))
    free_at = factory.LazyAttribute(lambda o: o.ends_at + timedelta(minutes=o.screen.theatre.cleaning_minutes))
    sales_close_at = factory.LazyAttribute(
        lambda o: o.starts_at - timedelta(minutes=o.screen.theatre.sales_close_minutes_before)
    )
    currency = factory.LazyAttribute(lambda o: o.screen.theatre.currency)
    prices = 350_000

    @classmethod
    def _create(
        cls,
        model_class: type[Showtime],
        *args: Any,
        prices: int | Mapping[str, Mapping[str, int]],
        **kwargs: Any,
    ) -> Showtime:
        showtime: Showtime = super()._create(model_class, *args, **kwargs)
        theatre = showtime.screen.theatre
        categories = {category.code: category for category in SeatCategory.objects.filter(theatre=theatre)}
        types = {kind.code: kind for kind in TicketType.objects.filter(theatre=theatre)}
        if isinstance(prices, int):
            prices = {category: dict.fromkeys(types, prices) for category in categories}
        for category, row in prices.items():
            for kind, amount_minor in row.items():
                ShowtimePrice.objects.create(
                    showtime=showtime,
                    category=categories[category],
                    ticket_type=types[kind],
                    amount_minor=amount_minor,
                )
        return showtime
