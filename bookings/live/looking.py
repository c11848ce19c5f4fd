"""One look at a map, in a thread of the live process's pool."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Min

from bookings.live.history import Look
from bookings.maps import SeatMap, seat_map
from bookings.models import ShowtimeSeat

T = TypeVar("T")


def look(showtime_id: int) -> Look:
    """Look at a map. Raises NotFound for a showing that the public doesn't see. Two queries more than a page, which
    needs not know when the map changes by itself."""
    drawn = seat_map(showtime_id)
    labels = {seat.id: seat.label for seat in drawn.hall.seats}
    return Look(
        version=drawn.version,
        taken={labels[seat_id]: state for seat_id, state in drawn.taken.items() if seat_id in labels},
        seats=frozenset(labels.values()),
        now=drawn.now,
        next_at=_next_at(showtime_id, drawn),
    )


def patiently(ask: Callable[[], T]) -> T:
    """Ask the database; once more on a new connection when the old one turns out to be dead. The live process keeps its
    connections for as long as they work. Raises what the second try does."""
    try:
        return ask()
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return ask()
    except (OperationalError, InterfaceError):
        connection.close()
        raise


def _next_at(showtime_id: int, drawn: SeatMap) -> datetime | None:
    """Return when the next hold lapses, a seat of the house is released, or sales end."""
    rows = ShowtimeSeat.objects.filter(showtime=showtime_id, held_until__gt=drawn.now)
    instants = [rows.aggregate(first=Min("held_until"))["first"], drawn.hall.showtime.sales_close_at]
    return min((instant for instant in instants if instant is not None and instant > drawn.now), default=None)
