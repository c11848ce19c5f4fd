"""Signing in without a browser: /api/v1/auth."""

import threading
from base64 import b64encode
from unittest.mock import patch

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import PASSWORD, user_make
from movy.outbox.models import Mail

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/auth/user"
NESTED = f"{b64encode(b'[' * 3000).decode()}.e30.x"  # JSON that no parser of a token's head comes back from
FORM = {"email": "Ada@Movy.test", "password": PASSWORD, "first_name": "Ada", "last_name": "Obi"}


def post(path: str, data=None, token: str = ""):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return Client().post(f"{ROOT}/{path}", data or {}, content_type="application/json", headers=headers)


def me(token: str):
    return Client().get(ROOT, headers={"authorization": f"Bearer {token}"})


def signed_in(user: User) -> dict:
    response = post("login", {"email": user.email, "password": PASSWORD})
    assert response.status_code == 200
    return response.json()


def test_signing_up_answers_with_the_user_and_tokens():
    response = post("signup", FORM)
    body = response.json()
    user = User.objects.get()
    assert response.status_code == 201
    assert body["user"] == {
        "id": user.pk,
        "email": "ada@movy.test",
        "email_verified": False,
        "first_name": "Ada",
        "last_name": "Obi",
    }
    assert set(body) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 1800)
    assert me(body["access_token"]).json() == body["user"]
    assert Mail.objects.get().recipients == ["ada@movy.test"]


def test_an_e_mail_that_has_an_account_is_named_as_taken():
    user_make(email="ada@movy.test")
    response = post("signup", FORM)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("email", "email_taken")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", ["ada@movy.test"]),
        ("email", f"{'a' * 250}@movy.test"),
        ("email", None),
        ("password", "short"),
        ("password", "password123"),
        ("password", 8128496336),
        ("password", "x" * 1025),
        ("password", "four words\0in a row"),
        ("first_name", ""),
        ("first_name", {"a": 1}),
        ("last_name", "\ud800"),
    ],
)
def test_what_cannot_be_is_a_400_that_names_the_field(field, value):
    response = post("signup", FORM | {field: value})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "[" * 5000])
