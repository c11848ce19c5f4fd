"""Registering on the page, and confirming the e-mail."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.errors import EmailTaken
from accounts.models import User
from accounts.services import Registration, user_register
from accounts.tests.factories import PASSWORD, user_make
from movy.outbox.models import Mail

pytestmark = pytest.mark.django_db

FORM = {"email": "Ada@Movy.test", "password": PASSWORD, "first_name": "Ada", "last_name": "Obi"}


def link_in(mail: Mail) -> str:
    found = re.search(r"http://testserver(/auth/\S+)", bytes(mail.content).decode())
    assert found
    return found[1]


def test_the_page_asks_for_what_the_contract_names(client):
    page = client.get("/auth/user/signup").content.decode()
    for name in FORM:
        assert f'name="{name}"' in page
    for purpose in ("given-name", "family-name", "email", "new-password"):
        assert f'autocomplete="{purpose}"' in page


def test_signing_up_makes_an_account_and_signs_in(client):
    response = client.post("/auth/user/signup", FORM)
    assert (response.status_code, response["Location"]) == (303, "/")
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("ada@movy.test", "Ada", "Obi")
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not EmailAddress.objects.get(user=user).verified


def test_an_e_mail_that_has_an_account_is_said_so_and_nothing_typed_is_lost(client):
    user_make(email="ada@movy.test")
    response = client.post("/auth/user/signup", FORM)
    page = response.content.decode()
    assert response.status_code == 400
    assert "There is an account with this e-mail already" in page
    assert 'value="Ada"' in page
    assert 'value="Obi"' in page
    assert PASSWORD not in page
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"email": "nobody"},
        {"email": ""},
        {"password": "short"},
        {"password": "password123"},
        {"first_name": ""},
        {"last_name": "x" * 151},
        {"first_name": "A\0"},
    ],
)
def test_what_cannot_be_is_refused(client, change):
    assert client.post("/auth/user/signup", FORM | change).status_code == 400
    assert not User.objects.exists()


def test_rights_cannot_be_asked_for(client):
    client.post("/auth/user/signup", FORM | {"is_staff": "on", "is_superuser": "on", "id": "7"})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_somebody_faster_with_the_same_e_mail_wins():
    user_make(email="ada@movy.test")
    with pytest.raises(EmailTaken):
        user_register(Registration("ada@movy.test", make_password("x"), "Ada", "Obi"))
    assert EmailAddress.objects.count() == 1


def test_somebody_faster_shows_on_the_page_as_a_taken_e_mail(client, monkeypatch):
    monkeypatch.setattr("accounts.forms.SignupForm.validate_unique_email", lambda self, value: value)  # it looked first
    user_make(email="ada@movy.test")
    response = client.post("/auth/user/signup", FORM)
    assert response.status_code == 400
    assert "There is an account with this e-mail already" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_e_mail():
    outcomes: list[int | str] = []
    start = threading.Barrier(4)

    def register() -> None:
        start.wait()
        try:
            outcomes.append(user_register(Registration("ada@movy.test", "hash", "Ada", "Obi")).pk)
        except EmailTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("taken") == 3
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_the_mail_leads_to_a_page_that_confirms_by_a_button(client):
    client.post("/auth/user/signup", FORM)
    path = link_in(Mail.objects.get())
    assert path.startswith("/auth/user/confirm-email/")
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified  # mail programs open links by themselves
    assert client.post(path).status_code == 303
    assert EmailAddress.objects.get().verified


def test_a_name_is_one_line_and_in_no_mail_that_strangers_can_have_sent(client):
    client.post("/auth/user/signup", FORM | {"first_name": "Win\r\na prize", "last_name": "evil.test"})
    assert User.objects.get().first_name == "Win a prize"
    content = bytes(Mail.objects.get().content)
    assert b"prize" not in content
    assert b"evil.test" not in content


def test_links_in_mails_ignore_the_host_that_was_asked_for(client):
    client.post("/auth/user/signup", FORM, headers={"host": "evil.test"})
    assert b"evil.test" not in bytes(Mail.objects.get().content)


def test_a_link_nobody_was_sent_confirms_nothing(client):
    assert client.get("/auth/user/confirm-email/made-up").status_code == 404
    assert client.post("/auth/user/confirm-email/made-up").status_code == 404


def test_looking_at_somebody_elses_link_does_not_sign_out(client):
    client.post("/auth/user/signup", FORM)
    path = link_in(Mail.objects.get())
    client.force_login(user_make())
    client.get(path)
    assert "_auth_user_id" in client.session


def test_the_mail_can_be_asked_for_again_but_not_at_once(client):
    client.post("/auth/user/signup", FORM)
    response = client.post("/auth/user/confirm-email", follow=True)
    assert "a moment ago" in response.content.decode()
    assert Mail.objects.count() == 1
    assert client.get("/auth/user/confirm-email").status_code == 200


def test_nobody_else_can_have_a_mail_sent(client):
    response = client.post("/auth/user/confirm-email")
    assert response["Location"].startswith("/auth/user/login")
    assert not Mail.objects.exists()


def test_the_sixty_first_sign_up_from_an_address_waits(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signup": "2/m/ip"}
    for _ in range(2):
        client.post("/auth/user/signup", {})
    response = client.post("/auth/user/signup", {})
    assert response.status_code == 429
    assert int(response["Retry-After"]) == 60
    assert client.get("/auth/user/signup").status_code == 200
