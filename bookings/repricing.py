"""Which coming showings would cost something else by the price cards as they are now, and making it so.

Only showings that have their prices from a card and that nobody has ever booked: what was promised to one buyer stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch

from bookings.models import Booking
from bookings.showtimes import showtime_reprice
from catalog.models import PriceCard, Showtime, ShowtimePrice, ShowtimeStatus
from catalog.prices import price_book
from movy.lib.batch import one_by_one
from movy.lib.db import again, run_in_transaction
from movy.lib.money import Money
from theatres.models import SeatCategory, Theatre, TicketType

REPRICED_AT_ONCE = 500


@dataclass(frozen=True)
class PriceStep:
    """One price, before and after; None is not sold."""

    category: str
    ticket_type: str
    old: Money | None
    new: Money | None


@dataclass(frozen=True)
class Reprice:
    """A showing that the cards would change. `is_complete` is False when its hall has a category without an adult's
    price: then it keeps what it has."""

    showtime: Showtime
    card: PriceCard
    prices: Mapping[str, Mapping[str, int]]
    steps: list[PriceStep]
    is_complete: bool


def reprices(theatre: Theatre, *, now: datetime) -> list[Reprice]:
    """Return what applying the cards would change, the soonest first, at most REPRICED_AT_ONCE. Seven queries."""
    book = price_book(theatre)
    names = dict(SeatCategory.objects.filter(theatre=theatre).values_list("code", "name"))
    kinds = dict(TicketType.objects.filter(theatre=theatre).values_list("code", "name"))
    halls = _categories_by_screen(theatre)
    found = []
    for showtime in _followers(theatre, now=now):
        priced = book.fitting(showtime.starts_at, format=showtime.format)
        if priced is None:
            continue
        in_hall = halls.get(showtime.screen_id, set())
        wanted = {category: dict(row) for category, row in priced.prices_in(in_hall).items()}
        steps = _steps(showtime, wanted, names, kinds)
        if steps:
            is_complete = all(TicketType.ADULT in wanted.get(category, {}) for category in in_hall)
            found.append(Reprice(showtime, priced.card, wanted, steps, is_complete))
    return found[:REPRICED_AT_ONCE]


def reprices_apply(wanted: list[Reprice], *, theatre: Theatre, now: datetime) -> int:
    """Give showings the prices that were looked at, each in a transaction of its own; return to how many. One that
    somebody has booked meanwhile keeps what it had."""

    def apply(one: Reprice) -> bool:
        return run_in_transaction(
            lambda: (
                showtime_reprice(
                    theatre_id=theatre.pk,
                    showtime_id=one.showtime.pk,
                    prices=one.prices,
                    price_card_id=one.card.pk,
                    now=now,
                )
                is not None
            ),
            find=again,
        )

    return one_by_one([one for one in wanted if one.is_complete], apply)


def _followers(theatre: Theatre, *, now: datetime) -> list[Showtime]:
    """Return coming showings that have their prices from a card and no booking."""
    booked = Booking.objects.filter(showtime=OuterRef("pk"))
    own = Prefetch("prices", ShowtimePrice.objects.select_related("category", "ticket_type"))
    shows = Showtime.objects.filter(screen__theatre=theatre, starts_at__gt=now, price_card__isnull=False)
    shows = shows.exclude(status=ShowtimeStatus.CALLED_OFF).filter(~Exists(booked))
    return list(shows.select_related("movie", "screen").prefetch_related(own).order_by("starts_at", "pk"))


def _categories_by_screen(theatre: Theatre) -> dict[int, set[str]]:
    """Return the codes of the categories that each hall has seats in. One query."""
    halls: dict[int, set[str]] = {}
    used = SeatCategory.objects.filter(seats__screen__theatre=theatre, seats__retired_at=None).order_by()
    for screen_id, code in used.values_list("seats__screen", "code").distinct():
        halls.setdefault(screen_id, set()).add(code)
    return halls


def _steps(
    showtime: Showtime, wanted: Mapping[str, Mapping[str, int]], names: Mapping[str, str], kinds: Mapping[str, str]
) -> list[PriceStep]:
    old = {(price.category.code, price.ticket_type.code): price.amount_minor for price in showtime.prices.all()}
    new = {(category, kind): amount for category, row in wanted.items() for kind, amount in row.items()}

    def money(amount_minor: int | None) -> Money | None:
        return None if amount_minor is None else Money(amount_minor, showtime.currency)

    return [
        PriceStep(names[key[0]], kinds[key[1]], money(old.get(key)), money(new.get(key)))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
