"""Google, against its stand-in: a browser's way there and back, and every way in which it can go wrong."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import is_signed_in, sign_in
from standins.google.people import PERSON_BY_KEY
from theatres.models import Role
from theatres.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def at_google(address: str, person: str, decision: str = "allow") -> str:
    """Choose an account and agree, as a browser would; return the address that Google leads back to."""
    query = urlsplit(address).query
    base = address.partition("/o/oauth2")[0]
    chosen = requests.post(f"{base}/signin/account?{query}", data={"person": person}, timeout=5)
    key = re.search(r'name="person" value="([^"]*)"', chosen.text)
    assert key, chosen.text
    answer = requests.post(
        f"{base}/signin/consent?{query}",
        data={"person": unescape(key[1]), "decision": decision},
        allow_redirects=False,
        timeout=5,
    )
    return answer.headers["Location"]


def go(client, **fields) -> str:
    """Press the button; return the address at Google."""
    response = client.post("/auth/google", fields)
    assert response.status_code == 303
    return response["Location"]


def back(client, address: str):
    return client.get(address.removeprefix("http://testserver"))


def come_by_google(client, person: str, **fields):
    return back(client, at_google(go(client, **fields), person))


def test_a_get_asks_first(client, google):
    assert client.get("/auth/google").status_code == 200
    assert not google.router.requests


def test_somebody_new_gets_an_account_with_name_and_confirmed_e_mail(client, google):
    response = come_by_google(client, "zainab", next="/booking/3?seats=C4")
    assert response["Location"] == "/booking/3?seats=C4"
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("zainab@gmail.test", "Zainab", "Oyelaran")
    assert EmailAddress.objects.get(user=user).verified
    assert not user.has_usable_password()
    assert is_signed_in(client)


def test_what_google_is_asked_and_told(client, google):
    address = go(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == ["http://testserver/auth/google/callback"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == ["S256"]
    back(client, at_google(address, "zainab"))
    assert not any("secret" in str(row["query"]) for row in google.router.requests)


def test_the_second_visit_finds_the_first_account_though_the_e_mail_changed(client, google):
    come_by_google(client, "moved-before")
    come_by_google(Client(), "moved-after")
    assert User.objects.count() == 1


def test_a_confirmed_account_opens_by_its_e_mail_and_keeps_its_password(client, google):
    user = user_make(email="ada@movy.test", is_verified=True)
    come_by_google(client, "ada")
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == user
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_an_unconfirmed_account_goes_to_the_owner_of_the_e_mail_and_whoever_made_it_is_out(client, google):
    user = user_make(email="ada@movy.test")
    squatter = Client()
    sign_in(squatter, user.email)
    assert is_signed_in(squatter)
    come_by_google(client, "ada")
    assert is_signed_in(client)
    assert not is_signed_in(squatter)
    user.refresh_from_db()
    assert not user.has_usable_password()


def owner() -> User:
    return user_make(email="ada@movy.test", is_verified=True, is_superuser=True)


def office() -> User:
    return user_make(email="ada@movy.test", is_verified=True, is_staff=True)


def door() -> User:
    user = user_make(email="ada@movy.test", is_verified=True)
    MembershipFactory(user=user, role=Role.DOOR)
    return user


@pytest.mark.parametrize("somebody", [owner, office, door])
def test_an_account_with_more_rights_does_not_open_by_a_matching_e_mail(client, google, somebody):
    user = somebody()
    response = come_by_google(client, "ada", next="/bookings")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Sign in with your password" in page
    assert "/auth/user/login?next=%2Fbookings" in page
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_it_opens_once_its_owner_has_connected_google(client, google):
    user = owner()
    sign_in(client, user.email)
    assert come_by_google(client, "ada", process="connect")["Location"] == "/auth/user"
    assert "Disconnect Google" in client.get("/auth/user").content.decode()
    other = Client()
    come_by_google(other, "ada")
    assert is_signed_in(other)


def test_an_e_mail_google_has_not_verified_opens_nothing(client, google):
    user_make(email="ada@movy.test", is_verified=True)
    assert come_by_google(client, "unverified-ada").status_code == 409
    assert not is_signed_in(client)
    come_by_google(client, "unverified")
    assert not EmailAddress.objects.get(email="unsure@gmail.test").verified


def test_without_an_e_mail_we_ask_for_one(client, google):
    user_make(email="taken@movy.test")
    response = come_by_google(client, "no-email", next="/bookings")
    assert response["Location"] == "/auth/google/signup"
    form = {"first_name": "Nomail", "last_name": "Wambui"}
    assert 'value="Nomail"' in client.get("/auth/google/signup").content.decode()
    taken = client.post("/auth/google/signup", form | {"email": "taken@movy.test"})
    assert taken.status_code == 400
    assert "There is an account with this e-mail already" in taken.content.decode()
    assert client.post("/auth/google/signup", form | {"email": "new@movy.test"})["Location"] == "/bookings"
    assert not EmailAddress.objects.get(email="new@movy.test").verified


@pytest.mark.parametrize("key", ["shouting", "diacritics", "arabic", "markup", "long", "mononym", "workspace"])
def test_odd_people_are_people(client, google, key):
    person = PERSON_BY_KEY[key]
    come_by_google(client, key)
    user = User.objects.get()
    assert user.email == person.email.lower()
    assert user.first_name == person.given_name[:150].strip()
    page = client.get("/auth/user").content.decode()
    assert "<script>alert" not in page


def test_two_google_accounts_with_one_e_mail_are_one_person(client, google):
    come_by_google(client, "twin-one")
    come_by_google(Client(), "twin-two")
    assert User.objects.count() == 1
    assert client.get("/auth/user").status_code == 200


def test_turning_back_does_no_harm(client, google):
    response = back(client, at_google(go(client), "zainab", decision="deny"))
    assert response["Location"] == "/auth/google/cancelled"
    assert client.get("/auth/google/cancelled").status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("fault", ["lost-state", "foreign-state"])
def test_a_state_of_somebody_else_is_refused(client, google, fault):
    google.router.faults.arm(fault)
    assert come_by_google(client, "zainab").status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "fault", ["server-error", "html", "cut-json", "reset", "expired", "wrong-audience", "wrong-issuer", "bad-gateway"]
)
def test_an_answer_that_is_none_leaves_everything_as_it_was(client, google, fault):
    address = at_google(go(client), "zainab")
    google.router.faults.arm(fault, path="/token")
    response = back(client, address)
    assert response.status_code == 401
    assert "Please start again" in response.content.decode()
    assert not User.objects.exists()


def test_without_an_id_token_google_is_asked_who_it_is(client, google):
    google.router.faults.arm("no-id-token")
    come_by_google(client, "zainab")
    assert User.objects.get().email == "zainab@gmail.test"


def test_a_callback_works_once(client, google):
    address = at_google(go(client), "zainab")
    back(client, address)
    client.post("/auth/user/logout")
    assert back(client, address).status_code == 401
    assert not is_signed_in(client)


def test_a_callback_in_another_browser_is_refused(client, google):
    address = at_google(go(client), "zainab")
    assert back(Client(), address).status_code == 401


def test_nobody_is_led_to_another_site(client, google):
    assert come_by_google(client, "zainab", next="https://evil.test/")["Location"] == "/"


def test_the_last_way_in_cannot_be_taken_away(client, google):
    come_by_google(client, "zainab")
    account = SocialAccount.objects.get()
    response = client.post("/auth/user/connections", {"account": account.pk})
    assert response.status_code == 400
    assert "Set a password first" in response.content.decode()
    client.post("/auth/user/password/set", {"password": PASSWORD})
    assert client.post("/auth/user/connections", {"account": account.pk})["Location"] == "/auth/user"
    assert not SocialAccount.objects.exists()


def test_somebody_elses_google_account_cannot_be_disconnected(client, google):
    come_by_google(Client(), "zainab")
    client.force_login(user_make())
    assert client.post("/auth/user/connections", {"account": SocialAccount.objects.get().pk}).status_code == 400
    assert SocialAccount.objects.exists()


def test_a_google_account_that_opens_another_account_cannot_be_connected(client, google):
    come_by_google(Client(), "zainab")
    client.force_login(user_make())
    come_by_google(client, "zainab", process="connect")
    assert "opens another account here already" in client.get("/auth/user").content.decode()


def test_two_first_visits_at_once_make_one_account(client, google, monkeypatch):
    user_make(email="zainab@gmail.test", is_verified=True)
    monkeypatch.setattr("accounts.adapters.SocialAccountAdapter.authenticate_by_email", lambda self, login: None)
    monkeypatch.setattr("accounts.adapters.SocialAccountAdapter.pre_social_login", lambda self, request, login: None)
    monkeypatch.setattr("allauth.socialaccount.internal.flows.signup.assess_unique_email", lambda email: True)
    response = come_by_google(client, "zainab")  # all who looked saw nobody
    assert response["Location"] == "/auth/user/login"
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_google_that_is_not_configured_is_not_there(client, settings):
    settings.GOOGLE_CLIENT_ID = ""
    assert client.get("/auth/google").status_code == 404
    assert client.get("/auth/google/callback").status_code == 404
    assert "Google" not in client.get("/auth/user/login").content.decode()
