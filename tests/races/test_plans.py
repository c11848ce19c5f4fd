"""How MariaDB goes about it: what docs/locking.md builds on, asked of the server itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from bookings.seats import seats_free, seats_lengthen, seats_sell, seats_take
from bookings.tests.factories import showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db]

LABELS = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 21)]


@pytest.fixture
def showtime() -> Showtime:
    """One of three, each with 200 seats: with one alone no planner could go wrong."""
    starts_at = database_now() + timedelta(days=3)
    return [showtime_on_sale(LABELS, starts_at=starts_at) for _hall in range(3)][1]


@pytest.mark.parametrize(
    ("change", "wish"),
    [
        (seats_take, {"until": "later", "now": "now"}),
        (seats_sell, {"now": "now"}),
        (seats_lengthen, {"until": "later"}),
        (seats_free, {}),
    ],
)
def test_every_change_of_seats_walks_the_primary_key(showtime, change, wish):
    now = database_now()
    times = {"now": now, "later": now + timedelta(minutes=10)}
    seat_ids = list(showtime.seats.order_by("seat_id").values_list("seat_id", flat=True)[20:26])
    of_show = {"showtime": showtime} if change is seats_take else {"showtime_id": showtime.pk}
    with CaptureQueriesContext(connection) as captured:
        change(
            **of_show,
            seat_ids=seat_ids,
            reference="ABCDEFGHJK",
            **{name: times[word] for name, word in wish.items()},
        )
    (statement,) = [query["sql"] for query in captured.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plans = [dict(zip([column[0] for column in cursor.description], row, strict=True)) for row in cursor.fetchall()]
    plan, *of_showtime = plans
    assert [(row["key"], row["type"]) for row in of_showtime] == [("PRIMARY", "const")] * (change is seats_take)
    assert (plan["key"], plan["type"]) == ("PRIMARY", "range")
    assert int(plan["rows"]) <= len(seat_ids)


def test_a_booking_is_found_by_its_reference_alone(showtime):
    plan = Booking.objects.filter(reference="ABCDEFGHJK").select_for_update().explain()
    assert "const" in plan or "no matching row" in plan


def test_connections_are_read_committed_strict_and_in_utc():
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@tx_isolation, @@time_zone, @@sql_mode")
        isolation, zone, mode = cursor.fetchone()
    assert (isolation, zone) == ("READ-COMMITTED", "+00:00")
    assert "STRICT_TRANS_TABLES" in mode
