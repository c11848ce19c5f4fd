"""Cancelling: seats free at once, money back by the rule as it stood at purchase."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import AlreadyAdmitted, AlreadyCancelled, CancellationClosed, UnknownSeats
from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.selectors import booking_full, cancellation
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale
from movy.lib.money import Money
from theatres.models import RefundStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    return showtime_on_sale(["C4", "C5", "C6"], prices=350_000)


def bought(showtime, labels, **kwargs) -> Booking:
    booking = hold(showtime, labels, **kwargs)
    assert booking_confirm(booking.reference, now=kwargs.get("now", NOW))
    return booking_full(booking.reference)


def test_a_held_booking_is_let_go_and_nothing_goes_back(showtime):
    booking = hold(showtime, ["C4"])
    assert booking_cancel(booking.reference, actor_id=None, now=NOW).refund is None
    assert ShowtimeSeat.objects.filter(status=SeatStatus.FREE).count() == 3
    hold(showtime, ["C4"], who=buyer("kofi"))


def test_a_paid_booking_comes_back_whole_until_two_hours_before(showtime):
    booking = bought(showtime, ["C4", "C5"])
    last_moment = showtime.starts_at - timedelta(hours=2)
    rule = cancellation(booking, now=last_moment)
    assert (rule.allowed, rule.until, rule.refund) == (True, last_moment, Money(700_000, "NGN"))
    done = booking_cancel(booking.reference, actor_id=None, now=last_moment)
    assert done.refund == Money(700_000, "NGN")
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CANCELLED
    assert not Ticket.objects.filter(cancelled_at=None).exists()
    assert ShowtimeSeat.objects.filter(status=SeatStatus.FREE).count() == 3


def test_afterwards_it_is_closed(showtime):
    booking = bought(showtime, ["C4"])
    too_late = showtime.starts_at - timedelta(hours=2) + timedelta(microseconds=1)
    assert not cancellation(booking, now=too_late).allowed
    with pytest.raises(CancellationClosed):
        booking_cancel(booking.reference, actor_id=None, now=too_late)
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED


def test_the_rule_is_the_one_of_the_day_of_purchase(showtime):
    booking = bought(showtime, ["C4"])
    RefundStep.objects.update(percent=10)
    assert booking_cancel(booking.reference, actor_id=None, now=NOW).refund == Money(350_000, "NGN")


def test_a_rule_in_steps_gives_back_less_and_less(showtime):
    RefundStep.objects.create(theatre=showtime.screen.theatre, hours_before=24, percent=100)
    RefundStep.objects.filter(hours_before=2).update(percent=33)
    booking = bought(showtime, ["C4"])
    three_hours_before = showtime.starts_at - timedelta(hours=3)
    assert cancellation(booking, now=NOW).refund == Money(350_000, "NGN")
    assert booking_cancel(booking.reference, actor_id=None, now=three_hours_before).refund == Money(115_500, "NGN")


def test_some_of_the_seats_can_be_given_back(showtime):
    booking = bought(showtime, ["C4", "C5"])
    done = booking_cancel(booking.reference, labels=["C5"], actor_id=None, now=NOW)
    assert (done.seats, done.refund) == (["C5"], Money(350_000, "NGN"))
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED
    with pytest.raises(AlreadyCancelled):
        booking_cancel(booking.reference, labels=["C5"], actor_id=None, now=NOW)
    with pytest.raises(UnknownSeats):
        booking_cancel(booking.reference, labels=["C6"], actor_id=None, now=NOW)
    booking_cancel(booking.reference, labels=["C4"], actor_id=None, now=NOW)
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CANCELLED


def test_it_is_cancelled_once(showtime):
    booking = bought(showtime, ["C4"])
    booking_cancel(booking.reference, actor_id=None, now=NOW)
    with pytest.raises(AlreadyCancelled):
        booking_cancel(booking.reference, actor_id=None, now=NOW)


def test_nobody_cancels_a_ticket_that_let_somebody_in(showtime):
    booking = bought(showtime, ["C4", "C5"])
    Ticket.objects.filter(booked_seat__label="C4").update(admitted_at=NOW)
    assert not cancellation(booking_full(booking.reference), now=NOW).allowed
    with pytest.raises(AlreadyAdmitted):
        booking_cancel(booking.reference, actor_id=None, now=NOW)
