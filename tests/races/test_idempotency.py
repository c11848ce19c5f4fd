"""One Idempotency-Key many times at once, and across the death of the process that was at work on it."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from unittest.mock import patch

import pytest

from bookings.models import Booking
from movy.idempotency import services
from movy.idempotency.models import FirstAnswer
from payments.tests.factories import coming_showtime
from tests.races.test_paying import together
from tests.races.test_rush import buyers
from tests.site import Answer, Site, all_at_once

pytestmark = pytest.mark.usefixtures("audited")

TIMES = 50
RESPAWN_SECONDS = 20


def book(site: Site, token: str, showtime_id: int, *, seats: list[str], key: str = "one") -> Answer:
    wish = {"showtime": showtime_id, "seats": seats}
    return site.call("POST", "/api/v1/booking", body=wish, token=token, headers={"Idempotency-Key": key})


def test_one_key_fifty_times_at_once_is_one_booking_and_one_answer():
    showtime, [token] = coming_showtime(), buyers(1)
    with Site(workers=2, RATE_LIMITS="off") as site:
        tries = [lambda: book(site, token, showtime.pk, seats=["C4"])] * TIMES
        answers = all_at_once(TIMES, tries)
        other = book(site, token, showtime.pk, seats=["C5"])
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert Counter("idempotent-replayed" in answer.headers for answer in answers) == {True: TIMES - 1, False: 1}
    assert (other.status, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Booking.objects.count() == 1


def test_keys_of_their_own_hold_no_more_than_there_is():
    """What the key is for: without it, the same wish fifty times is one booking and 49 refusals."""
    showtime, [token] = coming_showtime(), buyers(1)
    with Site(workers=2, RATE_LIMITS="off") as site:
        tries = [lambda key=key: book(site, token, showtime.pk, seats=["C4"], key=str(key)) for key in range(TIMES)]
        answers = all_at_once(TIMES, tries)
    assert Counter(answer.status for answer in answers) == {201: 1, 409: TIMES - 1}
    assert Booking.objects.count() == 1


def test_killed_between_effect_and_answer_the_retry_gets_the_first_outcome():
    showtime, [token] = coming_showtime(), buyers(1)
    with Site(application="tests.races.dying_wsgi:application", RATE_LIMITS="off") as site:
        with pytest.raises((http.client.HTTPException, OSError)):
            book(site, token, showtime.pk, seats=["C4"])
        answer = first_answer(site, token, showtime.pk)
    assert answer.status == 201
    assert answer.headers["idempotent-replayed"] == "true"
    assert answer.json()["booking"]["reference"] == Booking.objects.get().reference


def first_answer(site: Site, token: str, showtime_id: int) -> Answer:
    """Ask again until the web process is there again."""
    deadline = time.monotonic() + RESPAWN_SECONDS
    while True:
        try:
            return book(site, token, showtime_id, seats=["C4"])
        except (http.client.HTTPException, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.mark.mariadb
def test_a_claim_goes_to_one_of_many():
    """On one key that nobody has used, and on one whose owner has died."""
    asked = services.question(user_id=1, key="one", method="POST", path="/", body="{}")
    for _state in ("unused", "left behind"):
        with patch.object(services, "WAIT_SECONDS", 0):
            outcomes = together(*[lambda: services.answer_or_claim(asked)] * 16)
        assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
        FirstAnswer.objects.update(claimed_until="2026-01-01T00:00:00Z")
