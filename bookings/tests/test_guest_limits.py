"""What a guest may hold of a showing: as much as an account, counted by e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from bookings.errors import HeldTooOften, TooManyHolds, TooManySeats
from bookings.models import Booking, Buyer
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale
from catalog.models import Showtime

pytestmark = pytest.mark.django_db

GUEST = Buyer(email="guest@example.test", name="A Guest", address="192.0.2.7")
LABELS = [f"{row}{number}" for row in "ABCDE" for number in range(1, 11)]


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = True
    return showtime_on_sale(LABELS)


def take(showtime: Showtime, *labels: str, who: Buyer = GUEST, **kwargs: Any) -> Booking:
    with transaction.atomic():  # as the door does: what is refused leaves nothing
        return hold(showtime, labels, who=who, **kwargs)


def test_a_guest_has_two_unpaid_bookings_and_ten_seats_at_a_showing_at_most(showtime):
    take(showtime, *LABELS[:4])
    with pytest.raises(TooManySeats):
        take(showtime, *LABELS[4:11])
    second = take(showtime, "B1")
    with pytest.raises(TooManyHolds):
        take(showtime, "B2")
    with transaction.atomic():
        assert booking_confirm(second.reference, now=NOW)
    take(showtime, *LABELS[20:25])
    assert Booking.objects.count() == 3
    take(showtime_on_sale(["A1"]), "A1")  # another showing


def test_ten_seats_are_the_most_at_once_too(showtime):
    with pytest.raises(TooManySeats):
        take(showtime, *LABELS[:11])


def test_seats_that_a_guest_has_just_let_go_are_others_for_a_minute(showtime):
    booking = take(showtime, "A1", "A2")
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=None, now=NOW)
    with pytest.raises(HeldTooOften):
        take(showtime, "A2", now=NOW + timedelta(seconds=59))
    take(showtime, "A2", now=NOW + timedelta(seconds=60))


def test_others_are_not_counted_nor_are_accounts_and_desk_sales_with_that_e_mail(showtime):
    """What somebody with an account has here is nobody's to find out by typing their e-mail."""
    take(showtime, "A1")
    take(showtime, "A2")
    take(showtime, "A3", who=Buyer(email="other@example.test", name="Another"))
    user = buyer("ada")
    mine = Buyer(email=GUEST.email, name="Ada", user_id=user.user_id)
    take(showtime, "A4", who=mine)
    take(showtime, "A5", who=mine)
    Booking.objects.filter(email=GUEST.email, user_id=None).update(sold_by_id=user.user_id)
    take(showtime, "A6")


def test_guests_at_one_address_have_forty_unpaid_seats_together(showtime):
    for number in range(4):
        guest = Buyer(email=f"guest{number}@example.test", name="A Guest", address=GUEST.address)
        take(showtime, *LABELS[number * 10 : number * 10 + 10], who=guest)
    with pytest.raises(HeldTooOften):
        take(showtime, LABELS[40])


def test_switched_off_nothing_is_counted(showtime, settings):
    settings.RATE_LIMITS = False
    for row in range(4):
        take(showtime, *LABELS[row * 10 : row * 10 + 10])
    assert Booking.objects.count() == 4
