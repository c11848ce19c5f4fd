"""A booking before it exists: what must be the same on every try of its transaction is made here, outside of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.errors import NotEnoughSeats, SalesClosed, UnknownSeats
from bookings.models import Buyer, SeatStatus
from bookings.pricing import Line, SeatPick, price_table
from bookings.seating import best_together
from bookings.seats import seat_states
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.errors import DomainError, NotFound
from movy.lib.references import reference_new
from theatres.models import Seat, SeatKind


class InvalidPick(DomainError):
    """The wish itself is wrong: a seat named twice, a ticket type that isn't sold for it."""

    code = "invalid"
    status = 400

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "code": "invalid", "message": message}])


@dataclass(frozen=True)
class BookingDraft:
    """Everything a hold writes. `lines` are in seat key order, the order in which all writers meet the rows."""

    reference: str
    showtime_id: int
    buyer: Buyer
    lines: tuple[Line, ...]
    currency: str
    refund_steps: list[list[int]]
    sales_close_at: datetime
    hold_expires_at: datetime
    created_at: datetime

    @property
    def seat_ids(self) -> list[int]:
        return [line.seat_id for line in self.lines]


def booking_draft(*, showtime_id: int, seats: Sequence[SeatPick], buyer: Buyer, now: datetime) -> BookingDraft:
    """Price the wish. Reads only; nothing is promised until booking_hold has run.

    Raises NotFound for a showtime that the public doesn't see, SalesClosed, UnknownSeats, InvalidPick.
    """
    showtime = _showtime_for_sale(showtime_id, now)
    labels = [pick.label for pick in seats]
    if not labels:
        raise InvalidPick("seats", _("Choose at least one seat."))
    if len(set(labels)) != len(labels):
        raise InvalidPick("seats", _("A seat was named twice."))
    found = {
        seat.label: seat
        for seat in Seat.objects.filter(screen_id=showtime.screen_id, label__in=labels).select_related("category")
    }
    unknown = [label for label in labels if label not in found]  # a retired seat fails later: it has no row to take
    if unknown:
        raise UnknownSeats(unknown)
    lines = _priced(showtime, [(found[pick.label], pick.ticket_type) for pick in seats])
    return _draft(showtime, lines, buyer, now)


def best_seats_draft(
    *, showtime_id: int, ticket_types: dict[str, int], category: str | None, buyer: Buyer, now: datetime
) -> BookingDraft:
    """Choose the best free seats together, then price them. `ticket_types`: code -> how many.

    Raises as booking_draft does, and NotEnoughSeats. The seats may be gone by the time they are held.
    """
    showtime = _showtime_for_sale(showtime_id, now)
    types = [code for code, count in ticket_types.items() for _unused in range(count)]
    states = {seat_id: status for seat_id, status, _reference in seat_states(showtime_id=showtime_id, now=now)}
    seats = Seat.objects.filter(screen_id=showtime.screen_id).in_use().select_related("category")
    if category is not None:
        seats = seats.filter(category__code=category)
    free = [seat for seat in seats if states.get(seat.pk) == SeatStatus.FREE and seat.kind == SeatKind.REGULAR]
    chosen = best_together(free, len(types), rows_in_hall=_depth(showtime))
    if chosen is None:
        raise NotEnoughSeats
    return _draft(showtime, _priced(showtime, list(zip(chosen, types, strict=True))), buyer, now)


def _showtime_for_sale(showtime_id: int, now: datetime) -> Showtime:
    showtime = (
        Showtime.objects.public()
        .select_related("screen__theatre")
        .prefetch_related("screen__theatre__refund_steps")
        .filter(pk=showtime_id)
        .first()
    )
    if showtime is None:
        raise NotFound(_("There is no such showing."))
    if showtime.status != ShowtimeStatus.ON_SALE or showtime.sales_close_at <= now:
        raise SalesClosed
    return showtime


def _depth(showtime: Showtime) -> tuple[int, int]:
    """Return the smallest and largest y of the hall, in tenths of a seat."""
    ys = list(Seat.objects.filter(screen_id=showtime.screen_id).in_use().values_list("y", flat=True))
    return (min(ys), max(ys)) if ys else (0, 0)


def _priced(showtime: Showtime, picks: Sequence[tuple[Seat, str]]) -> list[Line]:
    prices = list(ShowtimePrice.objects.filter(showtime=showtime).select_related("category", "ticket_type"))
    table = price_table(prices)
    type_names = {price.ticket_type.code: price.ticket_type.name for price in prices}
    lines = []
    for seat, ticket_type in picks:
        price = table.get((seat.category.code, ticket_type))
        if price is None:
            kind = type_names.get(ticket_type, ticket_type)
            raise InvalidPick(
                "seats",
                _("A %(type)s ticket is not sold for seat %(seat)s.") % {"type": kind, "seat": seat.label},
            )
        lines.append(
            Line(
                seat_id=seat.pk,
                label=seat.label,
                category=seat.category.code,
                category_name=seat.category.name,
                ticket_type=ticket_type,
                ticket_type_name=type_names[ticket_type],
                price_minor=price,
            )
        )
    return lines


def _draft(showtime: Showtime, lines: Sequence[Line], buyer: Buyer, now: datetime) -> BookingDraft:
    steps = showtime.screen.theatre.refund_steps.all()
    return BookingDraft(
        reference=reference_new(),
        showtime_id=showtime.pk,
        buyer=buyer,
        lines=tuple(sorted(lines, key=lambda line: line.seat_id)),
        currency=showtime.currency,
        refund_steps=[[step.hours_before, step.percent] for step in steps],
        sales_close_at=showtime.sales_close_at,
        hold_expires_at=min(now + timedelta(minutes=settings.HOLD_MINUTES), showtime.sales_close_at),
        created_at=now,
    )
