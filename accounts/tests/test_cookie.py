"""What a browser's cookie is held against, in the one query that a good one costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import user_make
from accounts.tests.test_bearer import however_it_ended
from accounts.tests.test_login import is_signed_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return user_make(first_name="Ada")


@pytest.fixture
def browser(ada) -> Client:
    client = Client()
    assert sign_in(client, ada.email).status_code == 303
    return client


def reads(client: Client) -> list[str]:
    """Return which tables are read for a page that shows nothing but who looks at it."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/auth/user/password").status_code == 200
    return [query["sql"].partition("FROM")[2].split()[0].strip('`"') for query in queries]


def test_a_sign_in_and_whose_it_is_are_one_query(browser):
    assert reads(browser) == [Session._meta.db_table]


def test_a_sign_in_that_nobody_noted_is_as_good(ada, browser):
    UserSession.objects.all().delete()
    assert reads(browser) == [Session._meta.db_table, User._meta.db_table]


def test_what_the_session_says_counts_and_not_what_is_noted_beside_it(ada, browser):
    UserSession.objects.update(user=user_make(first_name="Kofi"))
    assert 'value="Ada"' in browser.get("/auth/user").content.decode()


@however_it_ended
def test_a_cookie_is_dead_when_its_sign_in_is(browser, wrong: Callable[[], object]):
    assert is_signed_in(browser)
    wrong()
    assert not is_signed_in(browser)
