"""The rush in figures: who got what, how soon, and what everybody else noticed (tests/load/rush.py is the rush)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import percentile
from benchmarks.web import WebServer
from benchmarks.world import World, tokens
from bookings.models import BookedSeat, SeatStatus, ShowtimeSeat
from tests.load.people import Outcome
from tests.load.rush import Plan, Seen, Wish, rush

OTHERS_A_SECOND = 8


def rush_measure(
    web: WebServer, world: World, arriving: Sequence[str], *, quiet_seconds: float, seconds: float
) -> dict[str, Any]:
    """Let everybody of `arriving` want the rush's show; return what came of it."""
    wishes = world.wishes[: int(OTHERS_A_SECOND * (quiet_seconds + seconds))]
    pairs = zip(wishes, tokens(wishes), strict=True)
    others = [Wish(wish.showtime_id, wish.labels, token) for wish, token in pairs]
    plan = Plan(world.rush_id, arriving, others, quiet_seconds, seconds)
    seen = Seen()

    def come() -> int:
        rush(web.port, plan, seen)
        return len(seen.arrivals + seen.others)

    rate = web.rate(come)
    return summary(seen) | {
        "arrivals": len(arriving),
        "seconds": seconds,
        "cpu_ms": rate.cpu_ms,
        "database_ms": rate.database_ms,
        "load": os.getloadavg()[0],
        **_sold(world.rush_id, seen),
    }


def summary(seen: Seen) -> dict[str, Any]:
    """Return the answers in figures; all times in milliseconds. answers: for each second of the rush, how many of each
    outcome, in Outcome's order."""
    took = [row.seconds for row in seen.arrivals]
    counts = Counter((int(row.ended_at - seen.began), row.outcome) for row in seen.arrivals)
    last = max((second for second, _outcome in counts), default=0)
    return {
        "p50_ms": 1000 * percentile(took, 50),
        "p99_ms": 1000 * percentile(took, 99),
        "longest_ms": 1000 * max(took, default=0),
        "broken": len(seen.broken),
        "others_before_p50_ms": 1000 * percentile(seen.others_before, 50),
        "others_before_p99_ms": 1000 * percentile(seen.others_before, 99),
        "others_during_p50_ms": 1000 * percentile(seen.others_during, 50),
        "others_during_p99_ms": 1000 * percentile(seen.others_during, 99),
        "answers": [[counts[second, outcome] for outcome in Outcome] for second in range(last + 1)],
    }


def _sold(showtime_id: int, seen: Seen) -> dict[str, Any]:
    """Return how many seats are gone, by the database, and whether that is what people were told."""
    lines = list(BookedSeat.objects.filter(booking__showtime=showtime_id).values_list("label", flat=True))
    held = ShowtimeSeat.objects.filter(showtime=showtime_id, status=SeatStatus.HELD).count()
    told = [label for pair in seen.held for label in pair]
    return {
        "seats_held": held,
        "seats_twice": len(lines) - len(set(lines)),
        "as_told": sorted(told) == sorted(lines),
    }
