"""The first page of the office: one theatre's day, its weeks side by side, and what needs a hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, IntegerField, Sum, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.models import BookedSeat
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.charts import Block, Lane, Pair, meter, pair_chart, timeline
from movy.lib.clock import day_bounds, local_day
from movy.lib.money import Money
from payments.reports.scope import WEEK, Period, Scope, cinema_week
from payments.reports.shows import seats_counted, shows
from payments.reports.takings import AT_THE_DESK, PAID_AT, PAYMENT
from theatres.models import Theatre

DAY = timedelta(days=1)
HOURS_ROUND = 2
"""Hours between two marks of the timeline."""


@dataclass
class Sold:
    """Tickets and their money, of one currency, by how they were sold."""

    tickets: int = 0
    online_minor: int = 0
    desk_minor: int = 0

    @property
    def minor(self) -> int:
        return self.online_minor + self.desk_minor

    def add(self, other: Sold) -> None:
        self.tickets += other.tickets
        self.online_minor += other.online_minor
        self.desk_minor += other.desk_minor


@dataclass
class Week:
    """Sales of one currency by day of two cinema weeks. `before_until_now`: of last week, up to this moment of it."""

    currency: str
    friday: date
    today: date
    this: list[Sold] = field(default_factory=lambda: [Sold() for _day in range(7)])
    before: list[Sold] = field(default_factory=lambda: [Sold() for _day in range(7)])
    before_until_now: Sold = field(default_factory=Sold)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def day(self) -> Sold:
        return self.this[(self.today - self.friday).days]

    @cached_property
    def so_far(self) -> Sold:
        return _sum(self.this)

    @property
    def taken_today(self) -> Money:
        return self.money(self.day.minor)

    @property
    def online_today(self) -> Money:
        return self.money(self.day.online_minor)

    @property
    def desk_today(self) -> Money:
        return self.money(self.day.desk_minor)

    @property
    def taken_so_far(self) -> Money:
        return self.money(self.so_far.minor)

    @property
    def comparison(self) -> str:
        """This week against last week up to the same moment of it, in a sentence."""
        then = self.before_until_now.minor
        if not then:
            return _("nothing by this time last week")
        change = round(100 * (self.so_far.minor - then) / then)
        figures = {"change": abs(change), "money": self.money(then)}
        if change < 0:
            return _("%(change)d %% less than %(money)s by this time last week") % figures
        return _("%(change)d %% more than %(money)s by this time last week") % figures

    @property
    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """For each day: its name, last week's money, this week's, of it online, of it at the desk; "" for to come."""
        rows = []
        for number, (before, this) in enumerate(zip(self.before, self.this, strict=True)):
            day = self.friday + number * DAY
            figures = (this.minor, this.online_minor, this.desk_minor)
            texts = [str(self.money(minor)) if day <= self.today else "" for minor in figures]
            rows.append((date_format(day, "D j M"), str(self.money(before.minor)), texts[0], texts[1], texts[2]))
        return rows

    @property
    def chart(self) -> str:
        days = enumerate(zip(self.before, self.this, strict=True))
        pairs = [
            Pair(
                date_format(self.friday + number * DAY, "D"),
                before.minor,
                this.minor if self.friday + number * DAY <= self.today else None,
                str(self.money(this.minor)) if this.minor else "",
            )
            for number, (before, this) in days
        ]
        return pair_chart(pairs, name=_("Takings of each day, last week and this week; the table has the figures"))


@dataclass(frozen=True)
class Show:
    showtime: Showtime
    time: str
    sold: int
    seats: int

    @property
    def percent(self) -> int:
        return round(100 * self.sold / self.seats) if self.seats else 0

    @property
    def meter(self) -> str:
        return meter(self.sold, self.seats)

    @property
    def is_called_off(self) -> bool:
        return bool(self.showtime.status == ShowtimeStatus.CALLED_OFF)


@dataclass(frozen=True)
class Today:
    day: date
    screens: dict[str, list[Show]]
    chart: str

    @property
    def running(self) -> list[Show]:
        return [show for shows in self.screens.values() for show in shows if not show.is_called_off]

    @property
    def sold(self) -> int:
        return sum(show.sold for show in self.running)

    @property
    def seats(self) -> int:
        return sum(show.seats for show in self.running)

    @property
    def percent(self) -> int:
        return round(100 * self.sold / self.seats) if self.seats else 0


def today_of(theatre: Theatre, now: datetime) -> Today:
    """Return the shows of the cinema day that now is in, by screen. One query."""
    day = local_day(now, theatre.timezone)
    found = seats_counted(shows(Scope(theatre, Period(day, day, theatre.timezone))))
    screens: dict[str, list[Show]] = defaultdict(list)
    for showtime in found.order_by("screen__name", "starts_at"):
        time = date_format(showtime.starts_at.astimezone(theatre.zone), "H:i")
        screens[showtime.screen.name].append(Show(showtime, time, showtime.seats_sold, showtime.seats_total))
    return Today(day, dict(screens), _day_chart(theatre, day, screens, now) if screens else "")


def weeks_of(theatre: Theatre, now: datetime) -> list[Week]:
    """Return this cinema week beside the last, for each currency that something was sold in; the theatre's own always.

    One query: tickets are counted by the stretch of time that they were paid in. Stretches end with each day, and in
    last week at the moment that is now, by the theatre's clock.
    """
    today = local_day(now, theatre.timezone)
    friday = cinema_week(today)
    days = [friday - WEEK + number * DAY for number in range(14)]
    moment = (now.astimezone(theatre.zone) - WEEK).astimezone(now.tzinfo)
    starts = sorted({moment, *(day_bounds(day, theatre.timezone)[0] for day in days)})
    until = day_bounds(days[-1], theatre.timezone)[1]
    whens = [When(**{f"{PAID_AT}__lt": end}, then=Value(number)) for number, end in enumerate(starts[1:])]
    rows = (
        BookedSeat.objects.filter(
            **{f"{PAID_AT}__gte": starts[0], f"{PAID_AT}__lt": until},
            **{f"{PAYMENT}theatre": theatre},
        )
        .annotate(stretch=Case(*whens, default=Value(len(whens)), output_field=IntegerField()))
        .values("stretch", "booking__confirming_payment__channel", "booking__currency")
        .annotate(tickets=Count("pk"), minor=Sum("price_minor"))
        .order_by()
    )
    weeks = {theatre.currency: Week(theatre.currency, friday, today)}
    for row in rows:
        week = weeks.setdefault(row["booking__currency"], Week(row["booking__currency"], friday, today))
        start = starts[row["stretch"]]
        number = (local_day(start, theatre.timezone) - days[0]).days
        is_desk = row["booking__confirming_payment__channel"] in AT_THE_DESK
        sold = Sold(row["tickets"], 0 if is_desk else row["minor"], row["minor"] if is_desk else 0)
        (week.before[number] if number < 7 else week.this[number - 7]).add(sold)
        if start < moment:
            week.before_until_now.add(sold)
    return [weeks[currency] for currency in sorted(weeks, key=lambda name: (name != theatre.currency, name))]


def _sum(parts: Iterable[Sold]) -> Sold:
    whole = Sold()
    for part in parts:
        whole.add(part)
    return whole


def _day_chart(theatre: Theatre, day: date, screens: dict[str, list[Show]], now: datetime) -> str:
    """Draw the day from the hour of its first show to the end of its last."""
    opening = day_bounds(day, theatre.timezone)[0]

    def hours(instant: datetime) -> float:
        return (instant - opening).total_seconds() / 3600

    every: list[Any] = [show.showtime for shows in screens.values() for show in shows]
    first = int(min(hours(show.starts_at) for show in every))
    last = max(int(max(hours(show.ends_at) for show in every)) + 1, first + HOURS_ROUND)
    marks = [
        (float(hour), date_format((opening + timedelta(hours=hour)).astimezone(theatre.zone), "H:i"))
        for hour in sorted({*range(first, last, HOURS_ROUND), last})
    ]
    if len(marks) > 2 and marks[-1][0] - marks[-2][0] < HOURS_ROUND:
        del marks[-2]  # two marks so close would run into each other
    lanes = [
        Lane(
            screen,
            [
                Block(
                    begins=hours(show.showtime.starts_at),
                    ends=hours(show.showtime.ends_at),
                    full=show.percent / 100,
                    title=show.showtime.movie.title,
                    detail=_("%(time)s · called off") % {"time": show.time}
                    if show.is_called_off
                    else f"{show.time} · {show.percent} %",
                )
                for show in shows
            ],
        )
        for screen, shows in screens.items()
    ]
    name = _("Today's shows by screen and how full they are; the table has the figures")
    return timeline(lanes, name=name, hours=marks, now=hours(now))
