"""Days end at 05:00 in the theatre's zone; instants are aware and the database's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from movy.lib.clock import DatabaseNow, database_now, day_bounds, local_day, rfc3339


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Africa/Lagos", date(2026, 11, 22)),  # 00:30 there
        (datetime(2026, 11, 23, 3, 59, tzinfo=UTC), "Africa/Lagos", date(2026, 11, 22)),  # 04:59
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), "Africa/Lagos", date(2026, 11, 23)),  # 05:00
        (datetime(2026, 11, 23, 1, 59, tzinfo=UTC), "Africa/Nairobi", date(2026, 11, 22)),  # 04:59
    ],
)
def test_a_show_after_midnight_belongs_to_the_evening_before(instant, zone, day):
    assert local_day(instant, zone) == day
    start, end = day_bounds(day, zone)
    assert start <= instant < end


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 1), 24)])
def test_a_day_of_summer_time_is_as_long_as_it_is(day, hours):
    start, end = day_bounds(day, "Europe/Paris")
    assert end - start == timedelta(hours=hours)
    assert start.utcoffset() == timedelta(0)


def test_instants_are_written_in_utc_without_fractions():
    assert rfc3339(datetime(2026, 11, 22, 18, 30, 0, 999, tzinfo=UTC)) == "2026-11-22T18:30:00Z"


@pytest.mark.django_db
def test_now_is_the_databases_and_aware():
    now = database_now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=30)


@pytest.mark.django_db
def test_now_asked_with_something_else_is_the_same_clock():
    before = database_now()
    asked = ContentType.objects.annotate(now=DatabaseNow()).values_list("now", flat=True)[0]
    assert before <= asked <= database_now()
