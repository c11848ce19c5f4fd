"""What changes bookings. Every function runs inside the one transaction that its door opened (movy.lib.db), takes the
database's `now`, and moves states only as bookings.models.NEXT allows: by a conditional UPDATE with its row count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings.drafts import BookingDraft, InvalidPick
from bookings.errors import (
    AlreadyAdmitted,
    AlreadyCancelled,
    CancellationClosed,
    HoldExpired,
    SalesClosed,
    SeatsUnavailable,
    UnknownSeats,
)
from bookings.limits import guest_limits_check, limits_check
from bookings.locks import booking_locked
from bookings.mails import mail_cancelled, mail_confirmed
from bookings.models import (
    NEXT,
    BookedSeat,
    Booking,
    BookingEvent,
    BookingStatus,
    SeatStatus,
    ShowtimeSeat,
    Ticket,
)
from bookings.pricing import total_minor
from bookings.reminding import reminder_of
from bookings.seats import seats_free, seats_lengthen, seats_owned, seats_sell, seats_take, seats_take_at_desk
from bookings.selectors import showtime_whole
from bookings.tickets import serial_new
from catalog.errors import ShowtimeChanged
from catalog.locks import showtime_locked
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.money import Money
from movy.lib.sql import insert_rows, row_made
from theatres.models import Seat

# ---- Holding


def booking_hold(draft: BookingDraft, *, now: datetime) -> Booking:
    """Hold all the draft's seats until draft.hold_expires_at, or none of them.

    Raises SeatsUnavailable, naming the seats, when somebody was faster; ShowtimeChanged when the showing is no longer
    the one in the draft; SalesClosed; TooManySeats, TooManyHolds and HeldTooOften while RATE_LIMITS is on. Raw
    inserts, because this is the hot path (docs/performance.md).
    """
    if draft.sales_close_at <= now:
        raise SalesClosed
    if settings.RATE_LIMITS:
        limits_check(draft, now=now)
    _seats_take_all(draft, take=seats_take, now=now)
    booking = _booking_insert(draft, sold_by_id=None)
    if settings.RATE_LIMITS and booking.is_guests:
        guest_limits_check(draft, now=now)
    return booking


def booking_sell(draft: BookingDraft, *, sold_by_id: int, now: datetime) -> Booking:
    """Sell all the draft's seats at the desk, or none: confirmed at once, with tickets. The payment is the caller's.
    Seats that are kept for the house are among those that the desk may sell.

    Raises SeatsUnavailable, ShowtimeChanged.
    """
    _seats_take_all(draft, take=seats_take_at_desk, now=now)
    booking = _booking_insert(draft, sold_by_id=sold_by_id)
    if not booking_confirm(booking.reference, now=now):
        raise SeatsUnavailable([line.label for line in draft.lines])
    booking.refresh_from_db()
    return booking


def booking_lengthen_hold(reference: str, *, until: datetime, now: datetime) -> Booking:
    """Keep a held booking's seats until `until`, never past the end of sales, never shorter than now, once at most.

    Raises HoldExpired when the hold has ended, NotFound.
    """
    booking = booking_locked(reference)
    if booking.status_at(now) != BookingStatus.HELD:
        raise HoldExpired
    until = min(until, booking.showtime.sales_close_at)
    if booking.hold_is_lengthened:
        return booking
    until = max(until, booking.hold_expires_at or until)
    seat_ids = _kept_seat_ids(booking)
    kept = seats_lengthen(showtime_id=booking.showtime_id, seat_ids=seat_ids, reference=reference, until=until)
    if kept != len(seat_ids):
        raise HoldExpired
    booking.hold_expires_at, booking.hold_is_lengthened = until, True
    booking.save(update_fields=["hold_expires_at", "hold_is_lengthened"])
    return booking


def booking_expire(reference: str, *, now: datetime) -> bool:
    """End a hold whose time is over and sweep its seats; return False when there was nothing to end.

    Its seats were free for others since hold_expires_at: only those still standing under this booking are swept.
    """
    booking = booking_locked(reference)
    if booking.status != BookingStatus.HELD or booking.status_at(now) != BookingStatus.EXPIRED:
        return False
    booking_move(booking, BookingStatus.EXPIRED, at=now)
    seats_free(showtime_id=booking.showtime_id, seat_ids=_kept_seat_ids(booking), reference=reference)
    return True


# ---- Confirming


def booking_confirm(reference: str, *, now: datetime) -> bool:
    """Make a paid booking good: seats sold, tickets made, mail queued. Return False when that can't be any more.

    In time: its seats are its own. Late: if all of them are still takeable and the show has not begun. Never for a
    cancelled booking or a showing off sale, and never twice. The caller has locked the payment, if there is one.
    """
    return booking_confirm_locked(booking_locked(reference), now=now)


def booking_confirm_locked(booking: Booking, *, now: datetime) -> bool:
    """As booking_confirm, for a booking that the caller has locked, after the payment."""
    if BookingStatus.CONFIRMED not in NEXT[BookingStatus(booking.status)]:
        return False
    late = booking.status_at(now) == BookingStatus.EXPIRED
    # Locked, because nothing else keeps a showing on sale, or where it is, for a booking that has ended.
    showtime = showtime_locked(booking.showtime_id) if late else showtime_whole(booking.showtime_id)
    if showtime.status != ShowtimeStatus.ON_SALE or (late and showtime.starts_at <= now):
        return False
    lines = list(booking.seats.kept().order_by("seat_id"))
    if not _seats_sell_all(booking, [line.seat_id for line in lines], now=now):
        return False
    booking.confirmed_at, booking.showtime = now, showtime
    reminder = reminder_of(showtime, email=booking.email, booked_at=now)
    booking_move(booking, BookingStatus.CONFIRMED, at=now, confirmed_at=now, remind_at=reminder, detail={"late": late})
    Ticket.objects.bulk_create(Ticket(booked_seat=line, serial=serial_new()) for line in lines)
    if booking.email:
        mail_confirmed(booking, lines)  # each knows its ticket now
    return True


# ---- Cancelling


@dataclass(frozen=True)
class Cancelled:
    """What a cancellation did. `refund` is what the theatre's rule gives back, None where nothing was paid."""

    booking: Booking
    seats: list[str]
    refund: Money | None


