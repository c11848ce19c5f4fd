"""Which of the maps that people have open have changed, though no news told so: there is no Redis, or it is away, or
who made the change was killed between its COMMIT and telling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from django.db import connection

from bookings.models import ShowtimeSeat
from catalog.models import Showtime


class Notice(Protocol):
    """Asked again and again, always in the same thread."""

    def changed(self, showtime_ids: Collection[int]) -> Collection[int]:
        """Return which of the showings may have changed since the last time."""
        ...


def notice() -> Notice:
    """Return the way that fits the database."""
    return NoticeFile() if connection.vendor == "sqlite" else NoticeRows()


class NoticeFile:
    """SQLite tells for almost nothing whether anybody else has committed anything to its file."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def changed(self, showtime_ids: Collection[int]) -> Collection[int]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = cursor.fetchone()[0]
        if version == self._seen:
            return []
        self._seen = version
        return showtime_ids


class NoticeRows:
    """MySQL and MariaDB add the rows up, so that a number a showing comes back and not its seats. A showing that is
    asked about for the first time counts as changed: it may be, since it was looked at.

    Added up, not XORed: CRC32 is linear, so that seats 10 and 11 given for 12 and 13 would leave the same XOR."""

    AT_ONCE = 200
    """Showings a query: so that none comes near the time that a query may take."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[object, ...]] = {}

    def changed(self, showtime_ids: Collection[int]) -> Collection[int]:
        sums: dict[int, tuple[object, ...]] = {}
        ids = sorted(showtime_ids)
        for start in range(0, len(ids), self.AT_ONCE):
            sums |= _sums(ids[start : start + self.AT_ONCE])
        seen, self._seen = self._seen, {number: sums.get(number, ()) for number in ids}
        return [number for number in ids if self._seen[number] != seen.get(number)]


_SUMS = f"""
    SELECT showing.id, showing.status, showing.updated_at, COUNT(seat.seat_id),
           SUM(CRC32(CONCAT_WS('/', seat.seat_id, seat.status, seat.held_until)))
      FROM {Showtime._meta.db_table} showing
      LEFT JOIN {ShowtimeSeat._meta.db_table} seat ON seat.showtime_id = showing.id AND seat.status <> 'free'
     WHERE showing.id IN (%s) GROUP BY showing.id
"""  # noqa: S608 - names of our own tables


def _sums(showtime_ids: Sequence[int]) -> dict[int, tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS % ", ".join(["%s"] * len(showtime_ids)), showtime_ids)
        return {row[0]: row[1:] for row in cursor.fetchall()}
