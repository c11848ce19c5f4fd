"""The office's list of 100,000 bookings opens, and is searched, with a fixed number of queries, and never counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Booking
from catalog.tests.factories import ShowtimeFactory
from tests.security.admin_walk import url
from tests.security.admin_world import EVENING, house

pytestmark = [pytest.mark.mariadb, pytest.mark.slow, pytest.mark.django_db]

BOOKINGS = 100_000


def test_a_list_of_100_000_bookings_opens_and_is_searched_without_being_counted(db):
    mine, theirs = house("Velvet", 1), house("Quartz", 2)
    for of in (mine, theirs):
        screen = of.theatre.screens.get()
        shows = [ShowtimeFactory(screen=screen, starts_at=EVENING + timedelta(days=9 + day)) for day in range(50)]
        now = timezone.now()
        Booking.objects.bulk_create(
            (
                Booking(
                    reference=f"{of.word[:2].upper()}{number:08}",
                    showtime=shows[number % 50],
                    email=f"buyer-{number}@movy.test",
                    name=f"Buyer {number}",
                    phone=f"+23480{number:08}",
                    status="confirmed",
                    currency="NGN",
                    total_minor=1,
                    created_at=now,
                )
                for number in range(BOOKINGS // 2)
            ),
            batch_size=2000,
        )
    client = Client()
    client.force_login(mine.manager)
    asked = {
        "": 50,
        "?p=20": 50,
        "?status=confirmed": 50,
        "?q=VE00012345": 1,
        "?q=buyer-777@movy.test": 1,
        "?q=0800 000 7777": 1,
        "?q=Buyer 44321": 1,
    }
    for query, rows in asked.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url(Booking, "changelist") + query)
        assert len(answer.context["cl"].result_list) == rows, query
        assert len(queries) <= (15 if query.startswith("?q=") else 12)
        counts = [entry["sql"] for entry in queries if "COUNT(" in entry["sql"]]
        assert all("LIMIT 1000" in sql for sql in counts), query
    assert "The newest 1000." in client.get(url(Booking, "changelist")).content.decode()
