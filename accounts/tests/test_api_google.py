"""POST /api/v1/auth/google, against Google's stand-in over HTTP: the tokens that its SDK gives to an app."""

import time
from base64 import urlsafe_b64encode

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.google import GOOGLE
from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_api import me, signed_in
from accounts.tests.test_google import come_by_google, door, office, owner
from movy.lib.http import forget_failures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def google_is_trusted():
    """No other test's failures keep us from asking."""
    forget_failures()
    yield
    forget_failures()


def token_of(google, person: str) -> str:
    asked = requests.post(f"{google.base_url}/_standin/id-token", json={"person": person}, timeout=5)
    return asked.json()["id_token"]


def post(id_token):
    return Client().post("/api/v1/auth/google", {"id_token": id_token}, content_type="application/json")


def come(google, person: str):
    return post(token_of(google, person))


def refusal(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


INVALID = (401, "invalid_token")


def test_somebody_new_gets_an_account_and_tokens(google):
    response = come(google, "zainab")
    body = response.json()
    assert response.status_code == 200
    assert body["user"] == {
        "id": User.objects.get().pk,
        "email": "zainab@gmail.test",
        "email_verified": True,
        "first_name": "Zainab",
        "last_name": "Oyelaran",
    }
    assert set(body) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert me(body["access_token"]).json() == body["user"]
    assert not response.cookies


def test_the_second_time_it_is_the_same_account_though_the_e_mail_changed(google):
    first = come(google, "moved-before").json()["user"]["id"]
    assert come(google, "moved-after").json()["user"]["id"] == first


def test_app_and_page_open_the_same_account(client, google):
    come_by_google(client, "zainab")
    assert come(google, "zainab").json()["user"]["id"] == User.objects.get().pk


def test_a_confirmed_account_opens_by_its_e_mail_and_keeps_its_password(google):
    user = user_make(email="ada@movy.test", is_verified=True)
    assert come(google, "ada").json()["user"]["id"] == user.pk
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert SocialAccount.objects.get().user == user


def test_an_unconfirmed_account_goes_to_the_owner_of_the_e_mail_and_whoever_made_it_is_out(google):
    user = user_make(email="ada@movy.test")
    squatter = signed_in(user)
    assert come(google, "ada").json()["user"]["id"] == user.pk
    assert me(squatter["access_token"]).status_code == 401
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.parametrize("somebody", [owner, office, door])
def test_an_account_with_more_rights_does_not_open_by_a_matching_e_mail(google, somebody):
    user = somebody()
    response = come(google, "ada")
    assert refusal(response) == INVALID
    assert "password" in response.json()["detail"]
    assert not SocialAccount.objects.exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_it_opens_once_its_owner_has_connected_google(client, google):
    user = owner()
    client.force_login(user)
    come_by_google(client, "ada", process="connect")
    assert come(google, "ada").json()["user"]["id"] == user.pk


@pytest.mark.parametrize("person", ["unverified", "unverified-ada", "no-email"])
def test_without_an_e_mail_that_google_has_verified_nothing_opens(google, person):
    user_make(email="ada@movy.test", is_verified=True)
    assert refusal(come(google, person)) == INVALID
    assert User.objects.count() == 1
    assert EmailAddress.objects.count() == 1


def test_a_closed_account_stays_closed(google):
    come(google, "zainab")
    User.objects.update(is_active=False)
    assert refusal(come(google, "zainab")) == INVALID


def test_an_account_with_a_second_factor_is_for_the_website(google):
    come(google, "zainab")
    Authenticator.objects.create(user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert refusal(come(google, "zainab")) == (401, "second_factor_needed")


@pytest.mark.parametrize(
    "fault",
    ["alg-none", "bad-signature", "early", "expired", "unknown-kid", "wrong-audience", "wrong-issuer"],
)
def test_a_token_that_is_not_googles_word_to_us_now_opens_nothing(google, fault):
    google.router.faults.arm(fault)
    assert refusal(come(google, "zainab")) == INVALID
    assert not User.objects.exists()


def test_a_token_works_once(google):
    token = token_of(google, "zainab")
    assert post(token).status_code == 200
    assert refusal(post(token)) == INVALID


def test_a_new_key_of_googles_is_known_at_once(google):
    google.router.keys.rotate()
    assert come(google, "zainab").status_code == 200


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "ه.ه.ه",
        jwt.encode({"sub": "1"}, "x" * 32, algorithm="HS256"),
        jwt.encode({"sub": "1"}, "x" * 32, algorithm="HS256", headers={"kid": "1"}),
        f"{encoded('[' * 5000)}.e30.x",
        f"{encoded('{}')}.e30.x",
        f"{encoded('[]')}.e30.x",
    ],
)
def test_what_cannot_be_googles_is_refused_without_asking_google(google, token):
    assert refusal(post(token)) == INVALID
    assert not google.router.requests


