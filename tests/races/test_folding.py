"""Two workers, and somebody who refunds, at a past showing that is being folded."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from bookings.folding import showing_fold
from bookings.models import FoldedShowing, ShowtimeSeat
from bookings.services import booking_confirm, booking_withdraw
from bookings.tests.factories import NOW, hold, showtime_on_sale
from catalog.tests.factories import STARTS_AT
from movy.lib.db import again, run_in_transaction
from payments.audit import folded_showings_have_their_seats, lines_own_their_seats

LATER = STARTS_AT + timedelta(days=30)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_refund_at_once_fold_a_showing_once_and_nothing_is_half():
    for _time in range(5):
        showtime = showtime_on_sale(["C4", "C5"])
        booking = hold(showtime, ["C4", "C5"])
        run_in_transaction(lambda: booking_confirm(booking.reference, now=NOW), find=again)  # noqa: B023
        start, done = Barrier(3), []

        def fold():
            return showing_fold(showtime.pk, now=LATER)  # noqa: B023

        def refund():
            booking_withdraw(booking.reference, labels=["C4"], actor_id=None, why="ill", now=LATER)  # noqa: B023

        def run(work):
            start.wait()  # noqa: B023
            try:
                done.append(run_in_transaction(work, find=again))  # noqa: B023
            finally:
                connection.close()

        threads = [Thread(target=run, args=(work,)) for work in (fold, fold, refund)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(done) == 3
        assert done.count(True) == 1
        assert FoldedShowing.objects.filter(showtime=showtime).count() == 1
        assert not ShowtimeSeat.objects.filter(showtime=showtime).exists()
        assert booking.seats.kept().count() == 1
        assert list(folded_showings_have_their_seats(LATER)) + list(lines_own_their_seats(LATER)) == []
