"""Calling off a showing: sales stop at once, and one by one its bookings end. Like all services these run inside the
transaction that their door opened. Who pays people back is payments' to know (payments/flows/calling_off.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bookings.locks import booking_locked
from bookings.models import BookedSeat, Booking, BookingStatus, CallOff, ShowtimeEvent, Ticket
from bookings.news import map_changed
from bookings.seats import seats_free
from bookings.services import booking_move
from catalog.errors import InvalidShowtime
from catalog.locks import showtime_of_theatre_locked
from catalog.models import Showtime, ShowtimeStatus


@dataclass(frozen=True)
class CalledOff:
    """A booking that ended because its showing was called off. `kept_minor`: what the seats cost that it still had,
    nothing for one that was never paid. `was_live`: it was more than a hold whose time was over."""

    booking: Booking
    kept_minor: int
    was_live: bool


def showtime_call_off(
    *, theatre_id: int, showtime_id: int, note: str = "", actor_id: int | None, now: datetime
) -> CallOff:
    """Stop a showing's sales for good, and have everybody who booked it told and refunded in full: the worker does,
    from the row that this writes. Again changes nothing.

    Raises InvalidShowtime for a draft, NotFound.
    """
    showtime = showtime_of_theatre_locked(theatre_id=theatre_id, showtime_id=showtime_id)
    on_sale = Showtime.objects.filter(pk=showtime.pk, status=ShowtimeStatus.ON_SALE)
    if not on_sale.update(status=ShowtimeStatus.CALLED_OFF, updated_at=now):
        if showtime.status == ShowtimeStatus.DRAFT:
            raise InvalidShowtime("status", _("Nobody has seen this draft. Delete it instead."))
        return CallOff.objects.get(showtime=showtime)
    map_changed(showtime_id)
    ShowtimeEvent.objects.create(
        showtime=showtime, at=now, kind="called_off", actor_id=actor_id, detail={"reason": note} if note else {}
    )
    return CallOff.objects.create(showtime=showtime, at=now, by_id=actor_id, note=note)


def booking_call_off(reference: str, *, now: datetime) -> CalledOff | None:
    """End a booking of a showing that was called off: its seats go, its tickets let nobody in. None when it had ended
    before. The refund and the mail are the caller's.

    A ticket that has let somebody in stays as it is: that person saw less than a film, and is refunded like everybody.
    """
    booking = booking_locked(reference)
    if booking.status not in (BookingStatus.HELD, BookingStatus.CONFIRMED):
        return None
    status = booking.status_at(now)
    lines = list(booking.seats.kept().order_by("seat_id"))
    ids = list(Ticket.objects.filter(booked_seat__in=[line.pk for line in lines]).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=ids, admitted_at=None, cancelled_at=None).update(cancelled_at=now)
    BookedSeat.objects.filter(pk__in=[line.pk for line in lines]).update(cancelled_at=now)
    booking_move(booking, BookingStatus.CANCELLED, at=now, cancelled_at=now, detail={"why": "called_off"})
    seats_free(showtime_id=booking.showtime_id, seat_ids=[line.seat_id for line in lines], reference=reference)
    return CalledOff(
        booking,
        kept_minor=sum(line.price_minor for line in lines) if status == BookingStatus.CONFIRMED else 0,
        was_live=status != BookingStatus.EXPIRED,
    )


def call_off_finish(call_off: CallOff, *, now: datetime) -> bool:
    """Note that nobody is left; False while somebody is, or when it was noted before. Nobody comes after the last one:
    sales have stopped, and a booking that has ended is confirmed on sale alone."""
    if Booking.objects.unended().filter(showtime_id=call_off.showtime_id).exists():
        return False
    return CallOff.objects.unfinished().filter(pk=call_off.pk).update(finished_at=now) == 1
