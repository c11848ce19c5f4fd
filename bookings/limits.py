"""What one buyer, and one network address, may hold of a showing. Raw SQL, because this is part of every hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.errors import InvalidToken
from bookings.constants import HOLDS_A_BUYER_MAX, SAME_SEATS_PAUSE, SEATS_A_BUYER_MAX, SEATS_AN_ADDRESS_MAX
from bookings.drafts import BookingDraft
from bookings.errors import HeldTooOften, TooManyHolds, TooManySeats
from bookings.locks import buyer_locked
from bookings.models import BookedSeat, Booking, BookingStatus
from movy.lib.sql import sql_instant, sql_values

_BOOKING, _LINE = Booking._meta.db_table, BookedSeat._meta.db_table

_LINES_OF_BUYER = f"""
    SELECT line.booking_id, line.seat_id, line.cancelled_at,
           booking.status, booking.hold_expires_at, booking.confirmed_at
    FROM {_BOOKING} booking JOIN {_LINE} line ON line.booking_id = booking.id
    WHERE booking.user_id = %s AND booking.showtime_id = %s
"""  # noqa: S608 - the names of our own tables
_LINES_OF_GUEST = f"""
    SELECT line.booking_id, line.seat_id, line.cancelled_at,
           booking.status, booking.hold_expires_at, booking.confirmed_at
    FROM {_BOOKING} booking %s {_LINE} line ON line.booking_id = booking.id
    WHERE booking.email = %%s AND booking.showtime_id = %%s AND booking.user_id IS NULL AND booking.sold_by_id IS NULL
    AND booking.reference <> %%s %s
"""  # noqa: S608
_GUESTS_LOCK = {
    "mysql": ("FORCE INDEX (bookings_booking_email_413e3dd0) STRAIGHT_JOIN", "LOCK IN SHARE MODE"),
    "sqlite": ("JOIN", ""),
}
"""What makes two holds of one guest wait for each other, by vendor: the last words. The first ones keep them from
waiting for anybody else's, by going to their own rows alone. SQLite has one writer at a time."""
_UNPAID_OF_ADDRESS = f"""
    SELECT COUNT(*) FROM {_BOOKING} booking JOIN {_LINE} line ON line.booking_id = booking.id
    WHERE booking.showtime_id = %s AND booking.status = 'held' AND booking.hold_expires_at > %s AND booking.address = %s
"""  # noqa: S608


def limits_check(draft: BookingDraft, *, now: datetime) -> None:
    """Raise TooManyHolds, TooManySeats or HeldTooOften when the buyer has all that one may have here, InvalidToken when
    the account was closed a moment ago.

    Exact for a person: their holds go one at a time. A guest has no row to lock, and is counted once they have one:
    guest_limits_check. The address is not locked (a network address may stand for a whole city's mobile network), so a
    burst may pass its limit by a few seats.
    """
    if draft.buyer.user_id is None:
        if len(draft.lines) > SEATS_A_BUYER_MAX:
            raise TooManySeats
    else:
        if not buyer_locked(draft.buyer.user_id):
            raise InvalidToken
        _buyer_check(draft, _rows(_LINES_OF_BUYER, draft.buyer.user_id, draft.showtime_id), now)
    if draft.buyer.address:
        _address_check(draft, now)


def guest_limits_check(draft: BookingDraft, *, now: datetime) -> None:
    """Raise as limits_check does when a guest, by their e-mail, has all that one may have here besides this draft.
    Its booking has just been written: the transaction is then rolled back.

    Exact: of two that were written at once, each waits here to see the other. The database rolls one of them back, and
    its next try finds the other committed (docs/locking.md).
    """
    sql = _LINES_OF_GUEST % _GUESTS_LOCK[connection.vendor]
    _buyer_check(draft, _rows(sql, draft.buyer.email, draft.showtime_id, draft.reference), now)


def _buyer_check(draft: BookingDraft, lines: Sequence[tuple[Any, ...]], now: datetime) -> None:
    held: set[int] = set()
    seats = 0
    pause_ends_at = now
    for booking_id, seat_id, cancelled_at, status, hold_expires_at, confirmed_at in lines:
        if status == BookingStatus.CONFIRMED:
            seats += cancelled_at is None
        elif status == BookingStatus.HELD and sql_instant(hold_expires_at) > now:
            held.add(booking_id)
            seats += 1
        elif confirmed_at is None and seat_id in draft.seat_ids:
            pause_ends_at = max(pause_ends_at, sql_instant(cancelled_at or hold_expires_at) + SAME_SEATS_PAUSE)
    if len(held) >= HOLDS_A_BUYER_MAX:
        raise TooManyHolds
    if seats + len(draft.lines) > SEATS_A_BUYER_MAX:
        raise TooManySeats
    if pause_ends_at > now:
        raise HeldTooOften(retry_after_seconds=int((pause_ends_at - now).total_seconds()) + 1)


def _address_check(draft: BookingDraft, now: datetime) -> None:
    [(unpaid,)] = _rows(_UNPAID_OF_ADDRESS, draft.showtime_id, now, draft.buyer.address)
    if unpaid + len(draft.lines) > SEATS_AN_ADDRESS_MAX:
        raise HeldTooOften(retry_after_seconds=60)


def _rows(sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, sql_values(values))
        return cursor.fetchall()
