"""Forgotten and changed passwords."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import is_signed_in, sign_in
from accounts.tests.test_signup import link_in
from movy.outbox.models import Mail

pytestmark = pytest.mark.django_db

FORGOT = "/auth/user/forgot-password"
NEW = "another four words there"


def reset_path(client, user) -> str:
    client.post(FORGOT, {"email": user.email})
    return link_in(Mail.objects.latest("pk"))


def test_a_known_and_an_unknown_e_mail_get_the_same_answer(client):
    user = user_make()
    known = client.post(FORGOT, {"email": user.email})
    unknown = client.post(FORGOT, {"email": "nobody@movy.test"})
    for response in (known, unknown):
        assert (response.status_code, response["Location"]) == (303, "/auth/user/forgot-password/sent")
    assert client.get(known["Location"]).status_code == 200
    assert Mail.objects.count() == 2  # the same work, and the mail says that there is no account


def test_a_link_sets_a_new_password_once(client):
    user = user_make()
    path = reset_path(client, user)
    assert path.startswith("/auth/user/reset-password/")
    response = client.get(path, follow=True)
    form_path = response.redirect_chain[-1][0]
    assert 'name="password"' in response.content.decode()
    assert client.post(form_path, {"password": "short"}).status_code == 400
    assert client.post(form_path, {"password": NEW})["Location"] == "/auth/user/reset-password/done"
    assert client.get("/auth/user/reset-password/done").status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert Client().get(path, follow=True).status_code == 404


def test_the_key_is_not_left_in_the_address(client):
    path = reset_path(client, user_make())
    assert client.get(path)["Location"].endswith("-set-password")


@pytest.mark.parametrize("key", ["1-made-up", "made-up", "zzzzzzzzzzzzzzzzzzzz-x", "1-set-password"])
def test_a_made_up_key_is_nothing(client, key):
    assert client.get(f"/auth/user/reset-password/{key}").status_code == 404


def test_a_new_password_by_mail_ends_every_session(client):
    user = user_make()
    thief = Client()
    sign_in(thief, user.email)
    form_path = client.get(reset_path(client, user))["Location"]
    client.post(form_path, {"password": NEW})
    assert not is_signed_in(thief)


def test_somebody_who_came_by_google_gets_a_password_too(client):
    user = user_make(password=None)
    form_path = client.get(reset_path(client, user))["Location"]
    client.post(form_path, {"password": NEW})
    assert sign_in(client, user.email, NEW).status_code == 303


def test_asking_too_often_waits(client):
    for _ in range(5):
        client.post(FORGOT, {"email": "ada@movy.test"})
    response = client.post(FORGOT, {"email": "ada@movy.test"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) == 60
    assert Mail.objects.count() == 5


def test_changing_the_password_keeps_this_session_and_ends_the_others(client):
    user = user_make()
    other = Client()
    sign_in(other, user.email)
    sign_in(client, user.email)
    response = client.post("/auth/user/password", {"oldpassword": PASSWORD, "password": NEW})
    assert (response.status_code, response["Location"]) == (303, "/auth/user")
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_old_password_is_asked_for(client):
    user = user_make()
    sign_in(client, user.email)
    assert client.post("/auth/user/password", {"oldpassword": "wrong", "password": NEW}).status_code == 400
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_who_has_no_password_sets_one(client):
    user = user_make(password=None)
    client.force_login(user)
    assert client.get("/auth/user/password")["Location"] == "/auth/user/password/set"
    assert client.post("/auth/user/password/set", {"password": NEW})["Location"] == "/auth/user"
    assert is_signed_in(client)
    assert sign_in(Client(), user.email, NEW).status_code == 303
