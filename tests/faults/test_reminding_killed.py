"""The worker is killed as it reminds people of their show: note and mail are one transaction, and another worker goes
on with who is left. Nobody is reminded twice, and nobody is forgotten."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bookings.models import Booking
from bookings.tests.factories import buyer
from bookings.tests.test_reminding import remind_now
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.audit import violations
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from scripts.supervisor import group_kill, groups_end, spawn
from tests.running import wait_for
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.usefixtures("paystack", "audited")]

POINTS = {
    "after bookings.reminding.mail_reminder": 0,
    "after bookings.flows.run_in_transaction": 1,
}
"""Where it dies: with note and mail written and not committed, and right after the COMMIT. How many of two buyers are
reminded then."""


@pytest.fixture
def bookings() -> list[Booking]:
    """Two that were paid yesterday, and are to be reminded now."""
    now, showtime = database_now(), coming_showtime(seats=["C4", "C5"])
    made = [held_booking(showtime, (label,), who=buyer(name)) for label, name in (("C4", "ada"), ("C5", "kofi"))]
    for booking in made:
        payment = attempt(booking)
        charge(payment)
        payment_look(payment.reference, via=gateway.WORKER)
    for booking in made:
        remind_now(booking, now=now)
    Mail.objects.all().delete()
    return made


@contextmanager
def worker(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's database."""
    process = spawn([sys.executable, *command], env=Site(EMAIL_URL="console:").environment)
    try:
        yield process
    finally:
        groups_end([process])


def reminded() -> list[str]:
    """References of the bookings whose reminder is seen to, in order."""
    return sorted(Booking.objects.filter(remind_at=None).values_list("reference", flat=True))


def mailed() -> list[str]:
    """Those that a mail is about, once for each mail."""
    return sorted(Mail.objects.values_list("about", flat=True))


@pytest.mark.parametrize(("point", "left"), POINTS.items())
def test_whoever_dies_reminding_leaves_note_and_mail_together_and_another_goes_on(bookings, point, left):
    with worker("-m", "tests.faults.dying_worker", point) as process:
        assert process.wait(60) == -signal.SIGKILL
        group_kill(process)
    assert len(reminded()) == left
    assert mailed() == reminded()
    assert list(violations(database_now())) == []
    with worker("manage.py", "worker"):
        wait_for(lambda: len(reminded()) == len(bookings), what="the reminders", seconds=60)
    assert mailed() == reminded() == sorted(booking.reference for booking in bookings)
