"""What the database rolls back because two were in each other's way: the whole runs again, and nobody notices."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from bookings.locks import booking_locked
from movy.lib.db import again, run_in_transaction
from payments.tests.factories import coming_showtime, held_booking
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("audited")]


def test_a_transaction_that_the_database_rolled_back_runs_again():
    """Two lock the same two bookings, one from each end: a deadlock, which InnoDB ends by rolling one of them back."""
    showtime = coming_showtime()
    references = [held_booking(showtime, (label,)).reference for label in ("C4", "C5")]
    each_has_one = threading.Barrier(2)
    tries: list[str] = []

    def lock_both(first: str, second: str) -> str:
        booking_locked(first)
        tries.append(first)
        if tries.count(first) == 1:
            each_has_one.wait(10)
        return booking_locked(second).reference

    walks = [partial(lock_both, *order) for order in (references, references[::-1])]
    done = together(*[partial(run_in_transaction, walk, find=again) for walk in walks])
    assert sorted(done) == sorted(references)
    assert len(tries) > 2
