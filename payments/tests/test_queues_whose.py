"""Whose money the reconciliation desk shows to somebody who has several theatres, and has chosen none."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from bookings.models import Booking, BookingStatus
from movy.lib.clock import database_now
from payments.queues import Whose, ticket_without_money
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


def test_the_owner_finds_an_old_ticket_without_money_at_its_theatre_and_a_new_one_everywhere(monkeypatch):
    monkeypatch.setattr("payments.queues.NEWEST", 1)
    old, new = held_booking(), held_booking()
    now = database_now()
    Booking.objects.update(status=BookingStatus.CONFIRMED, confirmed_at=now)
    owner = user_make(is_superuser=True)
    assert list(ticket_without_money(Whose(owner), now)) == [new]
    assert list(ticket_without_money(Whose(owner, old.showtime.screen.theatre), now)) == [old]
