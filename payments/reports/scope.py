"""What a report is about: one theatre, a run of its days, maybe one film."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from movy.lib.clock import day_bounds, local_day
from theatres.models import Theatre

FRIDAY = 4
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Cinema days of a zone, both ends in: from 05:00 on the first to 05:00 after the last."""

    first: date
    last: date
    timezone: str

    @cached_property
    def starts_at(self) -> datetime:
        return day_bounds(self.first, self.timezone)[0]

    @cached_property
    def ends_at(self) -> datetime:
        return day_bounds(self.last, self.timezone)[1]

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    def within(self, path: str) -> dict[str, datetime]:
        """Return the filter for instants of this period: within("paid_at")."""
        return {f"{path}__gte": self.starts_at, f"{path}__lt": self.ends_at}

    def day_of(self, path: str) -> Case:
        """Return SQL for the number of the day in this period, 0 for the first. Instants must be within it.

        Boundaries are computed here: databases without zone tables can't (movy/lib/clock.py), and summer time makes
        some days 23 or 25 hours long.
        """
        ends = (day_bounds(day, self.timezone)[1] for day in self.days[:-1])
        whens = [When(**{f"{path}__lt": end}, then=Value(number)) for number, end in enumerate(ends)]
        return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


@dataclass(frozen=True)
class Scope:
    theatre: Theatre
    period: Period
    movie_id: int | None = None

    def of_money(self, row: str, booking: str) -> dict[str, Any]:
        """Return the filter for payments or refunds, reached under `row`, of bookings reached under `booking`."""
        film = {} if self.movie_id is None else {f"{booking}showtime__movie": self.movie_id}
        return {f"{row}theatre": self.theatre} | film

    def of_bookings(self, prefix: str = "") -> dict[str, Any]:
        """Return the filter for bookings of this theatre, and film, reached under `prefix` ("booking__")."""
        return self.of_shows(f"{prefix}showtime__")

    def of_shows(self, prefix: str = "") -> dict[str, Any]:
        film = {} if self.movie_id is None else {f"{prefix}movie": self.movie_id}
        return {f"{prefix}screen__theatre": self.theatre} | film


def scope_of(theatre: Theatre, first: date, last: date, *, movie_id: int | None = None) -> Scope:
    return Scope(theatre, Period(first, last, theatre.timezone), movie_id)


def cinema_week(day: date) -> date:
    """Return the Friday on which the trade's week of this day begins."""
    return day - timedelta(days=(day.weekday() - FRIDAY) % 7)


def presets(theatre: Theatre, now: datetime) -> dict[str, tuple[date, date]]:
    """Return the spans that people ask for most, by name: the first and the last day of each."""
    today = local_day(now, theatre.timezone)
    week = cinema_week(today)
    month = today.replace(day=1)
    month_before = (month - timedelta(days=1)).replace(day=1)
    day = timedelta(days=1)
    return {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "week": (week, week + WEEK - day),
        "week_before": (week - WEEK, week - day),
        "month": (month, today),
        "month_before": (month_before, month - day),
    }
