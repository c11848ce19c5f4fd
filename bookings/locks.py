"""Every lock that bookings take, in one order everywhere: payment, booking, seats by key (docs/locking.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import connection

from bookings.models import Booking, ShowtimeSeat
from movy.lib.errors import NotFound


def booking_locked(reference: str) -> Booking:
    """Return the booking with its row locked until the transaction ends. Raises NotFound."""
    booking = Booking.objects.select_for_update().filter(reference=reference).first()
    if booking is None:
        raise NotFound
    return booking


def booking_locked_by_id(booking_id: int) -> Booking:
    """As booking_locked, for whoever holds a row that points to the booking."""
    return Booking.objects.select_for_update().get(pk=booking_id)


def bookings_locked(ids: Iterable[int]) -> list[Booking]:
    """Return bookings with their rows locked in key order, found by key alone: another index would lock others' too."""
    return list(Booking.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


def buyer_locked(user_id: int) -> bool:
    """Let one hold of a person through at a time, so that two at once cannot both pass the limits; return whether the
    account is open, which closing it decides under the same lock."""
    table = get_user_model()._meta.db_table
    for_update = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:  # raw, because this is part of every hold
        cursor.execute(f"SELECT is_active FROM {table} WHERE id = %s {for_update}", [user_id])  # noqa: S608 - our own
        [is_active] = cursor.fetchone()
    return bool(is_active)


def seats_of_showing_locked(showtime_id: int) -> list[ShowtimeSeat]:
    """Return all seats of a showing, with their rows locked in key order. The caller has locked the showing."""
    return list(ShowtimeSeat.objects.filter(showtime_id=showtime_id).order_by("seat_id").select_for_update())
