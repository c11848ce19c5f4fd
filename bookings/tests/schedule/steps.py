"""What a manager types, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.urls import reverse

from catalog.models import CardPrice, Listing, PriceCard
from movy.lib.clock import database_now
from theatres.models import Screen, Theatre


def address(name: str, theatre: Theatre, *more: int) -> str:
    return reverse(f"admin:schedule_{name}", args=[theatre.pk, *more])


def at(day: date, clock: str) -> datetime:
    """In Lagos, which is an hour ahead."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC) - timedelta(hours=1)


def typed(screen: Screen, listing: Listing, day: date, **more: Any) -> dict[str, Any]:
    """What a manager types for one showing at 19:00 that costs ₦3,500 a seat."""
    return {
        "movie": listing.movie_id,
        "screen": screen.pk,
        "day": day.isoformat(),
        "at": "19:00",
        "format": "2D",
        "price": "own",
        "amount": "3,500",
        "opening": "now",
    } | more


def next_change(month: int) -> date:
    """Return the last Sunday of the next such month, on which the clocks of London change."""
    soon = database_now().date() + timedelta(days=2)
    sundays = (
        max(day for number in range(25, 32) if (day := date(year, month, number)).weekday() == 6)
        for year in (soon.year, soon.year + 1)
    )
    return next(day for day in sundays if day > soon)


def card(theatre: Theatre, name: str, minor: int, **when: Any) -> PriceCard:
    made = PriceCard.objects.create(theatre=theatre, name=name, **when)
    kinds = {"category": theatre.categories.get(), "ticket_type": theatre.ticket_types.get(code="adult")}
    CardPrice.objects.create(card=made, **kinds, amount_minor=minor)
    return made
