"""The worker is killed in the middle of calling off a showing, and another goes on: nobody is left out, nobody is paid
or told twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from django.db import transaction

from bookings.calling_off import showtime_call_off
from bookings.models import Booking, BookingStatus, CallOff, ShowtimeSeat, Ticket
from bookings.tests.factories import buyer
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.models import Refund, RefundReason
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from scripts.supervisor import groups_end, spawn
from tests.running import wait_for
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.usefixtures("paystack", "audited")]

BOOKINGS = 200


@pytest.fixture
def showtime(settings) -> Showtime:
    """A showing with 200 bookings, each paid at Paystack."""
    settings.RATE_LIMITS = False
    labels = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, BOOKINGS // 10 + 1)]
    showtime = coming_showtime(seats=labels)
    for number, label in enumerate(labels):
        payment = attempt(held_booking(showtime, (label,), who=buyer(f"buyer-{number}")))
        charge(payment)
        payment_look(payment.reference, via=gateway.WORKER)
    assert Booking.objects.filter(status=BookingStatus.CONFIRMED).count() == BOOKINGS
    return showtime


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the test's database."""
    process = spawn([sys.executable, "manage.py", "worker"], env=Site(EMAIL_URL="console:").environment)
    try:
        yield process
    finally:
        groups_end([process])


def ended() -> int:
    return Booking.objects.filter(status=BookingStatus.CANCELLED).count()


def test_two_hundred_are_refunded_and_told_once_though_the_worker_is_killed_halfway(showtime, paystack):
    Mail.objects.all().delete()
    with transaction.atomic():
        showtime_call_off(
            theatre_id=showtime.screen.theatre_id, showtime_id=showtime.pk, actor_id=None, now=database_now()
        )
    with worker() as first:
        wait_for(lambda: ended() > BOOKINGS // 4, what="a quarter of the refunds", seconds=60)
        first.kill()
        first.wait()
    assert BOOKINGS // 4 < ended() < BOOKINGS  # or it proved nothing
    assert Refund.objects.count() == ended()  # each all done or not begun
    with worker():
        wait_for(lambda: CallOff.objects.get().finished_at, what="the end", seconds=60)
        wait_for(lambda: not Refund.objects.filter(provider_id="").exists(), what="Paystack's refunds", seconds=60)
    assert set(Refund.objects.values_list("reason", "amount_minor")) == {(RefundReason.CALLED_OFF, 350_000)}
    assert Refund.objects.values("payment").distinct().count() == Refund.objects.count() == BOOKINGS
    told = Mail.objects.filter(subject__startswith="Called off")
    assert Counter(recipient for mail in told for recipient in mail.recipients) == {
        f"buyer-{number}@example.test": 1 for number in range(BOOKINGS)
    }
    asked = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    assert Counter(row["merchant_note"] for row in asked) == {refund.reference: 1 for refund in Refund.objects.all()}
    assert not Ticket.objects.filter(cancelled_at=None).exists()
    assert not ShowtimeSeat.objects.exclude(status="free").exists()
