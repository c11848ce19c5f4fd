"""What ends a session, and when: on the pages, in the API and in the office alike, at the next request."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import is_signed_in, sign_in
from accounts.tests.test_passwords import NEW, reset_path
from accounts.tests.test_second_step import code, set_up
from accounts.tests.test_signup import link_in
from movy.outbox.models import Mail
from theatres.models import Membership, Role
from theatres.tests.factories import MembershipFactory, TheatreFactory

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME


def planted() -> tuple[Client, str]:
    """A browser with a session that somebody else has begun and knows the key of."""
    client = Client()
    session = client.session
    session["picks"] = "C4"
    session.save()
    client.cookies[COOKIE] = session.session_key
    return client, session.session_key


def with_key(key: str) -> Client:
    client = Client()
    client.cookies[COOKIE] = key
    return client


def by_password(client: Client) -> Any:
    return sign_in(client, user_make().email)


def by_signing_up(client: Client) -> Any:
    person = {"email": "new@movy.test", "password": PASSWORD, "first_name": "New", "last_name": "Person"}
    return client.post("/auth/user/signup", person)


def by_second_step(client: Client) -> Any:
    user, owner = user_make(is_verified=True), Client()
    sign_in(owner, user.email)
    secret = set_up(owner)
    assert sign_in(client, user.email).status_code == 303
    return client.post("/auth/user/second-step/code", {"code": code(secret)})


@pytest.mark.parametrize("way", [by_password, by_signing_up, by_second_step])
def test_whoever_signs_in_gets_a_new_key_and_the_planted_one_opens_nothing(way):
    client, key = planted()
    assert way(client).status_code == 303
    assert client.cookies[COOKIE].value != key
    assert is_signed_in(client)
    assert not is_signed_in(with_key(key))


def test_half_a_sign_in_opens_nothing():
    """After the password, before the code of the second step."""
    user, owner = user_make(is_verified=True), Client()
    sign_in(owner, user.email)
    set_up(owner)
    client = Client()
    sign_in(client, user.email)
    for page in ("/auth/user", "/bookings", "/auth/user/password"):
        assert client.get(page)["Location"].startswith("/auth/user/login")


def test_signing_out_kills_the_session_and_no_other():
    client, other, user = Client(), Client(), user_make()
    for browser in (client, other):
        sign_in(browser, user.email)
    key = client.cookies[COOKIE].value
    assert client.post("/auth/user/logout").status_code == 303
    assert not is_signed_in(with_key(key))
    assert is_signed_in(other)


def everywhere(user: User) -> list[tuple[Client, str]]:
    """Two more browsers and an app in which somebody is signed in, each with an own page of theirs."""
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(user)
    app = Client(headers={"authorization": f"Bearer {session_token_issue(user)}"})
    return [*((browser, "/auth/user") for browser in browsers), (app, "/api/v1/auth/user")]


def change(client: Client, user: User) -> None:
    sign_in(client, user.email)
    answer = client.post("/auth/user/password", {"oldpassword": PASSWORD, "password": NEW})
    assert answer["Location"] == "/auth/user"


def reset(client: Client, user: User) -> None:
    form = client.get(reset_path(client, user))["Location"]
    assert client.post(form, {"password": NEW}).status_code == 303


def reset_by_app(client: Client, user: User) -> None:
    client.post("/api/v1/auth/user/forgot-password", {"email": user.email}, content_type="application/json")
    key = link_in(Mail.objects.latest("pk")).rpartition("/")[2]
    sent = {"key": key, "password": NEW}
    answer = client.post("/api/v1/auth/user/reset-password", sent, content_type="application/json")
    assert answer.status_code == 204


@pytest.mark.parametrize("way", [change, reset, reset_by_app])
def test_a_new_password_ends_every_other_session_and_app(way):
    user = user_make()
    others = everywhere(user)
    assert [other.get(page).status_code for other, page in others] == [200, 200, 200]
    way(Client(), user)
    assert [other.get(page).status_code for other, page in others] == [302, 302, 401]


def test_an_account_that_is_closed_is_out_everywhere():
    user = user_make()
    others = everywhere(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert [other.get(page).status_code for other, page in others] == [302, 302, 401]


WORK: dict[Role, tuple[str, dict[str, Any]]] = {  # the last part of a page and endpoint, and what is sent to it
    Role.BOX_OFFICE: ("box-office", {"showtime": 1, "seats": ["A1"], "paid_by": "cash"}),
    Role.DOOR: ("check-in", {"code": "made up"}),
    Role.MANAGER: ("add-movie", {"tmdb_id": "no number"}),
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("loss", ["taken away", "moved elsewhere"])
def test_a_lost_role_ends_at_the_next_request_on_pages_and_in_the_api(role, loss):
    user, theatre = user_make(), TheatreFactory()
    MembershipFactory(user=user, theatre=theatre, role=role)
    browser, app = Client(), Client(headers={"authorization": f"Bearer {session_token_issue(user)}"})
    browser.force_login(user)
    work, sent = WORK[role]

    def statuses() -> tuple[int, int]:
        page = browser.get(f"/theatre/{theatre.id_slug}/{work}")
        endpoint = app.post(f"/api/v1/theatre/{theatre.pk}/{work}", sent, content_type="application/json")
        return page.status_code, endpoint.status_code

    page, endpoint = statuses()
    assert page == 200
    assert endpoint in (400, 404)  # let in; what it asks for is not there
    if loss == "taken away":
        Membership.objects.filter(user=user).delete()
    else:
        Membership.objects.filter(user=user).update(theatre=TheatreFactory())
    assert statuses() == (403, 403)


def test_an_owner_who_is_none_any_more_is_out_at_the_next_request():
    user, theatre = user_make(is_superuser=True), TheatreFactory()
    browser = Client()
    browser.force_login(user)
    pages = ["/admin/", f"/theatre/{theatre.id_slug}/box-office"]
    assert [browser.get(page).status_code for page in pages] == [200, 200]
    User.objects.filter(pk=user.pk).update(is_superuser=False)
    assert [browser.get(page).status_code for page in pages] == [302, 403]
