"""Changes that no news told of, found by asking the database."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import xor

import pytest

from bookings.live.noticing import NoticeRows
from bookings.models import SeatStatus, ShowtimeSeat
from bookings.tests.factories import showtime_on_sale

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db]


def test_two_seats_given_for_two_others_are_noticed_though_their_checksums_cancel_out():
    showtime = showtime_on_sale(seats=[f"A{number}" for number in range(1, 41)])
    ids = [str(number) for number in showtime.seats.order_by("seat_id").values_list("seat_id", flat=True)]
    before = next(
        four
        for four in combinations(ids, 4)
        if len({*map(len, four)}) == 1 and not any(reduce(xor, map(ord, signs)) for signs in zip(*four, strict=True))
    )
    rows = ShowtimeSeat.objects.filter(showtime=showtime)
    rows.filter(seat_id__in=before[:2]).update(status=SeatStatus.SOLD)
    notice = NoticeRows()
    assert notice.changed([showtime.pk]) == [showtime.pk]  # asked about for the first time
    assert notice.changed([showtime.pk]) == []
    rows.filter(seat_id__in=before[:2]).update(status=SeatStatus.FREE)
    rows.filter(seat_id__in=before[2:]).update(status=SeatStatus.SOLD)
    assert notice.changed([showtime.pk]) == [showtime.pk]
