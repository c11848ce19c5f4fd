"""The CPU that other processes have used. Linux tells; elsewhere there is no figure."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def spent(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def cpu_seconds(pid: int | None) -> float | None:
    """Return the CPU that a process has used so far; None for none, and where there is no /proc."""
    stat = _stat(Path(f"/proc/{pid}")) if pid else None
    return _used(stat) if stat else None


def group_cpu_seconds(leader: int) -> float | None:
    """Return the CPU that the processes of a group have used so far; None where there is no /proc."""
    stats = [_stat(folder) for folder in Path("/proc").glob("[0-9]*")]
    own = [stat for stat in stats if stat and int(stat[2]) == leader]
    return sum(map(_used, own)) if own else None


def _used(stat: list[str]) -> float:
    return (int(stat[11]) + int(stat[12])) / TICKS_A_SECOND


def _stat(folder: Path) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name, or None for a process that has just ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
