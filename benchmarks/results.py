"""What was found: the last runs of a kind in one file, and whether they agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
RUNS_KEPT = 3

Found = dict[str, Any]


def kept(name: str) -> list[Found]:
    """Return the runs of `benchmarks/results/<name>.json`, the newest last; none where there is no such file."""
    path = RESULTS / f"{name}.json"
    return list(json.loads(path.read_text())["runs"]) if path.exists() else []


def write(name: str, runs: Sequence[Found]) -> None:
    """Keep the newest runs, rounded to what the figures can bear."""
    text = json.dumps({"runs": [_plain(run) for run in runs[-RUNS_KEPT:]]}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def agreement(runs: Sequence[Found], part: str, number: int) -> float:
    """Return how far the medians of a row are apart over the runs: 1.0 is not at all, 2.0 twice as much once."""
    ratios = [run[part][number]["ratio"] for run in runs]
    return max(ratios) / min(ratios)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
