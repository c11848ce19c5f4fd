"""Whose money the reconciliation desk shows to somebody who has two theatres, and has chosen none."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from bookings.models import Booking
from payments.queues import Whose
from payments.tests.factories import held_booking
from theatres.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_manager_of_two_theatres_sees_nothing_of_a_third():
    booking = held_booking()
    own, rival = user_make(), user_make()
    MembershipFactory(user=own, theatre=booking.showtime.screen.theatre)
    for user in (own, rival, rival):
        MembershipFactory(user=user)
    assert list(Whose(own).own(Booking.objects.all())) == [booking]
    assert not Whose(rival).own(Booking.objects.all()).exists()
