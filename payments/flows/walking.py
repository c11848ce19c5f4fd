"""Walks through what Paystack has: daily through all of it, and whenever the office asks. docs/money.md tells why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Q

from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.http import OutsideUnavailable
from payments.constants import WALK_DAYS, WALK_EVERY, WALK_STEP, WALK_STEPS_A_ROUND, WALK_TRIES
from payments.flows.comparing import attempt_compare, charge_compare, refund_compare
from payments.gateway import paystack
from payments.models import BY_HAND, Payment, Walk, WalkPhase
from payments.querysets import PaymentQuerySet
from payments.services import walk_advance, walk_begin, walk_claim, walk_pause

logger = logging.getLogger(__name__)
Row = TypeVar("Row")


def payments_reconcile() -> int:
    """Begin the day's walk through all that Paystack has, and go on a little with every walk that is due; return how
    much was found. The net under everything else: for what came when nobody watched any more, and for what people do
    in Paystack's dashboard."""
    now = database_now()
    todays = Walk.objects.filter(theatre=None, asked_by=None, started_at__gt=now - WALK_EVERY)
    if not todays.filter(since_at__lte=now - timedelta(days=WALK_DAYS)).exists():  # a shorter one is not enough
        walk_begin(theatre_id=None, days=WALK_DAYS, asked_by_id=None, now=now)
    return sum(walk_go_on(walk) for walk in list(Walk.objects.due(now).order_by("next_step_at")))


def walk_go_on(walk: Walk, *, steps: int = WALK_STEPS_A_ROUND) -> int:
    """Do at most so many steps of a walk, unless another worker does; return how much was found."""
    found = 0
    for _step in range(steps):
        if not walk_claim(walk, now=database_now()):
            break
        found += _step_do(walk)
        walk.refresh_from_db()
    return found


@dataclass(frozen=True)
class _Done:
    """What a step has done. `missed`: why some of its rows could not be asked about, empty when all were."""

    position: int
    is_last: bool
    looked: int
    total: int
    found: int
    missed: str = ""


def _step_do(walk: Walk) -> int:
    """Do the step that was claimed. Unanswered, it is due again in a minute, in full: again changes nothing."""
    try:
        done = _page_compare(walk) if walk.theatre_id is None else _attempts_compare(walk)
    except (OutsideUnavailable, paystack.Refused) as error:
        logger.warning("walk %s waits: %s", walk.pk, error)
        walk_pause(walk, note=str(error), tries=walk.tries, now=database_now())
        return 0
    if done.missed and walk.tries < WALK_TRIES:
        walk_pause(walk, note=done.missed, tries=walk.tries + 1, now=database_now())
        return done.found
    walk_advance(
        walk,
        position=done.position,
        looked=done.looked,
        total=done.total,
        found=done.found,
        is_last=done.is_last,
        now=database_now(),
    )
    return done.found


def _page_compare(walk: Walk) -> _Done:
    """One page of the account's refunds, or of its charges."""
    number = walk.position + 1
    page: paystack.Page[Any]
    if walk.phase == WalkPhase.REFUNDS:
        page = paystack.refunds_page(number, since=walk.since_at)
        own = _payments_by("provider_id", [refund.transaction_id for refund in page.items])
        found, missed = _all(page.items, lambda refund: refund_compare(refund, own.get(refund.transaction_id)))
    else:
        page = paystack.charges_page(number, since=walk.since_at)
        own = _payments_by("reference", [charge.reference for charge in page.items])
        found, missed = _all(page.items, lambda charge: charge_compare(charge, own.get(charge.reference)))
    total = page.total if number == 1 else 0
    return _Done(number, page.is_last, len(page.items), total, found, missed)


def _attempts_compare(walk: Walk) -> _Done:
    """Some of a theatre's attempts to pay by Paystack, each with its refunds."""
    attempts = walk_attempts(walk)
    step = list(attempts.filter(pk__gt=walk.position).order_by("pk")[:WALK_STEP])
    total = attempts.count() if walk.position == 0 else 0
    found, missed = _all(step, attempt_compare)
    position = step[-1].pk if step else walk.position
    return _Done(position, len(step) < WALK_STEP, len(step), total, found, missed)


def walk_attempts(walk: Walk) -> PaymentQuerySet:
    """A theatre's attempts of the walk's days, and older ones of which money was asked back since."""
    recent = Q(created_at__gte=walk.since_at) | Q(refunds__created_at__gte=walk.since_at)
    ids = Payment.objects.filter(recent, theatre=walk.theatre_id).values("pk")
    found: PaymentQuerySet = Payment.objects.filter(pk__in=ids).exclude(channel__in=BY_HAND)
    return found


def _payments_by(field: str, values: list[str]) -> dict[str, Payment]:
    known = Payment.objects.filter(**{f"{field}__in": [value for value in values if value]})
    return {getattr(payment, field): payment for payment in known}


def _all(rows: Iterable[Row], compare: Callable[[Row], bool]) -> tuple[int, str]:
    """Compare each row; return how many were news, and why some were not answered. A row that fails is logged."""
    missed: list[str] = []

    def one(row: Any) -> bool:
        try:
            return compare(row)
        except OutsideUnavailable as error:
            missed.append(error.reason)
            return False

    return one_by_one(rows, one), missed[-1] if missed else ""
