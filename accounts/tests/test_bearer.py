"""What a bearer's token is held against, in the one query that a good one costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.api.authentication import BearerAuthentication
from accounts.models import User
from accounts.services import session_store, session_token_issue
from accounts.tests.factories import user_make

pytestmark = pytest.mark.django_db
ME = "/api/v1/auth/user"


def asked(token: str) -> int:
    return Client(headers={"authorization": f"Bearer {token}"}).get(ME).status_code


def session_change(**values: str) -> None:
    """Write other things into the one sign-in there is."""
    row = Session.objects.get()
    row.session_data = session_store().encode(row.get_decoded() | values)
    row.save()


however_it_ended = pytest.mark.parametrize(
    "wrong",
    [
        lambda: Session.objects.all().delete(),
        lambda: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.update(password=make_password("another four words")),
        lambda: session_change(**{SESSION_KEY: str(user_make().pk)}),
        lambda: session_change(**{BACKEND_SESSION_KEY: "somebody.elses.Backend"}),
        lambda: Session.objects.update(session_data="not signed by us"),
    ],
    ids=["ended", "run out", "closed account", "other password", "other person's", "other backend", "forged"],
)
"""Whatever makes the one sign-in there is none any more; cookies and tokens are dead by it alike."""


def test_a_good_token_costs_one_query_and_brings_its_owner_as_the_orm_would():
    owner = user_make(first_name="Ada", is_staff=True)
    token = session_token_issue(owner)
    with CaptureQueriesContext(connection) as queries:
        user, payload = BearerAuthentication().authenticate_credentials(token)
    assert len(queries) == 1
    stored = User.objects.get()
    assert {field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields} == {
        field.attname: getattr(stored, field.attname) for field in User._meta.concrete_fields
    }
    assert (user.is_staff, user.is_superuser, payload["sub"]) == (True, False, str(owner.pk))


def test_a_token_that_was_read_before_is_dead_when_its_time_is_over(settings):
    settings.HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 2
    token = session_token_issue(user_make())
    assert asked(token) == 200
    time.sleep(2.1)
    assert asked(token) == 401


@however_it_ended
def test_a_token_is_dead_when_its_sign_in_is(wrong: Callable[[], object]):
    token = session_token_issue(user_make())
    assert asked(token) == 200
    wrong()
    assert asked(token) == 401
