"""Reminders: when, to whom, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bookings.calling_off import showtime_call_off
from bookings.flows import reminders_send
from bookings.models import Booking, Buyer
from bookings.reminding import KNOWN_FOR, REMIND_BEFORE, booking_remind, bookings_to_remind, remind_at
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import NOW, hold, showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from theatres.models import Theatre

LAGOS = ZoneInfo("Africa/Lagos")
STARTS_AT = datetime(2026, 12, 7, 17, 40, tzinfo=UTC)  # 18:40 in Lagos


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [
        ("2026-12-07 18:40", "2026-12-07 15:40"),
        ("2026-12-07 10:00", "2026-12-07 07:00"),
        ("2026-12-07 09:59", "2026-12-06 21:00"),
        ("2026-12-07 00:30", "2026-12-06 21:30"),
        ("2026-12-07 01:00", "2026-12-06 21:00"),
        ("2026-12-07 04:30", "2026-12-06 21:00"),
    ],
)
def test_nobody_is_reminded_at_night(starts, reminded):
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=LAGOS)
    assert remind_at(starts_at.astimezone(UTC), LAGOS) == datetime.fromisoformat(reminded).replace(tzinfo=LAGOS)


def paid(*, who: Buyer | None = None, at: datetime = NOW, starts_at: datetime = STARTS_AT) -> Booking:
    showtime = showtime_on_sale(["A1", "A2"], starts_at=starts_at)
    booking = hold(showtime, ["A1"], who=who, now=at)
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=at)
    Mail.objects.all().delete()
    return booking


def due(now: datetime) -> list[int]:
    return bookings_to_remind(now=now, most=10)


@pytest.mark.django_db
def test_it_is_due_three_hours_before_and_no_longer_two_hours_after_that():
    booking, moment = paid(), STARTS_AT - REMIND_BEFORE
    assert due(moment - timedelta(seconds=1)) == []
    assert due(moment) == due(moment + timedelta(hours=2)) == [booking.pk]
    assert due(moment + timedelta(hours=2, seconds=1)) == []


@pytest.mark.django_db
def test_who_has_booked_a_moment_ago_is_not_reminded():
    moment = STARTS_AT - REMIND_BEFORE
    known = paid(at=moment - KNOWN_FOR)
    paid(at=moment - KNOWN_FOR + timedelta(seconds=1))
    assert due(moment) == [known.pk]


@pytest.mark.django_db
def test_holds_the_cancelled_and_who_left_no_e_mail_are_not_reminded():
    moment = STARTS_AT - REMIND_BEFORE
    hold(showtime_on_sale(["A1"], starts_at=STARTS_AT), ["A1"])
    cancelled = paid()
    with transaction.atomic():
        booking_cancel(cancelled.reference, actor_id=cancelled.user_id, now=NOW)
    paid(who=Buyer(email=""))
    assert due(moment) == []


@pytest.mark.django_db
def test_one_mail_however_many_remind_at_once():
    booking, moment = paid(), STARTS_AT - REMIND_BEFORE
    with transaction.atomic():
        assert booking_remind(booking.pk, now=moment)
        assert not booking_remind(booking.pk, now=moment)
    assert due(moment) == []
    mail = Mail.objects.get()
    assert "Monday, 18:40" in mail.subject  # Lagos, not UTC


@pytest.mark.django_db
def test_a_show_that_was_called_off_meanwhile_is_not_announced():
    booking = paid()
    showtime = booking.showtime
    with transaction.atomic():
        theatre_id = showtime.screen.theatre_id
        showtime_call_off(theatre_id=theatre_id, showtime_id=showtime.pk, note="", actor_id=booking.user_id, now=NOW)
    assert due(STARTS_AT - REMIND_BEFORE) == []
    with transaction.atomic():
        assert not booking_remind(booking.pk, now=STARTS_AT - REMIND_BEFORE)
    assert not Mail.objects.exists()


def remind_now(showtime: Showtime, *, now: datetime) -> None:
    """Let a showing's reminders be due at `now`, whatever the clock says: at a place where it is day."""
    starts_at = now + REMIND_BEFORE
    awake = (zone for zone in ("Africa/Lagos", "Pacific/Auckland") if remind_at(starts_at, ZoneInfo(zone)) == now)
    Theatre.objects.filter(screens=showtime.screen_id).update(timezone=next(awake))
    ends_at = starts_at + timedelta(hours=2)
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=starts_at, ends_at=ends_at, free_at=ends_at)


@pytest.mark.django_db(transaction=True)
def test_the_worker_reminds_each_buyer_once():
    now = database_now()
    booking = paid(at=now - timedelta(days=1), starts_at=now + timedelta(days=1))
    remind_now(booking.showtime, now=now)
    assert (reminders_send(), reminders_send()) == (1, 0)
    booking.refresh_from_db()
    assert booking.reminded_at is not None
    assert Mail.objects.count() == 1
