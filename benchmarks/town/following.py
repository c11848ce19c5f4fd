"""What follows from bookings: lines, tickets, payments, refunds, histories, mails, and whose the seats are. The
database writes it, a statement a table, from the bookings and from what their parties sit on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from benchmarks.town.bulk import joined, rows_select
from benchmarks.town.shows import Show
from bookings.models import BookedSeat, Booking, BookingEvent, ShowtimeSeat, Ticket
from catalog.models import Showtime
from movy.lib.sql import sql_value
from movy.outbox.models import Mail
from payments.models import Payment, PaymentEvent, Refund, WebhookMessage
from theatres.models import Screen, Seat

BOOKINGS, LINES, TICKETS, PAYMENTS, REFUNDS, SEATS, SHOWS, HALLS = (
    model._meta.db_table for model in (Booking, BookedSeat, Ticket, Payment, Refund, Seat, Showtime, Screen)
)
LATE_EVERY = 10
"""One ticket in so many is never shown at the door."""

MAIL = "From: Movy <tickets@town.test>\nContent-Type: text/plain\n\n" + "Your seats are booked. See you there.\n" * 20


def following_write(ids: range, shows: Sequence[Show], *, now: datetime) -> None:
    """Write what follows from the bookings of a stretch of shows: `ids` are theirs, and nobody else's."""
    between = [ids.start, ids.stop - 1]
    _lines(between)
    _tickets(between, now=now)
    _booking_events(between)
    _payments(between)
    _refunds(between)
    _payment_events(between)
    _messages(between)
    _mails(between)
    _seats(between, shows)


def _lines(between: list[int]) -> None:
    copied = ("label", "category", "category_name", "ticket_type", "ticket_type_name", "price_minor")
    rows_select(
        BookedSeat,
        {"booking_id": "b.id", "seat_id": "l.seat_id", "cancelled_at": "b.cancelled_at"}
        | {name: f"l.{name}" for name in copied},
        f"{BOOKINGS} b JOIN town_sale s ON s.booking_id = b.id JOIN town_line l ON l.party = s.party"
        " WHERE b.id BETWEEN %s AND %s ORDER BY b.id, l.seat_id",
        between,
    )


def _tickets(between: list[int], *, now: datetime) -> None:
    """A ticket for each line that was paid. Most people come to what they booked, if they still have it by then."""
    came = f"b.cancelled_at IS NULL AND w.starts_at <= %s AND n.id %% {LATE_EVERY} <> 0"
    rows_select(
        Ticket,
        {
            "booked_seat_id": "n.id",
            "serial": joined("b.reference", "l.tail"),
            "admitted_at": f"CASE WHEN {came} THEN w.starts_at END",
            "cancelled_at": "b.cancelled_at",
        },
        f"{BOOKINGS} b JOIN {SHOWS} w ON w.id = b.showtime_id JOIN {LINES} n ON n.booking_id = b.id"
        " JOIN town_sale s ON s.booking_id = b.id JOIN town_line l ON l.party = s.party AND l.seat_id = n.seat_id"
        " WHERE b.id BETWEEN %s AND %s AND b.confirmed_at IS NOT NULL ORDER BY n.id",
        [sql_value(now), *between],
    )


def _booking_events(between: list[int]) -> None:
    buyer = "COALESCE(b.sold_by_id, b.user_id)"
    held = {"kind": "'held'", "at": "b.created_at", "actor_id": buyer, "detail": "'{}'"}
    paid = {"kind": "'confirmed'", "at": "b.confirmed_at", "actor_id": "NULL", "detail": """'{"late": false}'"""}
    back = {"kind": "'cancelled'", "at": "b.cancelled_at", "actor_id": buyer, "detail": "'{}'"}
    ended = {"kind": "'expired'", "at": "b.hold_expires_at", "actor_id": "NULL", "detail": "'{}'"}
    for columns, condition in (
        (held, "1 = 1"),
        (paid, "b.confirmed_at IS NOT NULL"),
        (back, "b.cancelled_at IS NOT NULL"),
        (ended, "b.status = 'expired'"),
    ):
        source = f"{BOOKINGS} b WHERE b.id BETWEEN %s AND %s AND {condition} ORDER BY b.id"
        rows_select(BookingEvent, {"booking_id": "b.id"} | columns, source, between)
    rows_select(
        BookingEvent,
        {
            "booking_id": "n.booking_id",
            "kind": "'admitted'",
            "at": "t.admitted_at",
            "actor_id": "NULL",
            "detail": joined("""'{"seat": "'""", "n.label", """'"}'"""),
        },
        f"{LINES} n JOIN {TICKETS} t ON t.booked_seat_id = n.id"
        " WHERE n.booking_id BETWEEN %s AND %s AND t.admitted_at IS NOT NULL ORDER BY n.id",
        between,
    )


