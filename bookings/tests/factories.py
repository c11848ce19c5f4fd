"""Showings on sale, buyers and holds for tests. Services run as they are; the doors' transaction is opened here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from bookings.drafts import BookingDraft, booking_draft
from bookings.house import seats_block
from bookings.models import Booking, Buyer
from bookings.pricing import SeatPick
from bookings.services import booking_hold, showtime_put_on_sale
from catalog.models import Showtime
from catalog.tests.factories import STARTS_AT, ShowtimeFactory

NOW = STARTS_AT - timedelta(days=3)


def showtime_on_sale(seats: Sequence[str] = ("C4", "C5"), **kwargs: Any) -> Showtime:
    """Return a showing that anybody may book at NOW."""
    with transaction.atomic():
        return showtime_put_on_sale(showtime_id=ShowtimeFactory(seats=tuple(seats), **kwargs).pk, now=NOW)


def block(showtime: Showtime, labels: Sequence[str], *, until: datetime | None = None, now: datetime = NOW) -> None:
    """Take free seats off sale: for good, or for the house until then."""
    with transaction.atomic():
        seats_block(showtime_id=showtime.pk, labels=labels, until=until, reason="", actor_id=None, now=now)


def buyer(name: str = "ada") -> Buyer:
    """Return a person with an account, the same for the same name."""
    user, _created = get_user_model().objects.get_or_create(email=f"{name}@example.test")
    return Buyer(email=user.email, name=name.title(), user_id=user.pk)


def hold(showtime: Showtime, labels: Sequence[str], *, who: Buyer | None = None, now: datetime = NOW) -> Booking:
    """Hold adults' seats."""
    draft = draft_of(showtime, labels, who=who, now=now)
    with transaction.atomic():
        return booking_hold(draft, now=now)


def draft_of(
    showtime: Showtime, labels: Sequence[str], *, who: Buyer | None = None, now: datetime = NOW
) -> BookingDraft:
    """Price adults' seats, as every hold begins."""
    picks = [SeatPick(label) for label in labels]
    return booking_draft(showtime_id=showtime.pk, seats=picks, buyer=who or buyer(), now=now)