def booking_cancel(
    reference: str,
    *,
    labels: Sequence[str] | None = None,
    left_minor: int | None = None,
    actor_id: int | None,
    now: datetime,
) -> Cancelled:
    """Give back all of a booking's seats, or those named by label. They are free for others at once.

    A held booking is let go as a whole. A confirmed one is refunded by the steps that were frozen at purchase, with
    `left_minor` at most, where the theatre has given some of the price back before: the caller turns `refund` into
    money. Raises AlreadyCancelled, CancellationClosed, AlreadyAdmitted, UnknownSeats,
    NotFound.
    """
    booking = booking_locked(reference)
    lines = _lines_to_cancel(booking, labels, now=now)
    refund: Money | None = None
    if booking.status == BookingStatus.CONFIRMED:
        percent = booking.refund_percent_at(now, booking.showtime.starts_at)
        if not percent:
            raise CancellationClosed
        back_minor = sum(line.price_minor for line in lines) * percent // 100
        if left_minor is not None:
            back_minor = min(back_minor, left_minor)
        refund = Money(back_minor, booking.currency) if back_minor else None
    is_paid = booking.status == BookingStatus.CONFIRMED
    _lines_cancel(booking, lines, actor_id=actor_id, now=now)
    names = [line.label for line in lines]
    if is_paid and booking.email:
        mail_cancelled(booking, seats=names, refund=refund)
    return Cancelled(booking=booking, seats=names, refund=refund)