def _payments(between: list[int]) -> None:
    """One that took the money for what was sold, and one that nobody paid for every other hold that lapsed. Of what
    Paystack takes a hundredth is its fee and two are the platform's."""
    number = joined("'4'", "b.id")
    hundredth = "(b.total_minor - b.total_minor %% 100) / 100"
    online = "b.confirmed_at IS NOT NULL AND b.sold_by_id IS NULL"
    elsewhere = "CASE WHEN b.currency = 'NGN' THEN 'bank_transfer' ELSE 'mobile_money' END"
    rows_select(
        Payment,
        {
            "reference": joined("'MV-'", "b.reference", "'PAYSME'"),
            "booking_id": "b.id",
            "theatre_id": "h.theatre_id",
            "confirms_id": "CASE WHEN b.confirmed_at IS NOT NULL THEN b.id END",
            "amount_minor": "b.total_minor",
            "currency": "b.currency",
            "channel": "CASE WHEN b.sold_by_id IS NOT NULL THEN 'cash'"
            f" WHEN b.id %% 3 = 0 THEN {elsewhere} ELSE 'card' END",
            "status": "CASE WHEN b.confirmed_at IS NULL THEN 'failed' ELSE 'paid' END",
            "authorization_url": "''",
            "access_code": "''",
            "is_opening": "0",
            "created_at": "b.created_at",
            "deadline_at": "b.hold_expires_at",
            "paid_at": "b.confirmed_at",
            "charged_minor": "CASE WHEN b.confirmed_at IS NOT NULL THEN b.total_minor END",
            "charged_currency": "CASE WHEN b.confirmed_at IS NULL THEN '' ELSE b.currency END",
            "refunded_minor": "CASE WHEN b.cancelled_at IS NULL THEN 0 ELSE b.total_minor END",
            "fees_minor": f"CASE WHEN {online} THEN {hundredth} END",
            "theatre_minor": f"CASE WHEN {online} THEN b.total_minor - 3 * {hundredth} END",
            "platform_minor": f"CASE WHEN {online} THEN 2 * {hundredth} END",
            "provider_id": f"CASE WHEN {online} THEN {number} ELSE '' END",
            "provider_note": "''",
            "mismatch": "''",
        },
        f"{BOOKINGS} b JOIN {SHOWS} w ON w.id = b.showtime_id JOIN {HALLS} h ON h.id = w.screen_id"
        " WHERE b.id BETWEEN %s AND %s"
        " AND (b.confirmed_at IS NOT NULL OR (b.status = 'expired' AND b.id %% 2 = 0)) ORDER BY b.id",
        between,
    )


def _refunds(between: list[int]) -> None:
    rows_select(
        Refund,
        {
            "reference": joined("'RF-'", "b.reference", "'BK'"),
            "payment_id": "p.id",
            "theatre_id": "p.theatre_id",
            "amount_minor": "p.charged_minor",
            "currency": "p.currency",
            "reason": "'cancelled'",
            "status": "'processed'",
            "created_at": "b.cancelled_at",
            "settled_at": "b.cancelled_at",
            "provider_id": joined("'7'", "p.id"),
            "provider_note": "''",
        },
        f"{BOOKINGS} b JOIN {PAYMENTS} p ON p.booking_id = b.id"
        " WHERE b.id BETWEEN %s AND %s AND b.status = 'cancelled' ORDER BY p.id",
        between,
    )


