"""Addresses that lead to bookings: a buyer's own, and maps with seats picked already."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from bookings.forms import picks_query
from bookings.guests import guest_key
from bookings.models import BookedSeat, Booking
from bookings.pricing import SeatPick


def booking_url(booking: Booking) -> str:
    """Return the address of a booking for a mail to its buyer, the one that every mail about it shows.

    A guest has nothing to sign in with: theirs has a key in it, which opens the booking on whatever device it is
    clicked. So it belongs into mails to the booking's own e-mail alone, never onto a page.
    """
    path = booking.get_absolute_url()
    if booking.is_guests:
        path = reverse("bookings:open", args=[booking.reference, guest_key(booking)])
    return settings.BASE_URL + path


def seats_address(showtime_id: int, lines: Iterable[BookedSeat]) -> str:
    """Return the address of a showing's map with the seats of these lines picked, each with its ticket type."""
    query = picks_query([SeatPick(line.label, line.ticket_type) for line in lines])
    path = reverse("bookings:seat_map", args=[showtime_id])
    return f"{path}?{query}" if query else path
