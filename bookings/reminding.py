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
AHEAD_MAX = timedelta(hours=14)  # of the start: EVENING, for a show that begins REMIND_BEFORE after NIGHT_ENDS
LATE_MAX = timedelta(hours=2)  # a worker that comes back after longer wakes nobody up for it
KNOWN_FOR = timedelta(hours=6)  # who booked within this time before the reminder needs none


def remind_at(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when people are reminded of a show: REMIND_BEFORE it, or at EVENING where that is at night."""
    moment = (starts_at - REMIND_BEFORE).astimezone(zone)
    if NIGHT_ENDS <= moment.time() < NIGHT_BEGINS:
        return moment
    evening = moment.date() if moment.time() >= NIGHT_BEGINS else moment.date() - timedelta(days=1)
    return datetime.combine(evening, EVENING, zone)


def bookings_to_remind(*, now: datetime, most: int) -> list[int]:
    """Return ids of paid bookings whose reminder is due. Two queries: the showings of the next hours by their start,
    which are few, and then the bookings of those that are due."""
    soon = Showtime.objects.filter(status=ShowtimeStatus.ON_SALE, starts_at__gt=now, starts_at__lte=now + AHEAD_MAX)
    moments = {
        showtime_id: remind_at(starts_at, ZoneInfo(zone))
        for showtime_id, starts_at, zone in soon.values_list("pk", "starts_at", "screen__theatre__timezone")
    }
    due = [showtime_id for showtime_id, moment in moments.items() if now - LATE_MAX <= moment <= now]
    unreminded = Booking.objects.filter(showtime__in=due, status=BookingStatus.CONFIRMED, reminded_at=None)
    rows = unreminded.exclude(email="").order_by("pk").values_list("pk", "showtime_id", "confirmed_at")
    known = [pk for pk, showtime_id, confirmed_at in rows if confirmed_at <= moments[showtime_id] - KNOWN_FOR]
    return known[:most]


def booking_remind(booking_id: int, *, now: datetime) -> bool:
    """Remind the buyer of their show; False when somebody else has, or it is cancelled since. Runs inside its door's
    transaction: note and mail are committed together, so there is one mail."""
    ours = Booking.objects.filter(pk=booking_id, status=BookingStatus.CONFIRMED, reminded_at=None)
    if not ours.update(reminded_at=now):
        return False
    booking = Booking.objects.select_related("showtime__movie", "showtime__screen__theatre").get(pk=booking_id)
    if booking.showtime.status != ShowtimeStatus.ON_SALE:  # called off: another mail says so
        return False
    mail_reminder(booking, booking.seats.kept().select_related("ticket").order_by("seat_id"))
    return True