def _payment_events(between: list[int]) -> None:
    rows_select(
        PaymentEvent,
        {
            "payment_id": "p.id",
            "kind": "p.status",
            "at": "COALESCE(p.paid_at, p.deadline_at)",
            "actor_id": "b.sold_by_id",
            "detail": "'{}'",
        },
        f"{PAYMENTS} p JOIN {BOOKINGS} b ON b.id = p.booking_id WHERE b.id BETWEEN %s AND %s ORDER BY p.id",
        between,
    )
    for kind in ("refund_pending", "refund_processed"):
        rows_select(
            PaymentEvent,
            {
                "payment_id": "p.id",
                "kind": f"'{kind}'",
                "at": "r.created_at",
                "actor_id": "NULL",
                "detail": joined("""'{"refund": "'""", "r.reference", """'"}'"""),
            },
            f"{PAYMENTS} p JOIN {REFUNDS} r ON r.payment_id = p.id WHERE p.booking_id BETWEEN %s AND %s ORDER BY r.id",
            between,
        )


def _messages(between: list[int]) -> None:
    rows_select(
        WebhookMessage,
        {
            "digest": joined("MD5(p.reference)", "MD5(p.provider_id)"),
            "body": joined("""'{"event":"charge.success","data":{"reference":"'""", "p.reference", """'"}}'"""),
            "event": "'charge.success'",
            "payment_reference": "p.reference",
            "received_at": "p.paid_at",
            "times": "1",
            "handled_at": "p.paid_at",
        },
        f"{PAYMENTS} p WHERE p.booking_id BETWEEN %s AND %s AND p.provider_id <> '' ORDER BY p.id",
        between,
    )


def _mails(between: list[int]) -> None:
    """The mail with the tickets, sent. Whose it is is noted by MD5 here, which no mail of Movy's is found by."""
    rows_select(
        Mail,
        {
            "message_id": joined("'<'", "b.reference", "'@town.test>'"),
            "sender": "'Movy <tickets@town.test>'",
            "recipients": joined("""'["'""", "b.email", """'"]'"""),
            "subject": joined("'Your tickets '", "b.reference"),
            "about": "b.reference",
            "addressee": joined("MD5(b.email)", "MD5(b.name)"),
            "content": "%s",
            "created_at": "b.confirmed_at",
            "attempts": "1",
            "sent_at": "b.confirmed_at",
            "last_error": "''",
        },
        f"{BOOKINGS} b WHERE b.id BETWEEN %s AND %s AND b.email <> '' AND b.confirmed_at IS NOT NULL ORDER BY b.id",
        [MAIL.encode(), *between],
    )


def _seats(between: list[int], shows: Sequence[Show]) -> None:
    """A row for each seat of each show, in the order of the key."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM town_taken")
        cursor.execute(
            "INSERT INTO town_taken SELECT b.showtime_id, n.seat_id, b.reference, b.status, b.hold_expires_at"
            f" FROM {BOOKINGS} b JOIN {LINES} n ON n.booking_id = b.id"
            " WHERE b.id BETWEEN %s AND %s AND b.status IN ('confirmed', 'held')",
            between,
        )
    rows_select(
        ShowtimeSeat,
        {
            "showtime_id": "w.id",
            "seat_id": "p.id",
            "status": "CASE t.status WHEN 'confirmed' THEN 'sold' WHEN 'held' THEN 'held' ELSE 'free' END",
            "booking_id": "t.reference",
            "held_until": "CASE WHEN t.status = 'held' THEN t.hold_expires_at END",
        },
        f"{SHOWS} w JOIN {SEATS} p ON p.screen_id = w.screen_id"
        " LEFT JOIN town_taken t ON t.showtime_id = w.id AND t.seat_id = p.id"
        " WHERE w.id BETWEEN %s AND %s ORDER BY w.id, p.id",
        [shows[0].id, shows[-1].id],
    )