def booking_withdraw(
    reference: str, *, labels: Sequence[str] | None, actor_id: int | None, why: str, now: datetime
) -> Cancelled:
    """Take back a booking's seats at the office, whatever the refund rule says; `refund` is what they cost, and the
    caller decides how much of it goes back, and tells the buyer. Raises as booking_cancel does, but for
    CancellationClosed."""
    booking = booking_locked(reference)
    lines = _lines_to_cancel(booking, labels, now=now)
    cost_minor = sum(line.price_minor for line in lines) if booking.status == BookingStatus.CONFIRMED else 0
    _lines_cancel(booking, lines, actor_id=actor_id, now=now, why=why)
    refund = Money(cost_minor, booking.currency) if cost_minor else None
    return Cancelled(booking=booking, seats=[line.label for line in lines], refund=refund)


# ---- Showtimes


def showtime_put_on_sale(*, showtime_id: int, now: datetime) -> Showtime:
    """Open a draft showing for sale: one row for each seat of its hall as the plan is now. Again changes nothing."""
    showtime = showtime_locked(showtime_id)
    if showtime.status != ShowtimeStatus.DRAFT:
        return showtime
    seats_of_plan_add(showtime)
    showtime.status, showtime.on_sale_at = ShowtimeStatus.ON_SALE, None
    showtime.save(update_fields=["status", "on_sale_at", "updated_at"])
    return showtime


def seats_of_plan_add(showtime: Showtime) -> None:
    """Make a row for each seat of a locked showing's hall as the plan is now. One statement, and no seat comes here: a
    series of 100 showings in a hall of 420 seats is 42,000 rows, which the ORM takes seconds to make."""
    table, seats = ShowtimeSeat._meta.db_table, Seat._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (showtime_id, seat_id, status)"  # noqa: S608 - names of our own tables
            f" SELECT %s, id, %s FROM {seats} WHERE screen_id = %s AND retired_at IS NULL ORDER BY id",
            [showtime.pk, SeatStatus.FREE.value, showtime.screen_id],
        )


# ---- Moving


def booking_move(
    booking: Booking,
    status: BookingStatus,
    *,
    at: datetime,
    actor_id: int | None = None,
    detail: dict[str, Any] | None = None,
    **stamps: datetime | None,
) -> None:
    """Move a locked booking to its next state and write its event. Raises RuntimeError for a move that isn't one."""
    old = BookingStatus(booking.status)
    if status not in NEXT[old]:
        raise RuntimeError(f"{booking.reference} cannot go from {old} to {status}")
    if Booking.objects.filter(pk=booking.pk, status=old).update(status=status, **stamps) != 1:
        raise RuntimeError(f"{booking.reference} was moved under its lock")
    booking.status = status
    event_add(booking, status, at=at, actor_id=actor_id, detail=detail)


def event_add(
    booking: Booking, kind: str, *, at: datetime, actor_id: int | None = None, detail: dict[str, Any] | None = None
) -> BookingEvent:
    """Write one line of a booking's history."""
    return BookingEvent.objects.create(booking=booking, at=at, kind=kind, actor_id=actor_id, detail=detail or {})


# ---- Parts


def _seats_take_all(draft: BookingDraft, *, take: Callable[..., int], now: datetime) -> None:
    ids = draft.seat_ids
    taken = take(showtime=draft.showtime, seat_ids=ids, reference=draft.reference, until=draft.hold_expires_at, now=now)
    if taken == len(ids):
        return
    if not taken and not Showtime.objects.as_shown(draft.showtime).exists():
        raise ShowtimeChanged
    ours = seats_owned(showtime_id=draft.showtime_id, seat_ids=ids, reference=draft.reference)
    raise SeatsUnavailable([line.label for line in draft.lines if line.seat_id not in ours])


class _Short(Exception):
    """Not all seats could be sold: leaves the savepoint, so that none are."""


