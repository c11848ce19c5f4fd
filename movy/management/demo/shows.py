"""The demo's showtimes, on sale. A hundred thousand rows within seconds, so not by the services: but the rows are the
ones that the services would make, and a test compares them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bookings.models import BookingStatus, SeatStatus, ShowtimeSeat
from catalog.locks import screen_locked
from catalog.models import Movie, Showtime, ShowtimePrice, ShowtimeStatus
from catalog.services import showtime_built
from demo.schedule import PlannedShowtime, fill, showtimes
from movy.lib.clock import day_bounds, local_day
from movy.lib.sql import sql_value
from movy.management.demo.bulk import rows_create, rows_insert
from movy.management.demo.house import LoadedScreen, LoadedTheatre
from movy.management.demo.sales import Taken, holds_load, sales_load, seller_id

DAYS = 15  # today, which is under way, and 14 whole ones
SEAT_COLUMNS = ("showtime_id", "seat_id", "status", "booking_id", "held_until")


def shows_load(theatre: LoadedTheatre, hall: LoadedScreen, films: dict[str, Movie], *, now: datetime) -> int:
    """Fill the free slots of one screen with the demo's programme; return how many shows that added."""
    screen_locked(theatre_id=theatre.theatre.pk, screen_id=hall.screen.pk)
    planned = list(_not_there_yet(theatre, hall, films, now=now))
    rows_create([showtime for _plan, showtime in planned], key=["screen_id", "starts_at"])
    rows_create([price for plan, showtime in planned for price in _prices(theatre, hall, plan, showtime)])

    today = local_day(now, theatre.theatre.timezone)
    sold_at = day_bounds(today, theatre.theatre.timezone)[0]  # whenever today this runs, the same
    taken = sales_load(theatre, hall, planned, sold_by_id=seller_id(theatre.theatre), at=sold_at)
    taken |= holds_load(theatre, hall, planned, now=now)
    seats = [row for plan, showtime in planned for row in _seats(hall, plan, showtime, taken)]
    rows_insert(ShowtimeSeat, SEAT_COLUMNS, seats)
    return len(planned)


def _not_there_yet(
    theatre: LoadedTheatre, hall: LoadedScreen, films: dict[str, Movie], *, now: datetime
) -> Iterator[tuple[PlannedShowtime, Showtime]]:
    """Yield the planned shows whose slot is free. One that was called off keeps its slot: it must not come back."""
    today = local_day(now, theatre.theatre.timezone)
    busy = list(
        Showtime.objects.filter(screen=hall.screen, free_at__gt=now - timedelta(days=2)).values_list(
            "starts_at", "free_at"
        )
    )
    for day in range(DAYS):
        for plan in showtimes(today + timedelta(days=day), hall.plan):
            showtime = showtime_built(
                movie=films[plan.film.slug],
                screen=hall.screen,
                theatre=theatre.theatre,
                starts_at=plan.starts_at,
                format=plan.format,
                language=plan.language,
            )
            if not any(start < showtime.free_at and showtime.starts_at < free for start, free in busy):
                showtime.status = ShowtimeStatus.ON_SALE
                yield plan, showtime


def _prices(
    theatre: LoadedTheatre, hall: LoadedScreen, plan: PlannedShowtime, showtime: Showtime
) -> Iterator[ShowtimePrice]:
    in_hall = {seat.category.code for seat in hall.seats.values()}
    for category, row in theatre.plan.prices_for(plan.format).items():
        for kind, amount_minor in row.items():
            if category in in_hall:
                yield ShowtimePrice(
                    showtime=showtime,
                    category=theatre.categories[category],
                    ticket_type=theatre.ticket_types[kind],
                    amount_minor=amount_minor,
                )


def _seats(hall: LoadedScreen, plan: PlannedShowtime, showtime: Showtime, taken: Taken) -> Iterator[tuple[object, ...]]:
    """Yield the values of ShowtimeSeat's SEAT_COLUMNS for a whole hall, in key order."""
    blocked = {hall.seats[label].pk for label in fill(plan).blocked if label in hall.seats}
    for seat_id in hall.seat_ids:
        booking = taken.get((showtime.pk, seat_id))
        if booking is None:
            status = SeatStatus.BLOCKED if seat_id in blocked else SeatStatus.FREE
            yield showtime.pk, seat_id, status.value, None, None
        elif booking.status == BookingStatus.HELD:
            yield showtime.pk, seat_id, "held", booking.reference, sql_value(booking.hold_expires_at)
        else:
            yield showtime.pk, seat_id, "sold", booking.reference, None
