"""A booking as an entry for calendars: iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vGeo, vText

from bookings.models import Booking, BookingStatus
from bookings.selectors import kept_lines

REMIND_BEFORE = timedelta(hours=2)

STATES = {
    BookingStatus.HELD: "TENTATIVE",
    BookingStatus.CONFIRMED: "CONFIRMED",
    BookingStatus.CANCELLED: "CANCELLED",
    BookingStatus.EXPIRED: "CANCELLED",
}
SEQUENCE_OF_THE_END = 1  # an entry that says less than the one before it must be newer (RFC 5545, 3.8.7.4)


def calendar_entry(booking: Booking, *, now: datetime) -> bytes:
    """Return the file. The same booking has the same UID, so a calendar changes the entry that it has; in the theatre's
    zone, which comes along. `booking`: with all that is shown of it."""
    showtime, theatre = booking.showtime, booking.showtime.screen.theatre
    status = booking.status_at(now)
    event = Event()
    event.add("uid", f"{booking.reference}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", showtime.starts_at.astimezone(theatre.zone))
    event.add("dtend", showtime.ends_at.astimezone(theatre.zone))
    event.add("summary", _one_line(showtime.movie.title))
    event.add("location", _one_line(f"{theatre.name}, {showtime.screen.name}, {theatre.address}"))
    event.add("status", STATES[status])
    event.add("url", settings.BASE_URL + booking.get_absolute_url())
    event.add("description", _description(booking))
    if theatre.latitude is not None and theatre.longitude is not None:
        event.add("geo", vGeo((float(theatre.latitude), float(theatre.longitude))))
    if STATES[status] == "CANCELLED":
        event.add("sequence", SEQUENCE_OF_THE_END)
    else:
        event.add_component(_alarm(_one_line(showtime.movie.title)))
    calendar = Calendar()
    calendar.add("prodid", vText("-//Movy//Tickets//EN"))
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _description(booking: Booking) -> str:
    lines = kept_lines(booking)
    seats = [_("Seats: %(seats)s") % {"seats": ", ".join(line.label for line in lines)}] if lines else []
    tickets = _("Your tickets: %(address)s") % {"address": f"{settings.BASE_URL}{booking.get_absolute_url()}"}
    return "\n".join([*seats, _("Booking %(reference)s") % {"reference": booking.reference}, tickets])


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm


def _one_line(text: str) -> str:
    return " ".join(text.split())
