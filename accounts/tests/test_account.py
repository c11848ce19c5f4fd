"""My account."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.devices import device_name
from accounts.tests.factories import user_make
from accounts.tests.test_login import is_signed_in, sign_in
from accounts.urls import urlpatterns

WEBKIT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"

pytestmark = pytest.mark.django_db


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client):
    assert client.get("/auth/user")["Location"] == "/auth/user/login?next=/auth/user"


def test_it_shows_whether_the_e_mail_is_confirmed(client):
    client.force_login(user_make())
    assert "not confirmed yet" in client.get("/auth/user").content.decode()
    client.force_login(user_make(is_verified=True))
    assert "not confirmed yet" not in client.get("/auth/user").content.decode()


def test_the_name_can_be_changed_and_nothing_else(client):
    user = user_make()
    client.force_login(user)
    response = client.post(
        "/auth/user", {"first_name": "Ọmọlará", "last_name": "Eze", "is_staff": "1", "email": "x@movy.test"}
    )
    assert (response.status_code, response["Location"]) == (303, "/auth/user")
    before = user.email
    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.email, user.is_staff) == ("Ọmọlará", "Eze", before, False)


def test_a_name_without_letters_comes_back(client):
    client.force_login(user_make(first_name="Ada"))
    response = client.post("/auth/user", {"first_name": "", "last_name": "Obi"})
    assert response.status_code == 400
    assert 'value="Obi"' in response.content.decode()
    assert client.post("/auth/user").status_code == 400


def test_markup_in_a_name_is_text(client):
    client.force_login(user_make(first_name="<script>alert(1)</script>", last_name='" hx-get="/x'))
    page = client.get("/auth/user").content.decode()
    assert "<script>alert" not in page
    assert '" hx-get' not in page


def test_other_sessions_can_be_ended(client):
    user = user_make()
    other = Client(headers={"user-agent": "Mozilla/5.0 (Android 9; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"})
    sign_in(other, user.email)
    sign_in(client, user.email)
    assert "Firefox on Android" in client.get("/auth/user/sessions").content.decode()
    assert client.post("/auth/user/sessions").status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_one_session_can_be_ended_and_only_ones_own(client):
    user = user_make()
    phone, tablet, stranger = Client(), Client(), Client()
    for browser in (phone, tablet, client):
        sign_in(browser, user.email)
    sign_in(stranger, user_make().email)
    numbers = {row.session_key: row.pk for row in UserSession.objects.all()}

    def end(browser: Client) -> None:
        session = numbers[browser.session.session_key]
        assert client.post("/auth/user/sessions", {"session": session}).status_code == 303

    end(phone)
    end(stranger)
    assert "signed out already" in client.get("/auth/user/sessions").content.decode()
    assert [is_signed_in(browser) for browser in (phone, tablet, stranger, client)] == [False, True, True, True]
    client.post("/auth/user/sessions", {"session": "nonsense"})
    assert is_signed_in(tablet)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WEBKIT} Chrome/131.0 Safari/537.36", "Chrome on Linux"),
        (f"{WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Windows"),
        ("MovyApp/1.0 (Android 15)", "Android"),
        ("okhttp/4.12", "Unknown device"),
        ("<script>", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_in_two_words(user_agent, name):
    assert device_name(user_agent) == name


def test_every_page_answers_a_get(client):
    """Signed in and not: with a page, or by leading to where one is."""
    paths = [f"/auth/{pattern.pattern}" for pattern in urlpatterns if "<" not in str(pattern.pattern)]
    assert len(paths) >= 15
    for user in (None, user_make(), user_make(password=None)):
        if user:
            client.force_login(user)
        for path in paths:
            expected = {
                "/auth/google/callback": {401},
                "/auth/google/error": {401},
            }.get(path, {200, 302})
            assert client.get(path).status_code in expected, path
