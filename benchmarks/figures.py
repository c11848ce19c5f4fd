"""Rates, ratios of what was measured side by side, the table and the file that keep them."""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from django.db import connection

Run = Callable[[], "Rate"]


@dataclass(frozen=True)
class Rate:
    """How often something was done in how long. cpu_seconds: of the processes that did it, without the database's."""

    count: int
    seconds: float
    cpu_seconds: float | None = None

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float | None:
        """Milliseconds of CPU for one."""
        return None if self.cpu_seconds is None else 1000 * self.cpu_seconds / self.count


@dataclass(frozen=True)
class Target:
    """What design asks of a row: the least ratio to `against`, and the one to aim for."""

    what: str
    against: str
    floor: float
    goal: float


@dataclass(frozen=True)
class Figure:
    """A measured row. Ratios are taken round by round, because a machine's speed drifts between rounds."""

    target: Target
    ratio_min: float
    ratio: float
    ratio_max: float
    per_second: float
    against_per_second: float
    cpu_ms: float | None
    against_cpu_ms: float | None
    rounds: int


def interleaved(runs: Mapping[str, Run], *, rounds: int) -> dict[str, list[Rate]]:
    """Run everything once a round, in turn, and return the rates of each. The first round warms up and isn't kept."""
    rates: dict[str, list[Rate]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            rate = run()
            if number:
                rates[name].append(rate)
    return rates


def figure(target: Target, rates: Mapping[str, Sequence[Rate]]) -> Figure:
    """Return medians and the spread of `target.what` against `target.against`, which were run interleaved."""
    ours, theirs = rates[target.what], rates[target.against]
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
        rounds=len(ratios),
    )


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    head = ["what", "against", "floor", "goal", "measured", "min to max", "a second", "against a second", "CPU ms"]
    rows = [
        [
            row.target.what,
            row.target.against,
            f"{row.target.floor:.2f}",
            f"{row.target.goal:.2f}",
            f"{row.ratio:.2f} {verdict(row)}",
            f"{row.ratio_min:.2f} to {row.ratio_max:.2f}",
            f"{row.per_second:.0f}",
            f"{row.against_per_second:.0f}",
            " / ".join("–" if cpu is None else f"{cpu:.2f}" for cpu in (row.cpu_ms, row.against_cpu_ms)),
        ]
        for row in figures
    ]
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in lines
    )


def verdict(row: Figure) -> str:
    if row.ratio >= row.target.goal:
        return "goal"
    return "floor" if row.ratio >= row.target.floor else "BELOW"


def write(path: Path, figures: Sequence[Figure], facts: Mapping[str, Any]) -> None:
    """Keep the run as JSON, rounded to what the figures can bear."""
    found = {"machine": facts, "figures": [asdict(row) for row in figures]}
    path.write_text(json.dumps(_rounded(found), indent=2) + "\n")


def machine() -> dict[str, Any]:
    """Return what the figures depend on, without anything that names this machine or its folders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        database = cursor.fetchone()[0]
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_model(),
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": database,
        "fsync_us": _fsync_us(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "on": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _fsync_us(times: int = 50) -> int:
    """Return what a durable write costs here, in microseconds: without it one cannot read a rate of commits."""
    spans = []
    with tempfile.TemporaryFile() as file:
        for _time in range(times):
            file.write(b"x" * 512)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            spans.append(time.perf_counter() - began)
    return round(1e6 * statistics.median(spans))


def _median(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
