"""Walks through Paystack's lists: one at a time for the account and for each theatre. A step is claimed by an UPDATE of
`next_step_at` and ended by another under the same value, so a worker that dies or lingers harms nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from payments.constants import WALK_LEASE, WALK_PAUSE
from payments.models import Walk, WalkPhase

OF_THE_ACCOUNT = 0


def walk_begin(*, theatre_id: int | None, days: int, asked_by_id: int | None, now: datetime) -> Walk:
    """Begin a walk through the last days, of a theatre or of all, or return the one that runs."""
    slot = OF_THE_ACCOUNT if theatre_id is None else theatre_id
    running = Walk.objects.filter(slot=slot).first()
    if running is not None:
        return running
    walk = Walk(
        theatre_id=theatre_id,
        asked_by_id=asked_by_id,
        slot=slot,
        since_at=now - timedelta(days=days),
        started_at=now,
        phase=WalkPhase.REFUNDS if theatre_id is None else WalkPhase.CHARGES,
        next_step_at=now,
    )
    Walk.objects.bulk_create([walk], ignore_conflicts=True)  # somebody else may begin at this moment
    return Walk.objects.filter(theatre=theatre_id).order_by("-pk")[0]


def walk_claim(walk: Walk, *, now: datetime) -> bool:
    """Take the step that is due; False when another worker has. The walk is as it was read, or this fails."""
    until = now + WALK_LEASE
    if walk.next_step_at is None or walk.next_step_at > now or not _held(walk, next_step_at=until):
        return False
    walk.next_step_at = until
    return True


def walk_advance(
    walk: Walk, *, position: int, looked: int, total: int, found: int, is_last: bool, now: datetime
) -> bool:
    """Note a step that is done; the next one is due, or the walk is over. False when the step took so long that another
    worker has it."""
    counts = {"looked": F("looked") + looked, "total": F("total") + total, "found": F("found") + found}
    return _held(walk, tries=0, note="", progressed_at=now, **counts, **_next_step(walk, position, is_last, now))


def _next_step(walk: Walk, position: int, is_last: bool, now: datetime) -> dict[str, Any]:
    if not is_last:
        return {"position": position, "next_step_at": now}
    if walk.phase == WalkPhase.REFUNDS:
        return {"phase": WalkPhase.CHARGES, "position": 0, "next_step_at": now}
    return {"position": position, "slot": None, "next_step_at": None, "finished_at": now}


def walk_pause(walk: Walk, *, note: str, tries: int, now: datetime) -> None:
    """Wait for Paystack; the same step is due again in a while."""
    _held(walk, next_step_at=now + WALK_PAUSE, note=note[:200], tries=tries)


def _held(walk: Walk, **changes: Any) -> bool:
    held = Walk.objects.filter(pk=walk.pk, next_step_at=walk.next_step_at, finished_at=None)
    return bool(held.update(**changes))
