"""What pages and the API read about showings and bookings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from bookings.models import BookedSeat, Booking, BookingStatus, SeatStatus
from bookings.pricing import PriceTable, price_table
from bookings.querysets import BookingQuerySet
from bookings.seats import seat_states
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.errors import NotFound
from movy.lib.money import Money
from theatres.models import Seat, SeatCategory, TicketType

# ---- The seat map


@dataclass(frozen=True)
class SeatMap:
    """A showing's hall at one instant. `states` maps seat ids to what people see; "mine" for the viewer's own."""

    showtime: Showtime
    categories: list[SeatCategory]
    ticket_types: list[TicketType]
    prices: PriceTable
    seats: list[Seat]
    states: dict[int, str]
    version: int
    now: datetime

    @property
    def sales_open(self) -> bool:
        return sales_open(self.showtime, self.now)

    @property
    def seats_free(self) -> int:
        return sum(state == SeatStatus.FREE for state in self.states.values())

    def price(self, category: str, ticket_type: str = TicketType.ADULT) -> Money | None:
        """Return what a ticket costs; None for a kind that isn't sold."""
        amount = self.prices.get((category, ticket_type))
        return None if amount is None else Money(amount, self.showtime.currency)


def sales_open(showtime: Showtime, now: datetime) -> bool:
    """Whether tickets are sold online at this instant."""
    return showtime.status == ShowtimeStatus.ON_SALE and showtime.sales_close_at > now


def showtime_public(showtime_id: int) -> Showtime:
    """Return a showing that the public may see, with film, screen and theatre. Raises NotFound. One query."""
    showtime = Showtime.objects.public().select_related("movie", "screen__theatre").filter(pk=showtime_id).first()
    if showtime is None:
        raise NotFound
    return showtime


def seat_map_version(showtime: Showtime, *, now: datetime, viewer_id: int | None = None) -> tuple[int, dict[int, str]]:
    """Return the map's version and every seat's state.

    The version is derived from what is shown, so another map has another version, a lapsed hold and the end of sales
    included, and nothing has to be counted up. Below 2**53, which JavaScript reads exactly. One query, two with a
    viewer.
    """
    rows = seat_states(showtime_id=showtime.pk, now=now)
    mine: set[str] = set()
    if viewer_id is not None:
        mine = set(
            Booking.objects.live(now)
            .filter(user_id=viewer_id, showtime_id=showtime.pk)
            .values_list("reference", flat=True)
        )
    states = {
        seat_id: "mine" if reference in mine and status != SeatStatus.FREE else str(status)
        for seat_id, status, reference in rows
    }
    shown = f"{showtime.updated_at.timestamp()} {showtime.status} {sales_open(showtime, now)} {states}"
    digest = hashlib.blake2b(shown.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11, states


def seat_map(showtime: Showtime, *, now: datetime, viewer_id: int | None = None) -> SeatMap:
    """Return everything that a drawn map needs. Three queries beside the version's."""
    version, states = seat_map_version(showtime, now=now, viewer_id=viewer_id)
    prices = list(
        ShowtimePrice.objects.filter(showtime=showtime)
        .select_related("category", "ticket_type")
        .order_by("category__position", "ticket_type__position", "pk")
    )
    # Retired seats that are sold for this showing stay on its map; new seats of the plan do not come onto it.
    seats = list(Seat.objects.filter(screen_id=showtime.screen_id).select_related("category").order_by("y", "x"))
    return SeatMap(
        showtime=showtime,
        categories=list({price.category_id: price.category for price in prices}.values()),
        ticket_types=list({price.ticket_type_id: price.ticket_type for price in prices}.values()),
        prices=price_table(prices),
        seats=[seat for seat in seats if seat.pk in states],
        states=states,
        version=version,
        now=now,
    )


# ---- Bookings


@dataclass(frozen=True)
class Cancellation:
    """What cancelling a booking would do now. `until`: the last instant with money back; None where there is none."""

    allowed: bool
    until: datetime | None
    refund: Money | None


def booking_full(reference: str) -> Booking | None:
    """Return a booking with all that a page or the API shows of it. The caller checks whose it is."""
    return bookings_full().filter(reference=reference).first()


def bookings_full() -> BookingQuerySet:
    """Bookings with showing, lines, tickets and payments: a fixed number of queries whatever their number."""
    return Booking.objects.select_related("showtime__movie", "showtime__screen__theatre").prefetch_related(
        Prefetch("seats", BookedSeat.objects.select_related("ticket").order_by("seat_id")), "payments__refunds"
    )


def bookings_when(bookings: QuerySet[Booking], when: str | None, now: datetime) -> QuerySet[Booking]:
    """Narrow bookings to shows that are still to come or running (`upcoming`) or are over (`past`); None: all."""
    if when == "upcoming":
        return bookings.filter(showtime__ends_at__gt=now)
    if when == "past":
        return bookings.filter(showtime__ends_at__lte=now)
    return bookings


def kept_lines(booking: Booking) -> list[BookedSeat]:
    """Return the lines that were not given back, from what booking_full has fetched."""
    return [line for line in booking.seats.all() if line.cancelled_at is None]


def cancellation(booking: Booking, *, now: datetime) -> Cancellation:
    """Return what cancelling would do at `now`. No query on a booking that booking_full fetched.

    The same rule as bookings.services.booking_cancel, which decides.
    """
    status = booking.status_at(now)
    if status == BookingStatus.HELD:
        return Cancellation(allowed=True, until=booking.hold_expires_at, refund=None)
    paying = [(hours, percent) for hours, percent in booking.refund_steps if percent > 0]
    until = booking.showtime.starts_at - timedelta(hours=min(hours for hours, _percent in paying)) if paying else None
    if status != BookingStatus.CONFIRMED or booking.is_desk_sale:
        return Cancellation(allowed=False, until=until, refund=None)
    lines = kept_lines(booking)
    admitted = any(line.ticket.admitted_at for line in lines)
    percent = booking.refund_percent_at(now, booking.showtime.starts_at)
    back_minor = sum(line.price_minor for line in lines) * percent // 100
    return Cancellation(
        allowed=bool(percent) and not admitted,
        until=until,
        refund=Money(back_minor, booking.currency) if back_minor and not admitted else None,
    )
