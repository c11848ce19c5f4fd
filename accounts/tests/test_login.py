"""Signing in and out on the pages: what is said, how often one may try, where one is led, which sessions live."""

from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.tests.factories import PASSWORD, user_make

pytestmark = pytest.mark.django_db

LOGIN = "/auth/user/login"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"email": email, "password": password, **extra})


def is_signed_in(client) -> bool:
    return client.get("/auth/user").status_code == 200


def test_the_page_asks_for_what_the_contract_names(client):
    page = client.get(LOGIN).content.decode()
    assert 'name="email"' in page
    assert 'name="password"' in page
    assert 'autocomplete="current-password"' in page


def test_signing_in_leads_home_with_a_new_session(client):
    user = user_make()
    client.get(LOGIN)
    session = client.session
    session["picks"] = "C4"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    response = sign_in(client, user.email.upper())
    assert (response.status_code, response["Location"]) == (303, "/")
    assert client.session.session_key != before
    assert is_signed_in(client)


def test_the_wrong_password_and_an_unknown_e_mail_get_the_same_answer(client):
    user = user_make(email="ada@movy.test")
    wrong = sign_in(client, user.email, "not it at all")
    unknown = sign_in(client, "nob@movy.test", "not it at all")
    assert wrong.status_code == unknown.status_code == 401
    strip = [
        response.content.decode().replace(email, "").replace(response.context["csrf_token"].__str__(), "")
        for response, email in ((wrong, user.email), (unknown, "nob@movy.test"))
    ]
    assert len(strip[0]) == len(strip[1])
    assert 'value="ada@movy.test"' in wrong.content.decode()


def test_either_way_one_password_is_hashed(client):
    user = user_make(email="ada@movy.test")
    for email in (user.email, "nobody@movy.test"):
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
            sign_in(client, email, "not it at all")
        assert encode.call_count == 1


def test_what_is_no_e_mail_is_a_400(client):
    assert sign_in(client, "nobody").status_code == 400
    assert sign_in(client, "").status_code == 400


def test_after_five_failures_an_account_waits_and_a_right_password_too(client):
    user = user_make()
    statuses = [sign_in(client, user.email, "wrong", headers={"host": f"h{n}.test"}).status_code for n in range(5)]
    assert statuses == [401] * 5
    response = sign_in(client, user.email)
    assert response.status_code == 429
    assert int(response["Retry-After"]) == 300
    assert not is_signed_in(client)
    assert sign_in(client, user_make().email).status_code == 303  # the address is free


def test_another_host_or_a_claimed_address_does_not_begin_a_new_count():
    user = user_make()
    for number in range(5):
        client = Client(headers={"host": f"h{number}.test", "x-forwarded-for": f"10.0.0.{number}"})
        assert sign_in(client, user.email, "wrong").status_code == 401
    assert sign_in(Client(headers={"x-forwarded-for": "10.1.1.1"}), user.email).status_code == 429


def test_after_sixty_failures_an_address_waits(client):
    user_make(email="owner@movy.test")
    for number in range(60):
        assert sign_in(client, f"{number}@movy.test", "wrong").status_code == 401
    assert sign_in(client, "owner@movy.test").status_code == 429


def test_knocking_at_a_full_account_does_not_shut_out_the_address(client):
    for _ in range(80):
        sign_in(client, "victim@movy.test", "wrong")
    assert sign_in(client, user_make().email).status_code == 303


def test_an_owner_who_is_shut_out_gets_in_by_e_mail(client):
    user = user_make()
    for _ in range(6):
        sign_in(client, user.email, "wrong")
    assert client.post("/auth/user/forgot-password", {"email": user.email}).status_code == 303


def test_limits_can_be_lifted(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    user = user_make()
    for _ in range(8):
        assert sign_in(client, user.email, "wrong").status_code == 401
    assert sign_in(client, user.email).status_code == 303


@pytest.mark.parametrize("next_path", ["/booking/3?seats=C4&seats=C5", "/bookings/AB23CD45EF"])
def test_a_visitor_comes_back_to_where_they_were(client, next_path):
    assert sign_in(client, user_make().email, next=next_path)["Location"] == next_path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test/",
        "javascript:alert(1)",
        "/%09/evil.test",
        " //evil.test",
        "https:evil.test",
        "http://testserver@evil.test/",
        "///evil.test",
    ],
)
def test_nobody_is_led_to_another_site(client, elsewhere):
    location = sign_in(client, user_make().email, next=elsewhere)["Location"]
    assert location in ("/", "/%09/evil.test")


def test_next_survives_changing_the_way_in(client, settings):
    settings.GOOGLE_CLIENT_ID = "set"
    page = client.get(f"{LOGIN}?next=/booking/3").content.decode()
    assert "/auth/user/signup?next=%2Fbooking%2F3" in page
    assert page.count('name="next" value="/booking/3"') == 2  # its own form, and Google's
    page = client.get("/auth/user/signup?next=/booking/3").content.decode()
    assert "/auth/user/login?next=%2Fbooking%2F3" in page


def test_somebody_signed_in_is_led_on(client):
    client.force_login(user_make())
    assert client.get(f"{LOGIN}?next=/bookings")["Location"] == "/bookings"


def test_a_closed_account_does_not_open(client):
    user = user_make(is_active=False)
    response = sign_in(client, user.email)
    assert response["Location"] == "/auth/user/inactive"
    assert client.get("/auth/user/inactive").status_code == 200
    assert not is_signed_in(client)


def test_a_page_without_its_csrf_token_changes_nothing():
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, user_make().email).status_code == 403


def test_signing_out_needs_a_button_and_kills_the_session(client):
    client.force_login(user_make())
    stolen = client.cookies["sessionid"].value
    assert client.get("/auth/user/logout").status_code == 200
    assert is_signed_in(client)
    response = client.post("/auth/user/logout")
    assert (response.status_code, response["Location"]) == (303, "/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_signed_in(thief)


def test_the_admin_has_no_door_of_its_own(client):
    user = user_make(is_staff=True, is_superuser=True)
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/auth/user/login?next=%2Fadmin%2F"
    assert sign_in(client, user.email, next="/admin/")["Location"] == "/admin/"
