"""What the benchmarks book: a hall of 420 seats, shows in it, and a buyer for every pair of seats. It stands beside
whatever the database has already: its bookings have the highest ids, and only they are ever taken back."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from itertools import product

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.services import session_token_issue
from bookings.models import BookedSeat, Booking, BookingEvent, Buyer, SeatStatus, ShowtimeSeat
from bookings.services import showtime_put_on_sale
from catalog.models import Movie, Showtime, ShowtimePrice
from theatres.models import RefundStep, Screen, Seat, SeatCategory, Theatre, TicketType, seat_label

ROWS, SEATS_A_ROW, PREMIUM_ROWS = "ABCDEFGHIJKLMNOPQRST", 21, "RST"
SEATS = len(ROWS) * SEATS_A_ROW
PAIRS_A_SHOW = len(ROWS) * (SEATS_A_ROW // 2)
PRICES = {("standard", "adult"): 350_000, ("standard", "child"): 200_000, ("premium", "adult"): 500_000}
FIRST_ADDRESS = IPv4Address("10.0.0.1")
BOOKING_IDS_FROM = 1_000_000_000
"""Higher than any other number in a statement, so that a recorded one tells which of its values is a booking's id."""
CLEARED, CLEARING_SECONDS = 20, 3.0


@dataclass(frozen=True)
class Wish:
    """Two seats side by side that one buyer wants; nobody else wants them, so every hold succeeds."""

    showtime_id: int
    labels: tuple[str, str]
    buyer: Buyer


@dataclass(frozen=True)
class World:
    """`half_sold_id`: the show whose map is drawn. `wishes`: at shows that are empty before each round. `rush_id`: an
    empty show, which ten thousand want to see."""

    half_sold_id: int
    rush_id: int
    wishes: list[Wish]


def world_build(*, shows: int, now: datetime) -> World:
    """Make the hall, `shows` empty shows with a wish for each pair of seats, and one show with half its seats sold."""
    with transaction.atomic():
        screen = _hall()
        made = [_show(screen, now + timedelta(days=3, hours=3 * number)) for number in range(shows + 2)]
        for showtime in made:
            showtime_put_on_sale(showtime_id=showtime.pk, now=now)
        half_sold, rush, *empty = made
        sold = list(half_sold.seats.order_by("seat_id").values_list("seat_id", flat=True))[::2]
        ShowtimeSeat.objects.filter(showtime=half_sold, seat_id__in=sold).update(
            status=SeatStatus.SOLD, booking_id="SOLDBEFORE"
        )
        world = World(half_sold.pk, rush.pk, _wishes(empty))
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Booking._meta.db_table} AUTO_INCREMENT = {BOOKING_IDS_FROM}")
    return world


def tokens(wishes: Sequence[Wish]) -> list[str]:
    """Return an access token for the buyer of each wish."""
    return tokens_of([wish.buyer.user_id for wish in wishes if wish.buyer.user_id])


def strangers(count: int) -> list[str]:
    """Return an access token for each of so many people who want nothing yet."""
    people = get_user_model().objects
    people.bulk_create(
        (people.model(email=f"stranger{number}@example.test") for number in range(count)), ignore_conflicts=True
    )
    return tokens_of(people.filter(email__startswith="stranger").order_by("pk").values_list("pk", flat=True)[:count])


def tokens_of(user_ids: Iterable[int]) -> list[str]:
    users = get_user_model().objects.in_bulk(list(user_ids))
    with transaction.atomic():
        return [session_token_issue(users[user_id]) for user_id in user_ids]


def holds_count() -> int:
    """Return how many bookings there are with both their seats, lines and their event: what a round must have made."""
    bookings = Booking.objects.filter(pk__gte=BOOKING_IDS_FROM)
    of_them = {"booking_id__gte": BOOKING_IDS_FROM}
    counts = {
        bookings.count(),
        BookingEvent.objects.filter(**of_them).count(),
        BookedSeat.objects.filter(**of_them).count() // 2,
        _seats_held(bookings).count() // 2,
    }
    if len(counts) != 1:
        raise RuntimeError(f"a round left half-made bookings: {counts}")
    return counts.pop()


