"""What an app does with the keys in our mails: a new password, a confirmed e-mail."""

from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.errors import InvalidKey
from accounts.models import User
from accounts.selectors import reset_key_owner
from accounts.services import password_reset
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_api import FORM, me, post, signed_in
from accounts.tests.test_login import is_signed_in, sign_in
from accounts.tests.test_signup import link_in
from movy.outbox.models import Mail

pytestmark = pytest.mark.django_db

NEW = "another four words there"


def last_key() -> str:
    return link_in(Mail.objects.latest("pk")).rpartition("/")[2]


def reset_key(user: User) -> str:
    assert post("forgot-password", {"email": user.email}).status_code == 202
    return last_key()


def errors(response) -> list[tuple[str, str]]:
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    return [(error["field"], error["code"]) for error in response.json()["errors"]]


# Forgotten passwords


def test_a_known_an_unknown_and_a_closed_e_mail_get_the_same_answer_after_the_same_work():
    answers = []
    for email in (user_make().email, "nobody@movy.test", user_make(is_active=False).email):
        with patch.object(MD5PasswordHasher, "encode", autospec=True) as encode:
            answers.append(post("forgot-password", {"email": email.upper()}))
        assert not encode.called
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    assert not any(answer.cookies for answer in answers)
    assert Mail.objects.count() == 3


def test_the_link_leads_to_our_own_address_whatever_host_was_asked():
    user = user_make()
    Client().post(
        "/api/v1/auth/user/forgot-password",
        {"email": user.email},
        content_type="application/json",
        headers={"host": "evil.test"},
    )
    assert b"evil.test" not in bytes(Mail.objects.get().content)


@pytest.mark.parametrize("email", ["", "nobody", None, 7, ["a@b.test"], "a\0@b.test", f"{'a' * 250}@movy.test"])
def test_what_is_no_e_mail_is_a_400(email):
    assert post("forgot-password", {"email": email}).status_code == 400
    assert not Mail.objects.exists()


def test_pages_and_api_count_asked_mails_together():
    for _ in range(3):
        post("forgot-password", {"email": "ada@movy.test"})
    for _ in range(2):
        Client().post("/auth/user/forgot-password", {"email": "ada@movy.test"})
    response = post("forgot-password", {"email": "Ada@movy.test"})
    assert (response.status_code, response.json()["code"]) == (429, "too_many_tries")
    assert int(response["Retry-After"]) == 60
    assert Mail.objects.count() == 5


def test_a_key_sets_a_new_password_and_ends_every_sign_in():
    user, browser = user_make(), Client()
    app = signed_in(user)
    sign_in(browser, user.email)
    response = post("reset-password", {"key": reset_key(user), "password": NEW})
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert me(app["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": app["refresh_token"]}).status_code == 401
    assert not is_signed_in(browser)
    assert post("login", {"email": user.email, "password": NEW}).status_code == 200


def test_a_key_works_once():
    user = user_make()
    key = reset_key(user)
    post("reset-password", {"key": key, "password": NEW})
    assert errors(post("reset-password", {"key": key, "password": PASSWORD})) == [("key", "invalid_key")]
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_of_two_uses_of_a_key_at_once_one_counts():
    user = user_make()
    key = reset_key(user)
    first, second = reset_key_owner(key), reset_key_owner(key)
    password_reset(first, password=NEW)
    with pytest.raises(InvalidKey):
        password_reset(second, password=PASSWORD)
    assert User.objects.get().check_password(NEW)


def test_a_key_is_good_on_the_page_and_in_the_app_but_once_in_all():
    user = user_make()
    key = reset_key(user)
    client = Client()
    form_path = client.get(f"/auth/user/reset-password/{key}")["Location"]
    assert client.post(form_path, {"password": NEW}).status_code == 303
    assert errors(post("reset-password", {"key": key, "password": PASSWORD})) == [("key", "invalid_key")]


def test_a_page_that_was_open_while_the_key_was_used_says_so():
    key, client = reset_key(user_make()), Client()
    form_path = client.get(f"/auth/user/reset-password/{key}")["Location"]
    with patch("accounts.forms.password_reset", side_effect=InvalidKey):
        response = client.post(form_path, {"password": NEW})
    assert response.status_code == 404


def test_a_key_runs_out(settings):
    key = reset_key(user_make())
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert errors(post("reset-password", {"key": key, "password": NEW})) == [("key", "invalid_key")]


@pytest.mark.parametrize("key", ["x", "1-made-up", "made-up", "zzzzzzzzzzzzz-x", "-", "1-", "ه-ه", "1-set-password"])
def test_a_made_up_key_is_refused(key):
    user_make()
    assert errors(post("reset-password", {"key": key, "password": NEW})) == [("key", "invalid_key")]


@pytest.mark.parametrize("key", ["", None, 7, ["x"], "\0", "\ud800", "x" * 201])
@pytest.mark.parametrize("path", ["reset-password", "confirm-email"])
def test_what_can_be_no_key_is_a_400(path, key):
    assert post(path, {"key": key, "password": NEW}).status_code == 400


@pytest.mark.parametrize("password", ["short", "password123", "ada@movy.test", None, 7, "x" * 1025, "four\0words here"])
def test_a_weak_password_is_refused_and_the_key_stays_good(password):
    user = user_make(email="ada@movy.test")
    key = reset_key(user)
    found = errors(post("reset-password", {"key": key, "password": password}))
    assert {field for field, _code in found} == {"password"}
    assert post("reset-password", {"key": key, "password": NEW}).status_code == 204


def test_somebody_who_came_by_google_gets_a_password_too():
    user = user_make(password=None)
    post("reset-password", {"key": reset_key(user), "password": NEW})
    assert signed_in_with(user, NEW) == 200


def test_after_a_reset_failed_sign_ins_are_forgotten():
    user = user_make()
    for _ in range(5):
        post("login", {"email": user.email, "password": "wrong"})
    assert signed_in_with(user, PASSWORD) == 429
    post("reset-password", {"key": reset_key(user), "password": NEW})
    assert signed_in_with(user, NEW) == 200


def signed_in_with(user: User, password: str) -> int:
    return post("login", {"email": user.email, "password": password}).status_code


def test_trying_keys_too_often_waits(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password_from_key": "1/m/ip"}
    post("reset-password", {"key": "1-x", "password": NEW})
    response = post("reset-password", {"key": "1-x", "password": NEW})
    assert (response.status_code, response.json()["code"]) == (429, "too_many_tries")
    assert int(response["Retry-After"]) == 60


# Confirming an e-mail


def test_the_key_of_the_mail_confirms_the_e_mail_once():
    token = post("signup", FORM).json()["access_token"]
    key = last_key()
    response = post("confirm-email", {"key": key})
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    assert me(token).json()["email_verified"] is True
    assert errors(post("confirm-email", {"key": key})) == [("key", "invalid_key")]


def test_the_key_of_the_page_is_the_key_of_the_app():
    post("signup", FORM)
    assert Client().get(f"/auth/user/confirm-email/{last_key()}").status_code == 200


def test_a_key_for_an_e_mail_that_is_gone_confirms_nothing():
    post("signup", FORM)
    key = last_key()
    EmailAddress.objects.all().delete()
    assert errors(post("confirm-email", {"key": key})) == [("key", "invalid_key")]


@pytest.mark.parametrize("key", ["x", "MQ:1abc:made-up", "::", "ه"])
def test_a_made_up_key_confirms_nothing(key):
    post("signup", FORM)
    assert errors(post("confirm-email", {"key": key})) == [("key", "invalid_key")]
    assert not EmailAddress.objects.get().verified
