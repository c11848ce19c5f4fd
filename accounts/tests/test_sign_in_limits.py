"""The API's doors that take a password, or make an account, are counted by address as the pages' are."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.tests.factories import PASSWORD, user_make

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/auth/user"


@pytest.fixture(autouse=True)
def once_a_minute(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip", "signup": "1/m/ip"}


def status(path: str, body: dict[str, str], **headers: str) -> int:
    return Client(headers=headers).post(f"{ROOT}/{path}", body, content_type="application/json").status_code


def test_tries_by_the_api_from_one_address_wait():
    right = {"email": user_make().email, "password": PASSWORD}
    assert [status("login", right) for _time in range(2)] == [200, 429]


def test_an_address_that_is_claimed_does_not_begin_a_new_count():
    right = {"email": user_make().email, "password": PASSWORD}
    claimed = [{"x-forwarded-for": f"203.0.113.{number}"} for number in range(2)]
    assert [status("login", right, **headers) for headers in claimed] == [200, 429]


def test_sign_ups_by_the_api_from_one_address_wait():
    people = [
        {"email": f"{name}@movy.test", "password": PASSWORD, "first_name": name, "last_name": "Obi"}
        for name in ("ada", "efe")
    ]
    assert [status("signup", person) for person in people] == [201, 429]
