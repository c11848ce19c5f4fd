"""One account or one address that holds all it can, again and again, over the API and on the page: ten seats and two
unpaid holds an account, forty unpaid seats an address, a minute's pause before the same seats again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from bookings.models import ShowtimeSeat
from catalog.models import Showtime
from payments.tests.factories import coming_showtime

pytestmark = pytest.mark.django_db

ROWS = "ABCDEF"


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = True
    return coming_showtime(seats=[f"{row}{number}" for row in ROWS for number in range(1, 11)])


def app(user: User, *, address: str = "192.0.2.1", claims: str = "") -> Client:
    headers = {"authorization": f"Bearer {session_token_issue(user)}", "x-forwarded-for": claims}
    return Client(REMOTE_ADDR=address, headers=headers)


def hold(client: Client, showtime: Showtime, *seats: str) -> Any:
    wish = {"showtime": showtime.pk, "seats": list(seats)}
    return client.post("/api/v1/booking", wish, content_type="application/json")


def let_go(client: Client, answer: Any) -> None:
    reference = answer.json()["booking"]["reference"]
    assert client.post(f"/api/v1/cancel-booking/{reference}", {}, content_type="application/json").status_code == 200


def row_of(letter: str, count: int = 10) -> list[str]:
    return [f"{letter}{number}" for number in range(1, count + 1)]


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_account_has_ten_seats_and_two_unpaid_holds(showtime):
    client = app(user_make())
    assert told(hold(client, showtime, *row_of("A"), "B1")) == (409, "too_many_seats")
    assert hold(client, showtime, *row_of("A", 4)).status_code == 201
    assert told(hold(client, showtime, *row_of("B", 7))) == (409, "too_many_seats")
    assert hold(client, showtime, "B1").status_code == 201
    assert told(hold(client, showtime, "B2")) == (409, "too_many_holds")
    assert hold(app(user_make()), showtime, "B2").status_code == 201


def test_whoever_lets_go_waits_a_minute_before_the_same_seats_and_others_do_not(showtime):
    client = app(user_make())
    let_go(client, hold(client, showtime, "A1", "A2"))
    again = hold(client, showtime, "A2", "A3")
    assert again.status_code == 429
    assert 0 < int(again["Retry-After"]) <= 61
    assert hold(client, showtime, "A3").status_code == 201
    assert hold(app(user_make()), showtime, "A1", "A2").status_code == 201


def test_the_page_says_so_too(showtime):
    client = Client()
    client.force_login(user_make())
    booked = client.post("/booking", {"showtime": showtime.pk, "seats": ["A1"]})["Location"]
    assert client.post(f"/cancel-booking/{booked.rpartition('/')[2]}").status_code == 303
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["A1"]})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_an_address_has_forty_unpaid_seats_whoever_signs_in_there_and_wherever_they_say_they_are(showtime):
    for number, letter in enumerate("ABCD"):
        client = app(user_make(), claims=f"10.0.{number}.1")
        assert hold(client, showtime, *row_of(letter)).status_code == 201
    late = user_make()
    answer = hold(app(late, claims="10.9.9.9"), showtime, "E1")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert hold(app(late, address="198.51.100.7"), showtime, "E1").status_code == 201


def test_again_and_again_they_never_hold_more(showtime):
    """Twenty accounts at one address, each as often as it likes."""
    for number in range(20):
        client = app(user_make(), claims=f"10.0.{number}.1")
        for letter in ROWS:
            hold(client, showtime, *row_of(letter))
    assert ShowtimeSeat.objects.filter(showtime=showtime, status="held").count() == 40


def test_switched_off_all_of_them_are_lifted(showtime, settings):
    settings.RATE_LIMITS = False
    client = app(user_make())
    let_go(client, hold(client, showtime, "A1"))
    for letter in ROWS:
        assert hold(client, showtime, *row_of(letter)).status_code == 201
    assert ShowtimeSeat.objects.filter(showtime=showtime, status="held").count() == 60