@pytest.mark.parametrize("path", ["signup", "login", "refresh"])
def test_what_is_no_object_is_a_400(path, body):
    response = Client().post(f"{ROOT}/{path}", body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_rights_cannot_be_asked_for():
    post("signup", FORM | {"is_staff": True, "is_superuser": True, "id": 7, "email_verified": True})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_signing_in_answers_with_the_user_and_tokens():
    user = user_make(is_verified=True)
    body = signed_in(user)
    assert body["user"]["email_verified"] is True
    assert me(body["access_token"]).json()["id"] == user.pk


def test_the_wrong_password_and_an_unknown_e_mail_are_told_apart_by_nothing():
    user = user_make()
    answers = []
    for email in (user.email, "nobody@movy.test"):
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
            answers.append(post("login", {"email": email, "password": "wrong"}))
        assert encode.call_count == 1
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["code"] == "invalid_credentials"


def test_a_closed_account_is_told_apart_by_nothing_either():
    user = user_make(is_active=False)
    response = post("login", {"email": user.email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")


def test_pages_and_api_count_failures_together():
    user = user_make()
    for _ in range(3):
        post("login", {"email": user.email, "password": "wrong"})
    for _ in range(2):
        Client().post("/auth/user/login", {"email": user.email, "password": "wrong"})
    response = post("login", {"email": user.email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (429, "too_many_tries")
    assert int(response["Retry-After"]) == 300


def test_signing_in_sets_no_cookie_and_reads_none():
    user = user_make()
    client = Client()
    client.force_login(user_make())
    response = client.post(
        f"{ROOT}/login", {"email": user.email, "password": PASSWORD}, content_type="application/json"
    )
    assert response.json()["user"]["id"] == user.pk
    assert not response.cookies
    assert client.get(ROOT).status_code == 401
    assert client.get("/auth/user").status_code == 200  # the browser's own sign-in is as it was


def test_a_stale_token_does_not_stand_in_the_way_of_signing_in():
    user = user_make()
    assert post("login", {"email": user.email, "password": PASSWORD}, token="stale").status_code == 200


def test_after_signing_out_every_token_of_that_sign_in_is_dead_and_no_other():
    user = user_make()
    body, other = signed_in(user), signed_in(user)
    assert post("logout", token=body["access_token"]).status_code == 204
    assert me(body["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": body["refresh_token"]}).json()["code"] == "invalid_token"
    assert post("logout", token=body["access_token"]).status_code == 401
    assert me(other["access_token"]).status_code == 200


def test_an_app_whose_access_token_has_run_out_signs_out_with_the_other():
    body = signed_in(user_make())
    assert post("logout", {"refresh_token": body["refresh_token"]}, token="stale").status_code == 204
    assert me(body["access_token"]).status_code == 401
    response = post("logout", {"refresh_token": body["refresh_token"]})
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


def test_signing_out_takes_a_token():
    for token in ("", "x", "a.b.c", NESTED):
        response = post("logout", {"refresh_token": token} if token else {}, token=token)
        assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert post("logout", {"refresh_token": 7}).status_code == 400


def test_an_account_that_is_closed_by_the_office_is_out_at_once():
    user = user_make()
    body = signed_in(user)
    User.objects.update(is_active=False)
    assert me(body["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": body["refresh_token"]}).status_code == 401


def test_an_account_with_a_second_factor_is_for_the_website():
    user = user_make()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    response = post("login", {"email": user.email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (401, "second_factor_needed")
    wrong = post("login", {"email": user.email, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert not Session.objects.exists()


def test_changing_the_password_ends_the_apps_too():
    user = user_make()
    body = signed_in(user)
    user.set_password("another four words there")
    user.save()
    assert me(body["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": body["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", NESTED, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_no_token_is_a_401_with_a_challenge(token):
    response = me(token)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_signed_by_somebody_else_is_nothing():
    token = signed_in(user_make())["access_token"]
    payload = jwt.decode(token, options={"verify_signature": False})
    assert me(jwt.encode(payload, "x" * 32, algorithm="HS256")).status_code == 401
    assert me(jwt.encode(payload, "", algorithm="none")).status_code == 401


def test_a_token_is_for_its_own_use_alone():
    body = signed_in(user_make())
    assert me(body["refresh_token"]).status_code == 401
    assert post("refresh", {"refresh_token": body["access_token"]}).status_code == 401


def test_a_refresh_token_is_traded_for_a_new_pair():
    first = signed_in(user_make())
    response = post("refresh", {"refresh_token": first["refresh_token"]})
    second = response.json()
    assert set(second) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert me(second["access_token"]).status_code == 200
    assert post("refresh", {"refresh_token": second["refresh_token"]}).status_code == 200


def test_a_refresh_token_used_twice_ends_its_sign_in():
    first = signed_in(user_make())
    second = post("refresh", {"refresh_token": first["refresh_token"]}).json()
    again = post("refresh", {"refresh_token": first["refresh_token"]})
    assert (again.status_code, again.json()["code"]) == (401, "invalid_token")
    assert me(second["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": second["refresh_token"]}).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_refresh_token_used_twice_at_once_ends_its_sign_in():
    token = signed_in(user_make())["refresh_token"]
    start, statuses, pairs = threading.Barrier(4), [], []

    def use() -> None:
        start.wait()
        response = post("refresh", {"refresh_token": token})
        statuses.append(response.status_code)
        pairs.extend([response.json()] if response.status_code == 200 else [])
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 401, 401, 401]
    assert me(pairs[0]["access_token"]).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", NESTED, "x" * 9000, "\ud800", None, 7, ["x"]])
def test_what_is_no_refresh_token_is_refused(token):
    assert post("refresh", {"refresh_token": token}).status_code in (400, 401)


def test_the_name_can_be_changed_and_nothing_else():
    user = user_make(first_name="Ada", last_name="Obi")
    token = signed_in(user)["access_token"]
    response = Client().patch(
        ROOT,
        {
            "first_name": "Adaeze",
            "email": "x@movy.test",
            "email_verified": True,
            "password": "x",
            "is_staff": True,
            "is_superuser": True,
            "is_active": False,
            "id": 7,
        },
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert response.status_code == 200
    assert response.json() == me(token).json()
    before = user.email, user.password
    user.refresh_from_db()
    assert (user.first_name, user.last_name) == ("Adaeze", "Obi")
    assert (user.email, user.password) == before
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert not EmailAddress.objects.get().verified


def rename(user: User, name):
    token = session_token_issue(user)
    headers = {"authorization": f"Bearer {token}"}
    return Client().patch(ROOT, {"first_name": name}, content_type="application/json", headers=headers)


def test_a_name_is_text_on_one_line():
    response = rename(user_make(), "<b>Ada</b>\r\nBcc: x@evil.test")
    assert response.status_code == 200
    assert response.json()["first_name"] == "<b>Ada</b> Bcc: x@evil.test"


@pytest.mark.parametrize("name", ["", " ", "\r\n", "A\0da", "\ud800", "x" * 151, None, 7, ["Ada"], {"a": 1}, True])
def test_what_can_be_no_name_is_a_400(name):
    user = user_make(first_name="Ada")
    assert rename(user, name).status_code == 400
    user.refresh_from_db()
    assert user.first_name == "Ada"


def test_a_token_can_be_minted_for_load_tests():
    user = user_make(password=None)
    token = session_token_issue(user)
    assert me(token).json()["id"] == user.pk
    Session.objects.all().delete()
    assert me(token).status_code == 401
