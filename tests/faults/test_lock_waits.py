"""A row that somebody else keeps locked: the whole is tried five times, then refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from bookings.models import Booking
from movy.lib.db import ATTEMPTS
from payments.tests.factories import coming_showtime
from tests.races.test_rush import buyers
from tests.site import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]


@contextmanager
def kept_locked(showtime_id: int) -> Iterator[None]:
    """Somebody else has the showing's row, and does not let go."""
    here = connection.settings_dict
    way = {"host": here["HOST"], "port": int(here["PORT"]), "user": here["USER"], "passwd": here["PASSWORD"]}
    with closing(connection.Database.connect(**way, db=here["NAME"])) as holder:
        holder.cursor().execute("SELECT id FROM catalog_showtime WHERE id = %s FOR UPDATE", [showtime_id])
        yield
        holder.rollback()


def test_who_waits_too_long_is_told_to_come_later_and_nothing_is_changed(audited, proof):
    showtime, (token,) = coming_showtime(), buyers(1)
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    with Site() as site, proof("a row stays locked", holds=f"{ATTEMPTS} tries, then 503 and nothing changed") as count:
        with kept_locked(showtime.pk):
            answer = site.call("POST", "/api/v1/booking", body=wish, token=token)
            count.times += 1
        assert (answer.status, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
        assert not Booking.objects.exists()
        assert site.call("POST", "/api/v1/booking", body=wish, token=token).status == 201
