"""Holding: all the seats or none, within limits, until the time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.errors import InvalidToken
from accounts.models import User
from bookings.drafts import InvalidPick, booking_draft
from bookings.errors import HeldTooOften, SalesClosed, SeatsUnavailable, TooManyHolds, TooManySeats, UnknownSeats
from bookings.models import BookedSeat, Booking, BookingEvent, BookingStatus, Buyer, SeatStatus, ShowtimeSeat
from bookings.pricing import SeatPick
from bookings.services import booking_cancel, booking_hold, booking_lengthen_hold
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.tests.factories import ShowtimeFactory
from movy.lib.errors import NotFound
from payments.audit import violations

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


def test_a_hold_has_all_its_seats_prices_and_an_end():
    showtime = showtime_on_sale(["C4", "C5"], prices=350_000)
    booking = Booking.objects.get(reference=hold(showtime, ["C5", "C4"]).reference)
    assert booking.status == BookingStatus.HELD
    assert booking.hold_expires_at == NOW + 10 * MINUTES
    assert (booking.total_minor, booking.currency) == (700_000, "NGN")
    assert booking.refund_steps == [[2, 100]]
    assert sorted(booking.seats.values_list("label", "price_minor")) == [("C4", 350_000), ("C5", 350_000)]
    assert [event.kind for event in BookingEvent.objects.filter(booking=booking)] == ["held"]
    rows = ShowtimeSeat.objects.filter(showtime=showtime).values_list("status", "booking_id", "held_until")
    assert set(rows) == {(SeatStatus.HELD, booking.reference, booking.hold_expires_at)}
    assert list(violations(NOW)) == []


def test_the_second_buyer_of_a_seat_is_refused_and_left_with_nothing():
    showtime = showtime_on_sale(["C4", "C5"])
    hold(showtime, ["C4"])
    late = buyer("late")
    with pytest.raises(SeatsUnavailable) as refusal:
        hold(showtime, ["C5", "C4"], who=late)
    assert refusal.value.extra == {"seats": ["C4"]}
    assert not Booking.objects.filter(email=late.email).exists()


def test_a_lapsed_hold_can_be_taken_at_the_second_it_lapses_with_nobody_sweeping():
    showtime = showtime_on_sale(["C4"])
    first = hold(showtime, ["C4"])
    with pytest.raises(SeatsUnavailable):
        hold(showtime, ["C4"], who=buyer("late"), now=first.hold_expires_at - timedelta(milliseconds=1))
    second = hold(showtime, ["C4"], who=buyer("next"), now=first.hold_expires_at)
    assert first.status_at(first.hold_expires_at) == BookingStatus.EXPIRED
    assert ShowtimeSeat.objects.get(showtime=showtime).booking_id == second.reference
    assert list(violations(first.hold_expires_at)) == []


def test_a_hold_never_outlives_the_end_of_sales():
    showtime = showtime_on_sale(["C4"])
    booking = hold(showtime, ["C4"], now=showtime.sales_close_at - 3 * MINUTES)
    assert booking.hold_expires_at == showtime.sales_close_at


def test_sales_close_at_the_start():
    showtime = showtime_on_sale(["C4"])
    with pytest.raises(SalesClosed):
        hold(showtime, ["C4"], now=showtime.starts_at)


def test_a_draft_showing_is_not_there_for_the_public():
    with pytest.raises(NotFound):
        hold(ShowtimeFactory(seats=("C4",)), ["C4"])


def test_blocked_seats_are_refused():
    showtime = showtime_on_sale(["C4", "C5"])
    block(showtime, ["C4"])
    with pytest.raises(SeatsUnavailable):
        hold(showtime, ["C4"])


def test_wishes_that_make_no_sense_are_refused_before_anything_is_written():
    showtime = showtime_on_sale(["C4"])
    with pytest.raises(UnknownSeats):
        hold(showtime, ["Z9"])
    with pytest.raises(InvalidPick):
        hold(showtime, ["C4", "C4"])
    with pytest.raises(InvalidPick):
        hold(showtime, [])
    with pytest.raises(InvalidPick):
        booking_draft(showtime_id=showtime.pk, seats=[SeatPick("C4", "wizard")], buyer=buyer(), now=NOW)
    assert not Booking.objects.exists()


def test_one_person_has_two_unpaid_bookings_at_a_showing_at_most(settings):
    settings.RATE_LIMITS = True
    showtime = showtime_on_sale(["C4", "C5", "C6"])
    hold(showtime, ["C4"])
    hold(showtime, ["C5"])
    with pytest.raises(TooManyHolds):
        hold(showtime, ["C6"])
    hold(showtime, ["C6"], who=buyer("kofi"))


def test_an_account_that_was_closed_a_moment_ago_holds_nothing(settings):
    settings.RATE_LIMITS = True
    showtime, ada = showtime_on_sale(), buyer()
    User.objects.filter(pk=ada.user_id).update(is_active=False)
    with pytest.raises(InvalidToken):
        hold(showtime, ["C4"], who=ada)
    assert not Booking.objects.exists()


def test_one_person_has_ten_seats_at_a_showing_at_most(settings):
    settings.RATE_LIMITS = True
    labels = [f"C{number}" for number in range(1, 13)]
    showtime = showtime_on_sale(labels)
    with pytest.raises(TooManySeats):
        hold(showtime, labels[:11])
    hold(showtime, labels[:9])
    with pytest.raises(TooManySeats):
        hold(showtime, labels[9:11])
    hold(showtime, labels[9:10])


def test_seats_just_let_go_are_others_for_a_minute(settings):
    settings.RATE_LIMITS = True
    showtime = showtime_on_sale(["C4", "C5"])
    booking_cancel(hold(showtime, ["C4"]).reference, actor_id=None, now=NOW)
    with pytest.raises(HeldTooOften) as refusal:
        hold(showtime, ["C4"], now=NOW + timedelta(seconds=20))
    assert refusal.value.extra["retry_after"] == 41
    hold(showtime, ["C5"], now=NOW + timedelta(seconds=20))
    hold(showtime, ["C4"], now=NOW + timedelta(seconds=60))


def test_one_address_has_forty_unpaid_seats_at_a_showing_at_most(settings):
    settings.RATE_LIMITS = True
    labels = [f"{row}{number}" for row in "ABCDE" for number in range(1, 10)]
    showtime = showtime_on_sale(labels)
    for start in range(0, 40, 8):
        name = f"buyer{start}"
        who = Buyer(email=f"{name}@example.test", user_id=buyer(name).user_id, address="10.0.0.1")
        hold(showtime, labels[start : start + 8], who=who)
    with pytest.raises(HeldTooOften):
        hold(showtime, labels[40:41], who=Buyer(email="x@example.test", address="10.0.0.1"))
    hold(showtime, labels[40:41], who=Buyer(email="x@example.test", address="10.0.0.2"))


def test_limits_are_lifted_for_load_tests(settings):
    settings.RATE_LIMITS = False
    labels = [f"C{number}" for number in range(1, 14)]
    showtime = showtime_on_sale(labels)
    for label in labels:
        hold(showtime, [label])
    assert BookedSeat.objects.count() == 13


def test_a_hold_is_lengthened_once_and_never_past_the_end_of_sales():
    showtime = showtime_on_sale(["C4"])
    reference = hold(showtime, ["C4"]).reference
    lengthened = booking_lengthen_hold(reference, until=NOW + 35 * MINUTES, now=NOW)
    assert lengthened.hold_expires_at == NOW + 35 * MINUTES
    assert ShowtimeSeat.objects.get(showtime=showtime).held_until == NOW + 35 * MINUTES
    again = booking_lengthen_hold(reference, until=NOW + 90 * MINUTES, now=NOW)
    assert again.hold_expires_at == NOW + 35 * MINUTES


def test_a_hold_is_never_shortened():
    showtime = showtime_on_sale(["C4"])
    booking = hold(showtime, ["C4"])
    assert booking_lengthen_hold(booking.reference, until=NOW, now=NOW).hold_expires_at == booking.hold_expires_at


def test_a_hold_costs_a_fixed_number_of_statements(django_assert_num_queries, settings):
    settings.RATE_LIMITS = False
    showtime = showtime_on_sale(["C4", "C5", "C6"])
    picks = [SeatPick(label) for label in ("C4", "C5", "C6")]
    draft = booking_draft(showtime_id=showtime.pk, seats=picks, buyer=buyer(), now=NOW)
    with django_assert_num_queries(4):  # take, booking, lines, event
        booking_hold(draft, now=NOW)
