"""What was shown and who came, by the day of the show: the distributor's return, and how full the halls were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.models import BookedSeat, BookingStatus, SeatStatus, Ticket
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import local_day
from movy.lib.exports import Cell, Table
from movy.lib.money import Money
from payments.reports.grouping import BY_DAY, BY_FILM, BY_SCREEN, BY_SHOW
from payments.reports.scope import Scope
from payments.reports.tables import Row, local_start, number, percent, table_make, text, totals

OCCUPANCY_BY = {"show": BY_SHOW, "film": BY_FILM, "screen": BY_SCREEN, "day": BY_DAY}

PRICE_COLUMN = 5
"""Of the return: a price is not added up."""


def shows(scope: Scope) -> QuerySet[Any]:
    """Shows of the period by their start; drafts are none."""
    found = Showtime.objects.public().filter(**scope.period.within("starts_at"), **scope.of_shows())
    return found.select_related("movie", "screen").order_by("starts_at", "pk")


# ---- The distributor's return


@dataclass(frozen=True, order=True)
class Engagement:
    """A film on a screen on a day."""

    film: str
    movie_id: int
    day: date
    screen: str
    screen_id: int


@dataclass(frozen=True, order=True)
class Kind:
    """Tickets of one type at one price."""

    name: str
    price: Money


@dataclass
class Admissions:
    sold: int = 0
    given_back: int = 0


def distributor_return(scope: Scope, by: str) -> Table:
    """Film by day by screen: shows, then admissions and money for each ticket type and price. Two queries.

    A ticket given back is taken out at its full price, whatever part of it the buyer got.
    """
    engagement_of: dict[int, Engagement] = {}
    shows_of: dict[Engagement, int] = defaultdict(int)
    for show in shows(scope):
        day = local_day(show.starts_at, scope.theatre.timezone)
        engagement = Engagement(show.movie.title, show.movie_id, day, show.screen.name, show.screen_id)
        engagement_of[show.pk] = engagement
        shows_of[engagement] += show.status == ShowtimeStatus.ON_SALE
    kinds_of: dict[Engagement, dict[Kind, Admissions]] = defaultdict(lambda: defaultdict(Admissions))
    for line in _lines_by_show(scope):
        kind = Kind(line["name"], Money(line["price_minor"], line["booking__currency"]))
        admissions = kinds_of[engagement_of[line["booking__showtime_id"]]][kind]
        admissions.sold += line["sold"]
        admissions.given_back += line["given_back"]
    rows = [
        row
        for engagement in sorted(shows_of)
        for row in _return_rows(scope, engagement, shows_of[engagement], kinds_of[engagement])
    ]
    titles = (_("Price"), _("Sold"), _("Gross"), _("Given back"), _("Refunds"), _("Admissions"), _("Net"))
    note = _(
        "By the day of the show. Gross is tickets sold at their price; a ticket given back is taken out at its full"
        " price. Free tickets are admissions at a price of nothing. Shows called off are not counted as shows."
    )
    return table_make(
        scope,
        title=_("Distributor's return"),
        name="return",
        columns=[
            text(_("Film")),
            text(_("Day")),
            text(_("Screen")),
            number(_("Shows")),
            text(_("Ticket type")),
            *map(number, titles),
        ],
        rows=rows,
        totals=totals(rows, blank=[PRICE_COLUMN]),
        notes=[note],
    )


def _lines_by_show(scope: Scope) -> QuerySet[Any, Any]:
    """Tickets of bookings that were ever confirmed, counted by show, type and price. The names are those sold under;
    a type that was renamed meanwhile goes by the later in the alphabet."""
    return (
        BookedSeat.objects.filter(
            booking__confirmed_at__isnull=False,
            **scope.period.within("booking__showtime__starts_at"),
            **scope.of_bookings("booking__"),
        )
        .exclude(booking__showtime__status=ShowtimeStatus.DRAFT)
        .values("booking__showtime_id", "ticket_type", "price_minor", "booking__currency")
        .annotate(
            name=Max("ticket_type_name"),
            sold=Count("pk"),
            given_back=Count("pk", filter=Q(cancelled_at__isnull=False)),
        )
        .order_by()
    )


def _return_rows(
    scope: Scope, engagement: Engagement, shows: int, kinds: dict[Kind, Admissions]
) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each kind of ticket, one without any where nobody came. The first has the shows, so that the
    column adds up."""
    nobody = {Kind("–", Money(0, scope.theatre.currency)): Admissions()} if shows else {}
    for place, (kind, admissions) in enumerate(sorted((kinds or nobody).items(), key=lambda item: item[0])):
        net = admissions.sold - admissions.given_back
        yield (
            engagement.film,
            engagement.day,
            engagement.screen,
            shows if place == 0 else None,
            kind.name,
            kind.price if kinds else None,
            admissions.sold,
            _times(admissions.sold, kind.price),
            admissions.given_back,
            _times(admissions.given_back, kind.price),
            net,
            _times(net, kind.price),
        )


