"""Reusable filters of payments and refunds."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import Q

from theatres.querysets import OfTheatreQuerySet

_TO_PAY_OUT = Q(status="pending", payment__channel__in=["cash", "card_terminal"])


class PaymentQuerySet(OfTheatreQuerySet):
    def due(self, now: datetime) -> Self:
        """Attempts that the worker has to ask Paystack about."""
        return self.filter(next_check_at__lte=now)


class RefundQuerySet(OfTheatreQuerySet):
    def due(self, now: datetime) -> Self:
        """Refunds that the worker has to ask for or to follow."""
        return self.filter(next_check_at__lte=now)

    def to_pay_out(self) -> Self:
        """Refunds of what the desk took that wait for a person to hand the money over."""
        return self.filter(_TO_PAY_OUT)

    def for_a_person(self) -> Self:
        """Refunds that don't go on by themselves: to be paid out, asked for again, or in want of bank details."""
        return self.filter(Q(status__in=["failed", "needs_attention"]) | _TO_PAY_OUT)


class PaymentEventQuerySet(OfTheatreQuerySet):
    theatre_path = "payment__theatre"


class WalkQuerySet(OfTheatreQuerySet):
    """The account's own walks have no theatre: only the platform owner sees them."""

    def due(self, now: datetime) -> Self:
        """Walks whose next step nobody has claimed."""
        return self.filter(next_step_at__lte=now)


class FindingQuerySet(OfTheatreQuerySet):
    """A charge that is not ours belongs to no theatre: only the platform owner sees it."""

    theatre_path = "payment__theatre"

    def open(self) -> Self:
        """Findings that are still so, and that nobody has put away."""
        return self.filter(resolved_at=None)
