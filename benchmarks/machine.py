"""What the figures depend on, without anything that names this machine or its folders."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from django.db import connection


def machine() -> dict[str, Any]:
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
        "on": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "revision": _revision(),
    }


def database_pid() -> int | None:
    """Return the process of the database, to count its CPU; None when it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@pid_file")
        path = Path(cursor.fetchone()[0])
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


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


def _revision() -> str:
    """Return which commit this is; "" outside a repository."""
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return git.stdout.strip()
