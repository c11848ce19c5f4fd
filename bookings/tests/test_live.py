"""The live process over HTTP: what a map that is open is told, and who gets a stream."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.db import transaction

from bookings.house import seats_unblock
from bookings.live.watches import GATHER_SECONDS
from bookings.maps import seat_map
from bookings.models import ShowtimeSeat
from bookings.services import booking_cancel
from bookings.showtimes import showtime_change
from bookings.tests.factories import block, buyer, hold
from catalog.models import ShowtimeStatus
from catalog.services import ShowtimeChange
from movy.lib.clock import database_now
from movy.models import Heartbeat
from payments.tests.factories import coming_showtime
from tests.live import LiveProcess

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NUMBERS = count(5001)
A_SECOND = 1.0
"""What the contract allows from a change to whoever looks."""


def unblock(showtime, labels, *, now):
    with transaction.atomic():
        seats_unblock(showtime_id=showtime.pk, labels=labels, reason="", actor_id=None, now=now)


@pytest.fixture
def showtime():
    """A showing that no test before had: the process remembers for a while what it was asked for."""
    return coming_showtime(seats=["C4", "C5", "C6"], pk=next(NUMBERS))


@pytest.fixture(scope="module")
def live(django_db_setup):
    with LiveProcess() as process:
        yield process


def test_a_map_is_told_what_is_taken_and_then_each_change_within_a_second(live, showtime):
    hold(showtime, ["C5"], now=database_now())
    with live.open(showtime.pk) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-cache, no-store"
        assert stream.headers["x-accel-buffering"] == "no"
        assert "set-cookie" not in stream.headers
        first = stream.event()
        assert stream.blocks[0].startswith("retry: ")
        assert first.data == {"version": first.version, "changes": {"C5": "held"}, "complete": True}
        assert first.version == seat_map(showtime.pk).version

        booking = hold(showtime, ["C4"], who=buyer("kofi"), now=database_now())
        held_at = time.monotonic()
        second = stream.event()
        assert second.came_at - held_at < A_SECOND
        assert second.data == {"version": seat_map(showtime.pk).version, "changes": {"C4": "held"}}

        with transaction.atomic():
            booking_cancel(booking.reference, actor_id=None, now=database_now())
        assert stream.event().changes == {"C4": "free"}
        assert stream.is_quiet(0.5)


def test_a_hold_that_lapses_is_told_though_nobody_does_anything(live, showtime):
    hold(showtime, ["C4"], now=database_now())
    lapses_at = database_now() + timedelta(seconds=3)
    ShowtimeSeat.objects.filter(showtime=showtime, status="held").update(held_until=lapses_at)
    with live.open(showtime.pk) as stream:
        assert stream.event().changes == {"C4": "held"}
        assert stream.event().changes == {"C4": "free"}
        assert timedelta(0) <= database_now() - lapses_at < timedelta(seconds=A_SECOND)


def test_seats_off_sale_and_a_showing_that_is_called_off_are_told(live, showtime):
    with live.open(showtime.pk) as stream:
        first = stream.event()
        block(showtime, ["C6"], now=database_now())
        assert stream.event().changes == {"C6": "blocked"}
        with transaction.atomic():
            showtime_change(
                theatre_id=showtime.screen.theatre_id,
                showtime_id=showtime.pk,
                change=ShowtimeChange(),
                status=ShowtimeStatus.CALLED_OFF,
                now=database_now(),
            )
        last = stream.event()
        assert last.changes == {}
        assert last.version not in (first.version, None)


def test_a_browser_that_comes_again_is_told_what_it_missed_or_everything(live, showtime):
    with live.open(showtime.pk) as stream:
        known = stream.event().version
    hold(showtime, ["C4"], now=database_now())
    hold(showtime, ["C5"], who=buyer("kofi"), now=database_now())
    with live.open(showtime.pk) as meanwhile:
        meanwhile.event_when(lambda event: event.version == seat_map(showtime.pk).version)
    with live.open(showtime.pk, Last_Event_ID=str(known)) as stream:
        event = stream.event()
        assert not event.is_complete
        assert event.changes == {"C4": "held", "C5": "held"}
    with live.open(showtime.pk, Last_Event_ID=str(event.version)) as stream:
        assert stream.is_quiet(1)
    for unknown in ("12345", "-1", "none", "9" * 40, ""):
        with live.open(showtime.pk, Last_Event_ID=unknown) as stream:
            assert stream.event().is_complete


def test_many_changes_at_once_are_few_events(live, showtime):
    with live.open(showtime.pk) as stream:
        stream.event()
        started_at = time.monotonic()
        for _round in range(20):
            block(showtime, ["C4"], now=database_now())
            unblock(showtime, ["C4"], now=database_now())
        block(showtime, ["C5"], now=database_now())
        told = 1
        while "C5" not in (event := stream.event()).changes:
            told += 1
        assert told <= (event.came_at - started_at) / GATHER_SECONDS + 1


def test_what_is_no_open_map_is_refused(live, showtime):
    draft = coming_showtime(pk=next(NUMBERS))
    type(draft).objects.filter(pk=draft.pk).update(status=ShowtimeStatus.DRAFT)
    for unknown in (draft.pk, 999_999, 2**63, 9_999_999_999_999_999_999):
        with live.open(unknown) as stream:
            assert (stream.status, stream.body()["code"]) == (404, "not_found")
            assert stream.headers["content-type"] == "application/problem+json"
    for path in ("/", "/booking/1", f"/booking/{showtime.pk}/live/", "/booking/x/live", "/booking/-1/live", "/%00"):
        assert live.ask("GET", path).status == 404, path
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
        answer = live.ask(method, f"/booking/{showtime.pk}/live")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET")


def test_pages_of_the_same_host_alone_may_read_a_stream(live, showtime):
    own = f"http://127.0.0.1:{live.port - 1}"
    told = {
        own: own,
        settings.BASE_URL: settings.BASE_URL,
        "https://evil.example": None,
        "null": None,
        "http://127.0.0.1.evil.example": None,
        "http://[": None,
    }
    for origin, allowed in told.items():
        with live.open(showtime.pk, Origin=origin) as stream:
            assert stream.headers.get("access-control-allow-origin") == allowed, origin
            assert stream.headers["vary"].lower() == "origin"


def test_there_is_a_most_of_streams_for_an_address_and_for_all(showtime):
    with LiveProcess(LIVE_CONNECTIONS_MAX="3", LIVE_CONNECTIONS_PER_ADDRESS="2", TRUSTED_PROXIES="1") as live:
        first, second = (live.open(showtime.pk, X_Forwarded_For="192.0.2.1") for _number in range(2))
        with first, second:
            with live.open(showtime.pk, X_Forwarded_For="192.0.2.1") as third:
                assert (third.status, third.body()["code"]) == (429, "too_many_maps")
                assert int(third.headers["retry-after"]) > 0
            with live.open(showtime.pk, X_Forwarded_For="192.0.2.2") as other:
                assert other.status == 200
                with live.open(showtime.pk, X_Forwarded_For="192.0.2.3") as fourth:
                    assert (fourth.status, fourth.body()["code"]) == (503, "live_full")
                    assert int(fourth.headers["retry-after"]) > 0
        deadline = time.monotonic() + 20
        while (again := live.open(showtime.pk, X_Forwarded_For="192.0.2.1")).status != 200:
            again.__exit__()
            assert time.monotonic() < deadline, "a stream that was left still counts"
        again.__exit__()


def test_it_ends_quickly_with_streams_open_and_is_at_work_until_then(showtime):
    with LiveProcess() as live, live.open(showtime.pk) as stream:
        stream.event()
        assert Heartbeat.objects.filter(name="live", seen_at__gt=database_now() - timedelta(seconds=15)).exists()
        live.process.send_signal(signal.SIGTERM)
        stopped_at = time.monotonic()
        with pytest.raises(EOFError):
            stream.event()
        assert live.process.wait(10) == 0
        assert time.monotonic() - stopped_at < 7  # of the eight after which granian would kill it
