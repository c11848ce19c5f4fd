"""The map of a showing's seats. Who has which seat is asked anew at each look, with one query; the rest, which is much
more to fetch and seldom changes, is kept under the catalogue's stamp (movy/lib/stamp.py). What is made of a map, its
pages and its JSON, is kept under its version, which is another one as soon as anything on it is."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from bookings.folding import folded_sold, is_long_over
from bookings.models import BookedSeat, Booking, FoldedShowing, SeatStatus, ShowtimeSeat
from bookings.pricing import PriceTable, price_table
from bookings.seating import Place
from bookings.seats import taken_read, taken_sql
from bookings.selectors import sales_open, showtime_public
from catalog.models import Showtime, ShowtimePrice
from movy.lib.clock import now_sql
from movy.lib.errors import NotFound
from movy.lib.money import Money
from movy.lib.recent import Recent
from movy.lib.sql import sql_instant
from movy.lib.stamp import KEPT_SECONDS, stamp
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
    folded: FoldedShowing | None = None

    @cached_property
    def digest(self) -> str:
        """All that was read for it, in short: with another price, plan or title it is another hall."""
        showtime = self.showtime
        of_show = [showtime, showtime.movie, showtime.screen, showtime.screen.theatre]
        rows = [_values(row) for row in [*of_show, *self.categories, *self.ticket_types]]
        return hashlib.blake2b(f"{rows} {self.prices} {self.seats}".encode(), digest_size=16).hexdigest()

    @cached_property
    def off_sale(self) -> frozenset[int]:
        """Seats that nobody new gets, by id: they left the plan while they were taken, or their category has no price
        here."""
        priced = {category for category, _ticket_type in self.prices}
        return frozenset(seat.id for seat in self.seats if seat.retired_at or seat.category not in priced)

    @cached_property
    def by_label(self) -> dict[str, Place]:
        return {seat.label: seat for seat in self.seats}

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

    def state(self, seat: Place) -> str:
        return self.taken.get(seat.id, SeatStatus.FREE.value)

    def is_sellable(self, seat: Place) -> bool:
        """Whether whoever sees this map may have the seat."""
        return self.state(seat) in (SeatStatus.FREE, KEPT)

    @property
    def key(self) -> Hashable:
        """The same for all maps that look the same to their viewers."""
        return (self.hall.digest, self.version)

    @property
    def sales_open(self) -> bool:
        return sales_open(self.hall.showtime, self.now)

    @property
    def seats_free(self) -> int:
        return len(self.hall.seats) - len(self.taken)


def seat_map(showtime_id: int, *, viewer_id: int | None = None) -> SeatMap:
    """Return the map as it is now. Raises NotFound for a showing that the public doesn't see.

    One query, two with a viewer, and three more when the hall is not at hand. A showing that was moved or called off
    has another hall at once.
    """
    now, *of_showing, taken = _showing(showtime_id, also=f"({taken_sql(f'{_SHOWING}.id')})")
    hall = _hall(showtime_id, tuple(of_showing), now)
    mine = frozenset(_seats_of(viewer_id, showtime_id, now)) if viewer_id else frozenset[int]()
    if hall.folded:
        taken, mine = _taken_of_folded(hall.folded), frozenset(_seats_of_folded(viewer_id, showtime_id, now))
    states = _states(hall, taken or "", mine, sales_open(hall.showtime, now))
    return SeatMap(hall, states.taken, version=states.version, now=now)


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
    now, *of_showing = _showing(showtime_id)
    return _hall(showtime_id, tuple(of_showing), now), now


def drawn_once(key: Hashable, draw: Callable[[], T]) -> T:
    """Return what `draw` makes, made once for each key: a map's or a hall's, and whatever else it depends on."""
    kept = _drawings.find(key)
    return _drawings.keep(key, draw()) if kept is None else kept


class _States(NamedTuple):
    """What is seen of the seats that are not free, by id, and the version that this makes the map."""

    taken: dict[int, str]
    version: int


_SHOWING = Showtime._meta.db_table
_OF_PLACE = ["id", "label", "row", "number", "x", "y", "kind", "retired_at", "category__code", "category__name"]
_halls: Recent[Hall] = Recent(size=256, seconds=KEPT_SECONDS)  # of some 200 kB each
_all_states: Recent[_States] = Recent(size=256, seconds=math.inf)
_drawings: Recent[Any] = Recent(size=256, seconds=math.inf)  # of some 100 kB each
"""The last two may be of any age, and are never wrong: their keys say all that they were made of."""


def _showing(showtime_id: int, *, also: str = "") -> tuple[Any, ...]:
    """Return the database's now, what changes with each change of the showing, and what else is asked for as SQL. Raw
    and one query: this is every look at a map. Raises NotFound, also for a number that no database could have given
    out: SQLite refuses to be asked for it."""
    if showtime_id > 2**63 - 1:
        raise NotFound(_("There is no such showing."))
    asked = ", ".join(filter(None, [now_sql(), "status", "sales_close_at", "updated_at", also]))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked} FROM {_SHOWING} WHERE id = %s AND status <> 'draft'", [showtime_id])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        raise NotFound(_("There is no such showing."))
    return (sql_instant(row[0]), *row[1:])


def _states(hall: Hall, taken: str, mine: frozenset[int], is_open: bool) -> _States:
    """Read what a look has found; once for all looks that find the same."""
    key = (hall.digest, taken, mine, is_open)
    return _all_states.find(key) or _all_states.keep(key, _states_read(hall, taken, mine, is_open))


def _states_read(hall: Hall, taken: str, mine: frozenset[int], is_open: bool) -> _States:
    states = dict.fromkeys(hall.off_sale, SeatStatus.BLOCKED.value) | taken_read(taken)
    states |= dict.fromkeys(mine & states.keys(), MINE)
    shown = f"{hall.digest} {is_open} {sorted(states.items())}"
    digest = hashlib.blake2b(shown.encode(), digest_size=8).digest()
    return _States(states, version=int.from_bytes(digest, "big") >> 11)


def _hall(showtime_id: int, of_showing: tuple[Any, ...], now: datetime) -> Hall:
    """`of_showing`: what changes with each change of the showing: then its hall is another one at once. That of a
    showing long over is read at each look: it may have been folded since, which moves no stamp."""
    catalogue = stamp()
    if catalogue is None:  # in a transaction
        return _hall_read(showtime_id)
    key = (showtime_id, of_showing, catalogue)
    kept = _halls.find(key)
    if kept and not is_long_over(kept.showtime, now=now):
        return kept
    return _halls.keep(key, _hall_read(showtime_id))


def _hall_read(showtime_id: int) -> Hall:
    showtime = showtime_public(showtime_id)
    prices = list(
        ShowtimePrice.objects.filter(showtime=showtime)
        .select_related("category", "ticket_type")
        .order_by("category__position", "ticket_type__position", "pk")
    )
    # Retired seats that are taken stay on the map; those that nobody has have no row any more (bookings/plans.py).
    seats = _places(ShowtimeSeat.objects.filter(showtime=showtime).values("seat_id"))
    folded = None if seats else FoldedShowing.objects.filter(pk=showtime_id).first()
    return Hall(
        showtime=showtime,
        categories=list({price.category_id: price.category for price in prices}.values()),
        ticket_types=list({price.ticket_type_id: price.ticket_type for price in prices}.values()),
        prices=price_table(prices),
        seats=_places(folded.seat_ids) if folded else seats,
        folded=folded,
    )


def _places(seat_ids: Any) -> list[Place]:
    """Return the seats with these ids, or those that a query for ids finds, from the front row on."""
    return [Place(*row) for row in Seat.objects.filter(pk__in=seat_ids).order_by("y", "x").values_list(*_OF_PLACE)]


def _seats_of(user_id: int, showtime_id: int, now: datetime) -> Iterable[int]:
    """Return the ids of the seats that somebody has at a showing. One query."""
    theirs = Booking.objects.live(now).filter(user_id=user_id, showtime_id=showtime_id)
    return ShowtimeSeat.objects.filter(showtime=showtime_id, booking__in=theirs).values_list("seat_id", flat=True)


def _seats_of_folded(user_id: int | None, showtime_id: int, now: datetime) -> Iterable[int]:
    theirs = Booking.objects.live(now).filter(user_id=user_id, showtime_id=showtime_id)
    return BookedSeat.objects.kept().filter(booking__in=theirs).values_list("seat_id", flat=True) if user_id else []


def _taken_of_folded(folded: FoldedShowing) -> str:
    """Return the text that taken_sql would, from the lines. One query."""
    sold = dict.fromkeys(folded_sold(folded.pk), SeatStatus.SOLD.value)
    states = dict.fromkeys(folded.blocked, SeatStatus.BLOCKED.value) | sold
    return " ".join(f"{seat_id} {state}" for seat_id, state in states.items())


def _values(row: Model) -> list[Any]:
    """Return all that was read of a row."""
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]
