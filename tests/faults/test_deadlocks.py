"""Two transactions that wait for each other, and one that waits too long: the whole is done again, or refused whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from bookings.models import Booking
from movy.lib.db import ATTEMPTS, again, run_in_transaction
from payments.tests.factories import coming_showtime
from tests.races.test_holds import deadlocks
from tests.races.test_paying import together
from tests.races.test_rush import buyers
from tests.site import Site
from theatres.models import Theatre
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.mariadb


def crossing(first: Theatre, second: Theatre, met: threading.Barrier, tries: list[str]) -> Callable[[], None]:
    """A transaction that changes one row, waits until another has changed the other, and then wants that one."""

    def change() -> None:
        tries.append(first.name)
        Theatre.objects.filter(pk=first.pk).update(address=f"by {first.name}")
        if len(tries) <= 2:  # the first try of each
            met.wait(10)
        Theatre.objects.filter(pk=second.pk).update(city=f"by {first.name}")

    return lambda: run_in_transaction(change, find=again)


@pytest.mark.usefixtures("audited")
def test_of_two_that_wait_for_each_other_both_are_done(proof):
    one, other = TheatreFactory(name="One"), TheatreFactory(name="Other")
    before = deadlocks()
    with proof("two transactions deadlock", holds="the loser is done again, whole") as count:
        met, tries = threading.Barrier(2), list[str]()
        outcomes = together(crossing(one, other, met, tries), crossing(other, one, met, tries))
        count.times = deadlocks() - before
    assert outcomes == [None, None]
    assert count.times == 1
    assert len(tries) == 3  # one of them twice
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.address, one.city) == ("by One", "by Other")
    assert (other.address, other.city) == ("by Other", "by One")


@contextmanager
def kept_locked(showtime_id: int) -> Iterator[None]:
    """Somebody else has the showing's row, and does not let go."""
    here = connection.settings_dict
    way = {"host": here["HOST"], "port": int(here["PORT"]), "user": here["USER"], "passwd": here["PASSWORD"]}
    with closing(connection.Database.connect(**way, db=here["NAME"])) as holder:
        holder.cursor().execute("SELECT id FROM catalog_showtime WHERE id = %s FOR UPDATE", [showtime_id])
        yield
        holder.rollback()


@pytest.mark.slow
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
