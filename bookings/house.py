"""Seats of a showing that the theatre keeps off sale: blocked for good, or kept for the house until a moment from which
they are everybody's, by the database's clock and without anybody's doing. The desk sells the house's seats before that.

Like all services these run inside the one transaction that their door opened; each change is one conditional UPDATE
with its row count, all seats or none, and one line of the showing's history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from bookings.drafts import InvalidPick
from bookings.errors import SeatsUnavailable, UnknownSeats
from bookings.folding import folded_refuse
from bookings.models import FoldedShowing, SeatStatus, ShowtimeEvent, ShowtimeSeat
from bookings.seats import seats_keep, seats_release
from catalog.errors import InvalidShowtime
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import rfc3339
from theatres.models import Seat


def seats_block(
    *, showtime_id: int, labels: Sequence[str], until: datetime | None, reason: str, actor_id: int | None, now: datetime
) -> ShowtimeEvent:
    """Take seats that nobody has off sale: for good, or for the house until `until`. Seats that are off sale already
    get this end instead.

    Raises SeatsUnavailable, naming those that somebody has taken; UnknownSeats; InvalidPick without seats;
    InvalidShowtime for a showing that isn't on sale, and for an end that has passed.
    """
    if until is not None and until <= now:
        raise InvalidShowtime("minutes_before", _("That moment has passed: these seats would be on sale at once."))
    kind = "seats_blocked" if until is None else "seats_kept"
    detail = {"until": until and rfc3339(until), "reason": reason}

    def keep(seat_ids: Sequence[int]) -> int:
        return seats_keep(showtime_id=showtime_id, seat_ids=seat_ids, until=until, now=now)

    return _change(keep, kind, detail, showtime_id=showtime_id, labels=labels, actor_id=actor_id, now=now)


def seats_unblock(
    *, showtime_id: int, labels: Sequence[str], reason: str, actor_id: int | None, now: datetime
) -> ShowtimeEvent:
    """Put seats that were taken off sale on sale again. Raises as seats_block does."""

    def release(seat_ids: Sequence[int]) -> int:
        return seats_release(showtime_id=showtime_id, seat_ids=seat_ids)

    detail = {"reason": reason}
    return _change(
        release, "seats_released", detail, showtime_id=showtime_id, labels=labels, actor_id=actor_id, now=now
    )


@dataclass(frozen=True)
class OffSale:
    """Seats of a showing that are off sale until the same moment; None: for good."""

    until: datetime | None
    labels: list[str]


def seats_off_sale(*, showtime_id: int, now: datetime) -> list[OffSale]:
    """Return which seats are off sale at `now`, those that come back first before the others. One query
    where there are any, else two."""
    blocked = ShowtimeSeat.objects.filter(showtime_id=showtime_id, status=SeatStatus.BLOCKED)
    rows = blocked.exclude(held_until__lte=now).order_by("seat__y", "seat__x").values_list("held_until", "seat__label")
    ends: dict[datetime | None, list[str]] = {}
    for until, label in rows:
        ends.setdefault(until, []).append(label)
    kept = sorted((until, labels) for until, labels in ends.items() if until is not None)
    if not rows and (folded := FoldedShowing.objects.filter(pk=showtime_id).first()) and folded.blocked:
        seats = Seat.objects.filter(pk__in=folded.blocked).order_by("y", "x")
        ends[None] = list(seats.values_list("label", flat=True))
    for_good = [OffSale(None, ends[None])] if None in ends else []
    return [OffSale(until, labels) for until, labels in kept] + for_good


def house_seats_shift(showtime: Showtime, by: timedelta) -> None:
    """Let the house's seats of a showing that begins another time be released as long before it as they would have."""
    house = ShowtimeSeat.objects.filter(showtime=showtime, status=SeatStatus.BLOCKED, held_until__isnull=False)
    house.update(held_until=F("held_until") + by)


def _change(
    change: Callable[[Sequence[int]], int],
    kind: str,
    detail: dict[str, Any],
    *,
    showtime_id: int,
    labels: Sequence[str],
    actor_id: int | None,
    now: datetime,
) -> ShowtimeEvent:
    if not Showtime.objects.filter(pk=showtime_id, status=ShowtimeStatus.ON_SALE).exists():
        raise InvalidShowtime("status", _("This showing is not on sale, so its seats are not either."))
    folded_refuse(showtime_id)
    seats = _seats_named(showtime_id, labels)
    if change(sorted(seats.values())) != len(seats):
        raise SeatsUnavailable(sorted(_moved_on(showtime_id, seats, kind)))
    return ShowtimeEvent.objects.create(
        showtime_id=showtime_id, at=now, kind=kind, actor_id=actor_id, detail={"seats": sorted(seats), **detail}
    )


def _seats_named(showtime_id: int, labels: Sequence[str]) -> dict[str, int]:
    """Return the showing's seats by label. Raises InvalidPick, UnknownSeats."""
    if not labels:
        raise InvalidPick("seats", _("Choose at least one seat."))
    of_showing = Seat.objects.filter(pk__in=ShowtimeSeat.objects.filter(showtime_id=showtime_id).values("seat_id"))
    seats = dict(of_showing.filter(label__in=labels).values_list("label", "pk"))
    if unknown := set(labels) - set(seats):
        raise UnknownSeats(sorted(unknown))
    return seats


def _moved_on(showtime_id: int, seats: dict[str, int], kind: str) -> list[str]:
    """Return the labels that the change did not reach, to tell people: read after it, in the same transaction."""
    changed = SeatStatus.FREE if kind == "seats_released" else SeatStatus.BLOCKED
    rows = ShowtimeSeat.objects.filter(showtime_id=showtime_id, seat_id__in=seats.values())
    reached = set(rows.filter(status=changed).values_list("seat_id", flat=True))
    return [label for label, seat_id in seats.items() if seat_id not in reached]
