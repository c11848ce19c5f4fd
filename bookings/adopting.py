"""What was booked without an account becomes an account's. Like all services these run inside the transaction that
their door opened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bookings.locks import bookings_locked, buyer_locked
from bookings.models import Booking, BookingEvent

ADOPTED = "adopted"


def bookings_to_adopt(*, references: Collection[str], emails: Collection[str]) -> list[int]:
    """Return the ids of guests' bookings with these references, or of these e-mails as guest_email writes them. Two
    queries at most, and no lock: whoever adopts them looks again."""
    guests = Booking.objects.of_guests()
    found = list(guests.filter(reference__in=references)) if references else []
    found += guests.filter(email__in=emails) if emails else []
    return sorted({row.pk for row in found if _is_meant(row, references, emails)})


def bookings_adopt(
    ids: Collection[int], *, user_id: int, references: Collection[str], emails: Collection[str], now: datetime
) -> list[str]:
    """Make these bookings an account's, those that are still a guest's; return their references. Again changes nothing.

    The caller knows that they are this person's: `references` were booked in their session, and `emails` are confirmed.
    Name and e-mail stay as they were given.
    """
    if not buyer_locked(user_id):  # closed meanwhile: nobody would ever forget them again
        return []
    found = [row for row in bookings_locked(ids) if row.is_guests and _is_meant(row, references, emails)]
    adopted = [row.pk for row in found]
    if Booking.objects.of_guests().filter(pk__in=adopted).update(user_id=user_id) != len(adopted):
        raise RuntimeError(f"bookings were adopted under their lock: {adopted}")
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=row, at=now, kind=ADOPTED, actor_id=user_id, detail={}) for row in found
    )
    return [row.reference for row in found]


def _is_meant(booking: Booking, references: Collection[str], emails: Collection[str]) -> bool:
    """Exactly: a database may call two e-mails equal that are two people's."""
    return booking.reference in references or booking.email in emails
