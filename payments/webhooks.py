"""Paystack's messages: stored as they came, answered after the commit, never believed. What they say only decides what
is looked at sooner; docs/money.md tells why."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import is_database_away
from movy.lib.errors import NotFound
from movy.lib.http import Outside, OutsideUnavailable
from movy.lib.references import hex_digest
from payments.flows import payment_look
from payments.gateway import paystack
from payments.models import Refund, WebhookMessage

logger = logging.getLogger(__name__)

CLAIM_LASTS = timedelta(minutes=1)
"""Longer than one look takes, which ends after 30 s; and how long a message waits while Paystack is away."""

WAIT_MINUTES = (1, 1, 5, 15, 60, 180, 360, 720)
"""What lies between two tries of a message that we stumble over: 22 hours in all. Paystack being away is none of its
faults and uses up no try."""

TRIES = len(WAIT_MINUTES) + 1
ERROR_LENGTH = 200
PRUNE_AT_ONCE = 500


def message_store(body: bytes, *, now: datetime) -> str:
    """Keep a message under the digest of its bytes and return that. A known one is looked at again: two partial refunds
    of one amount send equal bytes."""
    digest = hex_digest(body)
    if not _seen_again(digest, now):
        event, reference = _about(body)
        message = WebhookMessage(
            digest=digest,
            body=body.decode("utf-8", "replace"),
            event=event,
            payment_reference=reference,
            received_at=now,
            times=0,
        )
        WebhookMessage.objects.bulk_create([message], ignore_conflicts=True)  # the same message at the same moment
        _seen_again(digest, now)
    return digest


def _seen_again(digest: str, now: datetime) -> bool:
    """Count a message that is known and have it looked at; return False for one that isn't."""
    known = WebhookMessage.objects.filter(digest=digest)
    return bool(known.update(times=F("times") + 1, next_try_at=now, handled_at=None, attempts=0))


def message_handle(digest: str, *, via: Outside) -> None:
    """Look at what a message is about, then mark it handled. Raises OutsideUnavailable: the worker tries again."""
    message = WebhookMessage.objects.get(digest=digest)
    if message.event.startswith("refund."):
        # Those that Paystack knows. One that a worker is asking for at this moment stays claimed: another worker would
        # not find it in Paystack's list yet, and ask for it a second time.
        refunds = Refund.objects.filter(payment__reference=message.payment_reference, next_check_at__isnull=False)
        refunds.exclude(provider_id="").update(next_check_at=database_now())
    elif message.payment_reference:
        try:
            payment_look(message.payment_reference, via=via)
        except NotFound:
            logger.warning("a message about a payment that isn't ours: %s", digest)
    seen = {"digest": digest, "times": message.times}  # one that came in meanwhile starts a look of its own
    WebhookMessage.objects.filter(**seen).update(handled_at=database_now(), next_try_at=None, last_error="")


def inbox_handle(*, limit: int = 50) -> int:
    """Handle the messages that were not handled at once; return how many were. Each is claimed by an UPDATE: what a
    worker had in hand when it was killed, another takes up when the claim has run out."""
    now = database_now()
    due = WebhookMessage.objects.filter(next_try_at__lte=now).order_by("next_try_at")[:limit]
    return one_by_one(due, lambda message: _handle_due(message, now=now))


def _handle_due(message: WebhookMessage, *, now: datetime) -> bool:
    if message.attempts >= TRIES:  # whoever tried last did not live to say why
        _claimed(message, message.next_try_at).update(next_try_at=None)
        return False
    claimed_until = now + CLAIM_LASTS
    if not _claimed(message, message.next_try_at).update(next_try_at=claimed_until, attempts=F("attempts") + 1):
        return False
    try:
        message_handle(message.digest, via=paystack.WORKER)
    except OutsideUnavailable:
        _claimed(message, claimed_until).update(attempts=message.attempts)
        raise
    except Exception as error:
        if not is_database_away(error):
            is_last = message.attempts >= len(WAIT_MINUTES)
            _claimed(message, claimed_until).update(
                last_error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH],
                next_try_at=None if is_last else now + timedelta(minutes=WAIT_MINUTES[message.attempts]),
            )
        raise
    return True


def _claimed(message: WebhookMessage, until: datetime | None) -> QuerySet[WebhookMessage]:
    """The message while it is due at `until`; nothing once another worker has it, or it has come again."""
    return WebhookMessage.objects.filter(pk=message.pk, next_try_at=until)


def messages_try_again(ids: Iterable[int] | None = None, *, now: datetime) -> int:
    """Have messages that were given up tried again from the start, all or those with these ids; return how many."""
    given_up = WebhookMessage.objects.filter(handled_at=None, next_try_at=None)
    if ids is not None:
        given_up = given_up.filter(pk__in=list(ids))
    return given_up.update(attempts=0, next_try_at=now)


def messages_prune(*, now: datetime) -> int:
    """Delete some messages that were handled settings.MESSAGES_KEPT_DAYS ago, by key; return how many. They name buyers
    and their cards; what they led to stands in the payments' history."""
    before = now - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    handled = WebhookMessage.objects.filter(handled_at__lt=before).order_by("handled_at")
    old = list(handled.values_list("pk", flat=True)[:PRUNE_AT_ONCE])
    return WebhookMessage.objects.filter(pk__in=old, handled_at__lt=before).delete()[0]


def _about(body: bytes) -> tuple[str, str]:
    """Return (event, payment reference) of a message, empty where it names none or isn't JSON."""
    try:
        message = json.loads(body)
        data = message.get("data") or {}
        reference = data.get("transaction_reference") or data.get("reference") or ""
        if isinstance(data.get("transaction"), dict):
            reference = data["transaction"].get("reference") or reference
        return str(message.get("event") or "")[:60], str(reference)[:100]
    except (ValueError, AttributeError, RecursionError):
        return "", ""
