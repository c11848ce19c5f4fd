"""A Paystack stand-in of the test's own, met over HTTP, and who and what most stories about money begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import standins.paystack
from accounts.models import User
from accounts.tests.factories import user_make
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.lib.http import forget_failures
from payments.audit import violations
from payments.tests.factories import SEATS, coming_showtime
from theatres.models import Role
from theatres.tests.factories import MembershipFactory


@pytest.fixture
def paystack(settings) -> Iterator[standins.paystack.Server]:
    server = standins.paystack.start(refund_step_seconds=0.01)
    settings.PAYSTACK_BASE_URL = server.base_url
    forget_failures()
    yield server
    server.stop()


@pytest.fixture
def audit(db: None) -> Iterator[None]:
    """After the test the books are right, as `manage.py audit` reads them."""
    yield
    assert list(violations(database_now())) == []


@pytest.fixture
def showtime() -> Showtime:
    return coming_showtime(seats=SEATS)


@pytest.fixture
def manager(showtime: Showtime) -> User:
    """Of the theatre that shows `showtime`."""
    return MembershipFactory(
        theatre=showtime.screen.theatre, role=Role.MANAGER, user=user_make(first_name="Temi", last_name="Okoro")
    ).user
