"""One key, one effect: who may act on a key, and what is answered to everybody after.

A try claims the key and commits that, so that others see it at work. Its answer is then stored in the transaction of
the effect itself: after a crash either both are there or neither. A try that died before its effect holds its claim
until CLAIM_LASTS is over; a try that was slower than that finds its claim gone and its effect rolled back.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from movy.idempotency.errors import InProgress, KeyReused
from movy.idempotency.models import FirstAnswer
from movy.lib.clock import database_now
from movy.lib.db import run_in_transaction

KEPT = timedelta(hours=24)
CLAIM_LASTS = timedelta(seconds=30)
"""Longer than any request runs: the longest waits 10 s for Paystack."""

WAIT_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.05
PRUNE_AT_ONCE = 1000


@dataclass(frozen=True)
class Question:
    """A request with a key, as digests: the same key by another person is another key."""

    key_digest: str
    request_digest: str


@dataclass(frozen=True)
class Answer:
    """What was answered first. `body` is JSON."""

    status: int
    body: str


def question(*, user_id: int, key: str, method: str, path: str, body: str) -> Question:
    """Return what a request asks. `body`: in one spelling, so that blanks and the order of fields don't matter."""
    return Question(_digest(str(user_id), key), _digest(method, path, body))


def answer_or_claim(asked: Question) -> Answer | str:
    """Return the first answer, or the name of the claim with which the caller may act now.

    Waits WAIT_SECONDS for a try that is at work. Raises InProgress after that, and KeyReused for another request under
    a known key. Call it outside any transaction.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return _answer_or_claim_now(asked, now=database_now())
        except InProgress:
            if time.monotonic() >= deadline:
                raise
        time.sleep(LOOK_AGAIN_SECONDS)


def answer_keep(asked: Question, *, claim: str, status: int, body: str) -> None:
    """Store the first answer, in the transaction of what it tells of. Raises InProgress when the claim has run out and
    another try has taken the key: the caller's effect must not happen."""
    mine = FirstAnswer.objects.filter(key_digest=asked.key_digest, claimed_by=claim)
    if not mine.update(status=status, body=body):
        raise InProgress


def claim_release(asked: Question, *, claim: str) -> None:
    """Forget a try that changed nothing, so that the same key can be tried again at once."""
    FirstAnswer.objects.filter(key_digest=asked.key_digest, claimed_by=claim, status=None).delete()


def answers_prune() -> int:
    """Delete the answers that are older than KEPT, some at once; return how many went."""
    old = FirstAnswer.objects.filter(created_at__lte=database_now() - KEPT).order_by("created_at")
    keys = list(old.values_list("pk", flat=True)[:PRUNE_AT_ONCE])
    return FirstAnswer.objects.filter(pk__in=keys).delete()[0] if keys else 0


def _answer_or_claim_now(asked: Question, *, now: datetime) -> Answer | str:
    claim = secrets.token_hex(16)
    fresh = {
        "request_digest": asked.request_digest,
        "claimed_by": claim,
        "claimed_until": now + CLAIM_LASTS,
        "created_at": now,
        "status": None,
        "body": "",
    }
    first = FirstAnswer.objects.filter(pk=asked.key_digest).first()
    if first is None:
        if _claim_insert(asked, claim, fresh):
            return claim
        raise InProgress
    if first.created_at > now - KEPT:
        if first.request_digest != asked.request_digest:
            raise KeyReused
        if first.status is not None:
            return Answer(first.status, first.body)
        if first.claimed_until > now:
            raise InProgress
    # Too old, or its owner is dead. Of all who see that, the UPDATE lets one through.
    seen = FirstAnswer.objects.filter(pk=first.pk, claimed_by=first.claimed_by, status=first.status)
    if not seen.update(**fresh):
        raise InProgress
    return claim


def _claim_insert(asked: Question, claim: str, fresh: dict[str, object]) -> bool:
    """Write a key that nobody has used; False when another try was faster."""
    try:
        run_in_transaction(
            lambda: FirstAnswer.objects.create(key_digest=asked.key_digest, **fresh),
            find=lambda: FirstAnswer.objects.filter(pk=asked.key_digest, claimed_by=claim).first(),
        )
    except IntegrityError:
        return False
    return True


def _digest(*parts: str) -> str:
    """Return one digest of several texts, none of which can run into the next."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
