"""The map of a showing's seats. Who has which seat is asked anew each time; the rest, which is much more to fetch and
seldom changes, may be a second old (movy/lib/recent.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from bookings.models import Booking, SeatStatus, ShowtimeSeat
from bookings.pricing import PriceTable, price_table
from bookings.seating import Place
from bookings.seats import seats_taken
from bookings.selectors import sales_open, showtime_public
from catalog.models import Showtime, ShowtimePrice
from movy.lib.clock import now_sql
from movy.lib.errors import NotFound
from movy.lib.money import Money
from movy.lib.recent import Recent
from movy.lib.sql import sql_instant
from theatres.models import Seat, SeatCategory, TicketType

T = TypeVar("T")
MINE = "mine"
"""The state of the viewer's own seats."""

KEPT = "kept"
"""The state, at the theatre's desk alone, of a seat that is kept for the house: the desk may sell it."""


@dataclass(frozen=True, eq=False)
class Hall:
    """What a map shows, and a booking takes over, besides who has which seat. Shared: nobody may change it."""

    showtime: Showtime
    categories: list[SeatCategory]
    ticket_types: list[TicketType]
    prices: PriceTable
    seats: list[Place]

    @cached_property
    def shown(self) -> str:
        """All of it that a map shows, in short: another price or plan is another map."""
        names = [(row.code, row.name) for rows in (self.categories, self.ticket_types) for row in rows]
        places = [(seat.label, seat.x, seat.y, seat.category, seat.kind) for seat in self.seats]
        return hashlib.blake2b(f"{names} {self.prices} {places}".encode(), digest_size=8).hexdigest()

    @cached_property
    def off_sale(self) -> frozenset[int]:
        """Seats that nobody new gets, by id: they left the plan while they were taken, or their category has no price
        here."""
        priced = {category for category, _ticket_type in self.prices}
        return frozenset(seat.id for seat in self.seats if seat.retired_at or seat.category not in priced)

    @cached_property
    def refund_steps(self) -> list[list[int]]:
        """[[hours before, percent], …], longest first, as a booking keeps them. One query, the first time."""
        return [[step.hours_before, step.percent] for step in self.showtime.screen.theatre.refund_steps.all()]

    def price(self, category: str, ticket_type: str = TicketType.ADULT) -> Money | None:
        """Return what a ticket costs; None for a kind that isn't sold."""
        amount = self.prices.get((category, ticket_type))
        return None if amount is None else Money(amount, self.showtime.currency)


@dataclass(frozen=True)
class SeatMap:
    """A hall at one instant. `taken`: what people see of the seats that are not free, by id.

    `version` is derived from what is shown, so another map has another one, a lapsed hold and the end of sales
    included, and nothing has to be counted up. Below 2**53, which JavaScript reads exactly.
    """

    hall: Hall
    taken: dict[int, str]
    version: int
    now: datetime
    viewer_id: int | None

    def state(self, seat: Place) -> str:
        return self.taken.get(seat.id, SeatStatus.FREE.value)

    def is_sellable(self, seat: Place) -> bool:
        """Whether whoever sees this map may have the seat."""
        return self.state(seat) in (SeatStatus.FREE, KEPT)

    @property
    def sales_open(self) -> bool:
        return sales_open(self.hall.showtime, self.now)

    @property
    def seats_free(self) -> int:
        return len(self.hall.seats) - len(self.taken)


def seat_map(showtime_id: int, *, viewer_id: int | None = None) -> SeatMap:
    """Return the map as it is now. Raises NotFound for a showing that the public doesn't see.

    Two queries, three with a viewer, and three more when the hall is not at hand. A showing that was moved or called
    off has another hall at once.
    """
    now, *stamp = _stamp(showtime_id)
    hall = _hall(showtime_id, tuple(stamp))
    taken = dict.fromkeys(hall.off_sale, SeatStatus.BLOCKED.value) | _taken(showtime_id, now, viewer_id)
    shown = f"{showtime_id} {stamp} {hall.shown} {sales_open(hall.showtime, now)} {taken}"
    digest = hashlib.blake2b(shown.encode(), digest_size=8).digest()
    return SeatMap(hall, taken, version=int.from_bytes(digest, "big") >> 11, now=now, viewer_id=viewer_id)


