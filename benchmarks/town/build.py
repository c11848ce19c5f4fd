"""Builds the whole town, part by part."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction

from benchmarks.town.bulk import loading
from benchmarks.town.films import films_build
from benchmarks.town.following import following_write
from benchmarks.town.houses import houses_build
from benchmarks.town.people import people_build
from benchmarks.town.sales import Seller
from benchmarks.town.shows import shows_build, stretches
from demo.theatres import THEATRES

DAYS_PAST, DAYS_COMING = 15, 15
SEED = 1
PEOPLE_A_TIME, THEATRES_A_TIME = 2000, len(THEATRES)


@dataclass(frozen=True)
class Town:
    """What was built. `rows` by table, those with any; `seconds` that it took."""

    rows: dict[str, int]
    seconds: float


def town_build(
    *,
    times: int,
    now: datetime,
    days_past: int = DAYS_PAST,
    days_coming: int = DAYS_COMING,
    seed: int = SEED,
    seats_max: int | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Town:
    """Build a town `times` the size of the demo in a database that has no bookings yet. With seats_max its halls are
    small, and it is built many times faster. `say` is told of progress.

    Opens its own transactions: it is far too much for one.
    """
    began = time.monotonic()
    with loading():
        people = people_build(buyers=PEOPLE_A_TIME * times, managers=THEATRES_A_TIME * times, now=now, seed=seed)
        films = films_build(times=times, seed=seed)
        houses = houses_build(films, people, times=times, seed=seed, seats_max=seats_max)
        shows = shows_build(houses, now=now, days_past=days_past, days_coming=days_coming, seed=seed)
        with Seller(houses, people, now=now, seed=seed) as seller:
            for done, stretch in stretches(shows):
                with transaction.atomic():
                    following_write(seller.sell(stretch), stretch, now=now)
                say(f"showtimes={done} of {len(shows)} seconds={time.monotonic() - began:.0f}")
        statistics_refresh()
        return Town(rows=rows_counted(), seconds=time.monotonic() - began)


def statistics_refresh() -> None:
    """Have the planner look at what there is now: it may still think of empty tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute(f"ANALYZE TABLE {', '.join(connection.introspection.table_names(cursor))}")
            cursor.fetchall()
        else:
            cursor.execute("ANALYZE")


def rows_counted() -> dict[str, int]:
    """Return how many rows each of our tables has, without the empty ones."""
    counts = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
    return {table: count for table, count in sorted(counts.items()) if count}
