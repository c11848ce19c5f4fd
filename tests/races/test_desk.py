"""One page of the desk sent many times at once: the money is in the till once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.tests.factories import showtime_on_sale
from movy.lib.clock import database_now
from payments.models import Payment
from tests.site import Answer, Site, all_at_once, form_headers
from theatres.tests.people import browser_of

pytestmark = pytest.mark.usefixtures("audited")

TIMES = 20


def test_one_page_sent_twenty_times_at_once_is_one_sale():
    showtime = showtime_on_sale(["C4", "C5"], starts_at=database_now() + timedelta(hours=1))
    path = f"/theatre/{showtime.screen.theatre_id}/box-office"
    desk = browser_of("box_office", showtime.screen.theatre)
    sale = desk.get(path).context["sale"]
    body = f"showtime={showtime.pk}&seats=C4&seats=C5&paid_by=cash&sale={sale}".encode()

    with Site(workers=2, RATE_LIMITS="off") as site:

        def press() -> Answer:
            return site.call("POST", path, body=body, headers=form_headers(desk))

        answers = all_at_once(TIMES, [press] * TIMES)
    assert {answer.status for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert (Booking.objects.count(), Payment.objects.get().charged_minor) == (1, 700_000)
