"""What is measured, against what, and what design asks of it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.figures import Target

DRIVER, OK_VIEW = "bare driver, same statements", "a view that answers ok"
HOLD, HOLD_HTTP = "hold in process, 8 connections", "hold over HTTP, 2 workers"
MAP_PAGE, MAP_JSON = "seat map of 420 seats, page", "seat map of 420 seats, JSON"
MAP_SAME, MOVIES_PAGE, MOVIES_JSON = "seat map, unchanged (304)", "movie list, page", "movie list, JSON"
MEASURED = [HOLD, DRIVER, HOLD_HTTP, OK_VIEW, MAP_PAGE, MAP_JSON, MAP_SAME, MOVIES_PAGE, MOVIES_JSON]
"""In the order of a round."""

TARGETS = [
    Target(HOLD, DRIVER, floor=0.55, goal=0.80),
    Target(HOLD_HTTP, DRIVER, floor=0.20, goal=0.40),
    Target(MAP_PAGE, OK_VIEW, floor=0.30, goal=0.60),
    Target(MAP_JSON, OK_VIEW, floor=0.30, goal=0.60),
    Target(MAP_SAME, OK_VIEW, floor=0.40, goal=0.60),
    Target(MOVIES_PAGE, OK_VIEW, floor=0.30, goal=0.80),
    Target(MOVIES_JSON, OK_VIEW, floor=0.30, goal=0.80),
]
SMALL, LARGE = 1, 20  # times the demo
GROWTH_FLOOR, GROWTH_GOAL = 1.2, 1.05  # as long as on the small town, at most
QUERIES_GOAL = 5
GATHERED_MS = 250
"""For so long the live process gathers changes before it tells of them."""

LIVE_FLOOR_MS, LIVE_GOAL_MS = 250 + GATHERED_MS, 100 + GATHERED_MS


@dataclass(frozen=True)
class Size:
    """How much is measured. A round has shows times PAIRS_A_SHOW holds of each kind, and `seconds` of each page.

    town: what `python -m benchmarks.town` is told besides how often it is the demo. changes: of a seat, with `maps`
    open. arrivals: in rush_seconds, after quiet_seconds without them.
    """

    rounds: int
    shows: int
    seconds: float
    towns: tuple[int, ...]
    town: tuple[str, ...]
    maps: int
    changes: int
    arrivals: int
    rush_seconds: float
    quiet_seconds: float


FULL = Size(
    rounds=9,
    shows=4,
    seconds=1.0,
    towns=(SMALL, LARGE),
    town=(),
    maps=1000,
    changes=40,
    arrivals=10_000,
    rush_seconds=60,
    quiet_seconds=30,
)
QUICK = Size(
    rounds=5,
    shows=2,
    seconds=0.5,
    towns=(SMALL,),
    town=("--days-past=2", "--days-coming=5"),
    maps=1000,
    changes=10,
    arrivals=1000,
    rush_seconds=6,
    quiet_seconds=6,
)
