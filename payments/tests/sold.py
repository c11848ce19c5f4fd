"""Sales and refunds as rows, at instants that a report's test has worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import User
from bookings.models import BookedSeat, Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from catalog.models import Showtime
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from theatres.models import Seat

_numbers = count(1)


def sold(
    showtime: Showtime,
    seats: Mapping[str, int] | Sequence[str],
    at: datetime,
    *,
    channel: Channel = Channel.CARD,
    fees_minor: int | None = None,
    sold_by: User | None = None,
    ticket_type: str = "adult",
) -> Booking:
    """A confirmed and paid booking. seats: labels, at 3,500.00 each, or label -> price in minor units."""
    prices = seats if isinstance(seats, Mapping) else dict.fromkeys(seats, 350_000)
    total = sum(prices.values())
    booking = Booking.objects.create(
        reference=f"SOLD{next(_numbers):06}",
        showtime=showtime,
        email="ada@example.test",
        status=BookingStatus.CONFIRMED,
        currency=showtime.currency,
        total_minor=total,
        created_at=at,
        confirmed_at=at,
        sold_by=sold_by,
    )
    for label, price in prices.items():
        seat = Seat.objects.get(screen=showtime.screen_id, label=label)
        line = BookedSeat.objects.create(
            booking=booking,
            seat=seat,
            label=label,
            category="standard",
            category_name="Standard",
            ticket_type=ticket_type,
            ticket_type_name=ticket_type.title(),
            price_minor=price,
        )
        Ticket.objects.create(booked_seat=line, serial=f"S{line.pk:015}")
        ShowtimeSeat.objects.filter(showtime=showtime, seat=seat).update(status=SeatStatus.SOLD, booking=booking)
    if total:
        charged(booking, at, channel=channel, fees_minor=fees_minor, confirms=booking)
    return booking


def charged(booking: Booking, at: datetime, *, minor: int | None = None, **fields: Any) -> Payment:
    """A charge that came in, of the booking's total unless told otherwise."""
    values = {
        "channel": Channel.CARD,
        "currency": booking.currency,
        "charged_currency": booking.currency,
        "amount_minor": booking.total_minor,
    }
    return Payment.objects.create(
        reference=f"MV-{next(_numbers):06}",
        booking=booking,
        status=PaymentStatus.PAID,
        created_at=at,
        deadline_at=at + timedelta(minutes=10),
        paid_at=at,
        charged_minor=booking.total_minor if minor is None else minor,
        **values | fields,
    )


def sent_back(payment: Payment, minor: int, at: datetime, **fields: Any) -> Refund:
    """Money asked back of a charge."""
    payment.refunded_minor += minor
    payment.save(update_fields=["refunded_minor"])
    values = {"reason": RefundReason.CANCELLED, "status": RefundStatus.PROCESSED}
    return Refund.objects.create(
        reference=f"RF-{next(_numbers):06}",
        payment=payment,
        amount_minor=minor,
        currency=payment.charged_currency,
        created_at=at,
        **values | fields,
    )


def given_back(booking: Booking, labels: Sequence[str], at: datetime, *, refund_minor: int) -> None:
    """Seats given back, with this much of their price; the whole booking when none is left."""
    lines = booking.seats.filter(label__in=labels)
    Ticket.objects.filter(booked_seat__in=lines).update(cancelled_at=at)
    seat_ids = list(lines.values_list("seat_id", flat=True))
    ShowtimeSeat.objects.filter(showtime=booking.showtime_id, seat_id__in=seat_ids).update(
        status=SeatStatus.FREE, booking=None
    )
    lines.update(cancelled_at=at)
    if not booking.seats.filter(cancelled_at=None).exists():
        Booking.objects.filter(pk=booking.pk).update(status=BookingStatus.CANCELLED, cancelled_at=at)
    if refund_minor:
        sent_back(booking.confirming_payment, refund_minor, at)
