"""The demo's theatres: rules, categories, halls and seats, and what is on their lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from catalog.models import Listing, Movie
from demo.films import FILM_BY_SLUG
from demo.schedule import PROGRAMME
from demo.theatres import CLEANING_MINUTES, DemoScreen, DemoTheatre
from demo.theatres import plan as seating_plan
from movy.management.demo.bulk import rows_create
from theatres.models import RefundStep, Screen, Seat, SeatCategory, Theatre, TicketType


@dataclass(frozen=True)
class LoadedScreen:
    """A hall: its plan and its row. `seats` by label."""

    plan: DemoScreen
    screen: Screen
    seats: dict[str, Seat]

    @cached_property
    def seat_ids(self) -> list[int]:
        return sorted(seat.pk for seat in self.seats.values())


@dataclass(frozen=True)
class LoadedTheatre:
    """A theatre: its plan and its rows. Categories and ticket types by code, refund steps as a booking freezes them."""

    plan: DemoTheatre
    theatre: Theatre
    categories: dict[str, SeatCategory]
    ticket_types: dict[str, TicketType]
    refund_steps: list[list[int]]
    screens: list[LoadedScreen]


def theatre_load(demo: DemoTheatre, films: dict[str, Movie]) -> LoadedTheatre:
    """Store a theatre when it is missing; return it as it is. What its manager has changed since stays."""
    theatre = Theatre.objects.filter(slug=demo.slug).first() or _theatre_create(demo, films)
    screens = {screen.name: screen for screen in Screen.objects.filter(theatre=theatre)}
    return LoadedTheatre(
        plan=demo,
        theatre=theatre,
        categories={category.code: category for category in SeatCategory.objects.filter(theatre=theatre)},
        ticket_types={kind.code: kind for kind in TicketType.objects.filter(theatre=theatre)},
        refund_steps=[[step.hours_before, step.percent] for step in RefundStep.objects.filter(theatre=theatre)],
        screens=[_screen_loaded(plan, screens[plan.name]) for plan in demo.screens if plan.name in screens],
    )


def _screen_loaded(plan: DemoScreen, screen: Screen) -> LoadedScreen:
    seats = Seat.objects.in_use().filter(screen=screen).select_related("category")
    return LoadedScreen(plan=plan, screen=screen, seats={seat.label: seat for seat in seats})


def _theatre_create(demo: DemoTheatre, films: dict[str, Movie]) -> Theatre:
    theatre = Theatre.objects.create(
        slug=demo.slug,
        name=demo.name,
        city=demo.city,
        country=demo.country,
        address=demo.address,
        timezone=demo.timezone,
        currency=demo.currency,
        latitude=demo.latitude,
        longitude=demo.longitude,
        cleaning_minutes=CLEANING_MINUTES,
        sales_close_minutes_before=0,
    )
    RefundStep.objects.create(theatre=theatre, hours_before=2, percent=100)
    for position, (code, name) in enumerate(demo.categories.items()):
        SeatCategory.objects.create(theatre=theatre, code=code, name=name, position=position)
    for position, (code, name) in enumerate(demo.ticket_types.items()):
        TicketType.objects.create(theatre=theatre, code=code, name=name, position=position)
    categories = {category.code: category for category in SeatCategory.objects.filter(theatre=theatre)}
    for screen in demo.screens:
        row = Screen.objects.create(theatre=theatre, name=screen.name)
        rows_create(
            [
                Seat(
                    screen=row,
                    row=seat.row,
                    number=seat.number,
                    label=seat.label,
                    x=seat.x,
                    y=seat.y,
                    category=categories[seat.category],
                    kind=seat.kind,
                )
                for seat in seating_plan(screen)
            ]
        )
    Listing.objects.bulk_create(
        Listing(theatre=theatre, movie=films[slug]) for slug in PROGRAMME[demo.slug] if slug in FILM_BY_SLUG
    )
    return theatre
