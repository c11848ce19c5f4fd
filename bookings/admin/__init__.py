"""Bookings in the office, and what showings have to do with them. payments.admin registers bookings, with their
money."""

from bookings.admin.bookings import BookingAdmin
from bookings.admin.screens import ScreenOfficeAdmin
from bookings.admin.showtimes import ShowtimeOfficeAdmin

__all__ = ["BookingAdmin", "ScreenOfficeAdmin", "ShowtimeOfficeAdmin"]
