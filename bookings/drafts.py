"""A booking before it exists: what must be the same on every try of its transaction is made here, outside of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.errors import NotEnoughSeats, SalesClosed, SeatsUnavailable, UnknownSeats
from bookings.maps import Hall, SeatMap, hall_now, seat_map
from bookings.models import Buyer
from bookings.pricing import Line, SeatPick
from bookings.seating import Group, Place, best_together
from bookings.selectors import desk_sales_open, sales_open
from catalog.models import Showtime
from movy.lib.errors import DomainError, NotFound
from movy.lib.names import name_text
from movy.lib.references import reference_new
from theatres.models import SeatKind


class InvalidPick(DomainError):
    """The wish itself is wrong: a seat named twice, a ticket type that isn't sold for it."""

    code = "invalid"
    status = 400

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "code": "invalid", "message": message}])


@dataclass(frozen=True)
class BookingDraft:
    """Everything a hold writes. `lines` are in seat key order, the order in which all writers meet the rows.
    `sales_close_at` is when the counter closes that it was made at: online, or the theatre's desk."""

    reference: str
    showtime: Showtime
    buyer: Buyer
    lines: tuple[Line, ...]
    currency: str
    refund_steps: list[list[int]]
    sales_close_at: datetime
    hold_expires_at: datetime
    created_at: datetime

    @property
    def showtime_id(self) -> int:
        return self.showtime.pk

    @property
    def seat_ids(self) -> list[int]:
        return [line.seat_id for line in self.lines]


def booking_draft(
    *, showtime_id: int, seats: Sequence[SeatPick], buyer: Buyer, now: datetime | None = None
) -> BookingDraft:
    """Price the wish. Reads only; nothing is promised until booking_hold has run. Without `now` it is the database's,
    which comes with the showing and saves a query: the draft's `created_at`.

    Raises NotFound for a showtime that the public doesn't see, SalesClosed, UnknownSeats, InvalidPick, SeatsUnavailable
    for seats that are no longer in the plan.
    """
    hall, database_now = hall_now(showtime_id)
    now = now or database_now
    _sales_check(hall.showtime, now)
    return _draft(hall, _lines(hall, seats), buyer, now, sales_close_at=hall.showtime.sales_close_at)


def desk_draft(
    *, theatre_id: int, showtime_id: int, seats: Sequence[SeatPick], buyer: Buyer, now: datetime
) -> BookingDraft:
    """Price a sale at the theatre's own desk: at the prices of online, but until the show has ended.

    Raises as booking_draft does; NotFound for another theatre's showtime too.
    """
    hall, _now = hall_now(showtime_id)
    showtime = hall.showtime
    if showtime.screen.theatre_id != theatre_id:
        raise NotFound
    if not desk_sales_open(showtime, now):
        raise SalesClosed(_("Tickets for this showing are no longer sold."))
    return _draft(hall, _lines(hall, seats), buyer, now, sales_close_at=showtime.ends_at)


def best_seats_draft(
    *, showtime_id: int, ticket_types: dict[str, int], category: str | None, buyer: Buyer
) -> BookingDraft:
    """Choose the best free seats together, then price them. `ticket_types`: code -> how many. One query, as for a look
    at the map, so that thousands can ask for a hall that is full.

    Raises as booking_draft does, and NotEnoughSeats. The seats may be gone by the time they are held.
    """
    drawn = seat_map(showtime_id)
    hall = drawn.hall
    if set(ticket_types) - {kind.code for kind in hall.ticket_types}:
        raise InvalidPick("ticket_types", _("This theatre has no such ticket type."))
    types = [code for code, count in ticket_types.items() for _unused in range(count)]
    seats = [seat for group in best_seats(drawn, count=len(types), category=category) for seat in group]
    lines = _priced(hall, list(zip(seats, types, strict=True)))
    return _draft(hall, lines, buyer, drawn.now, sales_close_at=hall.showtime.sales_close_at)


def best_seats(drawn: SeatMap, *, count: int, category: str | None) -> list[Group]:
    """Return the best free seats of a map together, as groups of people who sit side by side. Never a wheelchair place
    or a companion seat: whoever needs one chooses it.

    Raises SalesClosed, InvalidPick for a category that is not there, NotEnoughSeats.
    """
    hall = drawn.hall
    _sales_check(hall.showtime, drawn.now)
    if category not in (None, *(known.code for known in hall.categories)):
        raise InvalidPick("category", _("This hall has no such category."))
    seats = [seat for seat in hall.seats if seat.id not in hall.off_sale]
    free = [
        seat
        for seat in seats
        if drawn.is_sellable(seat) and seat.kind == SeatKind.REGULAR and category in (None, seat.category)
    ]
    groups = best_together(free, count, hall=seats)
    if groups is None:
        raise NotEnoughSeats
    return groups


def _sales_check(showtime: Showtime, now: datetime) -> None:
    if not sales_open(showtime, now):
        raise SalesClosed


def _lines(hall: Hall, seats: Sequence[SeatPick]) -> list[Line]:
    labels = [pick.label for pick in seats]
    if not labels:
        raise InvalidPick("seats", _("Choose at least one seat."))
    if len(set(labels)) != len(labels):
        raise InvalidPick("seats", _("A seat was named twice."))
    found = hall.by_label
    unknown = [label for label in labels if label not in found]
    if unknown:
        raise UnknownSeats(unknown)
    retired = [label for label in labels if found[label].retired_at]
    if retired:
        raise SeatsUnavailable(retired)
    return _priced(hall, [(found[pick.label], pick.ticket_type) for pick in seats])


def _priced(hall: Hall, picks: Sequence[tuple[Place, str]]) -> list[Line]:
    type_names = {kind.code: kind.name for kind in hall.ticket_types}
    lines = []
    for seat, ticket_type in picks:
        price = hall.prices.get((seat.category, ticket_type))
        if price is None:
            kind = name_text(type_names.get(ticket_type, ticket_type))
            raise InvalidPick(
                "seats",
                _("A %(type)s ticket is not sold for seat %(seat)s.") % {"type": kind, "seat": seat.label},
            )
        lines.append(
            Line(
                seat_id=seat.id,
                label=seat.label,
                category=seat.category,
                category_name=seat.category_name,
                ticket_type=ticket_type,
                ticket_type_name=type_names[ticket_type],
                price_minor=price,
            )
        )
    return lines


def _draft(hall: Hall, lines: Sequence[Line], buyer: Buyer, now: datetime, *, sales_close_at: datetime) -> BookingDraft:
    showtime = hall.showtime
    return BookingDraft(
        reference=reference_new(),
        showtime=showtime,
        buyer=buyer,
        lines=tuple(sorted(lines, key=lambda line: line.seat_id)),
        currency=showtime.currency,
        refund_steps=hall.refund_steps,
        sales_close_at=sales_close_at,
        hold_expires_at=min(now + timedelta(minutes=settings.HOLD_MINUTES), sales_close_at),
        created_at=now,
    )
