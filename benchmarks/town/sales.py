"""Who books what and when. A hall's seats are divided into parties once, in four ways; of each show some are sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Self

from django.conf import settings
from django.db import connection

from benchmarks.town.bulk import first_id, reference_of, rows_insert, table_fill
from benchmarks.town.houses import REFUND_HOURS, REFUND_PERCENT, Hall, House
from benchmarks.town.people import People
from benchmarks.town.shows import Show
from bookings.models import Booking, BookingStatus
from movy.lib.references import ALPHABET
from movy.lib.sql import sql_value
from theatres.models import Seat, SeatKind, TicketType

WAYS = 4
SIZES, SIZE_WEIGHTS = (1, 2, 3, 4, 5, 6), (14, 48, 12, 18, 5, 3)
FAMILY_FROM = 4  # people who come together: two adults and their children
PAST_SHARE = (0.2, 0.35, 0.5, 0.75, 0.7)  # of the seats that were sold, by slot: half of a day's
COMING_SHARE, LATER = 0.4, 0.75  # of the seats of the next day's shows; and of each day after, as a part of the last's
DESK, GUEST, GIVEN_BACK, LAPSED, HELD = 0.25, 0.2, 0.03, 0.08, 0.05  # parts of all sales, or of those online
BOOKED_BEFORE, DESK_BEFORE = timedelta(days=10), timedelta(hours=2)
PAYING = timedelta(minutes=5)
REFUND_STEPS = sql_value([[REFUND_HOURS, REFUND_PERCENT]])
HELD_FOR = timedelta(hours=1)  # what is held as the town is built: longer than a buyer's hold, so that one sees it

BOOKING = (
    *("id", "reference", "showtime_id", "user_id", "email", "name", "phone", "address", "status", "currency"),
    *("total_minor", "refund_steps", "hold_expires_at", "hold_is_lengthened", "sold_by_id"),
    *("created_at", "confirmed_at", "cancelled_at"),
)
TABLES = {
    "town_line": "party INTEGER NOT NULL, seat_id BIGINT NOT NULL, tail CHAR(6) NOT NULL, label VARCHAR(8) NOT NULL,"
    " category VARCHAR(20) NOT NULL, category_name VARCHAR(60) NOT NULL, ticket_type VARCHAR(20) NOT NULL,"
    " ticket_type_name VARCHAR(60) NOT NULL, price_minor INTEGER NOT NULL, PRIMARY KEY (party, seat_id)",
    "town_sale": "booking_id BIGINT NOT NULL PRIMARY KEY, party INTEGER NOT NULL",
    "town_taken": "showtime_id BIGINT NOT NULL, seat_id BIGINT NOT NULL, reference VARCHAR(10) NOT NULL,"
    " status VARCHAR(10) NOT NULL, hold_expires_at DATETIME(6), PRIMARY KEY (showtime_id, seat_id)",
}
"""Temporary: what each party sits on; which party each booking of a stretch is; whose its seats are (following.py)."""


@dataclass(frozen=True)
class Party:
    """People who sit side by side, and what that costs. Its lines are in the temporary table town_line."""

    number: int
    seats: int
    total_minor: int


@dataclass(frozen=True)
class Sale:
    """Who booked what a party sits on, and what became of it."""

    created_at: datetime
    hold_expires_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None = None
    status: BookingStatus = BookingStatus.CONFIRMED
    user_id: int | None = None
    email: str = ""
    name: str = ""
    address: str | None = None
    sold_by_id: int | None = None


class Seller:
    """Sells the shows of a town, stretch by stretch. Needs one connection: what it knows is in temporary tables."""

    def __init__(self, houses: Sequence[House], people: People, *, now: datetime, seed: int) -> None:
        self._people, self._now, self._seed = people, now, seed
        self._next_id, self._next_party = first_id(Booking), 0
        self._lines: list[tuple[object, ...]] = []
        self._ways = {
            hall.screen.pk: [self._divided(house, hall, way) for way in range(WAYS)]
            for house in houses
            for hall in house.halls
        }

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            for name, columns in TABLES.items():
                cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
        table_fill("town_line", 9, self._lines)
        return self

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            for name in TABLES:
                cursor.execute(f"DROP TABLE {name}")

    def sell(self, shows: Sequence[Show]) -> range:
        """Store the bookings of these shows; return their ids. What follows from them is not there yet."""
        rows: list[tuple[object, ...]] = []
        parties: list[tuple[int, int]] = []
        for show in shows:
            random = Random(f"sales {self._seed} {show.id}")
            for party, sale in self._sales(show, random):
                number = self._next_id + len(rows)
                rows.append(_booking(number, show, party, sale))
                parties.append((number, party.number))
        ids = range(self._next_id, self._next_id + len(rows))
        self._next_id = ids.stop
        rows_insert(Booking, BOOKING, rows)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM town_sale")
        table_fill("town_sale", 2, parties)
        return ids

    def _sales(self, show: Show, random: Random) -> Iterator[tuple[Party, Sale]]:
        """Yield the parties that booked, each seat once but for what lapsed or was given back."""
        parties = iter(random.choice(self._ways[show.hall.screen.pk]))
        wanted = _share(show, self._now) * len(show.hall.seats)
        while wanted > 0 and (party := next(parties, None)):
            yield party, self._sale(show, random)
            wanted -= party.seats
        lapsed = [party for party in parties if random.random() < LAPSED]
        held = lapsed.pop() if lapsed and show.starts_at > self._now + HELD_FOR and random.random() < HELD else None
        for party in lapsed:
            yield party, replace(self._online(show, random), status=BookingStatus.EXPIRED, confirmed_at=None)
        if held:
            sale = replace(self._online(show, random), status=BookingStatus.HELD, confirmed_at=None)
            yield held, replace(sale, created_at=self._now, hold_expires_at=self._now + HELD_FOR)

    def _sale(self, show: Show, random: Random) -> Sale:
        if random.random() < DESK:
            at = min(show.starts_at, self._now) - DESK_BEFORE * random.random()
            return Sale(created_at=at, hold_expires_at=at, confirmed_at=at, sold_by_id=show.house.manager_id)
        sale = self._online(show, random)
        closing = min(show.starts_at - timedelta(hours=REFUND_HOURS), self._now)
        if random.random() < GIVEN_BACK and sale.confirmed_at and sale.confirmed_at < closing:
            at = sale.confirmed_at + (closing - sale.confirmed_at) * random.random()
            return replace(sale, status=BookingStatus.CANCELLED, cancelled_at=at)
        return sale

    def _online(self, show: Show, random: Random) -> Sale:
        """Somebody books at home and pays within minutes, the likelier the sooner the show begins."""
        at = min(show.starts_at, self._now) - PAYING - BOOKED_BEFORE * random.random() ** 2
        user_id, email, name = (
            (None, *random.choice(self._people.guests))
            if random.random() < GUEST
            else random.choice(self._people.users)
        )
        return Sale(
            user_id=user_id,
            email=email,
            name=name,
            address=f"105.112.{random.randrange(256)}.{random.randrange(256)}",
            created_at=at,
            hold_expires_at=at + timedelta(minutes=settings.HOLD_MINUTES),
            confirmed_at=at + PAYING * random.random(),
        )

    def _divided(self, house: House, hall: Hall, way: int) -> list[Party]:
        """Divide a hall's ordinary seats into parties within its rows; the order is that in which they are sold."""
        random = Random(f"parties {self._seed} {house.theatre.slug} {hall.screen.name} {way}")
        parties = []
        ordinary = [seat for seat in hall.seats if seat.kind == SeatKind.REGULAR]
        for _row, seats_of_row in groupby(ordinary, key=lambda seat: seat.row):
            left = list(seats_of_row)
            while left:
                size = random.choices(SIZES, weights=SIZE_WEIGHTS)[0]
                parties.append(self._party(house, left[:size], random))
                left = left[size:]
        random.shuffle(parties)
        return parties

    def _party(self, house: House, seats: Sequence[Seat], random: Random) -> Party:
        number = self._next_party
        self._next_party += 1
        total_minor = 0
        for at, seat in enumerate(seats):
            kind = "child" if len(seats) >= FAMILY_FROM and at >= 2 else TicketType.ADULT
            price_minor = house.prices[seat.category.code][kind]
            total_minor += price_minor
            tail = reference_of(random.randrange(32**5), length=5) + ALPHABET[at]
            names = (seat.category.code, seat.category.name, kind, house.ticket_types[kind].name)
            self._lines.append((number, seat.pk, tail, seat.label, *names, price_minor))
        return Party(number, len(seats), total_minor)


def _share(show: Show, now: datetime) -> float:
    """Return what part of a hall is sold."""
    if show.starts_at <= now:
        return PAST_SHARE[show.slot]
    return COMING_SHARE * float(LATER ** (show.starts_at - now).days)


def _booking(number: int, show: Show, party: Party, sale: Sale) -> tuple[object, ...]:
    times = (sale.created_at, sale.confirmed_at, sale.cancelled_at)
    return (
        *(number, reference_of(number), show.id, sale.user_id, sale.email, sale.name, "", sale.address),
        *(sale.status.value, show.house.theatre.currency, party.total_minor, REFUND_STEPS),
        *(sql_value(sale.hold_expires_at), False, sale.sold_by_id, *map(sql_value, times)),
    )
