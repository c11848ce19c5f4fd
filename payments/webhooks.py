"""Paystack's messages: stored as they came, answered after the commit, never believed. What they say only decides what
is looked at sooner; docs/money.md tells why."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from django.db.models import F

from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.errors import NotFound
from movy.lib.http import Outside
from movy.lib.references import hex_digest
from payments.flows import payment_look
from payments.gateway import paystack
from payments.models import Refund, WebhookMessage

logger = logging.getLogger(__name__)

RETRY = timedelta(minutes=1)


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
    return bool(known.update(times=F("times") + 1, next_try_at=now, handled_at=None))


def message_handle(digest: str, *, via: Outside) -> None:
    """Look at what a message is about, then mark it handled. Raises OutsideUnavailable: the worker tries again."""
    message = WebhookMessage.objects.get(digest=digest)
    if message.event.startswith("refund."):
        refunds = Refund.objects.filter(payment__reference=message.payment_reference, next_check_at__isnull=False)
        refunds.update(next_check_at=database_now())
    elif message.payment_reference:
        try:
            payment_look(message.payment_reference, via=via)
        except NotFound:
            logger.warning("a message about a payment that isn't ours: %s", digest)
    seen = {"digest": digest, "times": message.times}  # one that came in meanwhile starts a look of its own
    WebhookMessage.objects.filter(**seen).update(handled_at=database_now(), next_try_at=None)


def inbox_handle(*, limit: int = 50) -> int:
    """Handle the messages that were not handled at once; return how many were."""
    now = database_now()

    def handle(message: WebhookMessage) -> bool:
        claim = WebhookMessage.objects.filter(pk=message.pk, next_try_at=message.next_try_at)
        if not claim.update(next_try_at=now + RETRY):
            return False
        message_handle(message.digest, via=paystack.WORKER)
        return True

    return one_by_one(WebhookMessage.objects.filter(next_try_at__lte=now).order_by("next_try_at")[:limit], handle)


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
