"""Asking about attempts that are due: who takes up what a worker had in hand, and when it is asked next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from movy.lib.clock import database_now
from movy.lib.http import OutsideUnavailable
from payments.constants import ASK_AFTER_DEADLINE
from payments.flows import asking, payments_poll
from payments.models import Payment, PaymentStatus
from payments.tests.factories import attempt, charge, held_booking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.fixture
def last_look() -> Payment:
    """An attempt that is asked about for the last time now."""
    payment = attempt(held_booking())
    now = database_now()
    Payment.objects.filter(pk=payment.pk).update(deadline_at=now - ASK_AFTER_DEADLINE[-1], next_check_at=now)
    return payment


def test_what_a_killed_worker_was_asking_about_another_asks_about_a_minute_later(last_look, monkeypatch):
    def killed(*_args: object, **_options: object) -> None:
        raise SystemExit  # which nothing handles, as it is with kill -9

    with monkeypatch.context() as patched:
        patched.setattr(asking, "payment_look", killed)
        with pytest.raises(SystemExit):
            payments_poll()
    due_at = Payment.objects.get().next_check_at
    assert due_at <= database_now() + timedelta(minutes=1)
    assert payments_poll() == 0  # it is claimed until then
    charge(last_look)
    Payment.objects.update(next_check_at=database_now())
    assert payments_poll() == 1
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_paystack_being_away_puts_a_look_off_by_its_own_clock(last_look, monkeypatch):
    Payment.objects.update(deadline_at=database_now() - timedelta(hours=3, minutes=1))

    def away(*_args: object, **_options: object) -> None:
        raise OutsideUnavailable("away")

    monkeypatch.setattr(asking, "payment_look", away)
    assert payments_poll() == 0
    assert timedelta(minutes=55) < Payment.objects.get().next_check_at - database_now() < timedelta(minutes=60)


def test_a_payment_that_was_settled_is_not_asked_about_again(last_look):
    charge(last_look)
    assert payments_poll() == 1
    assert Payment.objects.get().next_check_at is None
