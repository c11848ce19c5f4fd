"""The same seats in another showing of the film: what is offered to whoever paid for seats that had gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from bookings.forms import picks_query
from bookings.models import Booking, SeatStatus, ShowtimeSeat
from bookings.pricing import SeatPick
from catalog.models import Showtime, ShowtimeStatus

LOOK_AHEAD = 40
"""Showings that are looked at, the soonest first: some weeks of one film in one house."""


@dataclass(frozen=True)
class Offer:
    """A later showing of the film in the same house. `picks`: the booking's own seats, when they are all free there."""

    showtime: Showtime
    picks: list[SeatPick]

    @property
    def address(self) -> str:
        """Where its seat map is, with the seats picked already. What has gone by then, the map says."""
        path = reverse("bookings:seat_map", args=[self.showtime.pk])
        return f"{path}?{picks_query(self.picks)}" if self.picks else path


def showing_offered(booking: Booking, *, now: datetime) -> Offer | None:
    """Return the next showing of a booking's film in which its seats are all free, else the next with as many free
    seats, else None. The booking comes with its showing, screen and lines. Three queries at most.

    A look and no promise: only a hold takes seats.
    """
    shown = booking.showtime
    lines = list(booking.seats.all())
    shows = list(
        Showtime.objects.filter(
            movie_id=shown.movie_id,
            screen__theatre_id=shown.screen.theatre_id,
            status=ShowtimeStatus.ON_SALE,
            starts_at__gt=now,
            sales_close_at__gt=now,
        )
        .exclude(pk=shown.pk)
        .order_by("starts_at", "pk")[:LOOK_AHEAD]
    )
    same = _free(shows, now).filter(seat__in=[line.seat_id for line in lines])
    if found := _first_with(shows, same, len(lines)):
        return Offer(found, [SeatPick(line.label, line.ticket_type) for line in lines])
    found = _first_with(shows, _free(shows, now), len(lines))
    return Offer(found, []) if found else None


def _free(shows: list[Showtime], now: datetime) -> QuerySet[ShowtimeSeat]:
    is_free = Q(status=SeatStatus.FREE) | Q(status=SeatStatus.HELD, held_until__lte=now)
    return ShowtimeSeat.objects.filter(is_free, showtime__in=[show.pk for show in shows], seat__retired_at=None)


def _first_with(shows: list[Showtime], free: QuerySet[ShowtimeSeat], seats: int) -> Showtime | None:
    counts = dict(free.values_list("showtime").annotate(Count("seat")).order_by())
    return next((show for show in shows if counts.get(show.pk, 0) >= seats), None)
