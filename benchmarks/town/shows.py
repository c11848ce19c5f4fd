"""When the town shows what: five films a day in every hall, cleaning between them, all on sale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from benchmarks.town.bulk import first_id, rows_insert
from benchmarks.town.houses import CLEANING, Hall, House
from catalog.models import Movie, Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.clock import local_day
from movy.lib.sql import sql_value

SLOTS = (time(10, 0), time(12, 45), time(15, 30), time(18, 15), time(21, 0))
A_STRETCH = 400
"""Showtimes that are filled and committed at once: some hundred thousand rows."""

SHOWTIME = (
    *("id", "movie_id", "screen_id", "starts_at", "ends_at", "free_at", "sales_close_at"),
    *("format", "language", "status", "currency", "updated_at"),
)
PRICE = ("showtime_id", "category_id", "ticket_type_id", "amount_minor")


@dataclass(frozen=True)
class Show:
    """A showtime as the rest of the town needs it. `slot`: from 0, the first of the day."""

    id: int
    house: House
    hall: Hall
    movie: Movie
    starts_at: datetime
    slot: int


def shows_build(houses: Sequence[House], *, now: datetime, days_past: int, days_coming: int, seed: int) -> list[Show]:
    """Store the showtimes of all days and their prices, day after day; return them in the order of their ids."""
    shows: list[Show] = []
    first = first_id(Showtime)
    for day in range(-days_past, days_coming):
        for house in houses:
            today = local_day(now, house.theatre.timezone) + timedelta(days=day)
            for hall in house.halls:
                for slot, movie in enumerate(_programme(house, hall, today, seed=seed)):
                    starts_at = datetime.combine(today, SLOTS[slot], tzinfo=house.theatre.zone).astimezone(UTC)
                    shows.append(Show(first + len(shows), house, hall, movie, starts_at, slot))
    rows_insert(Showtime, SHOWTIME, [_showtime(show, now=now) for show in shows])
    rows_insert(ShowtimePrice, PRICE, [price for show in shows for price in _prices(show)])
    return shows


def stretches(shows: Sequence[Show]) -> Iterator[tuple[int, Sequence[Show]]]:
    """Yield how many shows are done with each stretch, and the stretch."""
    for start in range(0, len(shows), A_STRETCH):
        stretch = shows[start : start + A_STRETCH]
        yield start + len(stretch), stretch


def _programme(house: House, hall: Hall, day: date, *, seed: int) -> list[Movie]:
    return Random(f"day {seed} {house.theatre.slug} {hall.screen.name} {day}").sample(house.films, len(SLOTS))


def _showtime(show: Show, *, now: datetime) -> tuple[object, ...]:
    ends_at = show.starts_at + timedelta(minutes=show.movie.runtime_minutes or 0)
    times = (show.starts_at, ends_at, ends_at + CLEANING, show.starts_at)
    return (
        *(show.id, show.movie.pk, show.hall.screen.pk, *map(sql_value, times)),
        *("2D", show.movie.language, ShowtimeStatus.ON_SALE.value, show.house.theatre.currency, sql_value(now)),
    )


def _prices(show: Show) -> Iterator[tuple[object, ...]]:
    in_hall = {seat.category.code for seat in show.hall.seats}
    for category, row in show.house.prices.items():
        for kind, amount_minor in row.items():
            if category in in_hall:
                yield (*(show.id, show.house.categories[category].pk, show.house.ticket_types[kind].pk, amount_minor),)
