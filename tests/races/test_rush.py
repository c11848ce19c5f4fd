"""Very many buyers, few seats, two web processes: each seat goes to one of them, everybody gets an answer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.services import session_token_issue
from bookings.models import BookedSeat, Booking, ShowtimeSeat
from bookings.tests.factories import showtime_on_sale
from movy.lib.clock import database_now
from tests.load.rush import PATIENCE_SECONDS, Plan, Seen, Wish
from tests.load.rush import rush as arrivals_rush
from tests.site import Answer, Site, all_at_once

BUYERS, SEATS, CLIENTS = 2000, 200, 64
LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]

ARRIVALS, ARRIVAL_SECONDS, QUIET_SECONDS = 10_000, 60, 15
OTHER_SHOWS, OTHERS_A_SECOND = 3, 6
HALL = [f"{row}{number}" for row in "ABCDEFGHIJKLMNOPQRST" for number in range(1, 22)]  # 420, in rows of an odd number


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


@pytest.mark.mariadb
@pytest.mark.long
@pytest.mark.usefixtures("transactional_db")
def test_ten_thousand_arrive_in_a_minute_and_a_hall_is_sold_once(proof):
    starts_at = database_now() + timedelta(days=3)
    showtime, *others = [showtime_on_sale(HALL, starts_at=starts_at) for _show in range(1 + OTHER_SHOWS)]
    count = OTHERS_A_SECOND * (QUIET_SECONDS + ARRIVAL_SECONDS)
    arriving, asking = (tokens := buyers(ARRIVALS + count))[:ARRIVALS], tokens[ARRIVALS:]
    pairs = [(show.pk, (HALL[seat], HALL[seat + 1])) for seat in range(0, len(HALL), 2) for show in others]
    wishes = [Wish(show, labels, token) for (show, labels), token in zip(pairs, asking, strict=False)]
    holds = "420 seats held once, as people were told; no 5xx, other shows' buyers got theirs"
    with (
        proof("10,000 people arrive in a minute for one show of 420 seats", holds=holds) as proven,
        Site(workers=2, TRUSTED_PROXIES="1") as site,
    ):
        seen = Seen()
        arrivals_rush(site.port, Plan(showtime.pk, arriving, wishes, QUIET_SECONDS, ARRIVAL_SECONDS), seen)
        proven.times += ARRIVALS

        assert seen.broken == []  # neither a 5xx nor anybody who waited for PATIENCE_SECONDS
        assert len(seen.arrivals) >= ARRIVALS
        assert max(row.seconds for row in seen.arrivals + seen.others) < PATIENCE_SECONDS
        told = sorted(label for pair in seen.held for label in pair)
        assert told == sorted(HALL)
        lines = BookedSeat.objects.filter(booking__showtime=showtime)
        assert sorted(lines.values_list("label", flat=True)) == told
        assert ShowtimeSeat.objects.filter(showtime=showtime, status="held").count() == len(HALL)
        assert Booking.objects.exclude(showtime=showtime).count() == len(wishes)
