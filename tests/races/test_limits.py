"""One person with many browsers: what may be held is counted one hold at a time."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from bookings import limits
from bookings.constants import HOLDS_A_BUYER_MAX
from bookings.drafts import BookingDraft
from bookings.errors import TooManyHolds
from bookings.flows import seats_hold
from bookings.models import Booking
from bookings.tests.factories import draft_of, showtime_on_sale
from movy.lib.clock import database_now
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("audited")]

LABELS = [f"C{number}" for number in range(1, 9)]


def test_of_many_holds_of_one_person_at_once_two_are_made(settings, monkeypatch):
    """Each is held open after it has counted, so that all would have counted before the first has seats."""
    settings.RATE_LIMITS = True
    count = limits._buyer_check

    def count_and_dawdle(draft: BookingDraft, now: datetime) -> None:
        count(draft, now)
        time.sleep(0.05)

    monkeypatch.setattr(limits, "_buyer_check", count_and_dawdle)
    now = database_now()
    showtime = showtime_on_sale(LABELS, starts_at=now + timedelta(days=3))
    wishes = [draft_of(showtime, [label], now=now) for label in LABELS]
    done = together(*[partial(seats_hold, wish, now=now) for wish in wishes])
    assert Counter(type(one) for one in done) == {
        Booking: HOLDS_A_BUYER_MAX,
        TooManyHolds: len(LABELS) - HOLDS_A_BUYER_MAX,
    }
