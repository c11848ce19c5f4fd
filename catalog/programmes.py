"""Shows as the page of a film or a theatre puts them: by day, by theatre or film, by format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from catalog.selectors import Showing
from movy.lib.clock import local_day


@dataclass(frozen=True)
class Day:
    """A day that is offered. `ahead`: how many days after today; `has_shows`: whether there is something to see."""

    date: date
    ahead: int
    has_shows: bool


def days_offered(today: date, with_shows: Iterable[date], *, at_least: int = 1) -> list[Day]:
    """Return today and the days after it up to the last one with shows, or `at_least` so many."""
    open_days = set(with_shows)
    last = max([*open_days, today + timedelta(days=at_least - 1)])
    ahead = range((last - today).days + 1)
    return [Day(day := today + timedelta(days=number), number, day in open_days) for number in ahead]


@dataclass(frozen=True)
class Group:
    """Shows that a page puts together: of a theatre or a film, and within it of a format."""

    of: Any
    formats: list[tuple[str, list[Showing]]] = field(default_factory=list)

    @property
    def note(self) -> str:
        """What the theatre tells visitors about this film."""
        return self.formats[0][1][0].note


@dataclass(frozen=True)
class Programme:
    """The days that are offered, none without shows; the chosen one, and its shows."""

    days: list[Day]
    day: date | None
    groups: list[Group]

    @property
    def showtime_ids(self) -> list[int]:
        """Those of the day that can be booked."""
        return [
            showing.showtime.pk
            for group in self.groups
            for _format, showings in group.formats
            for showing in showings
            if showing.is_open
        ]


def programme(showings: Sequence[Showing], *, by: str, day: date | None, now: datetime) -> Programme:
    """Group a day's shows by "theatre" or "movie", then by format. Without a day, or on one with nothing, the first
    day that has shows. Today is the day of the theatre that shows first."""
    with_shows = {showing.day for showing in showings}
    chosen = day if day in with_shows else min(with_shows, default=None)
    shows = [showing for showing in showings if showing.day == chosen]

    def thing(showing: Showing) -> Any:
        return showing.theatre if by == "theatre" else showing.showtime.movie

    groups = []
    for _pk, members in groupby(sorted(shows, key=lambda showing: thing(showing).pk), key=lambda s: thing(s).pk):
        of_thing = sorted(members, key=lambda showing: (showing.showtime.format, showing.showtime.starts_at))
        formats = [(name, list(same)) for name, same in groupby(of_thing, key=lambda s: s.showtime.format)]
        groups.append(Group(of=thing(of_thing[0]), formats=formats))
    days = days_offered(local_day(now, showings[0].theatre.timezone), with_shows) if showings else []
    return Programme(days=days, day=chosen, groups=sorted(groups, key=lambda group: str(group.of)))
