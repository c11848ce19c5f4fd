"""What happened to bookings and showings, in sentences: the office reads events, not codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from bookings.models import BookingEvent, ShowtimeEvent

Detail = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One line of history: when, who did it (Movy itself, when nobody did), and what."""

    at: datetime
    who: str
    what: str


def person_named(user: User | None) -> str:
    """Return how the office calls whoever did something; nobody is Movy."""
    return (user.get_full_name() or user.email) if user else _("Movy")


def buyer_named(user: User | None) -> str:
    """Return how the office calls a buyer who did something; a guest never signs in."""
    return person_named(user) if user else _("The buyer, not signed in")


def booking_told(event: BookingEvent) -> Told:
    """Return a line of a booking's history in words."""
    named = buyer_named if _is_buyers_deed(event) else person_named
    return Told(event.at, named(event.actor), _sentence(_OF_BOOKINGS, event.kind, event.detail))


def _is_buyers_deed(event: BookingEvent) -> bool:
    """Whether it is a buyer's to do: where Movy itself does the like, it says why."""
    return event.kind in _OF_BUYERS and "why" not in event.detail


def showtime_told(event: ShowtimeEvent) -> Told:
    """Return a line of a showing's history in words."""
    return Told(event.at, person_named(event.actor), _sentence(_OF_SHOWINGS, event.kind, event.detail))


def _sentence(told: dict[str, Callable[[Detail], str]], kind: str, detail: Detail) -> str:
    """An event of a kind that is newer than these words is told by its name."""
    say = told.get(kind)
    sentence = say(detail) if say else kind.replace("_", " ").capitalize()
    reason = detail.get("reason") or detail.get("why")
    return f"{sentence} ({reason})" if reason and reason != "called_off" else sentence


def _seats(detail: Detail) -> str:
    return ", ".join(detail.get("seats", []))


def _cancelled(detail: Detail) -> str:
    return _("The show was called off") if detail.get("why") == "called_off" else _("Cancelled, all seats are free")


def _moved(detail: Detail) -> str:
    moves = ", ".join(f"{before} → {now}" for before, now in detail["seats"])
    return _("Moved to other seats: %(moves)s") % {"moves": moves}


_OF_BOOKINGS: dict[str, Callable[[Detail], str]] = {
    "held": lambda detail: _("Seats held"),
    "confirmed": lambda detail: (
        _("Paid late, seats still free: confirmed") if detail.get("late") else _("Confirmed, tickets made")
    ),
    "cancelled": _cancelled,
    "expired": lambda detail: _("The hold ran out"),
    "seats_cancelled": lambda detail: _("Given back: %(seats)s") % {"seats": _seats(detail)},
    "seats_moved": _moved,
    "admitted": lambda detail: _("%(seat)s let in") % {"seat": detail.get("seat", "")},
    "tickets_resent": lambda detail: _("Tickets sent again"),
    "link_resent": lambda detail: _("Asked for the booking's link again"),
    "adopted": lambda detail: _("Booked without an account, now in this one"),
}
_OF_BUYERS = {"held", "cancelled", "seats_cancelled", "tickets_resent", "link_resent"}

_OF_SHOWINGS: dict[str, Callable[[Detail], str]] = {
    "seats_blocked": lambda detail: _("Blocked %(seats)s") % {"seats": _seats(detail)},
    "seats_kept": lambda detail: _("Kept %(seats)s for the house") % {"seats": _seats(detail)},
    "seats_released": lambda detail: _("Put %(seats)s on sale again") % {"seats": _seats(detail)},
    "called_off": lambda detail: _("Called off"),
    "plan_changed": lambda detail: (
        ngettext("New seating plan: %(count)d seat added", "New seating plan: %(count)d seats added", detail["added"])
        % {"count": detail["added"]}
    ),
}
