"""Who is in and who is missing, read for the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from bookings.models import BookedSeat, Ticket
from catalog.models import Showtime
from movy.lib.errors import NotFound
from movy.lib.text import search_form
from theatres.models import Theatre


@dataclass(frozen=True)
class Attendance:
    """How many of a showing's tickets have let somebody in."""

    showtime: Showtime
    admitted: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.admitted


def attendances(showtimes: Sequence[Showtime]) -> list[Attendance]:
    """Return how full each showing has become, in their order. One query."""
    good = Ticket.objects.filter(booked_seat__booking__showtime__in=showtimes, cancelled_at=None).order_by()
    rows = good.values_list("booked_seat__booking__showtime").annotate(Count("pk"), Count("admitted_at"))
    counted = {showtime_id: (total, admitted) for showtime_id, total, admitted in rows}
    return [
        Attendance(showtime, admitted=counted.get(showtime.pk, (0, 0))[1], total=counted.get(showtime.pk, (0, 0))[0])
        for showtime in showtimes
    ]


def showtime_of_door(showtime_id: int, *, theatre: Theatre) -> Showtime:
    """Return a showing of this theatre with film and screen. Raises NotFound. One query."""
    of_theatre = Showtime.objects.public().filter(screen__theatre=theatre)
    showtime = of_theatre.select_related("movie", "screen").filter(pk=showtime_id).first()
    if showtime is None:
        raise NotFound
    return showtime


def people_expected(showtime: Showtime, *, search: str = "") -> list[BookedSeat]:
    """Return the seats whose tickets let in, from the front row on, with ticket and booking; of those only the ones
    whose seat, name or reference begins with each word of the search. One query."""
    lines = BookedSeat.objects.filter(booking__showtime=showtime, ticket__cancelled_at=None, ticket__isnull=False)
    found = lines.select_related("booking", "ticket").order_by("seat__y", "seat__x")
    words = search_form(search).split()
    return [line for line in found if _is_meant(line, words)]


def _is_meant(line: BookedSeat, words: Sequence[str]) -> bool:
    own = [line.label.lower(), line.booking.reference.lower(), *search_form(line.booking.name).split()]
    return all(any(part.startswith(word) for part in own) for word in words)
