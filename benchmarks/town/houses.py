"""The town's cinemas. Each is a copy of one of the demo's four: rules, prices, halls and seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from benchmarks.town.people import People
from catalog.models import Listing, Movie
from demo.theatres import CLEANING_MINUTES, THEATRES, DemoTheatre
from demo.theatres import plan as seating_plan
from movy.management.demo.bulk import rows_create
from theatres.models import Membership, RefundStep, Role, Screen, Seat, SeatCategory, Theatre, TicketType

CLEANING = timedelta(minutes=CLEANING_MINUTES)
REFUND_HOURS, REFUND_PERCENT = 2, 100


@dataclass(frozen=True)
class Hall:
    """A screen with its seats, front row first."""

    screen: Screen
    seats: list[Seat]


@dataclass(frozen=True)
class House:
    """A cinema, its halls, its list. `prices`: as the demo's theatre has them, categories and ticket types by code."""

    theatre: Theatre
    halls: list[Hall]
    films: list[Movie]
    categories: dict[str, SeatCategory]
    ticket_types: dict[str, TicketType]
    prices: dict[str, dict[str, int]]
    manager_id: int


def houses_build(
    films: Sequence[Movie], people: People, *, times: int, seed: int, seats_max: int | None = None
) -> list[House]:
    """Store the cinemas, each with half of the films on its list, and their managers. A hall has seats_max at most."""
    houses = [
        _house(
            THEATRES[number % len(THEATRES)],
            number,
            people.first_manager_id + number,
            films,
            seed=seed,
            seats_max=seats_max,
        )
        for number in range(times * len(THEATRES))
    ]
    rows_create([Listing(theatre=house.theatre, movie=film) for house in houses for film in house.films])
    rows_create([Membership(theatre=house.theatre, user_id=house.manager_id, role=Role.MANAGER) for house in houses])
    return houses


def _house(
    plan: DemoTheatre, number: int, manager_id: int, films: Sequence[Movie], *, seed: int, seats_max: int | None
) -> House:
    theatre = Theatre.objects.create(
        slug=f"{plan.slug}-{number}",
        name=f"{plan.name} {number}",
        city=plan.city,
        country=plan.country,
        address=plan.address,
        timezone=plan.timezone,
        currency=plan.currency,
        latitude=plan.latitude,
        longitude=plan.longitude,
        cleaning_minutes=CLEANING_MINUTES,
    )
    RefundStep.objects.create(theatre=theatre, hours_before=REFUND_HOURS, percent=REFUND_PERCENT)
    categories = {
        code: SeatCategory.objects.create(theatre=theatre, code=code, name=name, position=position)
        for position, (code, name) in enumerate(plan.categories.items())
    }
    ticket_types = {
        code: TicketType.objects.create(theatre=theatre, code=code, name=name, position=position)
        for position, (code, name) in enumerate(plan.ticket_types.items())
    }
    return House(
        theatre=theatre,
        halls=_halls(plan, theatre, categories, seats_max=seats_max),
        films=Random(f"list {seed} {number}").sample(films, len(films) // 2),
        categories=categories,
        ticket_types=ticket_types,
        prices=plan.prices,
        manager_id=manager_id,
    )


def _halls(
    plan: DemoTheatre, theatre: Theatre, categories: dict[str, SeatCategory], *, seats_max: int | None
) -> list[Hall]:
    halls = []
    for demo_screen in plan.screens:
        screen = Screen.objects.create(theatre=theatre, name=demo_screen.name)
        seats = [
            Seat(
                screen=screen,
                row=seat.row,
                number=seat.number,
                label=seat.label,
                x=seat.x,
                y=seat.y,
                category=categories[seat.category],
                kind=seat.kind,
            )
            for seat in seating_plan(demo_screen)[:seats_max]
        ]
        halls.append(Hall(screen, list(rows_create(seats, key=["screen_id", "label"]))))
    return halls
