"""Folding past showings away. ShowtimeSeat has a row for each seat of each showing, and races for seats are decided
there: the worker keeps it as small as what is on sale, by putting one FoldedShowing in the place of a past showing's
rows.

Nothing that people see changes by it. Whoever cancels or refunds afterwards changes the booking's lines, from which a
folded showing's sold seats are told, and finds no row to free.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.locks import seats_of_showing_locked
from bookings.models import BookedSeat, Booking, BookingStatus, FoldedShowing, SeatStatus, ShowtimeSeat
from catalog.errors import InvalidShowtime
from catalog.locks import showtime_locked
from catalog.models import Showtime, ShowtimeStatus

LOOKED_AT_ONCE = 1000  # showings
LATE = timedelta(days=1)  # after a showing was due


def showings_to_fold(*, now: datetime, most: int) -> list[int]:
    """Return ids of showings that ended settings.SEATS_KEPT_DAYS ago and still have rows. Four queries.

    Looks at LOOKED_AT_ONCE of the showings that have rows, from any on, and returns any that are due: so a round costs
    the same in a large house, every showing comes up sooner or later, and one that can't be folded keeps no other
    waiting. Goes by the rows' primary key, of which the database reads one a showing.
    """
    rows = _with_rows()
    newest = Showtime.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    ids = list(rows.filter(showtime_id__gt=random.randint(0, newest))[:LOOKED_AT_ONCE])  # noqa: S311 - no secret
    ids += rows[: LOOKED_AT_ONCE - len(ids)]  # round the end
    past = Showtime.objects.exclude(status=ShowtimeStatus.DRAFT).filter(pk__in=ids, ends_at__lte=_before(now))
    held = Booking.objects.filter(status=BookingStatus.HELD, showtime__in=ids).values("showtime_id")
    due = list(past.exclude(pk__in=held).values_list("pk", flat=True))
    return random.sample(due, min(most, len(due)))


def showings_unfolded(*, now: datetime) -> int:
    """Return how many showings have been due for longer than LATE, of the LOOKED_AT_ONCE first that have rows: it costs
    the same however many wait. Those that can't be folded count. Two queries."""
    ids = list(_with_rows()[:LOOKED_AT_ONCE])
    return Showtime.objects.filter(pk__in=ids, ends_at__lte=_before(now) - LATE).count()


def showing_fold(showtime_id: int, *, now: datetime) -> bool:
    """Put one row in the place of a past showing's; False when it isn't due, or was folded before.

    Locks the showing and its seats, in the order of whoever else does. Where the rows and the bookings' lines do not
    agree on what is sold nothing is folded: `manage.py audit` has to see both.
    """
    showtime = showtime_locked(showtime_id)
    if showtime.status == ShowtimeStatus.DRAFT or not is_long_over(showtime, now=now):
        return False
    if Booking.objects.filter(showtime=showtime, status=BookingStatus.HELD).exists():
        return False
    seats = seats_of_showing_locked(showtime_id)
    sold = [seat.seat_id for seat in seats if seat.status == SeatStatus.SOLD]
    kept_for_later = any(seat.held_until and seat.held_until > now for seat in seats)
    if not seats or kept_for_later or sold != folded_sold(showtime_id):
        return False
    blocked = [seat.seat_id for seat in seats if seat.status == SeatStatus.BLOCKED and seat.held_until is None]
    FoldedShowing.objects.create(
        showtime=showtime,
        at=now,
        seats_total=len(seats),
        seats_sold=len(sold),
        runs=_runs([seat.seat_id for seat in seats]),
        blocked=blocked,
    )
    rows = ShowtimeSeat.objects.filter(showtime=showtime)
    if rows._raw_delete(rows.db) != len(seats):  # type: ignore[attr-defined]
        raise RuntimeError(f"seats of showtime {showtime_id} changed under its lock")
    return True


def is_long_over(showtime: Showtime, *, now: datetime) -> bool:
    """Whether its rows may be folded, or were."""
    return showtime.ends_at <= _before(now)


def folded_sold(showtime_id: int) -> list[int]:
    """Return the ids of the seats that paid bookings have at a showing, in order, by their lines."""
    lines = BookedSeat.objects.kept().filter(booking__showtime=showtime_id, booking__status=BookingStatus.CONFIRMED)
    return list(lines.order_by("seat_id").values_list("seat_id", flat=True))


def folded_refuse(showtime_id: int) -> None:
    """Raise InvalidShowtime for a showing that was folded: it has no seats left to change."""
    if FoldedShowing.objects.filter(pk=showtime_id).exists():
        raise InvalidShowtime("status", _("This showing is long over. Its time, hall and seats can't change any more."))


def _with_rows() -> QuerySet[ShowtimeSeat, int]:
    """Return the ids of all showings that have rows, in order."""
    return ShowtimeSeat.objects.order_by("showtime_id").values_list("showtime_id", flat=True).distinct()


def _before(now: datetime) -> datetime:
    return now - timedelta(days=settings.SEATS_KEPT_DAYS)


def _runs(ids: Iterable[int]) -> list[list[int]]:
    """Return [[first, last], …] of ascending ids."""
    runs = (list(run) for _gap, run in groupby(enumerate(ids), key=lambda pair: pair[1] - pair[0]))
    return [[run[0][1], run[-1][1]] for run in runs]
