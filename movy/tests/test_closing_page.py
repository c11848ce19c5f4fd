"""/auth/user/close: what is said before an account is closed, and what it takes to close it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import is_signed_in, sign_in
from movy.tests.test_closing import bought

pytestmark = pytest.mark.django_db
PAGE = "/auth/user/close"


@pytest.fixture
def ada() -> User:
    return user_make(email="ada@movy.test", first_name="Ada", last_name="Obi", is_verified=True)


@pytest.fixture
def known(client: Client, ada: User) -> Client:
    """Ada's browser, with the password typed once more a moment ago."""
    sign_in(client, ada.email)
    client.post(f"/auth/user/confirm-access?next={PAGE}", {"password": PASSWORD})
    return client


def test_an_open_laptop_is_not_enough(client, ada):
    sign_in(client, ada.email)
    for response in (client.get(PAGE), client.post(PAGE, {"sure": "on"})):
        assert response["Location"].startswith("/auth/user/confirm-access")
    ada.refresh_from_db()
    assert ada.is_active


def test_the_page_names_the_tickets_that_are_still_to_be_used_and_the_holds(known, ada):
    paid, held = bought(ada), bought(ada, "A2", is_paid=False)
    page = known.get(PAGE).content.decode()
    assert f"/bookings/{paid.reference}/ticket" in page
    assert f"/bookings/{held.reference}" not in page
    assert "seats you are holding now" in page


def test_nothing_is_closed_by_a_button_pressed_in_passing(known, ada):
    response = known.post(PAGE)
    assert response.status_code == 400
    assert "Tick this" in response.content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_closing_signs_out_and_says_so(known, ada):
    other = Client()
    sign_in(other, ada.email)
    response = known.post(PAGE, {"sure": "on"})
    assert (response.status_code, response["Location"]) == (303, "/")
    assert "Your account is closed" in known.get("/").content.decode()
    assert not is_signed_in(known)
    assert not is_signed_in(other)
    ada.refresh_from_db()
    assert (ada.is_active, ada.first_name) == (False, "")


def test_the_only_owner_of_the_platform_is_told_what_to_do_first(known, ada):
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    response = known.post(PAGE, {"sure": "on"})
    assert response.status_code == 409
    assert "Make somebody else an owner first" in response.content.decode()
