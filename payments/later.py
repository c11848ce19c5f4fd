"""What somebody is offered who paid too late: the same seats, in the next showing of the film that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bookings.links import seats_address
from bookings.models import BookedSeat, Booking, SeatStatus, ShowtimeSeat
from bookings.selectors import kept_lines
from catalog.models import Showtime, ShowtimePrice
from catalog.selectors import seats_left

SHOWINGS_AHEAD = 20  # that are looked through


@dataclass(frozen=True)
class Offer:
    """A later showing of the same film at the same theatre. `has_same_seats`: all the seats were free there when we
    looked, in the same hall and for the same ticket types; else there are enough others."""

    showtime: Showtime
    lines: Sequence[BookedSeat]
    has_same_seats: bool

    @property
    def names(self) -> str:
        return ", ".join(line.label for line in self.lines)

    @property
    def path(self) -> str:
        """The showing's map, the seats picked where they are free: the map says which are not."""
        return seats_address(self.showtime.pk, self.lines if self.has_same_seats else [])

    @property
    def url(self) -> str:
        """The same for a mail."""
        return settings.BASE_URL + self.path


def same_seats_later(booking: Booking, *, now: datetime) -> Offer | None:
    """Return the next showing with all of the booking's seats free, else the next with room for as many, else None.

    Four queries on a booking whose lines and showing are at hand, one where the film isn't shown again. Nothing is
    held: the seats may be gone when somebody comes.
    """
    before, lines = booking.showtime, kept_lines(booking)
    later = Showtime.objects.bookable(now).filter(
        screen__theatre=before.screen.theatre_id, movie=before.movie_id, starts_at__gte=before.starts_at
    )
    shows = list(later.exclude(pk=before.pk).select_related("screen").order_by("starts_at", "pk")[:SHOWINGS_AHEAD])
    if not shows or not lines:
        return None
    ids = [show.pk for show in shows]
    free, sold_kinds, left = _seats_free(ids, lines, now), _kinds_sold(ids), seats_left(ids, now=now)
    for show in shows:
        if all((show.pk, line.seat_id) in free and (show.pk, _kind(line)) in sold_kinds for line in lines):
            return Offer(show, lines, has_same_seats=True)
    roomy = next((show for show in shows if left[show.pk].free >= len(lines)), None)
    return roomy and Offer(roomy, lines, has_same_seats=False)


def _kind(line: BookedSeat) -> tuple[str, str]:
    return line.category, line.ticket_type


def _seats_free(showtime_ids: Sequence[int], lines: Sequence[BookedSeat], now: datetime) -> set[tuple[int, int]]:
    """Return (showing, seat) of what anybody could take at `now`."""
    lapsed = Q(status__in=[SeatStatus.HELD, SeatStatus.BLOCKED], held_until__lte=now)
    rows = ShowtimeSeat.objects.filter(showtime__in=showtime_ids, seat__in=[line.seat_id for line in lines])
    return set(rows.filter(Q(status=SeatStatus.FREE) | lapsed).values_list("showtime_id", "seat_id"))


def _kinds_sold(showtime_ids: Sequence[int]) -> set[tuple[int, tuple[str, str]]]:
    """Return (showing, (category, ticket type)) of what has a price."""
    rows = ShowtimePrice.objects.filter(showtime__in=showtime_ids)
    return {
        (showtime_id, (category, ticket_type))
        for showtime_id, category, ticket_type in rows.values_list("showtime_id", "category__code", "ticket_type__code")
    }
