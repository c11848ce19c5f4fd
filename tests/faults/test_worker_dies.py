"""A worker is killed in each of its jobs: at the claim, in the middle, after the effect. Another one takes it up again:
holds end anyway, no charge is missed, no refund is asked for twice, every mail arrives."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look
from payments.gateway import paystack as gateway
from payments.models import Payment, PaymentStatus, Refund, RefundStatus
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, lapse
from scripts.supervisor import group_kill, groups_end, spawn
from standins.paystack.store import Refund as TheirRefund
from tests.faults.postbox import Postbox
from tests.load.truth import time_passes
from tests.running import wait_for
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

DEATH_SECONDS = 120  # Paystack that could not be asked is asked again a minute later
DONE_SECONDS = 60
WITHIN_SECONDS = 60
LOADED_SECONDS = 20  # a machine full of tests starts Python in many seconds

POINTS = {
    "before payments.flows.asking._hold_end": "about to end a hold",
    "after payments.flows.asking.booking_expire": "with a hold ended and not committed",
    "after payments.flows.asking._hold_end": "with a hold ended",
    "before payments.flows.asking.charge_fetch": "with a look at a payment claimed",
    "after payments.flows.asking.charge_fetch": "knowing of a charge",
    "after payments.flows.asking.charge_settle": "with a charge settled and not committed",
    "after payments.flows.asking.payment_look": "with a charge settled",
    "before payments.flows.refunds.refund_follow": "with a refund claimed",
    "before payments.gateway.paystack.refund_create": "about to ask for a refund",
    "after payments.gateway.paystack.refund_create": "with a refund asked for and not noted",
    "after movy.outbox.services.mail_claim": "with a mail claimed",
    "before movy.outbox.transport.Smtp.send": "about to send a mail",
    "after movy.outbox.transport.Smtp.send": "with a mail sent and not noted",
}
IN_SHORT = {
    "after payments.gateway.paystack.refund_create",
    "after movy.outbox.transport.Smtp.send",
}
CLAIMED = [
    "before payments.flows.asking.charge_fetch",
    "before payments.flows.refunds.refund_follow",
    "after movy.outbox.services.mail_claim",
]
"""In the order of the worker's jobs, or the next to die would do the work of the one before."""


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as postbox:
        yield postbox


@contextmanager
def worker(postbox: Postbox, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's database: the real one, unless another command is named."""
    environment = Site(EMAIL_URL=postbox.url).environment
    process = spawn([sys.executable, *(command or ("manage.py", "worker"))], env=environment)
    try:
        yield process
    finally:
        groups_end([process])


def died_at(point: str, postbox: Postbox) -> None:
    """Let a worker work until it dies there."""
    with worker(postbox, "-m", "tests.faults.dying_worker", point) as process:
        assert process.wait(DEATH_SECONDS) == -signal.SIGKILL
        group_kill(process)


class Work:
    """Something for each job: a hold that is over, a charge that nobody told us of, a refund, and the mails of both."""

    def __init__(self) -> None:
        showtime = coming_showtime(seats=("C1", "C2", "C3"))
        self.over = held_booking(showtime, ("C1",), who=buyer("ada"))
        lapse(self.over)
        self.charged = attempt(held_booking(showtime, ("C2",), who=buyer("kofi")))
        charge(self.charged)
        Payment.objects.filter(pk=self.charged.pk).update(next_check_at=database_now())
        given_back = attempt(held_booking(showtime, ("C3",), who=buyer("ngozi")))
        charge(given_back)
        payment_look(given_back.reference, via=gateway.WORKER)
        booking_give_back(given_back.booking.reference, labels=None, actor_id=None)

    def is_done(self) -> bool:
        return (
            Booking.objects.get(pk=self.over.pk).status == BookingStatus.EXPIRED
            and Payment.objects.get(pk=self.charged.pk).status == PaymentStatus.PAID
            and Refund.objects.get().status == RefundStatus.PROCESSED
            and Mail.objects.count() == MAILS
            and not Mail.objects.filter(sent_at=None).exists()
        )

    def is_done_soon(self) -> bool:
        """The same, in a time that flies: what waits for a claim to run out, or for Paystack to go on, is due."""
        time_passes()
        time.sleep(0.5)
        return self.is_done()


MAILS = 4  # two confirmations, a cancellation, a refund sent back


def assert_done_once(paystack, postbox: Postbox) -> None:
    assert sorted(Booking.objects.values_list("status", flat=True)) == ["cancelled", "confirmed", "expired"]
    assert Ticket.objects.filter(cancelled_at=None).count() == 1
    assert ShowtimeSeat.objects.exclude(status=SeatStatus.FREE).count() == 1
    with paystack.account.store.lock:
        asked = [row.merchant_note for row in paystack.account.store.all(TheirRefund)]
    assert asked == [Refund.objects.get().reference]
    written = Mail.objects.values_list("message_id", flat=True)
    assert postbox.received.keys() == set(written)


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, id=name, marks=[] if point in IN_SHORT else pytest.mark.long)
        for point, name in POINTS.items()
    ],
)
def test_another_worker_takes_it_up_again(audited, proof, paystack, postbox, point):
    work = Work()
    with proof(f"kill -9 of a worker {POINTS[point]}", holds="another takes it up, nothing is done twice") as count:
        died_at(point, postbox)
        count.times += 1
        with worker(postbox):
            wait_for(work.is_done_soon, what="all work", seconds=DONE_SECONDS)
    assert_done_once(paystack, postbox)
    sent_as_it_died = point == "after movy.outbox.transport.Smtp.send"
    assert postbox.received.total() == MAILS + sent_as_it_died  # once more under its Message-ID: a receiver shows one


@pytest.mark.long
def test_all_that_dead_workers_had_claimed_is_done_within_a_minute(audited, proof, paystack, postbox):
    work = Work()
    with proof("kill -9 of workers with a mail, a refund and a look in hand", holds="done within a minute") as count:
        for point in CLAIMED:
            died_at(point, postbox)
            count.times += 1
        with worker(postbox):
            wait_for(work.is_done, what="all work", seconds=WITHIN_SECONDS + LOADED_SECONDS)
    assert_done_once(paystack, postbox)


def test_a_hold_ends_while_every_worker_is_dead(audited, proof, paystack, postbox):
    showtime = coming_showtime(seats=("C1",))
    booking = held_booking(showtime, ("C1",))
    with proof("kill -9 of the only worker as it ends a hold", holds="its seats are free at their time") as count:
        lapse(booking, ago=timedelta(seconds=1))
        died_at("before payments.flows.asking._hold_end", postbox)
        count.times += 1
        assert held_booking(showtime, ("C1",), who=buyer("kofi")).reference != booking.reference