def _seats_sell_all(booking: Booking, seat_ids: list[int], *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            sold = seats_sell(showtime_id=booking.showtime_id, seat_ids=seat_ids, reference=booking.reference, now=now)
            if sold != len(seat_ids):
                raise _Short
    except _Short:
        return False
    return True


def _booking_insert(draft: BookingDraft, *, sold_by_id: int | None) -> Booking:
    """Write the booking, its lines and its first event with three statements."""
    columns = {
        "reference": draft.reference,
        "showtime_id": draft.showtime_id,
        "user_id": draft.buyer.user_id,
        "email": draft.buyer.email,
        "name": draft.buyer.name,
        "phone": draft.buyer.phone,
        "address": draft.buyer.address,
        "language": draft.buyer.language,
        "status": BookingStatus.HELD.value,
        "currency": draft.currency,
        "total_minor": total_minor(draft.lines),
        "refund_steps": draft.refund_steps,
        "hold_expires_at": draft.hold_expires_at,
        "hold_is_lengthened": False,
        "sold_by_id": sold_by_id,
        "created_at": draft.created_at,
    }
    with connection.cursor() as cursor:
        booking = row_made(Booking, {"id": insert_rows(cursor, Booking, [columns])} | columns)
        booking.showtime = draft.showtime
        insert_rows(cursor, BookedSeat, [{"booking_id": booking.pk} | vars(line) for line in draft.lines])
        event = {"booking_id": booking.pk, "at": draft.created_at, "kind": "held", "detail": {}}
        insert_rows(cursor, BookingEvent, [event | {"actor_id": sold_by_id or draft.buyer.user_id}])
    return booking


def _kept_seat_ids(booking: Booking) -> list[int]:
    return list(booking.seats.kept().order_by("seat_id").values_list("seat_id", flat=True))


def _lines_to_cancel(booking: Booking, labels: Sequence[str] | None, *, now: datetime) -> list[BookedSeat]:
    """Return the kept lines to give back, in key order. A held booking goes as a whole: its payment knows one total."""
    if booking.status_at(now) in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
        raise AlreadyCancelled
    kept = list(booking.seats.kept().order_by("seat_id"))
    if labels is None:
        return kept
    wanted = set(labels)
    if unknown := wanted - set(booking.seats.values_list("label", flat=True)):
        raise UnknownSeats(sorted(unknown))
    lines = [line for line in kept if line.label in wanted]
    if len(lines) != len(wanted):
        raise AlreadyCancelled
    if booking.status == BookingStatus.HELD and len(lines) != len(kept):
        raise InvalidPick("seats", _("Unpaid seats are let go all at once. Let them go and hold those that you want."))
    return lines


def _lines_cancel(
    booking: Booking, lines: Sequence[BookedSeat], *, actor_id: int | None, now: datetime, why: str = ""
) -> None:
    """Give back these lines of a locked booking, and the booking with its last one. Raises AlreadyAdmitted."""
    is_paid = booking.status == BookingStatus.CONFIRMED
    if is_paid:
        _tickets_cancel(lines, now=now)
    BookedSeat.objects.filter(pk__in=[line.pk for line in lines]).update(cancelled_at=now)
    reason = {"why": why} if why else {}
    if is_paid and booking.seats.kept().exists():
        detail = {"seats": [line.label for line in lines]} | reason
        event_add(booking, "seats_cancelled", at=now, actor_id=actor_id, detail=detail)
    else:
        booking_move(booking, BookingStatus.CANCELLED, at=now, actor_id=actor_id, cancelled_at=now, detail=reason)
    # Last, because everybody who wants one of these seats waits for us from here on.
    seats_free(showtime_id=booking.showtime_id, seat_ids=[line.seat_id for line in lines], reference=booking.reference)


def _tickets_cancel(lines: Sequence[BookedSeat], *, now: datetime) -> None:
    """Make the lines' tickets void. Raises AlreadyAdmitted when somebody came in with one, also at this very moment."""
    tickets = Ticket.objects.filter(booked_seat__in=[line.pk for line in lines])
    ids = list(tickets.values_list("pk", flat=True))
    void = Ticket.objects.filter(pk__in=ids, admitted_at=None, cancelled_at=None).update(cancelled_at=now)
    if void != len(lines):
        raise AlreadyAdmitted
