"""Fifty checkouts hang on a silent Paystack at once; everybody else browses as if nothing were the matter."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from bookings.models import Booking, BookingStatus
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from payments.models import Payment, PaymentStatus
from payments.tests.factories import coming_showtime, held_booking
from tests.faults.test_paystack_away import timed, wait_until
from tests.proof import Proof
from tests.races.test_rush import buyers
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.usefixtures("transactional_db")]

CHECKOUTS = 50
PAGES = 60
SILENT_SECONDS = 20  # until the first of them ends; the last has begun by then, on a busy machine too
RATIO_MAX = 3  # of the medians: a machine that does something else besides may stumble


def test_while_fifty_checkouts_hang_the_other_pages_are_as_fast_as_without_them(paystack, settings, proof: Proof):
    settings.RATE_LIMITS = False  # they have one address
    tokens = buyers(CHECKOUTS)
    showtime = coming_showtime(seats=[f"C{number}" for number in range(1, CHECKOUTS + 1)])
    references = [
        held_booking(showtime, (f"C{number + 1}",), who=buyer(f"buyer{number}")).reference
        for number in range(CHECKOUTS)
    ]
    # Half of a process's threads may wait for the outside: so all fifty really hang in this one.
    site = Site(threads=2 * CHECKOUTS, application="tests.faults.patient_wsgi:application", RATE_LIMITS="off")
    with site, ThreadPoolExecutor(CHECKOUTS) as pool:
        addresses = itertools.cycle(["/movies", "/api/v1/movies", f"/booking/{showtime.pk}"])

        def page() -> float:
            seconds, answer = timed(lambda: site.call("GET", next(addresses)))
            assert answer.status == 200
            return seconds

        def checkout(number: int) -> int:
            body = {"booking": references[number]}
            return site.call("POST", "/api/v1/booking/pay", body=body, token=tokens[number]).status

        def hung() -> int:
            return sum(row["path"] == "/transaction/initialize" for row in paystack.router.requests)

        for _time in range(PAGES):
            page()
        before = median(page() for _time in range(PAGES))
        paystack.account.faults.add("timeout", value=SILENT_SECONDS, operation="initialize")
        calls = [pool.submit(checkout, number) for number in range(CHECKOUTS)]
        wait_until(lambda: hung() == CHECKOUTS, seconds=SILENT_SECONDS)
        meanwhile = []
        while len(meanwhile) < PAGES and not any(call.done() for call in calls):
            meanwhile.append(page())
        assert len(meanwhile) >= PAGES // 4  # or they hung for nothing
        ratio = median(meanwhile) / before
        fault = f"{CHECKOUTS} checkouts hang on a silent Paystack: other pages took {ratio:.2f} times as long"
        with proof(fault, holds="pages as fast as without them, then 502, every seat kept") as count:
            count.times = CHECKOUTS
            assert ratio < RATIO_MAX
            assert {call.result() for call in calls} == {502}
            assert {booking.status_at(database_now()) for booking in Booking.objects.all()} == {BookingStatus.HELD}
            assert Payment.objects.filter(status=PaymentStatus.PENDING).count() == CHECKOUTS
