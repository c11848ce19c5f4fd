"""Rates, and ratios of what was measured side by side."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Row = TypeVar("Row", bound=Hashable)
Run = Callable[[], "Rate"]


@dataclass(frozen=True)
class Rate:
    """How often something was done in how long. cpu_seconds: of the processes that did it, without the database's,
    which are database_seconds. None where the system doesn't tell."""

    count: int
    seconds: float
    cpu_seconds: float | None = None
    database_seconds: float | None = None

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float | None:
        """Milliseconds of CPU for one."""
        return None if self.cpu_seconds is None else 1000 * self.cpu_seconds / self.count

    @property
    def database_ms(self) -> float | None:
        return None if self.database_seconds is None else 1000 * self.database_seconds / self.count


@dataclass(frozen=True)
class Target:
    """What design asks of a row: the least ratio to `against`, and the one to aim for."""

    what: str
    against: str
    floor: float
    goal: float


@dataclass(frozen=True)
class Figure:
    """A measured row. Ratios are taken round by round, because a machine's speed drifts between rounds. The rest are
    medians; CPU in milliseconds for one, of the processes that do it and of the database."""

    target: Target
    ratio_min: float
    ratio: float
    ratio_max: float
    per_second: float
    against_per_second: float
    cpu_ms: float | None
    against_cpu_ms: float | None
    database_ms: float | None
    against_database_ms: float | None
    rounds: int


def interleaved(runs: Mapping[Row, Run], *, rounds: int) -> dict[Row, list[Rate]]:
    """Run everything once a round, in turn, and return the rates of each. The first round warms up and isn't kept."""
    rates: dict[Row, list[Rate]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            rate = run()
            if number:
                rates[name].append(rate)
    return rates


def figure(target: Target, ours: Sequence[Rate], theirs: Sequence[Rate]) -> Figure:
    """Return medians and the spread of `target.what` against `target.against`, which were run interleaved."""
    ratios = [mine.per_second / other.per_second for mine, other in zip(ours, theirs, strict=True)]
    return Figure(
        target=target,
        ratio_min=min(ratios),
        ratio=statistics.median(ratios),
        ratio_max=max(ratios),
        per_second=statistics.median(rate.per_second for rate in ours),
        against_per_second=statistics.median(rate.per_second for rate in theirs),
        cpu_ms=_median(rate.cpu_ms for rate in ours),
        against_cpu_ms=_median(rate.cpu_ms for rate in theirs),
        database_ms=_median(rate.database_ms for rate in ours),
        against_database_ms=_median(rate.database_ms for rate in theirs),
        rounds=len(ratios),
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of the values that so many percent of them don't exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else 0.0


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
