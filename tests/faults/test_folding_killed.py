"""The worker is killed as it folds a past showing's seats away: all of its rows are there, or the one in their place,
and another worker goes on. Nobody sees a difference, before or after."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F

from bookings.house import seats_off_sale
from bookings.maps import seat_map
from bookings.models import FoldedShowing, ShowtimeSeat
from bookings.tests.factories import block, buyer
from catalog.models import Showtime
from catalog.selectors import seats_left
from movy.lib.clock import database_now
from movy.lib.recent import forget_recent
from payments.audit import violations
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.reports.shows import seats_counted
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from scripts.supervisor import group_kill, groups_end, spawn
from tests.running import wait_for
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.usefixtures("paystack", "audited")]

SEATS = 4
POINTS = {
    "after bookings.folding.FoldedShowing.objects.create": (0, 2 * SEATS),
    "after bookings.flows.showing_fold": (0, 2 * SEATS),
    "after bookings.flows.run_in_transaction": (1, SEATS),
}
"""Where it dies: with the new row written, with the old ones deleted and not committed, and right after the COMMIT.
How many showings are folded then, of two, and how many rows of seats are left."""


@pytest.fixture
def showings() -> list[Showtime]:
    """Two that ended weeks ago: C4 and C5 sold, C6 blocked, C7 free."""
    made = [coming_showtime(seats=["C4", "C5", "C6", "C7"]) for _showing in range(2)]
    for showtime in made:
        block(showtime, ["C6"])
        payment = attempt(held_booking(showtime, ("C4", "C5")))
        charge(payment)
        payment_look(payment.reference, via=gateway.WORKER)
    moments = ("starts_at", "ends_at", "sales_close_at")
    Showtime.objects.update(**{moment: F(moment) - timedelta(days=30) for moment in moments})
    return made


def said(showings: list[Showtime]) -> list[object]:
    """All that reports, lists, the house and maps tell of the showings' seats."""
    forget_recent()
    ids, now, me = [showtime.pk for showtime in showings], database_now(), buyer().user_id
    counted = seats_counted(Showtime.objects.filter(pk__in=ids).order_by("pk"))
    drawn = [seat_map(showtime_id, viewer_id=viewer) for showtime_id in ids for viewer in (None, me)]
    return [
        [(showing.seats_total, showing.seats_sold) for showing in counted],
        seats_left(ids, now=now),
        [seats_off_sale(showtime_id=showtime_id, now=now) for showtime_id in ids],
        [(one.version, one.taken, one.hall.seats) for one in drawn],
    ]


@contextmanager
def worker(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's database."""
    process = spawn([sys.executable, *command], env=Site(EMAIL_URL="console:").environment)
    try:
        yield process
    finally:
        groups_end([process])


@pytest.mark.parametrize(("point", "left"), POINTS.items())
def test_whoever_dies_folding_leaves_all_or_one_row_and_another_goes_on(showings, point, left):
    before = said(showings)
    with worker("-m", "tests.faults.dying_worker", point) as process:
        assert process.wait(60) == -signal.SIGKILL
        group_kill(process)
    assert (FoldedShowing.objects.count(), ShowtimeSeat.objects.count()) == left
    assert said(showings) == before
    assert list(violations(database_now())) == []
    with worker("manage.py", "worker"):
        wait_for(lambda: not ShowtimeSeat.objects.exists(), what="the folding", seconds=60)
    assert FoldedShowing.objects.count() == len(showings)
    assert said(showings) == before
