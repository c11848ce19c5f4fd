"""Taking and freeing seats: the conditional UPDATEs that decide every race (docs/locking.md).

Each statement names the showtime and its seats, so that it walks the primary key in one order, and its matched row
count is what decides. Nobody looks first. Matched means matched on MySQL too: Django connects with CLIENT.FOUND_ROWS.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from bookings.models import ShowtimeSeat
from bookings.news import map_changed
from catalog.models import Showtime
from movy.lib.clock import now_sql
from movy.lib.sql import sql_values

_TABLE = ShowtimeSeat._meta.db_table
_LOCK_SHARED = {"mysql": "LOCK IN SHARE MODE"}
"""By vendor. Without these words read committed would show the showing as it was before a change that is under way.
SQLite has one writer at a time."""
_TAKEABLE = "(status = 'free' OR (status IN ('held', 'blocked') AND held_until <= %s))"
"""A hold lapses and a seat of the house is released by `held_until` alone."""
_TAKEN = "(status <> 'free' AND (held_until IS NULL OR held_until > %s))"
"""The opposite, as long as what is sold has no `held_until`. It compares a status once: to compare them all again was a
seventh of what the database does for a look at a map."""
_FOLDED = {
    "mysql": "GROUP_CONCAT(seat_id, ' ', status SEPARATOR ' ')",  # as long as group_concat_max_len, see settings.py
    "sqlite": "GROUP_CONCAT(seat_id || ' ' || status, ' ')",
}
"""Rows as one text, by vendor. The order doesn't matter: it is the primary key's as long as nothing else is known."""
_TAKEABLE_AT_DESK = f"({_TAKEABLE} OR (status = 'blocked' AND held_until IS NOT NULL))"
"""The desk sells the seats of the house before their release; what is blocked for good nobody sells."""


def seats_take(*, showtime: Showtime, seat_ids: Sequence[int], reference: str, until: datetime, now: datetime) -> int:
    """Hold those of the seats that are free, or whose hold lapsed by `now`; return how many that were.

    None, if the showing is no longer on sale or no longer the film, hall and time that the buyer was shown. Its row
    stays locked against whoever would change it, a lock shared with all who take seats (docs/locking.md).
    """
    return _take(_TAKEABLE, showtime, seat_ids, reference, until, now)


def seats_take_at_desk(
    *, showtime: Showtime, seat_ids: Sequence[int], reference: str, until: datetime, now: datetime
) -> int:
    """As seats_take, and the seats that are kept for the house besides."""
    return _take(_TAKEABLE_AT_DESK, showtime, seat_ids, reference, until, now)


def seats_sell(*, showtime_id: int, seat_ids: Sequence[int], reference: str, now: datetime) -> int:
    """Sell those of the seats that this booking holds, or that anybody could take now; return how many."""
    return _update(
        "status = 'sold', booking_id = %s, held_until = NULL",
        [reference],
        showtime_id,
        seat_ids,
        f"((status = 'held' AND booking_id = %s) OR {_TAKEABLE})",
        [reference, now],
    )


def seats_swap_in(*, showtime_id: int, seat_ids: Sequence[int], reference: str, now: datetime) -> int:
    """Give those of the seats that the desk could sell to a booking that is paid already; return how many."""
    return _update(
        "status = 'sold', booking_id = %s, held_until = NULL",
        [reference],
        showtime_id,
        seat_ids,
        _TAKEABLE_AT_DESK,
        [now],
    )


def seats_keep(*, showtime_id: int, seat_ids: Sequence[int], until: datetime | None, now: datetime) -> int:
    """Take those of the seats off sale that nobody has, for good or until `until`; return how many. Seats that are off
    sale already get this end."""
    return _update(
        "status = 'blocked', booking_id = NULL, held_until = %s",
        [until],
        showtime_id,
        seat_ids,
        f"({_TAKEABLE} OR status = 'blocked')",
        [now],
    )


def seats_release(*, showtime_id: int, seat_ids: Sequence[int]) -> int:
    """Put those of the seats on sale again that were taken off it; return how many."""
    return _update("status = 'free', held_until = NULL", [], showtime_id, seat_ids, "status = 'blocked'", [])


def seats_lengthen(*, showtime_id: int, seat_ids: Sequence[int], reference: str, until: datetime) -> int:
    """Keep this booking's held seats until `until`; return how many are still its own."""
    return _update(
        "held_until = %s", [until], showtime_id, seat_ids, "status = 'held' AND booking_id = %s", [reference]
    )


def seats_free(*, showtime_id: int, seat_ids: Sequence[int], reference: str) -> int:
    """Give back those of the seats that this booking holds or bought; return how many. Others' are left alone."""
    return _update(
        "status = 'free', booking_id = NULL, held_until = NULL",
        [],
        showtime_id,
        seat_ids,
        "status IN ('held', 'sold') AND booking_id = %s",
        [reference],
    )


def seats_owned(*, showtime_id: int, seat_ids: Sequence[int], reference: str) -> set[int]:
    """Return which of the seats stand under this booking: for telling people, after a take has failed."""
    marks = ", ".join(["%s"] * len(seat_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT seat_id FROM {_TABLE} WHERE showtime_id = %s AND seat_id IN ({marks}) AND booking_id = %s",  # noqa: S608
            [showtime_id, *seat_ids, reference],
        )
        return {row[0] for row in cursor.fetchall()}


def taken_sql(showtime_id: str) -> str:
    """Return the query for the seats that nobody could take now, and how they are taken, as one text: Python tells by
    comparing it whether anything has changed, and only then reads hundreds of seats (taken_read). Part of a larger
    query, in which `showtime_id` is the showing's id."""
    return (
        f"SELECT {_FOLDED[connection.vendor]} FROM {_TABLE}"  # noqa: S608
        f" WHERE showtime_id = {showtime_id} AND {_TAKEN % now_sql()}"
    )


def taken_read(folded: str) -> dict[int, str]:
    """Return what taken_sql found: the status of each seat, by id."""
    words = iter(folded.split())
    return {int(seat_id): status for seat_id, status in zip(words, words, strict=True)}


def _take(
    takeable: str, showtime: Showtime, seat_ids: Sequence[int], reference: str, until: datetime, now: datetime
) -> int:
    return _update(
        "status = 'held', booking_id = %s, held_until = %s",
        [reference, until],
        showtime.pk,
        seat_ids,
        f"{takeable} AND {_stands()}",
        [now, showtime.pk, showtime.movie_id, showtime.screen_id, showtime.starts_at],
    )


def _stands() -> str:
    """The condition that a showing (id, film, hall, start) is on sale, and stays so while the transaction lasts."""
    lock = _LOCK_SHARED.get(connection.vendor, "")
    same = "id = %s AND movie_id = %s AND screen_id = %s AND starts_at = %s"
    return f"EXISTS (SELECT 1 FROM {Showtime._meta.db_table} WHERE {same} AND status = 'on_sale' {lock})"  # noqa: S608


def _update(
    change: str,
    change_values: list[object],
    showtime_id: int,
    seat_ids: Sequence[int],
    condition: str,
    condition_values: list[object],
) -> int:
    marks = ", ".join(["%s"] * len(seat_ids))
    values = [*change_values, showtime_id, *seat_ids, *condition_values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_TABLE} SET {change} WHERE showtime_id = %s AND seat_id IN ({marks}) AND {condition}",  # noqa: S608
            sql_values(values),
        )
        moved: int = cursor.rowcount
    if moved:
        map_changed(showtime_id)
    return moved
