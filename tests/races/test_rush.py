"""Very many buyers, few seats, two web processes: each seat goes to one of them, everybody gets an answer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.services import session_token_issue
from bookings.models import Booking, ShowtimeSeat
from bookings.tests.factories import showtime_on_sale
from movy.lib.clock import database_now
from tests.site import Site, all_at_once

BUYERS, SEATS, CLIENTS = 2000, 200, 64
LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]


def buyers(count: int) -> list[str]:
    """Return an access token for each of `count` people."""
    users = User.objects.bulk_create(User(email=f"buyer{number}@example.test") for number in range(count))
    return [session_token_issue(user) for user in User.objects.filter(pk__in=[user.pk for user in users])]


@pytest.mark.mariadb
@pytest.mark.slow
def test_two_thousand_buyers_for_two_hundred_seats(audited):
    showtime = showtime_on_sale(LABELS, starts_at=database_now() + timedelta(days=3))
    tokens = buyers(BUYERS)
    with Site(workers=2, RATE_LIMITS="off") as site:

        def buy(number: int):
            wish = {"showtime": showtime.pk, "seats": [LABELS[number % SEATS]]}
            return lambda: site.call("POST", "/api/v1/booking", body=wish, token=tokens[number])

        answers = all_at_once(CLIENTS, [buy(number) for number in range(BUYERS)])
        audit = site.manage("audit")
    assert Counter(answer.status for answer in answers) == {201: SEATS, 409: BUYERS - SEATS}
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"seats_unavailable"}
    assert Booking.objects.count() == SEATS
    assert ShowtimeSeat.objects.filter(status="held").values("booking_id").distinct().count() == SEATS
    assert audit.stdout.strip().endswith("violations=0")
