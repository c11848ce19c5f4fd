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
from tests.site import Answer, Site, all_at_once

BUYERS, SEATS, CLIENTS = 2000, 200, 64
LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]


def buyers(count: int) -> list[str]:
    """Return an access token for each of `count` people."""
    users = User.objects.bulk_create(User(email=f"buyer{number}@example.test") for number in range(count))
    return [session_token_issue(user) for user in User.objects.filter(pk__in=[user.pk for user in users])]


def rush(site: Site, *, count: int, seats: int) -> tuple[list[Answer], str]:
    """Let `count` buyers want one of `seats` seats each, all at once; return their answers and what the audit says."""
    showtime = showtime_on_sale(LABELS[:seats], starts_at=database_now() + timedelta(days=3))
    tokens = buyers(count)

    def buy(number: int):
        wish = {"showtime": showtime.pk, "seats": [LABELS[number % seats]]}
        return lambda: site.call("POST", "/api/v1/booking", body=wish, token=tokens[number])

    answers = all_at_once(CLIENTS, [buy(number) for number in range(count)])
    return answers, site.manage("audit").stdout.splitlines()[-1]


@pytest.mark.mariadb
@pytest.mark.slow
def test_two_thousand_buyers_for_two_hundred_seats(audited):
    with Site(workers=2, RATE_LIMITS="off") as site:
        answers, audit = rush(site, count=BUYERS, seats=SEATS)
    assert Counter(answer.status for answer in answers) == {201: SEATS, 409: BUYERS - SEATS}
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"seats_unavailable"}
    assert Booking.objects.count() == SEATS
    assert ShowtimeSeat.objects.filter(status="held").values("booking_id").distinct().count() == SEATS
    assert audit == "violations=0"


@pytest.mark.mariadb
@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_without_the_guard_the_same_rush_sells_seats_twice():
    with Site(workers=2, application="tests.races.unguarded_wsgi:application", RATE_LIMITS="off") as site:
        answers, audit = rush(site, count=40, seats=10)
    assert Counter(answer.status for answer in answers)[201] > 10
    assert audit != "violations=0"
