"""A whole run: both sides filled, then measured in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from benchmarks.figures import Figure, Rate, Run, Target, figure, interleaved
from benchmarks.rows import GROWTH_FLOOR, GROWTH_GOAL, MEASURED, SMALL, TARGETS, Size
from benchmarks.side import Side

Rates = Mapping[tuple[int, str], Sequence[Rate]]
"""By the size of the town, and the row."""


def runs(
    environments: Mapping[int, Mapping[str, str]], size: Size, *, times: int, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Fill a database for each town and measure everything `times` times; return what each run found.

    environments: by the size of the town. `say` is told of progress.
    """
    began = time.monotonic()

    def say_when(what: str) -> None:
        say(f"seconds={time.monotonic() - began:.0f} {what}")

    with ExitStack() as stack:
        sides = [stack.enter_context(Side(environments[town], size, times=town)) for town in size.towns]
        for side in sides:
            side.ask("build")
        towns = [side.fetch() for side in sides]
        for town in towns:
            say_when(f"town={town['times']} rows={sum(town['rows'].values())} built_in={town['seconds']}")
        return [_run(sides, size, say_when) | {"towns": towns} for _time in range(times)]


def figures(rates: Rates) -> list[Figure]:
    """Return a figure for each target, on the small town."""
    return [figure(target, rates[SMALL, target.what], rates[SMALL, target.against]) for target in TARGETS]


def growth(rates: Rates, towns: Sequence[int]) -> list[Figure]:
    """Return each target's row on the other towns, against itself on the small one."""
    return [
        figure(
            Target(target.what, f"itself with {SMALL} of {town}", floor=1 / GROWTH_FLOOR, goal=1 / GROWTH_GOAL),
            rates[town, target.what],
            rates[SMALL, target.what],
        )
        for town in towns
        if town != SMALL
        for target in TARGETS
    ]


def _run(sides: Sequence[Side], size: Size, say: Callable[[str], None]) -> dict[str, Any]:
    small = sides[0]
    machine = small.call("machine")
    for side in sides:
        side.call("open")
    say(f"rounds={size.rounds}")
    taking_turns: dict[tuple[int, str], Run] = {
        (side.times, row): partial(side.call, "run", row) for row in MEASURED for side in sides
    }
    rates = interleaved(taking_turns, rounds=size.rounds)
    say("queries")
    queries = {side.times: side.call("queries") for side in sides}
    say(f"maps={size.maps}")
    live = small.call("live")
    say(f"arrivals={size.arrivals}")
    rush = small.call("rush")
    for side in sides:
        side.call("close")
    say("done")
    return {
        "machine": machine,
        "rows": figures(rates),
        "growth": growth(rates, size.towns),
        "queries": queries,
        "live": live,
        "rush": rush,
    }