def desk_seat_map(showtime_id: int) -> SeatMap:
    """Return the map as the theatre's desk sees it, which sells the seats of the house too. One query more.

    Raises NotFound.
    """
    drawn = seat_map(showtime_id)
    house = ShowtimeSeat.objects.filter(
        showtime=showtime_id, status=SeatStatus.BLOCKED, held_until__gt=drawn.now
    ).values_list("seat_id", flat=True)
    kept = dict.fromkeys(set(house) - drawn.hall.off_sale, KEPT)
    return replace(drawn, taken=drawn.taken | kept)


def hall_now(showtime_id: int) -> tuple[Hall, datetime]:
    """Return the hall without its seats' states, and the database's now, which comes along. Raises NotFound. One query,
    and three more when the hall is not at hand."""
    now, *stamp = _stamp(showtime_id)
    return _hall(showtime_id, tuple(stamp)), now


def drawn_once(drawn: SeatMap, form: Hashable, draw: Callable[[], T]) -> T:
    """Return what `draw` makes of this map: made once for all that see the same. `form`: what else it depends on."""
    key = (drawn.hall, drawn.version, drawn.viewer_id, form)
    kept = _drawings.find(key)
    return _drawings.keep(key, draw()) if kept is None else kept


_OF_PLACE = ["id", "label", "row", "number", "x", "y", "kind", "retired_at", "category__code", "category__name"]
_halls: Recent[Hall] = Recent(size=256)
_drawings: Recent[Any] = Recent(size=64)  # of some 100 kB each


def _stamp(showtime_id: int) -> tuple[Any, ...]:
    """Return the database's now, and what changes with each change of the showing. Raw: this is every look at a map.
    Raises NotFound, also for a number that no database could have given out: SQLite refuses to be asked for it."""
    if showtime_id > 2**63 - 1:
        raise NotFound(_("There is no such showing."))
    sql = f"SELECT {now_sql()}, status, sales_close_at, updated_at FROM {Showtime._meta.db_table}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE id = %s AND status <> 'draft'", [showtime_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such showing."))
    return (sql_instant(row[0]), *row[1:])


def _hall(showtime_id: int, stamp: tuple[Any, ...]) -> Hall:
    return _halls.find((showtime_id, stamp)) or _halls.keep((showtime_id, stamp), _hall_read(showtime_id))


def _hall_read(showtime_id: int) -> Hall:
    showtime = showtime_public(showtime_id)
    prices = list(
        ShowtimePrice.objects.filter(showtime=showtime)
        .select_related("category", "ticket_type")
        .order_by("category__position", "ticket_type__position", "pk")
    )
    # Retired seats that are taken stay on the map; those that nobody has have no row any more (bookings/plans.py).
    seats = Seat.objects.filter(pk__in=ShowtimeSeat.objects.filter(showtime=showtime).values("seat_id"))
    return Hall(
        showtime=showtime,
        categories=list({price.category_id: price.category for price in prices}.values()),
        ticket_types=list({price.ticket_type_id: price.ticket_type for price in prices}.values()),
        prices=price_table(prices),
        seats=[Place(*row) for row in seats.order_by("y", "x").values_list(*_OF_PLACE)],
    )


def _taken(showtime_id: int, now: datetime, viewer_id: int | None) -> dict[int, str]:
    rows = seats_taken(showtime_id=showtime_id, now=now)
    if viewer_id is None:
        return {seat_id: status for seat_id, status, _reference in rows}
    live = Booking.objects.live(now).filter(user_id=viewer_id, showtime_id=showtime_id)
    mine = set(live.values_list("reference", flat=True))
    return {seat_id: MINE if reference in mine else status for seat_id, status, reference in rows}
