"""Two workers at one row: a job is claimed by an UPDATE, and whoever claims it second does nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.tests.factories import user_make
from bookings.calling_off import showtime_call_off
from bookings.models import Booking, BookingStatus
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look, payments_poll, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Payment, Refund, WebhookMessage
from payments.services import booking_refund_called_off
from payments.tests.factories import attempt, charge, held_booking, webhook
from payments.webhooks import inbox_handle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


@pytest.fixture
def paid() -> Payment:
    payment = attempt(held_booking())
    charge(payment)
    return payment_look(payment.reference, via=gateway.WORKER)


def overtaken(job: Callable[[], int], module: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Do a job's round, and between its look at what is due and its claims the same round on another worker; return
    what both did, the other one first."""
    others: list[int] = []

    def after_the_other(rows, work):
        rows = list(rows)
        if not others:
            others.append(0)
            others[0] = job()
        return one_by_one(rows, work)

    monkeypatch.setattr(f"{module}.one_by_one", after_the_other)
    mine = job()
    return [*others, mine]


def asked(paystack, method: str, path: str) -> int:
    """Return how often Paystack was asked for this."""
    seen = [(request["method"], request["path"]) for request in paystack.router.requests]
    return sum(seen_method == method and seen_path.startswith(path) for seen_method, seen_path in seen)


def test_an_attempt_is_asked_about_by_one_of_two_workers(paystack, monkeypatch):
    payment = attempt(held_booking())
    Payment.objects.update(next_check_at=database_now())
    assert overtaken(payments_poll, "payments.flows.asking", monkeypatch) == [1, 0]
    assert asked(paystack, "GET", f"/transaction/verify/{payment.reference}") == 1


def test_a_refund_is_asked_for_by_one_of_two_workers(paid, paystack, monkeypatch):
    booking_give_back(paid.booking.reference, labels=None, actor_id=None)
    assert overtaken(refunds_follow, "payments.flows.refunds", monkeypatch) == [1, 0]
    assert asked(paystack, "POST", "/refund") == 1
    assert Refund.objects.get().provider_id


def test_a_message_is_looked_at_by_one_of_two_workers(client, paystack, monkeypatch):
    payment = attempt(held_booking())
    assert webhook(client, payment) == 200
    WebhookMessage.objects.update(next_try_at=database_now(), handled_at=None)
    looked = asked(paystack, "GET", "/transaction/verify/")
    assert overtaken(inbox_handle, "payments.webhooks", monkeypatch) == [1, 0]
    assert asked(paystack, "GET", "/transaction/verify/") == looked + 1


def test_a_booking_of_a_show_called_off_is_ended_by_one_of_two_workers(paid):
    """Each has read that it is still to be ended; the second finds it ended when it has the lock."""
    showtime = paid.booking.showtime
    now = database_now()
    with transaction.atomic():
        showtime_call_off(
            theatre_id=showtime.screen.theatre_id, showtime_id=showtime.pk, actor_id=user_make().pk, now=now
        )
    mails = Mail.objects.count()
    for is_first in (True, False):
        with transaction.atomic():
            assert booking_refund_called_off(paid.booking.reference, note="", now=now) is is_first
    assert Booking.objects.get().status == BookingStatus.CANCELLED
    assert (Refund.objects.count(), Mail.objects.count()) == (1, mails + 1)
