"""What bookings do when a person closes their account."""

from __future__ import annotations

from datetime import datetime

from bookings.locks import booking_locked, buyer_locked
from bookings.models import Booking, BookingStatus
from bookings.services import booking_cancel


def buyer_forget(*, user_id: int, now: datetime) -> None:
    """Let a person's unpaid holds go, and take name, e-mail, phone and network address out of all their bookings.
    Runs inside the door's transaction; again changes nothing.

    The e-mail goes at once, also while money is on its way back: that needs none, and Paystack has its own.
    """
    buyer_locked(user_id)  # no hold of theirs begins meanwhile
    mine = Booking.objects.filter(user_id=user_id)
    for reference in list(mine.unpaid(now).order_by("pk").values_list("reference", flat=True)):
        if booking_locked(reference).status_at(now) == BookingStatus.HELD:  # not paid since we looked
            booking_cancel(reference, actor_id=user_id, now=now)
    mine.update(email="", name="", phone="", address=None)


def buyer_references(user_id: int) -> list[str]:
    """Return the references of a person's bookings, by which mails about them are found."""
    return list(Booking.objects.filter(user_id=user_id).values_list("reference", flat=True))
