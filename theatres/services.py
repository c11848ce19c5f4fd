"""What changes a theatre's house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from theatres.models import Seat


def seats_retire(*, seat_ids: Sequence[int], now: datetime) -> int:
    """Take seats out of the plan of showings that are not on sale yet; return how many were in it until now.

    Showings on sale keep their own rows of these seats, so nobody loses a ticket.
    """
    return Seat.objects.in_use().filter(pk__in=seat_ids).update(retired_at=now)


def seats_bring_back(*, seat_ids: Sequence[int]) -> int:
    """Put retired seats back into the plan; return how many were out of it."""
    return Seat.objects.filter(pk__in=seat_ids, retired_at__isnull=False).update(retired_at=None)