def holds_forget() -> None:
    """Take back what the benchmarks booked so far, and wait until the database has cleared away after us: that would be
    work in somebody's round."""
    with transaction.atomic():
        bookings = Booking.objects.filter(pk__gte=BOOKING_IDS_FROM)
        _seats_held(bookings).update(status=SeatStatus.FREE, booking=None, held_until=None)
        # Up to the last one: whoever lost patience in a rush may be given seats while we are at it.
        last = bookings.order_by("pk").values_list("pk", flat=True).last() or BOOKING_IDS_FROM
        with connection.cursor() as cursor:  # not by the ORM, which would look for what belongs to them
            for model, column in ((BookingEvent, "booking_id"), (BookedSeat, "booking_id"), (Booking, "id")):
                cursor.execute(
                    f"DELETE FROM {model._meta.db_table} WHERE {column} BETWEEN %s AND %s", [BOOKING_IDS_FROM, last]
                )
    deadline = time.monotonic() + CLEARING_SECONDS
    while _history_length() > CLEARED and time.monotonic() < deadline:
        time.sleep(0.02)


def _seats_held(bookings: QuerySet[Booking]) -> QuerySet[ShowtimeSeat]:
    shows = bookings.values_list("showtime_id", flat=True).distinct()
    return ShowtimeSeat.objects.filter(showtime_id__in=list(shows), status=SeatStatus.HELD)


def _history_length() -> int:
    """Return how much of transactions that are over InnoDB has still to clear away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = %s",
            ["innodb_history_list_length"],
        )
        return int(cursor.fetchone()[0])


def _hall() -> Screen:
    theatre = Theatre.objects.create(
        name="Benchmark", slug="benchmark", city="Lagos", country="NG", timezone="Africa/Lagos", currency="NGN"
    )
    RefundStep.objects.create(theatre=theatre, hours_before=2, percent=100)
    categories = {
        code: SeatCategory.objects.create(theatre=theatre, code=code, name=code.title(), position=position)
        for position, code in enumerate(["standard", "premium"])
    }
    for position, code in enumerate(["adult", "child"]):
        TicketType.objects.create(theatre=theatre, code=code, name=code.title(), position=position)
    screen = Screen.objects.create(theatre=theatre, name="1")
    Seat.objects.bulk_create(
        Seat(
            screen=screen,
            row=row,
            number=number,
            label=seat_label(row, number),
            x=number * 10,
            y=ROWS.index(row) * 12,
            category=categories["premium" if row in PREMIUM_ROWS else "standard"],
        )
        for row, number in product(ROWS, range(1, SEATS_A_ROW + 1))
    )
    return screen


def _show(screen: Screen, starts_at: datetime) -> Showtime:
    movie, _made = Movie.objects.get_or_create(title="Two Hours", runtime_minutes=120)
    ends_at = starts_at + timedelta(minutes=120)
    showtime = Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=starts_at,
        ends_at=ends_at,
        free_at=ends_at + timedelta(minutes=20),
        sales_close_at=starts_at,
        currency="NGN",
    )
    theatre = screen.theatre
    for (category, kind), amount_minor in PRICES.items():
        ShowtimePrice.objects.create(
            showtime=showtime,
            category=theatre.categories.get(code=category),
            ticket_type=theatre.ticket_types.get(code=kind),
            amount_minor=amount_minor,
        )
    return showtime


def _wishes(showtimes: list[Showtime]) -> list[Wish]:
    """A wish for every pair, in an order that mixes shows and rows, the same on each machine. Each buyer has an address
    of their own, or the limit for one address would end the round."""
    people = get_user_model().objects
    pairs = [(row, number) for row, number in product(ROWS, range(1, SEATS_A_ROW, 2))]
    places = [(show, pair) for show in showtimes for pair in pairs]
    people.bulk_create(people.model(email=f"wisher{number}@example.test") for number in range(len(places)))
    users = people.filter(email__startswith="wisher").order_by("pk")
    wishes = [
        Wish(
            showtime_id=show.pk,
            labels=(seat_label(row, number), seat_label(row, number + 1)),
            buyer=Buyer(
                email=user.email, user_id=user.pk, address=f"10.{index >> 16}.{index >> 8 & 255}.{index & 255}"
            ),
        )
        for index, ((show, (row, number)), user) in enumerate(zip(places, users, strict=True))
    ]
    random.Random(420).shuffle(wishes)
    return wishes
