"""A theatre's week as its office sees it: every screen, every day, drafts and shows called off too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalog.models import Showtime, ShowtimeStatus
from catalog.selectors import SeatsLeft, seats_left
from movy.lib.clock import day_bounds, local_day, minutes_into_day
from theatres.models import Screen, Theatre

DAYS = 7
DAY_MINUTES = 24 * 60
USUAL_MINUTES = (5 * 60, 19 * 60)
"""What a screen's lane shows at least, in minutes since the day began at 05:00: 10:00 to midnight."""


@dataclass(frozen=True)
class Block:
    """A show in its lane. `starts` and `ends` are minutes since the theatre's day began, `free` when the hall is clean
    again. `seats` is None for a draft, which has none yet."""

    showtime: Showtime
    starts: int
    ends: int
    free: int
    seats: SeatsLeft | None

    @property
    def percent_taken(self) -> int | None:
        """How full it is. Held and blocked seats count: nobody else can have them."""
        if self.seats is None or not self.seats.total:
            return None
        return 100 * (self.seats.total - self.seats.free) // self.seats.total


@dataclass(frozen=True)
class Lane:
    """A screen's week. `first` and `last`: the minutes of the day between which all of it is, whole hours."""

    screen: Screen
    days: list[tuple[date, list[Block]]]
    first: int
    last: int


@dataclass(frozen=True)
class Week:
    days: list[date]
    lanes: list[Lane]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def schedule_week(theatre: Theatre, first: date, *, now: datetime) -> Week:
    """Return seven days of a theatre from `first` on. Three queries.

    A show belongs to the day on whose evening it is: at 00:30 to the one before.
    """
    days = [first + timedelta(days=number) for number in range(DAYS)]
    start, end = day_bounds(days[0], theatre.timezone)[0], day_bounds(days[-1], theatre.timezone)[1]
    shows = list(
        Showtime.objects.filter(screen__theatre=theatre, starts_at__gte=start, starts_at__lt=end)
        .select_related("movie", "price_card")
        .order_by("starts_at", "pk")
    )
    left = seats_left([show.pk for show in shows if show.status != ShowtimeStatus.DRAFT], now=now)
    placed: dict[tuple[int, date], list[Block]] = defaultdict(list)
    for show in shows:
        placed[show.screen_id, local_day(show.starts_at, theatre.timezone)].append(
            _block(show, theatre, left.get(show.pk))
        )
    screens = Screen.objects.filter(theatre=theatre).order_by("name")
    lanes = [_lane(screen, [(day, placed[screen.pk, day]) for day in days]) for screen in screens]
    return Week(days, lanes)


def _block(show: Showtime, theatre: Theatre, seats: SeatsLeft | None) -> Block:
    """Lengths are counted in real minutes, so that a night of summer time draws a show as long as it is."""
    starts = minutes_into_day(show.starts_at.astimezone(theatre.zone).time())
    return Block(
        show,
        starts=starts,
        ends=starts + int((show.ends_at - show.starts_at).total_seconds()) // 60,
        free=starts + int((show.free_at - show.starts_at).total_seconds()) // 60,
        seats=seats,
    )


def _lane(screen: Screen, days: Sequence[tuple[date, list[Block]]]) -> Lane:
    blocks = [block for _day, of_day in days for block in of_day]
    first = min([USUAL_MINUTES[0], *(block.starts for block in blocks)])
    last = max([USUAL_MINUTES[1], *(block.free for block in blocks)])
    return Lane(screen, list(days), first=first // 60 * 60, last=-(-last // 60) * 60)
