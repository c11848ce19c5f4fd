"""What clients are shown of showings, maps and bookings. Plain dicts from what the selectors fetched: no queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from bookings.maps import SeatMap
from bookings.models import Booking, BookingStatus
from bookings.selectors import cancellation, kept_lines
from bookings.tickets import ticket_code
from catalog.api.outputs import showtime_brief
from movy.lib.clock import rfc3339
from movy.lib.money import Money
from theatres.models import SeatKind

JSON = dict[str, Any]


def instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def showtime_output(request: HttpRequest, drawn: SeatMap) -> JSON:
    """A showing with what is left of it."""
    showtime = drawn.hall.showtime
    adult = [money for category in drawn.hall.categories if (money := drawn.hall.price(category.code)) is not None]
    return showtime_brief(request, showtime) | {
        "sales_open": drawn.sales_open,
        "sales_close_at": rfc3339(showtime.sales_close_at),
        "seats_total": len(drawn.hall.seats),
        "seats_free": drawn.seats_free,
        "from_price": min(adult).as_json() if adult else None,
    }


def seat_map_output(request: HttpRequest, drawn: SeatMap) -> JSON:
    """The whole map as the contract writes it."""
    return {
        "showtime": showtime_output(request, drawn),
        "categories": [
            {"code": category.code, "name": category.name, "price": money_or_none(drawn.hall.price(category.code))}
            for category in drawn.hall.categories
        ],
        "ticket_types": [
            {
                "code": kind.code,
                "name": kind.name,
                "price_by_category": {
                    category.code: price.as_json()
                    for category in drawn.hall.categories
                    if (price := drawn.hall.price(category.code, kind.code)) is not None
                },
            }
            for kind in drawn.hall.ticket_types
        ],
        "seats": [
            {
                "id": seat.id,
                "label": seat.label,
                "row": seat.row,
                "number": seat.number,
                "x": seat.x,
                "y": seat.y,
                "category": seat.category,
                "accessible": seat.kind == SeatKind.ACCESSIBLE,
                "status": drawn.state(seat),
            }
            for seat in drawn.hall.seats
        ],
        "version": drawn.version,
    }


def booking_output(request: HttpRequest, booking: Booking, *, now: datetime) -> JSON:
    """A booking that booking_full fetched, for its buyer or the desk."""
    kept = kept_lines(booking)
    lines = kept or list(booking.seats.all())
    rule = cancellation(booking, now=now)
    status = booking.status_at(now)
    is_unpaid = status in (BookingStatus.HELD, BookingStatus.EXPIRED)
    return {
        "reference": booking.reference,
        "status": str(status),
        "showtime": showtime_brief(request, booking.showtime),
        "seats": [
            {
                "label": line.label,
                "category": line.category,
                "ticket_type": line.ticket_type,
                "price": Money(line.price_minor, booking.currency).as_json(),
            }
            for line in lines
        ],
        "total": Money(sum(line.price_minor for line in lines), booking.currency).as_json(),
        "hold_expires_at": instant(booking.hold_expires_at) if is_unpaid else None,
        "created_at": rfc3339(booking.created_at),
        "payment": payment_brief(booking),
        "tickets": [
            {
                "code": (code := ticket_code(line.ticket.serial)),
                "seat": line.label,
                "ticket_type": line.ticket_type,
                "qr_url": request.build_absolute_uri(reverse("bookings:ticket_qr", args=[code])),
                "admitted_at": instant(line.ticket.admitted_at),
            }
            for line in kept
            if hasattr(line, "ticket")
        ],
        "cancellation": {
            "allowed": rule.allowed,
            "until": instant(rule.until),
            "refund": money_or_none(rule.refund),
        },
    }


def payment_brief(booking: Booking) -> JSON | None:
    """The payment that stands for the booking: read through the reverse name, which bookings never write."""
    payment = max(booking.payments.all(), key=lambda row: row.prominence, default=None)
    if payment is None:
        return None
    return {
        "reference": payment.reference,
        "status": payment.public_status,
        "channel": payment.channel,
        "authorization_url": (payment.authorization_url or None) if payment.status == "pending" else None,
    }


def money_or_none(money: Money | None) -> Any:
    return None if money is None else money.as_json()
