"""A refresh token in two hands: whoever comes second ends the sign-in, however close behind the first."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from accounts.tests.factories import PASSWORD
from tests.site import Answer, Site, all_at_once

AT_ONCE = 20
ROUNDS = 5
NUMBERS = count(1)
REFRESH = "/api/v1/auth/user/refresh"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("transactional_db")]


def rush(site: Site) -> tuple[list[Answer], Answer]:
    """Use one new refresh token AT_ONCE times; return the answers, and the sign-in."""
    person = {"email": f"{next(NUMBERS)}@movy.test", "password": PASSWORD, "first_name": "Ada", "last_name": "Obi"}
    signed_in = site.call("POST", "/api/v1/auth/user/signup", body=person)
    body = {"refresh_token": signed_in.json()["refresh_token"]}
    return all_at_once(AT_ONCE, [lambda: site.call("POST", REFRESH, body=body)] * AT_ONCE), signed_in


def test_a_refresh_token_used_twenty_times_at_once_wins_once_and_ends_its_sign_in():
    with Site(workers=2, RATE_LIMITS="off") as site:
        for _ in range(ROUNDS):
            answers, signed_in = rush(site)
            assert Counter(answer.status for answer in answers) == {200: 1, 401: AT_ONCE - 1}
            assert {answer.json()["code"] for answer in answers if answer.status == 401} == {"invalid_token"}
            (won,) = [answer.json() for answer in answers if answer.status == 200]
            for token in (won["access_token"], signed_in.json()["access_token"]):
                assert site.call("GET", "/api/v1/auth/user", token=token).status == 401
            assert site.call("POST", REFRESH, body={"refresh_token": won["refresh_token"]}).status == 401


def test_without_the_guard_several_win():
    with Site(workers=2, application="tests.races.unlocked_wsgi:application", RATE_LIMITS="off") as site:
        wins = [sum(answer.status == 200 for answer in rush(site)[0]) for _ in range(ROUNDS)]
    assert max(wins) > 1
