"""Reusable filters of bookings: whose they are, and which count as alive."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from theatres.querysets import OfTheatreQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class BookingQuerySet(OfTheatreQuerySet):
    theatre_path = "showtime__screen__theatre"

    def of_buyer(self, user: User | AnonymousUser) -> Self:
        """The bookings this person made."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def of_guests(self) -> Self:
        """Bookings of people without an account. What was sold at the desk is nobody's to open."""
        return self.filter(user_id=None, sold_by_id=None)

    def live(self, now: datetime) -> Self:
        """Bookings that own their seats: confirmed, or held and not past their time."""
        return self.filter(Q(status="confirmed") | Q(status="held", hold_expires_at__gt=now))

    def unpaid(self, now: datetime) -> Self:
        """Holds that still run."""
        return self.filter(status="held", hold_expires_at__gt=now)

    def overdue(self, now: datetime) -> Self:
        """Holds past their time that nobody has swept yet."""
        return self.filter(status="held", hold_expires_at__lte=now)

    def unended(self) -> Self:
        """Bookings that are confirmed, or held and not swept: what calling a showing off has to end. A hold past its
        time may be confirmed at this very moment by somebody whose `now` is a little older."""
        return self.filter(status__in=["held", "confirmed"])


class BookedSeatQuerySet(OfTheatreQuerySet):
    theatre_path = "booking__showtime__screen__theatre"

    def kept(self) -> Self:
        """Lines that were not cancelled."""
        return self.filter(cancelled_at=None)


class BookingEventQuerySet(OfTheatreQuerySet):
    theatre_path = "booking__showtime__screen__theatre"


class TicketQuerySet(OfTheatreQuerySet):
    theatre_path = "booked_seat__booking__showtime__screen__theatre"


class ShowtimeEventQuerySet(OfTheatreQuerySet):
    theatre_path = "showtime__screen__theatre"


class CallOffQuerySet(OfTheatreQuerySet):
    theatre_path = "showtime__screen__theatre"

    def unfinished(self) -> Self:
        """Showings whose people are not all told and refunded yet."""
        return self.filter(finished_at=None)
