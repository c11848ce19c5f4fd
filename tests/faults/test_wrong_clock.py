"""A web process whose clock is a quarter of an hour off: the database's counts."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.tests.factories import PASSWORD
from bookings.models import Booking
from movy.lib.clock import database_now
from payments.tests.factories import coming_showtime
from tests.faults.walk import walk
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

HOLD_SECONDS = 6  # enough for four requests on a busy machine
WRONG = "tests.faults.wrong_clock_wsgi:application"


@pytest.mark.parametrize("minutes", [15, -15])
def test_a_hold_ends_at_its_second_and_every_time_is_shown_right(audited, proof, paystack, minutes):
    showtime = coming_showtime(seats=("C4", "C5"))
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    with (
        proof(f"a web process's clock is {minutes:+} minutes off", holds="expiry exact, times right") as count,
        Site(application=WRONG, CLOCK_MINUTES=str(minutes), HOLD_MINUTES=str(HOLD_SECONDS / 60)) as site,
    ):
        first, second = signed_up(site, "ada"), signed_up(site, "kofi")
        before = database_now()
        mine = site.call("POST", "/api/v1/booking", body=wish, token=first)
        assert mine.status == 201
        told = mine.json()["booking"]
        hold = Booking.objects.get()
        assert (
            before + timedelta(seconds=HOLD_SECONDS)
            <= hold.hold_expires_at
            <= database_now() + timedelta(seconds=HOLD_SECONDS)
        )
        assert told["hold_expires_at"] == shown(hold.hold_expires_at)
        assert told["showtime"]["starts_at"] == shown(showtime.starts_at)
        early = site.call("POST", "/api/v1/booking", body=wish, token=second)
        assert early.status == 409
        assert database_now() < hold.hold_expires_at  # or the refusal would prove nothing
        page = site.call("GET", f"/booking/{showtime.pk}").body.decode()
        assert f"{showtime.starts_at.astimezone(ZoneInfo('Africa/Lagos')):%H:%M}" in page
        time.sleep(max(0, (hold.hold_expires_at - database_now()) / timedelta(seconds=1)))
        assert site.call("POST", "/api/v1/booking", body=wish, token=second).status == 201
        count.times += 1


@pytest.mark.parametrize("minutes", [15, -15])
def test_a_booking_goes_its_whole_way(audited, paystack, minutes):
    showtime = coming_showtime()
    with Site(application=WRONG, CLOCK_MINUTES=str(minutes), RATE_LIMITS="off") as site:
        walk(site, token=signed_up(site, "ada"), showtime_id=showtime.pk, label="C4")


def signed_up(site: Site, name: str) -> str:
    """Return an access token of this site: one that is signed by a later clock is not valid yet."""
    body = {"email": f"{name}@movy.test", "password": PASSWORD, "first_name": name, "last_name": "Adeleke"}
    return site.call("POST", "/api/v1/auth/user/signup", body=body).json()["access_token"]


def shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
