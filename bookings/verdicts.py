"""What a door tells whoever stands there: a word that is read from two metres, a colour, a sign, and what it is about.
Made of what ticket_admit answers; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import OtherTheatre, TicketAdmitted, TicketCancelled, UnknownTicket, WrongShowtime
from bookings.models import Ticket
from bookings.tickets import ticket_find
from movy.lib.errors import DomainError
from theatres.models import Theatre

IN, AGAIN, STOP = "in", "again", "stop"
"""How a verdict looks and sounds: green, amber, red."""

MOMENT = timedelta(seconds=30)
"""So long after letting somebody in the same door's second reading of the ticket is a scanner that read twice, or an
answer that got lost on its way, and hardly ever a second person."""

_ICONS = {IN: "circle-check", AGAIN: "hourglass", STOP: "x"}
_REFUSED: dict[type[DomainError], str | Promise] = {
    UnknownTicket: gettext_lazy("No ticket"),
    OtherTheatre: gettext_lazy("Other theatre"),
    TicketCancelled: gettext_lazy("Cancelled"),
    WrongShowtime: gettext_lazy("Wrong showing"),
    TicketAdmitted: gettext_lazy("Already in"),
}


@dataclass(frozen=True)
class Verdict:
    """`look`: IN, AGAIN or STOP. `seat` is large, empty where the ticket is none of this theatre's business."""

    look: str
    word: str
    seat: str = ""
    about: str = ""
    status: int = 200

    @property
    def icon(self) -> str:
        return _ICONS[self.look]


def verdict_in(ticket: Ticket, theatre: Theatre) -> Verdict:
    """Return that somebody may go in, and where to."""
    return Verdict(IN, _("Let in"), _seat(ticket), _show(ticket, theatre))


def verdict_refused(error: DomainError, *, code: str, theatre: Theatre, by_id: int, now: datetime) -> Verdict:
    """Return why somebody may not go in. `by_id`: who stands at the door.

    One query, for a ticket that has let somebody in before: the seat tells whom to look for.
    """
    word = str(_REFUSED.get(type(error), _("Try again")))  # a showing that has gone; a database that is busy
    if not isinstance(error, TicketAdmitted):
        return Verdict(STOP, word, about=str(error.message), status=error.status)
    ticket = ticket_find(code)
    admitted_at = ticket.admitted_at or now
    time = date_format(timezone.localtime(admitted_at, theatre.zone), "H:i:s")
    if ticket.admitted_by_id == by_id and now - admitted_at <= MOMENT:
        about = _("You let this ticket in at %(time)s. Was that this person?") % {"time": time}
        return Verdict(AGAIN, _("Just let in"), _seat(ticket), about, error.status)
    name = error.extra["admitted_by"]
    about = _("At %(time)s, by %(name)s.") % {"time": time, "name": name} if name else _("At %s.") % time
    return Verdict(STOP, word, _seat(ticket), f"{about} {_show(ticket, theatre)}", error.status)


def verdict_unreadable() -> Verdict:
    """Return that what the door sent makes no sense: a form that somebody has bent."""
    about = _("That could not be read. Choose the showing again and scan once more.")
    return Verdict(STOP, _("Try again"), about=about, status=400)


def _seat(ticket: Ticket) -> str:
    line = ticket.booked_seat
    return f"{line.label} · {line.ticket_type_name}"


def _show(ticket: Ticket, theatre: Theatre) -> str:
    showtime = ticket.booked_seat.booking.showtime
    time = date_format(timezone.localtime(showtime.starts_at, theatre.zone), "H:i")
    return f"{showtime.movie.title}, {time}, {showtime.screen.name}"
