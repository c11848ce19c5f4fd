"""One person with many browsers: what may be held is counted one hold at a time."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bookings import limits
from bookings.constants import HOLDS_A_BUYER_MAX
from bookings.errors import TooManyHolds
from bookings.flows import seats_hold
from bookings.models import Booking, Buyer
from bookings.tests.factories import draft_of, showtime_on_sale
from movy.lib.clock import database_now
from movy.lib.db import Busy
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("audited")]

LABELS = [f"C{number}" for number in range(1, 9)]


@pytest.fixture
def dawdling(settings, monkeypatch) -> None:
    """Each hold is kept open after it has counted, so that all would have counted before the first is committed."""
    settings.RATE_LIMITS = True
    count = limits._buyer_check

    def count_and_dawdle(*seen: Any) -> None:
        count(*seen)
        time.sleep(0.05)

    monkeypatch.setattr(limits, "_buyer_check", count_and_dawdle)


def outcomes(who: Buyer | None = None) -> Counter[type]:
    """Let one person hold each of LABELS at once."""
    now = database_now()
    showtime = showtime_on_sale(LABELS, starts_at=now + timedelta(days=3))
    wishes = [draft_of(showtime, [label], who=who, now=now) for label in LABELS]
    return Counter(type(one) for one in together(*[partial(seats_hold, wish, now=now) for wish in wishes]))


@pytest.mark.usefixtures("dawdling")
def test_of_many_holds_of_one_person_at_once_two_are_made():
    assert outcomes() == {Booking: HOLDS_A_BUYER_MAX, TooManyHolds: len(LABELS) - HOLDS_A_BUYER_MAX}


@pytest.mark.usefixtures("dawdling")
def test_of_many_holds_of_one_guest_at_once_two_are_made():
    """Who was rolled back five times for the others is told to come again."""
    done = outcomes(Buyer(email="guest@example.test", name="A Guest"))
    assert done[Booking] == HOLDS_A_BUYER_MAX
    assert done[TooManyHolds] + done[Busy] == len(LABELS) - HOLDS_A_BUYER_MAX
