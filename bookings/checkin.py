"""Letting people in: each ticket one person, once. Which of two doors does it, or whether the buyer's cancelling was
faster, is decided by one conditional UPDATE and its row count (docs/locking.md).
"""

from __future__ import annotations

from datetime import datetime

from bookings.constants import DOORS_OPEN_BEFORE
from bookings.errors import OtherTheatre, TicketAdmitted, TicketCancelled, WrongShowtime
from bookings.models import Ticket
from bookings.services import event_add
from bookings.tickets import ticket_find
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.errors import DomainError, NotFound


def ticket_admit(code: str, *, theatre_id: int, showtime_id: int | None, admitted_by_id: int, now: datetime) -> Ticket:
    """Let the bearer of a code into the theatre; return the ticket with its booking and showtime.

    With `showtime_id` the ticket must be for that showing, and its time is not looked at: the door has chosen, and may
    open early or start late. Without it, from DOORS_OPEN_BEFORE its start to its end.

    Raises UnknownTicket, OtherTheatre, TicketCancelled, TicketAdmitted and WrongShowtime, in this order; NotFound for a
    `showtime_id` that is not the theatre's.
    """
    ticket = ticket_find(code)
    line = ticket.booked_seat
    showtime = line.booking.showtime
    if showtime.screen.theatre_id != theatre_id:
        raise OtherTheatre
    if showtime.status == ShowtimeStatus.CALLED_OFF:
        raise TicketCancelled
    if ticket.cancelled_at or ticket.admitted_at:
        raise _used(ticket)
    _showtime_check(showtime, showtime_id, now=now)
    # The event comes first because it locks the booking's row (a foreign key does): booking, then ticket, as in
    # booking_cancel. The other way round the two would wait for each other.
    event_add(line.booking, "admitted", at=now, actor_id=admitted_by_id, detail={"seat": line.label})
    if not _ticket_take(ticket, admitted_by_id=admitted_by_id, now=now):
        ticket.refresh_from_db(fields=["admitted_at", "admitted_by", "cancelled_at"])
        raise _used(ticket)
    ticket.admitted_at, ticket.admitted_by_id = now, admitted_by_id
    return ticket


def doors_are_open(showtime: Showtime, now: datetime) -> bool:
    """Whether a ticket of this showing lets in at a door that has not chosen one."""
    return showtime.starts_at - DOORS_OPEN_BEFORE <= now <= showtime.ends_at


def _ticket_take(ticket: Ticket, *, admitted_by_id: int, now: datetime) -> bool:
    unused = Ticket.objects.filter(pk=ticket.pk, admitted_at=None, cancelled_at=None)
    return unused.update(admitted_at=now, admitted_by_id=admitted_by_id) == 1


def _used(ticket: Ticket) -> DomainError:
    """Return why a ticket lets nobody in any more."""
    if ticket.admitted_at is None:
        return TicketCancelled()
    name = ticket.admitted_by.get_full_name() if ticket.admitted_by else ""
    return TicketAdmitted(admitted_at=ticket.admitted_at, admitted_by=name)


def _showtime_check(showtime: Showtime, showtime_id: int | None, *, now: datetime) -> None:
    if showtime_id == showtime.pk or (showtime_id is None and doors_are_open(showtime, now)):
        return
    of_theatre = Showtime.objects.filter(screen__theatre_id=showtime.screen.theatre_id)
    if showtime_id is not None and not of_theatre.filter(pk=showtime_id).exists():
        raise NotFound
    raise WrongShowtime(
        showtime_id=showtime.pk, title=showtime.movie.title, starts_at=showtime.starts_at, showing=str(showtime)
    )
