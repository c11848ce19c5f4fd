"""Two hundred tries at every place that takes a password or a code: five at an account, sixty from an address, whatever
address or host is claimed. Who owns the account gets in by e-mail all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import is_signed_in, sign_in
from accounts.tests.test_passwords import NEW, reset_path
from accounts.tests.test_second_step import set_up

pytestmark = pytest.mark.django_db

TRIES = 200
Try = Callable[[Client, str], Any]


def on_the_page(client: Client, email: str) -> Any:
    return sign_in(client, email, "wrong")


def by_the_office(client: Client, email: str) -> Any:
    """Through its own door, which leads to the one page for it."""
    page = client.post("/admin/login/", {"username": email, "password": "wrong", "next": "/admin/"})["Location"]
    assert page.startswith("/auth/user/login?next=")
    return client.post(page, {"email": email, "password": "wrong"})


def by_the_api(client: Client, email: str) -> Any:
    sent = {"email": email, "password": "wrong"}
    return client.post("/api/v1/auth/user/login", sent, content_type="application/json")


WAYS = [on_the_page, by_the_office, by_the_api]


def claimed(number: int) -> Client:
    """A browser that says it is at another address each time, in every header for it, and asks for another host."""
    address = f"10.{number}.0.1"
    headers = {"x-forwarded-for": f"{address}, 192.0.2.{number}", "x-real-ip": address, "forwarded": f"for={address}"}
    return Client(headers=headers | {"host": f"h{number}.test"})


@pytest.mark.parametrize("way", WAYS)
def test_an_account_takes_five_wrong_passwords(way: Try):
    user = user_make()
    answers = [way(claimed(number), user.email) for number in range(TRIES)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * (TRIES - 5)
    assert {answer["Retry-After"] for answer in answers[5:]} == {"300"}
    assert sign_in(Client(), user.email).status_code == 429  # the right one, while it waits


@pytest.mark.parametrize("way", WAYS)
def test_an_address_takes_sixty_wrong_passwords(way: Try):
    """One each at 200 accounts, as somebody does who has a list of them."""
    answers = Counter(way(claimed(number), f"{number}@movy.test").status_code for number in range(TRIES))
    assert answers == {401: 60, 429: TRIES - 60}


def test_were_the_claim_believed_nobody_would_wait(settings):
    """As it is behind a proxy of ours, whose word it is then."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = {on_the_page(claimed(number), f"{number}@movy.test").status_code for number in range(TRIES)}
    assert answers == {401}


def test_the_ways_in_count_together():
    email = user_make().email
    answers = [WAYS[number % len(WAYS)](claimed(number), email).status_code for number in range(TRIES)]
    assert answers == [401] * 5 + [429] * (TRIES - 5)


@pytest.mark.parametrize(
    ("page", "field"), [("/auth/user/confirm-access", "password"), ("/auth/user/password", "oldpassword")]
)
def test_an_open_laptop_is_no_place_to_guess_the_password(page: str, field: str):
    client, user = Client(), user_make()
    client.force_login(user)
    sent = {"password": NEW, field: "wrong"}
    answers = [client.post(page, sent).status_code for _ in range(TRIES)]
    assert 429 in answers
    assert answers.index(429) <= 10
    assert set(answers[answers.index(429) :]) == {429}
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_a_second_step_takes_few_wrong_codes():
    user, owner = user_make(is_verified=True), Client()
    sign_in(owner, user.email)
    set_up(owner)
    thief = Client()
    assert sign_in(thief, user.email)["Location"] == "/auth/user/second-step/code"
    answers = [thief.post("/auth/user/second-step/code", {"code": f"{n:06}"}).status_code for n in range(TRIES)]
    assert answers.count(400) <= 5
    assert set(answers[5:]) <= {429, 303}  # it waits, or the sign-in has to begin again
    assert not is_signed_in(thief)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_shut_out_gets_in_by_e_mail(way: Try):
    client, user = Client(), user_make()
    for number in range(10):
        way(claimed(number), user.email)
    form = client.get(reset_path(client, user))["Location"]
    assert client.post(form, {"password": NEW}).status_code == 303
    assert sign_in(client, user.email, NEW).status_code == 303
    assert is_signed_in(client)


def test_whoever_is_signed_in_already_stays_so_while_others_guess():
    client, user = Client(), user_make()
    sign_in(client, user.email)
    app = Client(headers={"authorization": f"Bearer {session_token_issue(user)}"})
    for number in range(10):
        by_the_api(claimed(number), user.email)
    assert is_signed_in(client)
    assert app.get("/api/v1/auth/user").status_code == 200
