"""A code from one's phone besides the password: set up, asked for, lost, switched off."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make

pytestmark = pytest.mark.django_db

HOME = "/auth/user/second-step"
PERIOD_SECONDS = 30  # RFC 6238


def confirm(client: Client) -> None:
    """Show the password once more, as every page that changes the second step asks."""
    answer = client.post("/auth/user/confirm-access", {"password": PASSWORD, "next": HOME})
    assert answer["Location"] == HOME


def sign_in(user: User) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/auth/user/login", {"email": user.email, "password": PASSWORD})


def code(secret: str) -> str:
    """Return what the app on a phone shows now. Who sees that it is about to change waits for the next one."""
    left = PERIOD_SECONDS - time.time() % PERIOD_SECONDS
    if left < PERIOD_SECONDS / 10:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS))


@pytest.fixture
def ada() -> User:
    return user_make(is_verified=True)


def set_up(client: Client) -> str:
    """Set it up as somebody does who can't scan; return the secret."""
    confirm(client)
    page = client.get(f"{HOME}/app").content.decode()
    found = re.search(r"<code[^>]*>([A-Z2-7]{16,})</code>", page)
    assert found
    assert 'src="data:image/svg+xml;base64,' in page  # which the Content-Security-Policy allows
    answer = client.post(f"{HOME}/app", {"code": code(found[1])})
    assert answer.status_code == 303
    assert answer["Location"] == f"{HOME}/codes"
    return found[1]


def test_it_is_set_up_and_asked_for_at_the_next_sign_in(ada: User) -> None:
    client, _answer = sign_in(ada)
    secret = set_up(client)
    spare = re.findall(r"<li><code>(\w+)</code></li>", client.get(f"{HOME}/codes").content.decode())
    assert len(spare) == 10
    later, answer = sign_in(ada)
    assert answer["Location"].startswith(f"{HOME}/code")
    assert later.get("/auth/user").status_code == 302  # not in yet
    assert later.post(f"{HOME}/code", {"code": "000000"}).status_code == 400
    assert later.post(f"{HOME}/code", {"code": code(secret)}).status_code in (303, 400)  # a code counts once
    other, _answer = sign_in(ada)
    assert other.post(f"{HOME}/code", {"code": spare[0]}).status_code == 303
    assert other.get("/auth/user").status_code == 200
    again, _answer = sign_in(ada)
    assert again.post(f"{HOME}/code", {"code": spare[0]}).status_code == 400  # used


def test_a_wrong_code_sets_nothing_up(ada: User) -> None:
    client, _answer = sign_in(ada)
    confirm(client)
    client.get(f"{HOME}/app")
    answer = client.post(f"{HOME}/app", {"code": "12"})
    assert answer.status_code == 400
    assert "That code is not right" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_without_a_confirmed_e_mail_it_cannot_be_set_up() -> None:
    client, _answer = sign_in(user_make())
    answer = client.get(f"{HOME}/app", follow=True)
    assert "Confirm your e-mail first" in answer.content.decode()


def test_an_open_laptop_is_not_enough(ada: User) -> None:
    client, _answer = sign_in(ada)
    asked = client.get(f"{HOME}/app")["Location"]
    assert asked == "/auth/user/confirm-access?next=%2Fauth%2Fuser%2Fsecond-step%2Fapp"
    page = client.get(asked)
    assert "Type your password again" in page.content.decode()
    assert client.post(asked, {"password": "wrong"}).status_code == 400
    assert client.post(asked, {"password": PASSWORD})["Location"] == f"{HOME}/app"
    assert client.get(f"{HOME}/app").status_code == 200


def test_it_is_switched_off_and_the_spare_codes_go_with_it(ada: User) -> None:
    client, _answer = sign_in(ada)
    set_up(client)
    assert client.get(f"{HOME}/app/remove").status_code == 200
    assert client.post(f"{HOME}/app/remove").status_code == 303
    assert not Authenticator.objects.exists()
    _later, answer = sign_in(ada)
    assert answer["Location"] == "/"


def test_new_spare_codes_end_the_old_ones(ada: User) -> None:
    client, _answer = sign_in(ada)
    set_up(client)
    old = client.get(f"{HOME}/codes/file").content
    assert client.get(f"{HOME}/codes/new").status_code == 200
    assert client.post(f"{HOME}/codes/new").status_code == 303
    assert client.get(f"{HOME}/codes/file").content != old


@pytest.mark.parametrize("page", ["/app/remove", "/codes", "/codes/file"])
def test_pages_about_what_is_not_set_up_lead_to_where_it_is(ada: User, page: str) -> None:
    client, _answer = sign_in(ada)
    assert client.get(HOME + page)["Location"] == HOME
