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
from movy.lib.clock import database_now
from movy.outbox.models import Mail

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


def remind(booking: Booking, *, now: datetime) -> bool:
    with transaction.atomic():
        return booking_remind(booking.pk, now=now)


@pytest.mark.django_db
def test_it_is_due_three_hours_before_and_no_longer_two_hours_after_that():
    booking, late, moment = paid(), paid(), STARTS_AT - REMIND_BEFORE
    assert due(moment - timedelta(seconds=1)) == []
    assert due(moment) == [booking.pk, late.pk]
    assert remind(booking, now=moment + timedelta(hours=2))
    assert not remind(late, now=moment + timedelta(hours=2, seconds=1))
    assert due(moment + timedelta(hours=3)) == []


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
    paid(who=Buyer(email=""))
    assert due(moment) == []
    cancelled, forgotten = paid(), paid()
    with transaction.atomic():
        booking_cancel(cancelled.reference, actor_id=cancelled.user_id, now=NOW)
    Booking.objects.filter(pk=forgotten.pk).update(email="")
    Mail.objects.all().delete()
    assert [remind(cancelled, now=moment), remind(forgotten, now=moment)] == [False, False]
    assert not Mail.objects.exists()
    assert due(moment) == []


@pytest.mark.django_db
def test_one_mail_however_many_remind_at_once(monkeypatch):
    """Two workers have read the same row before either of them takes it."""
    booking, moment = paid(), STARTS_AT - REMIND_BEFORE
    read = Booking.objects.select_related("showtime__movie", "showtime__screen__theatre").get(pk=booking.pk)
    assert remind(booking, now=moment)
    monkeypatch.setattr("django.db.models.query.QuerySet.get", lambda *_args, **_kwargs: read)
    assert not remind(booking, now=moment)
    assert due(moment) == []
    assert ["Monday, 18:40" in mail.subject for mail in Mail.objects.all()] == [True]  # Lagos, not UTC


@pytest.mark.django_db
def test_a_show_that_was_called_off_meanwhile_is_not_announced():
    booking = paid()
    showtime = booking.showtime
    with transaction.atomic():
        theatre_id = showtime.screen.theatre_id
        showtime_call_off(theatre_id=theatre_id, showtime_id=showtime.pk, note="", actor_id=booking.user_id, now=NOW)
    assert not remind(booking, now=STARTS_AT - REMIND_BEFORE)
    assert not Mail.objects.exists()


def remind_now(booking: Booking, *, now: datetime) -> None:
    """Let a booking's reminder be due at `now`."""
    Booking.objects.filter(pk=booking.pk).update(remind_at=now)


@pytest.mark.django_db(transaction=True)
def test_the_worker_reminds_each_buyer_once():
    now = database_now()
    booking = paid(at=now - timedelta(days=1), starts_at=now + timedelta(days=1))
    remind_now(booking, now=now)
    assert (reminders_send(), reminders_send()) == (1, 0)
    booking.refresh_from_db()
    assert booking.remind_at is None
    assert Mail.objects.count() == 1
