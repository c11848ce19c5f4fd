"""What Paystack says of a refund, in an order that makes no sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Refund, RefundStatus
from payments.services import refund_settle
from payments.tests.factories import attempt, charge, held_booking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.mark.parametrize("later", ["pending", "failed", "needs-attention", "reversed"])
def test_what_was_sent_back_stays_so_whatever_is_said_later(later):
    payment = attempt(held_booking())
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    booking_give_back(payment.booking.reference, labels=None, actor_id=None)
    refunds_follow()
    refund = Refund.objects.get()
    told = gateway.refund_fetch(refund.provider_id)
    for said in ("processed", later):
        refund_settle(refund.pk, replace(told, status=said), now=database_now())
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PROCESSED
    assert Mail.objects.filter(subject__contains="sent back").count() == 1
