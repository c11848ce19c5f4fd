"""Refunds where something else might be believed: what Paystack says later, what a list leaves out, an older page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests
from django.db import transaction

from accounts.tests.factories import user_make
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.errors import RefundTooMuch
from payments.flows import booking_give_back, payment_look, refund_again, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Payment, Refund, RefundStatus
from payments.services import booking_refund, refund_settle
from payments.tests.factories import attempt, charge, held_booking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


@pytest.fixture
def paid() -> Payment:
    """A paid booking of two seats, 3,500 naira each."""
    payment = attempt(held_booking(labels=("C4", "C5")))
    charge(payment)
    return payment_look(payment.reference, via=gateway.WORKER)


def follow() -> Refund:
    Refund.objects.filter(next_check_at__isnull=False).update(next_check_at=database_now())
    refunds_follow()
    return Refund.objects.get()


def made(paystack: Any) -> list[int]:
    """Return the amounts that the stand-in really gave back."""
    return [row["amount"] for row in requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()]


@pytest.mark.parametrize("later", ["pending", "failed", "needs-attention", "reversed"])
def test_what_was_sent_back_stays_so_whatever_is_said_later(paid, later):
    booking_give_back(paid.booking.reference, labels=None, actor_id=None)
    refund = follow()
    told = gateway.refund_fetch(refund.provider_id)
    for said in ("processed", later):
        refund_settle(refund.pk, replace(told, status=said), now=database_now())
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PROCESSED
    assert Mail.objects.filter(subject__contains="sent back").count() == 1


def test_of_two_seats_one_goes_back_and_its_price_alone(paid, paystack):
    booking_give_back(paid.booking.reference, labels=["C5"], actor_id=None)
    assert follow().provider_id
    assert made(paystack) == [350_000]


def test_a_refund_whose_answer_was_lost_is_not_made_twice_by_asking_again(paid, paystack):
    booking_give_back(paid.booking.reference, labels=None, actor_id=None)
    paystack.account.faults.add("truncated_json", operation="refund", times=1)
    lost = follow()
    assert (lost.provider_id, made(paystack)) == ("", [700_000])
    Refund.objects.update(status=RefundStatus.FAILED, next_check_at=None)
    refund_again(lost.reference, actor_id=user_make().pk)
    assert follow().provider_id
    assert made(paystack) == [700_000]


def test_the_office_is_refused_more_than_is_left_whatever_its_page_showed(paid):
    wish = {"labels": [], "why": "sound", "actor_id": user_make().pk, "now": database_now()}
    with transaction.atomic():
        booking_refund(paid.booking.reference, amount_minor=600_000, **wish)
    with transaction.atomic(), pytest.raises(RefundTooMuch):
        booking_refund(paid.booking.reference, amount_minor=100_001, **wish)