def test_a_token_signed_with_a_secret_instead_of_googles_key_opens_nothing(google):
    kid = google.router.keys.current.kid
    assert refusal(post(jwt.encode({"sub": "1"}, "x" * 32, algorithm="HS256", headers={"kid": kid}))) == INVALID


@pytest.mark.parametrize("token", [None, 7, "", ["x"], {"a": 1}, "\0", "\ud800", "x" * 9000])
def test_what_is_no_text_of_that_size_is_a_400(google, token):
    assert refusal(post(token))[0] == 400


@pytest.mark.parametrize("fault", ["server-error", "bad-gateway", "html", "cut-json", "reset", "redirect"])
def test_google_that_cannot_be_asked_is_a_502(google, fault):
    token = token_of(google, "zainab")
    google.router.faults.arm(fault, path="/oauth2/v1/certs")
    assert refusal(post(token)) == (502, "google_unavailable")
    google.router.faults.clear()
    assert post(token).status_code == 200


@pytest.mark.parametrize("fault", ["timeout", "drip"])
def test_google_that_is_slow_is_waited_for_no_longer_than_we_said(google, monkeypatch, fault):
    monkeypatch.setattr(GOOGLE, "_timeout", (0.2, 0.4))
    monkeypatch.setattr(GOOGLE, "_deadline_seconds", 0.6)
    token = token_of(google, "zainab")
    google.router.faults.arm(fault, path="/oauth2/v1/certs")
    began = time.monotonic()
    assert refusal(post(token)) == (502, "google_unavailable")
    assert time.monotonic() - began < 10  # a fault lasts for thirty seconds and more


def test_google_that_keeps_failing_is_left_alone_for_a_moment(google):
    google.router.faults.arm("server-error", path="/oauth2/v1/certs")
    for _ in range(5):
        come(google, "zainab")
    google.router.requests.clear()
    assert refusal(come(google, "zainab")) == (502, "google_unavailable")
    assert not [row for row in google.router.requests if row["path"] == "/oauth2/v1/certs"]


def test_two_first_visits_at_once_make_one_account(google, monkeypatch):
    """The second has looked before the first wrote: it meets the first's row, looks again and is let in."""
    from accounts.adapters import SocialAccountAdapter

    user = user_make(email="zainab@gmail.test", is_verified=True)
    looks = [None]  # what the first look finds; after it, the truth
    truth = SocialAccountAdapter.authenticate_by_email
    monkeypatch.setattr(
        SocialAccountAdapter, "authenticate_by_email", lambda self, login: looks.pop() if looks else truth(self, login)
    )
    monkeypatch.setattr("accounts.adapters.filter_users_by_email", lambda email: [])
    monkeypatch.setattr("allauth.socialaccount.internal.flows.signup.assess_unique_email", lambda email: True)
    assert come(google, "zainab").json()["user"]["id"] == user.pk
    assert User.objects.count() == 1


def test_too_many_tries_from_one_address_wait(google, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    post("x")
    response = post("x")
    assert refusal(response) == (429, "too_many_tries")
    assert int(response["Retry-After"]) == 60


def test_google_that_is_not_configured_is_not_there(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"google": settings.SOCIALACCOUNT_PROVIDERS["google"] | {"APPS": []}}
    assert refusal(post("x")) == (404, "not_found")
