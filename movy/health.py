"""What is up, slow, late or down: the body of /healthz and /readyz; docs/runbook.md says what each word asks for."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import caches
from django.db import Error as DatabaseError

from movy.lib.clock import database_now
from movy.models import Heartbeat
from movy.outbox.models import Mail
from payments.models import WebhookMessage

SLOW_SECONDS = 0.5
SILENCE_MAX = timedelta(minutes=1)
"""Since the last sign of life of a worker, or of a live process, that is taken for well."""

LATE = timedelta(minutes=5)
"""How long mail and messages may wait for their turn, before somebody is told."""

WORKER = "worker"
LIVE = "live"


def health() -> dict[str, str]:
    """Return each part's state: "up", "slow", "down", "late" for work that piles up, "off" for what this start doesn't
    use, "unknown" for what only the database could tell. Raises nothing; a silent database is waited for once."""
    of_database = dict.fromkeys(("live", "worker", "mail", "messages"), "unknown")
    parts = {"database": "down", "redis": _redis()} | of_database
    started = time.monotonic()
    with suppress(DatabaseError):  # at once, or amid the questions: then what is known by now is told
        now = database_now()
        parts["database"] = _pace(started)
        parts |= _processes(now)
        parts |= {"mail": _mail(now), "messages": _messages(now)}
    return parts


def heartbeat(name: str) -> None:
    """Write that a kind of process, or one of the worker's jobs, is at work."""
    now = database_now()
    if not Heartbeat.objects.filter(name=name).update(seen_at=now):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, seen_at=now)], ignore_conflicts=True)


def redis_answers() -> bool:
    try:
        caches["redis"].set("health", 1, 5)
    except Exception:  # noqa: BLE001 - whatever the cache's client raises, it is down
        return False
    return True


def _redis() -> str:
    if not settings.REDIS_URL:
        return "off"
    started = time.monotonic()
    return _pace(started) if redis_answers() else "down"


def _pace(started: float) -> str:
    return "slow" if time.monotonic() - started > SLOW_SECONDS else "up"


def _processes(now: datetime) -> dict[str, str]:
    """A live process that was never seen is off: a web that runs alone has maps that ask by themselves."""
    seen = dict(Heartbeat.objects.filter(name__in=(LIVE, WORKER)).values_list("name", "seen_at"))
    states = {name: "up" if at > now - SILENCE_MAX else "down" for name, at in seen.items()}
    return {LIVE: "off", WORKER: "down"} | states


def _mail(now: datetime) -> str:
    return "late" if Mail.objects.due(now - LATE).exists() else "up"


def _messages(now: datetime) -> str:
    """Also late while each is tried every minute in vain: then Paystack is away, or we stumble over all of them."""
    waiting = WebhookMessage.objects.filter(handled_at=None, next_try_at__isnull=False)
    return "late" if waiting.filter(received_at__lte=now - LATE).exists() else "up"
