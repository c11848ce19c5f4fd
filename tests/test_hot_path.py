"""What a hold and a confirmation send to the database, statement by statement: everybody does both when a blockbuster
goes on sale. One statement more is a decision, not an accident (docs/performance.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import session_token_issue
from bookings.flows import seats_hold
from bookings.tests.factories import buyer, draft_of
from movy.lib import recent
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from payments.gateway.paystack import Charge
from payments.models import Channel, Payment
from payments.services import charge_settle
from payments.tests.factories import coming_showtime, held_booking

pytestmark = pytest.mark.django_db(transaction=True)

BEARER = ["SELECT django_session"]
PRICING = ["SELECT catalog_showtime"]  # with the clock; the hall is at hand
HOLDING = [
    "BEGIN",
    "SELECT accounts_user",  # the buyer's lock
    "SELECT bookings_booking",  # what the buyer has of this showing
    "SELECT bookings_booking",  # what the address has
    "UPDATE bookings_showtimeseat",
    "INSERT bookings_booking",
    "INSERT bookings_bookedseat",
    "INSERT bookings_bookingevent",
    "COMMIT",
]
CONFIRMING = [
    "BEGIN",
    "SELECT payments_payment",  # locked, and then
    "SELECT bookings_booking",
    "SELECT catalog_showtime",  # with film, screen and theatre, for the mail
    "SELECT bookings_bookedseat",
    "SAVEPOINT",
    "UPDATE bookings_showtimeseat",
    "RELEASE",
    "UPDATE bookings_booking",
    "INSERT bookings_bookingevent",
    "INSERT bookings_ticket",
    "SELECT",  # the outbox's clock
    "INSERT outbox_mail",
    "UPDATE payments_payment",
    "INSERT payments_paymentevent",
    "COMMIT",
]


@pytest.fixture(autouse=True)
def limited(settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(recent, "time", SimpleNamespace(monotonic=lambda: 100.0))  # halls stay at hand


def sent(act: Callable[[], object]) -> list[str]:
    """Return what was sent, each as its verb and the table that it names first."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [_in_short(query["sql"]) for query in queries]


def _in_short(sql: str) -> str:
    verb, bare = sql.split()[0], sql.replace("`", "").replace('"', "")
    table = re.search(r"(?:FROM|INTO|^UPDATE) (\w+)", bare)
    return f"{verb} {table[1]}" if table else verb


def test_a_hold_sends_nine_statements_from_begin_to_commit():
    who = replace(buyer(), address="10.0.0.1")
    wish = draft_of(coming_showtime(), ["C4", "C5"], who=who, now=database_now())
    assert sent(lambda: seats_hold(wish, now=wish.created_at)) == HOLDING


def test_a_hold_over_http_adds_who_asks_and_what_it_costs():
    showtime, token = coming_showtime(), session_token_issue(User.objects.get(pk=buyer().user_id))
    client = Client(headers={"authorization": f"Bearer {token}"})

    def ask(label: str) -> None:
        wish = {"showtime": showtime.pk, "seats": [label]}
        assert client.post("/api/v1/booking", wish, content_type="application/json").status_code == 201

    ask("C4")
    assert sent(lambda: ask("C5")) == [*BEARER, *PRICING, *HOLDING]


def test_a_confirmation_sends_sixteen_statements_from_begin_to_commit():
    booking, now = held_booking(), database_now()
    payment = Payment.objects.create(
        reference="MV-ONE",
        booking=booking,
        channel=Channel.CARD,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        created_at=now,
        deadline_at=booking.hold_expires_at,
    )
    paid = Charge(payment.reference, "success", payment.money, True, "7", "card", "", 100, None, now)

    def settle() -> None:
        run_in_transaction(lambda: charge_settle(paid, reference=payment.reference, now=now), find=again)

    assert sent(settle) == CONFIRMING
    booking.refresh_from_db()
    assert booking.status == "confirmed"
