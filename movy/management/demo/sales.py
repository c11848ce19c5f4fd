"""What is taken already when the demo starts: sales at the desk, and holds that simply lapse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User
from bookings.models import BookedSeat, Booking, BookingEvent, BookingStatus, Ticket
from bookings.tickets import SERIAL_LENGTH
from catalog.models import Showtime
from demo.schedule import PlannedShowtime, fill
from movy.management.demo.bulk import reference_seeded, rows_create
from movy.management.demo.house import LoadedScreen, LoadedTheatre
from payments.models import Channel, Payment, PaymentEvent, PaymentStatus
from theatres.models import Membership, Role, Theatre, TicketType

Planned = Sequence[tuple[PlannedShowtime, Showtime]]
Taken = dict[tuple[int, int], Booking]
"""(showtime id, seat id) -> the booking that has the seat."""

HOLDS_LAST = timedelta(hours=1)  # a demo's holds last longer than a buyer's, so that one sees them
HOLDER = "somebody@movy.test"
FAMILY_FROM = 4  # people who come together: two adults and their children


def seller_id(theatre: Theatre) -> int:
    """Return who sells at this theatre's desk: its box office, or else the platform owner."""
    desk = Membership.objects.filter(theatre=theatre, role=Role.BOX_OFFICE).order_by("pk").first()
    return desk.user_id if desk else User.objects.filter(is_superuser=True).earliest("pk").pk


@dataclass(frozen=True)
class Party:
    """One purchase, not stored yet."""

    booking: Booking
    lines: list[BookedSeat]


def sales_load(theatre: LoadedTheatre, hall: LoadedScreen, planned: Planned, *, sold_by_id: int, at: datetime) -> Taken:
    """Store the sold parties as payments.services.desk_sale would: booking, lines, tickets, payment, history."""
    parties = [
        _party(theatre, hall, plan, showtime, labels, name=str(number), at=at)
        for plan, showtime in planned
        for number, labels in enumerate(fill(plan).parties)
    ]
    for party in parties:
        party.booking.status = BookingStatus.CONFIRMED
        party.booking.confirmed_at = at
        party.booking.sold_by_id = sold_by_id
    taken = _parties_create(parties)
    rows_create([_ticket(line) for party in parties for line in party.lines])
    payments = rows_create([_payment(party.booking, at=at) for party in parties], key=["reference"])
    rows_create(
        [
            BookingEvent(booking=party.booking, at=at, kind=kind, actor_id=actor_id, detail=detail)
            for party in parties
            for kind, actor_id, detail in (("held", sold_by_id, {}), ("confirmed", None, {"late": False}))
        ]
    )
    rows_create(
        [
            PaymentEvent(payment=payment, at=at, kind=PaymentStatus.PAID, actor_id=sold_by_id, detail={})
            for payment in payments
        ]
    )
    return taken


def holds_load(theatre: LoadedTheatre, hall: LoadedScreen, planned: Planned, *, now: datetime) -> Taken:
    """Store a hold for each show that can still be booked. Nobody pays for it; it ends as every hold does."""
    parties = [
        _party(theatre, hall, plan, showtime, fill(plan).held, name="hold", at=now)
        for plan, showtime in planned
        if fill(plan).held and showtime.sales_close_at > now
    ]
    for party in parties:
        party.booking.email = HOLDER
        party.booking.hold_expires_at = min(now + HOLDS_LAST, party.booking.showtime.sales_close_at)
    taken = _parties_create(parties)
    rows_create([BookingEvent(booking=party.booking, at=now, kind="held", detail={}) for party in parties])
    return taken


def _parties_create(parties: Sequence[Party]) -> Taken:
    rows_create([party.booking for party in parties], key=["reference"])
    for party in parties:
        for line in party.lines:
            line.booking = party.booking  # which has its id now
    rows_create([line for party in parties for line in party.lines], key=["booking_id", "seat_id"])
    return {(party.booking.showtime_id, line.seat_id): party.booking for party in parties for line in party.lines}


def _party(
    theatre: LoadedTheatre,
    hall: LoadedScreen,
    plan: PlannedShowtime,
    showtime: Showtime,
    labels: Sequence[str],
    *,
    name: str,
    at: datetime,
) -> Party:
    """Return an unpaid booking of seats with its lines, in key order. `name` tells it from the show's other parties."""
    booking = Booking(
        reference=reference_seeded("booking", hall.plan.key, plan.starts_at.isoformat(), name),
        showtime=showtime,
        currency=theatre.theatre.currency,
        refund_steps=theatre.refund_steps,
        hold_expires_at=min(at + timedelta(minutes=settings.HOLD_MINUTES), showtime.sales_close_at),
        created_at=at,
    )
    seats = sorted((hall.seats[label] for label in labels), key=lambda seat: seat.pk)
    prices = theatre.plan.prices_for(plan.format)
    lines = [
        BookedSeat(
            booking=booking,
            seat=seat,
            label=seat.label,
            category=seat.category.code,
            category_name=seat.category.name,
            ticket_type=kind,
            ticket_type_name=theatre.ticket_types[kind].name,
            price_minor=prices[seat.category.code][kind],
        )
        for seat, kind in zip(seats, _ticket_types(len(seats)), strict=True)
    ]
    booking.total_minor = sum(line.price_minor for line in lines)
    return Party(booking=booking, lines=lines)


def _ticket_types(people: int) -> Iterator[str]:
    for number in range(people):
        yield "child" if people >= FAMILY_FROM and number >= 2 else TicketType.ADULT


def _ticket(line: BookedSeat) -> Ticket:
    serial = reference_seeded("ticket", line.booking.reference, line.label, length=SERIAL_LENGTH)
    return Ticket(booked_seat=line, serial=serial)


def _payment(booking: Booking, *, at: datetime) -> Payment:
    return Payment(
        reference=f"MV-{reference_seeded('payment', booking.reference, length=16)}",
        booking=booking,
        theatre_id=booking.showtime.screen.theatre_id,
        confirms=booking,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        channel=Channel.CASH,
        status=PaymentStatus.PAID,
        created_at=at,
        deadline_at=at,
        paid_at=at,
        charged_minor=booking.total_minor,
        charged_currency=booking.currency,
    )
