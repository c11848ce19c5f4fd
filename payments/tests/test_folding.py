"""Past showings whose seats the worker has folded into one row: nothing that anybody sees changes by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from bookings import flows, folding
from bookings.folding import showing_fold, showings_to_fold
from bookings.house import seats_block, seats_off_sale
from bookings.maps import seat_map
from bookings.models import BookedSeat, FoldedShowing, ShowtimeSeat
from bookings.services import booking_confirm, booking_withdraw
from bookings.showtimes import showtime_change
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.errors import InvalidShowtime
from catalog.models import Showtime, ShowtimeStatus
from catalog.selectors import seats_left
from catalog.services import ShowtimeChange
from catalog.tests.factories import STARTS_AT
from movy.lib.recent import forget_recent
from movy.models import CatalogueChange
from payments.audit import folded_showings_have_their_seats, lines_own_their_seats, rows_have_their_lines
from payments.reports.shows import seats_counted

pytestmark = pytest.mark.django_db
LATER = STARTS_AT + timedelta(days=30)


@pytest.fixture
def showtime() -> Showtime:
    """A past showing: C4 and C5 sold, C6 blocked, C7 free."""
    made = showtime_on_sale(["C4", "C5", "C6", "C7"])
    block(made, ["C6"])
    booking = hold(made, ["C4", "C5"])
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=NOW)
    return made


def fold(showtime: Showtime) -> bool:
    with transaction.atomic():
        return showing_fold(showtime.pk, now=LATER)


def said(showtime: Showtime) -> list[object]:
    """All that is told of a showing's seats."""
    forget_recent()
    [counted] = seats_counted(Showtime.objects.filter(pk=showtime.pk))
    mine = seat_map(showtime.pk, viewer_id=buyer().user_id)
    drawn = seat_map(showtime.pk)
    return [
        (counted.seats_total, counted.seats_sold),
        seats_left([showtime.pk], now=LATER),
        seats_off_sale(showtime_id=showtime.pk, now=LATER),
        (drawn.version, drawn.taken, drawn.hall.seats),
        (mine.version, mine.taken),
    ]


def is_long_over(error: InvalidShowtime) -> bool:
    return "long over" in str(vars(error))


def broken() -> list[str]:
    checks = (folded_showings_have_their_seats, lines_own_their_seats, rows_have_their_lines)
    return [sentence for check in checks for sentence in check(LATER)]


def test_maps_counts_and_the_house_say_the_same_before_and_after_folding(showtime):
    before = said(showtime)
    assert fold(showtime)
    assert not ShowtimeSeat.objects.filter(showtime=showtime).exists()
    assert said(showtime) == before
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_a_map_that_was_kept_is_right_at_once_after_folding_and_public_pages_stay(showtime):
    Showtime.objects.update(**{name: F(name) - timedelta(days=3650) for name in ("starts_at", "ends_at")})
    before, changes = seat_map(showtime.pk), CatalogueChange.objects.count()
    assert fold(showtime)
    after = seat_map(showtime.pk)
    assert after.hall.folded
    assert (after.version, after.taken, after.hall.seats) == (before.version, before.taken, before.hall.seats)
    assert CatalogueChange.objects.count() == changes  # or public pages would be made anew


def test_a_refund_after_folding_is_counted_as_one_before_it_is(showtime):
    twin = showtime_on_sale(["C4", "C5", "C6", "C7"])
    block(twin, ["C6"])
    theirs = hold(twin, ["C4", "C5"])
    with transaction.atomic():
        booking_confirm(theirs.reference, now=NOW)
    assert fold(showtime)
    for one in (showtime, twin):
        with transaction.atomic():
            booking_withdraw(one.bookings.get().reference, labels=["C4"], actor_id=None, why="ill", now=LATER)
    assert said(showtime)[0] == said(twin)[0] == (4, 1)
    assert seats_left([showtime.pk], now=LATER)[showtime.pk] == seats_left([twin.pk], now=LATER)[twin.pk]
    assert sorted(seat_map(showtime.pk).taken.values()) == sorted(seat_map(twin.pk).taken.values())
    assert broken() == []


