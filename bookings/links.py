"""Addresses that lead to a map with seats picked already."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from bookings.forms import picks_query
from bookings.models import BookedSeat
from bookings.pricing import SeatPick


def seats_address(showtime_id: int, lines: Iterable[BookedSeat]) -> str:
    """Return the address of a showing's map with the seats of these lines picked, each with its ticket type."""
    query = picks_query([SeatPick(line.label, line.ticket_type) for line in lines])
    path = reverse("bookings:seat_map", args=[showtime_id])
    return f"{path}?{query}" if query else path
