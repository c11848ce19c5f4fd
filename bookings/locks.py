"""Every lock that bookings take, in one order everywhere: payment, booking, seats by key (docs/locking.md)."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from bookings.models import Booking
from movy.lib.errors import NotFound


def booking_locked(reference: str) -> Booking:
    """Return the booking with its row locked until the transaction ends. Raises NotFound."""
    booking = Booking.objects.select_for_update().filter(reference=reference).first()
    if booking is None:
        raise NotFound
    return booking


def buyer_locked(user_id: int) -> None:
    """Let one hold of a person through at a time, so that two at once cannot both pass the limits."""
    users = get_user_model().objects.select_for_update().filter(pk=user_id).values_list("pk")
    list(users)  # a lazy query locks nothing
