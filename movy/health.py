"""What is up, slow or down: the body of /healthz and /readyz."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.db import Error as DatabaseError

from movy.lib.clock import database_now
from movy.models import Heartbeat

SLOW_SECONDS = 0.5
WORKER_SILENCE_MAX = timedelta(minutes=1)
WORKER = "worker"


def health() -> dict[str, str]:
    """Return each part's state: "up", "slow", "down", or "off" for one that this start doesn't use. Raises nothing."""
    parts = {"database": _timed(_database), "redis": _timed(_redis) if settings.REDIS_URL else "off"}
    parts["worker"] = "down" if parts["database"] == "down" else _timed(_worker)
    return parts


def heartbeat(name: str) -> None:
    """Write that a kind of process is at work."""
    now = database_now()
    if not Heartbeat.objects.filter(name=name).update(seen_at=now):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, seen_at=now)], ignore_conflicts=True)


def _timed(is_up: Callable[[], bool]) -> str:
    started_at = time.monotonic()
    if not is_up():
        return "down"
    return "slow" if time.monotonic() - started_at > SLOW_SECONDS else "up"


def _database() -> bool:
    try:
        database_now()
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        caches["redis"].set("health", 1, 5)
    except Exception:  # noqa: BLE001 - whatever the cache's client raises, it is down
        return False
    return True


def _worker() -> bool:
    try:
        return Heartbeat.objects.filter(name=WORKER, seen_at__gt=database_now() - WORKER_SILENCE_MAX).exists()
    except DatabaseError:
        return False
