"""What pages and the API read about showings and bookings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from bookings.constants import DOORS_OPEN_BEFORE
from bookings.models import BookedSeat, Booking, BookingStatus
from bookings.pricing import Line
from bookings.querysets import BookingQuerySet
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import DatabaseNow, day_bounds
from movy.lib.errors import NotFound
from movy.lib.money import Money
from movy.lib.sql import row_made
from theatres.models import Theatre

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# ---- Showings


def sales_open(showtime: Showtime, now: datetime) -> bool:
    """Whether tickets are sold online at this instant."""
    return showtime.status == ShowtimeStatus.ON_SALE and showtime.sales_close_at > now


def desk_sales_open(showtime: Showtime, now: datetime) -> bool:
    """Whether the theatre's own desk sells tickets at this instant: until the show is over."""
    return showtime.status == ShowtimeStatus.ON_SALE and showtime.ends_at > now


def showings_of_day(theatre: Theatre, *, day: date, now: datetime) -> list[Showtime]:
    """Return what a theatre shows on one of its days and has not ended, the soonest first, with film and screen: what
    desk and door are busy with. One query.

    To today belong also those of yesterday that still run, and of tomorrow that have their doors open.
    """
    start, end = day_bounds(day, theatre.timezone)
    if start <= now:
        start, end = start - timedelta(days=1), max(end, now + DOORS_OPEN_BEFORE)
    shows = Showtime.objects.filter(
        screen__theatre=theatre, status=ShowtimeStatus.ON_SALE, starts_at__gte=start, starts_at__lt=end, ends_at__gt=now
    )
    return list(shows.select_related("movie", "screen").order_by("starts_at", "screen__name", "pk"))


def showtime_whole(showtime_id: int) -> Showtime:
    """Return a showing with film, screen and theatre: all that a mail tells of it. One query."""
    return Showtime.objects.select_related("movie", "screen__theatre").get(pk=showtime_id)


def showtime_public(showtime_id: int) -> Showtime:
    """Return a showing that the public may see, with film, screen and theatre. Raises NotFound. One query."""
    showtime = Showtime.objects.public().select_related("movie", "screen__theatre").filter(pk=showtime_id).first()
    if showtime is None:
        raise NotFound
    return showtime


# ---- Bookings


@dataclass(frozen=True)
class Cancellation:
    """What cancelling a booking, or some of its seats, would do now. `until`: the last instant with money back; None
    where there is none. `percent`: of the price, by the theatre's rule."""

    allowed: bool
    until: datetime | None
    refund: Money | None
    percent: int = 0


def booking_full(reference: str) -> Booking | None:
    """Return a booking with all that a page or the API shows of it. The caller checks whose it is."""
    return bookings_full().filter(reference=reference).first()


def booking_own(user: User | AnonymousUser, reference: str, *, opened: bool = False) -> tuple[Booking, datetime]:
    """Return a person's own booking with all that is shown of it, and the database's time. Raises NotFound for
    everybody else's, as for one that isn't there. Four queries. `opened`: whether their browser may open it where it is
    a guest's (bookings/guests.py)."""
    full = bookings_full()
    own = full.of_buyer(user) | full.of_guests() if opened else full.of_buyer(user)
    found: Any = own.annotate(now=DatabaseNow()).filter(reference=reference).first()
    if found is None:
        raise NotFound
    return found, found.now


def booking_just_held(booking: Booking, lines: Sequence[Line]) -> Booking:
    """Return a booking that was held a moment ago as booking_full would: with lines, without tickets or payments. No
    query: everything is known, and this is the answer to every hold."""
    seats = [row_made(BookedSeat, {"booking_id": booking.pk} | vars(line)) for line in lines]
    booking._prefetched_objects_cache = {"seats": seats, "payments": []}  # type: ignore[attr-defined]
    return booking


def bookings_full() -> BookingQuerySet:
    """Bookings with showing, lines, tickets and payments: a fixed number of queries whatever their number."""
    whole = Booking.objects.select_related("showtime__movie", "showtime__screen__theatre")
    return whole.prefetch_related(_lines(), "payments__refunds")


def bookings_mine(user: User | AnonymousUser, *, when: str | None, now: datetime) -> BookingQuerySet:
    """Return a person's bookings with showing and lines: of shows that are still to come or running (`upcoming`), of
    those that are over (`past`), or all. Three queries whatever their number.

    Showings are asked beside the bookings: in a join the planner may begin with them, or with the few theatres, and
    sort all that somebody ever booked for one page.
    """
    showings = Prefetch("showtime", Showtime.objects.select_related("movie", "screen__theatre"))
    mine = Booking.objects.of_buyer(user).prefetch_related(showings, _lines())
    ends_at = Subquery(Showtime.objects.filter(pk=OuterRef("showtime")).order_by().values("ends_at"))
    if when == "upcoming":
        return mine.alias(ends_at=ends_at).filter(ends_at__gt=now)
    if when == "past":
        return mine.alias(ends_at=ends_at).filter(ends_at__lte=now)
    return mine


def _lines() -> Prefetch[str, QuerySet[BookedSeat], str]:
    return Prefetch("seats", BookedSeat.objects.select_related("ticket").order_by("seat_id"))


def kept_lines(booking: Booking) -> list[BookedSeat]:
    """Return the lines that were not given back, from what booking_full has fetched."""
    return [line for line in booking.seats.all() if line.cancelled_at is None]


def cancellation(booking: Booking, *, now: datetime, labels: Collection[str] | None = None) -> Cancellation:
    """Return what cancelling would do at `now`: of all seats that are kept, or of those among them that have these
    labels. No query on a booking that booking_full fetched.

    The same rule as bookings.services.booking_cancel, which decides.
    """
    status = booking.status_at(now)
    if status == BookingStatus.HELD:
        return Cancellation(allowed=True, until=booking.hold_expires_at, refund=None)
    paying = [(hours, percent) for hours, percent in booking.refund_steps if percent > 0]
    until = booking.showtime.starts_at - timedelta(hours=min(hours for hours, _percent in paying)) if paying else None
    if status != BookingStatus.CONFIRMED or booking.is_desk_sale:
        return Cancellation(allowed=False, until=until, refund=None)
    lines = [line for line in kept_lines(booking) if labels is None or line.label in labels]
    admitted = any(line.ticket.admitted_at for line in lines)
    percent = booking.refund_percent_at(now, booking.showtime.starts_at)
    left_minor = [payment.left_minor for payment in booking.payments.all() if payment.confirms_id == booking.pk]
    back_minor = min([sum(line.price_minor for line in lines) * percent // 100, *left_minor])
    return Cancellation(
        allowed=bool(percent) and not admitted,
        until=until,
        refund=Money(back_minor, booking.currency) if back_minor and not admitted else None,
        percent=percent,
    )
