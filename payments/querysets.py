"""Reusable filters of payments and refunds."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from theatres.querysets import OfTheatreQuerySet


class PaymentQuerySet(OfTheatreQuerySet):
    theatre_path = "booking__showtime__screen__theatre"

    def due(self, now: datetime) -> Self:
        """Attempts that the worker has to ask Paystack about."""
        return self.filter(next_check_at__lte=now)


class RefundQuerySet(OfTheatreQuerySet):
    theatre_path = "payment__booking__showtime__screen__theatre"

    def due(self, now: datetime) -> Self:
        """Refunds that the worker has to ask for or to follow."""
        return self.filter(next_check_at__lte=now)


class PaymentEventQuerySet(OfTheatreQuerySet):
    theatre_path = "payment__booking__showtime__screen__theatre"