def test_a_showing_is_folded_once_and_not_before_its_days_are_over(showtime):
    with transaction.atomic():
        assert not showing_fold(showtime.pk, now=STARTS_AT + timedelta(days=6))
    assert showings_to_fold(now=STARTS_AT + timedelta(days=6), most=9) == []
    assert showings_to_fold(now=LATER, most=9) == [showtime.pk]
    assert fold(showtime)
    assert not fold(showtime)
    assert showings_to_fold(now=LATER, most=9) == []


def test_a_showing_with_a_hold_that_nobody_has_ended_keeps_its_rows(showtime):
    hold(showtime, ["C7"])
    assert showings_to_fold(now=LATER, most=9) == []
    assert not fold(showtime)


def test_a_folding_that_breaks_off_leaves_all_rows_and_the_next_round_goes_on(showtime, monkeypatch):
    other = showtime_on_sale(["C4"])
    monkeypatch.setattr(flows, "database_now", lambda: LATER)
    create = FoldedShowing.objects.create

    def die(**values):
        create(**values)
        if values["showtime"].pk == showtime.pk:
            raise RuntimeError("killed")

    with monkeypatch.context() as broken_off:
        broken_off.setattr(folding.FoldedShowing.objects, "create", die)
        assert flows.showings_fold_past() == 1
    assert ShowtimeSeat.objects.filter(showtime=showtime).count() == 4
    assert list(FoldedShowing.objects.values_list("pk", flat=True)) == [other.pk]
    assert flows.showings_fold_past() == 1
    assert not ShowtimeSeat.objects.exists()


def test_a_round_of_folding_begins_no_other_showing_when_its_time_is_over(showtime, monkeypatch):
    showtime_on_sale(["C4"])
    monkeypatch.setattr(flows, "database_now", lambda: LATER)
    with monkeypatch.context() as slow:
        slow.setattr(flows, "monotonic", iter([0, 0.5, 1.5]).__next__)
        assert flows.showings_fold_past() == 1
    assert flows.showings_fold_past() == 1


def test_showings_that_cannot_be_folded_keep_no_other_waiting(showtime, monkeypatch):
    ShowtimeSeat.objects.filter(showtime=showtime, seat__label="C5").update(status="free")
    other = showtime_on_sale(["C4"])
    monkeypatch.setattr(flows, "database_now", lambda: LATER)
    monkeypatch.setattr(flows, "FOLDED_AT_ONCE", 1)
    for _round in range(100):  # by chance: once in 10**30 runs of this test it would not come up
        flows.showings_fold_past()
    assert list(FoldedShowing.objects.values_list("pk", flat=True)) == [other.pk]


def test_rows_that_do_not_agree_with_the_bookings_are_kept_for_the_audit(showtime):
    ShowtimeSeat.objects.filter(showtime=showtime, seat__label="C5").update(status="free")
    assert not fold(showtime)
    assert broken()


def test_the_audit_sees_what_is_changed_behind_a_folded_showing(showtime):
    fold(showtime)
    line = BookedSeat.objects.get(label="C4")
    c6 = FoldedShowing.objects.get().blocked[0]
    BookedSeat.objects.filter(pk=line.pk).update(seat_id=c6)
    assert "never could sell" in broken()[0]
    FoldedShowing.objects.all().delete()
    assert len(broken()) == 2  # nobody owns what was sold


def test_a_folded_showing_is_neither_moved_nor_withdrawn_nor_are_its_seats_blocked(showtime):
    fold(showtime)
    theatre_id = showtime.screen.theatre_id
    with transaction.atomic():
        booking_withdraw(showtime.bookings.get().reference, labels=None, actor_id=None, why="ill", now=LATER)
    to_later = ShowtimeChange(starts_at=LATER + timedelta(days=1))
    for change, status in ((to_later, None), (ShowtimeChange(), ShowtimeStatus.DRAFT)):
        with pytest.raises(InvalidShowtime, check=is_long_over), transaction.atomic():
            showtime_change(theatre_id=theatre_id, showtime_id=showtime.pk, change=change, status=status, now=LATER)
    with pytest.raises(InvalidShowtime, check=is_long_over), transaction.atomic():
        seats_block(showtime_id=showtime.pk, labels=["C7"], until=None, reason="", actor_id=None, now=LATER)