def _times(count: int, price: Money) -> Money:
    return Money(count * price.amount_minor, price.currency)


# ---- Occupancy


@dataclass
class Fill:
    shows: int = 0
    seats: int = 0
    sold: int = 0
    came: int = 0


def occupancy(scope: Scope, by: str) -> Table:
    """Seats, sold seats and people who came in, by show, film, screen or day. Two queries."""
    grouping = OCCUPANCY_BY[by]
    came = dict(
        Ticket.objects.filter(
            admitted_at__isnull=False,
            **scope.period.within("booked_seat__booking__showtime__starts_at"),
            **scope.of_bookings("booked_seat__booking__"),
        )
        .values_list("booked_seat__booking__showtime_id")
        .annotate(Count("pk"))
        .order_by()
    )
    fills: dict[tuple[Cell, ...], Fill] = defaultdict(Fill)  # keys: the cells, and what else tells groups apart
    for show in seats_counted(shows(scope).filter(status=ShowtimeStatus.ON_SALE)):
        keys: dict[str, tuple[Cell, ...]] = {
            "show": (local_start(show.starts_at, scope.theatre.zone), show.movie.title, show.screen.name, show.pk),
            "film": (show.movie.title, show.movie_id),
            "screen": (show.screen.name, show.screen_id),
            "day": (local_day(show.starts_at, scope.theatre.timezone),),
        }
        fill = fills[keys[by]]
        fill.shows += 1
        fill.seats += show.seats_total
        fill.sold += show.seats_sold
        fill.came += came.get(show.pk, 0)
    rows: list[Row] = [(*key[: len(grouping.titles)], *_fill_cells(fill)) for key, fill in fills.items()]
    sums = totals(rows)
    whole = [(*row[:-1], percent(_whole(row[-3]), _whole(row[-4]))) for row in sums]
    titles = (_("Shows"), _("Seats"), _("Sold"), _("Came in"), _("Sold, %"))
    return table_make(
        scope,
        title=_("Occupancy by %(what)s") % {"what": grouping.name},
        name=f"occupancy-{by}",
        columns=[*(text(str(title)) for title in grouping.titles), *map(number, titles)],
        rows=rows,
        totals=whole,
        notes=[_("By the day of the show. Came in: tickets admitted at the door. Shows called off are left out.")],
    )


def seats_counted(showtimes: QuerySet[Any]) -> QuerySet[Any]:
    """Add to each show its `seats_total` and `seats_sold`; past shows may be folded (bookings/folding.py)."""
    line = Q(booking__showtime=OuterRef("pk"), booking__status=BookingStatus.CONFIRMED)
    lines = BookedSeat.objects.kept().filter(line).order_by().values("booking__showtime")
    lines_counted = Coalesce(Subquery(lines.annotate(count=Count("pk")).values("count")), 0)
    rows_sold = Count("seats__seat_id", filter=Q(seats__status=SeatStatus.SOLD))
    return showtimes.annotate(
        seats_total=Coalesce("folded__seats_total", Count("seats__seat_id")),
        seats_sold=Case(When(folded=None, then=rows_sold), default=lines_counted),
    )


def _fill_cells(fill: Fill) -> tuple[Cell, ...]:
    return (fill.shows, fill.seats, fill.sold, fill.came, percent(fill.sold, fill.seats))


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
