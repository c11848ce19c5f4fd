"""Reminding people of a show that they have tickets for: once, and not in the middle of the night."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.mails import mail_reminder
from bookings.models import Booking, BookingStatus
from catalog.models import Showtime, ShowtimeStatus

REMIND_BEFORE = timedelta(hours=3)
NIGHT_BEGINS, NIGHT_ENDS = time(22, 0), time(7, 0)  # of the theatre's clock: nobody is woken by a mail
EVENING = time(21, 0)  # when the shows are told of whose reminder would come at night
LATE_MAX = timedelta(hours=2)  # a worker that comes back after longer wakes nobody up for it
KNOWN_FOR = timedelta(hours=6)  # who booked within this time before the reminder needs none


def remind_at(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when people are reminded of a show: REMIND_BEFORE it, or at EVENING where that is at night."""
    moment = (starts_at - REMIND_BEFORE).astimezone(zone)
    if NIGHT_ENDS <= moment.time() < NIGHT_BEGINS:
        return moment
    evening = moment.date() if moment.time() >= NIGHT_BEGINS else moment.date() - timedelta(days=1)
    return datetime.combine(evening, EVENING, zone)


def reminder_of(showtime: Showtime, *, email: str, booked_at: datetime) -> datetime | None:
    """Return when whoever books now is to be reminded: None for those who will still know, and those without e-mail.
    `showtime`: with its theatre."""
    moment = remind_at(showtime.starts_at, showtime.screen.theatre.zone)
    return moment if email and booked_at <= moment - KNOWN_FOR else None


def bookings_to_remind(*, now: datetime, most: int) -> list[int]:
    """Return ids of bookings whose reminder is due, the longest due first. One query, which reads no others."""
    due = Booking.objects.filter(remind_at__lte=now).order_by("remind_at", "pk")
    return list(due.values_list("pk", flat=True)[:most])


def booking_remind(booking_id: int, *, now: datetime) -> bool:
    """Remind the buyer of their show; False where somebody else has, or there is nothing to remind of any more: it is
    cancelled, called off, or too late. Runs inside its door's transaction: note and mail are committed together, so
    there is one mail."""
    booking = Booking.objects.select_related("showtime__movie", "showtime__screen__theatre").get(pk=booking_id)
    if booking.remind_at is None or booking.remind_at > now:
        return False
    ours = Booking.objects.filter(pk=booking_id, remind_at=booking.remind_at)
    if not ours.update(remind_at=None):
        return False
    is_good = booking.status == BookingStatus.CONFIRMED and booking.showtime.status == ShowtimeStatus.ON_SALE
    if not is_good or not booking.email or now > booking.remind_at + LATE_MAX:
        return False
    mail_reminder(booking, booking.seats.kept().select_related("ticket").order_by("seat_id"))
    return True
