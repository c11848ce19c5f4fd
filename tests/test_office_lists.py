"""A list of the office takes as many queries for fifty rows as for five."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import CallOff
from catalog.models import Genre, Person, PriceCard
from catalog.tests.factories import ListingFactory, MovieFactory, ShowtimeFactory
from movy.outbox.models import Mail
from payments.models import WebhookMessage
from tests.security.admin_walk import Model, url
from tests.security.admin_world import EVENING, House, booking_add, house, payment_add, person
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add

Numbers = Iterable[int]


def more_theatres(of: House, numbers: Numbers) -> None:
    for _number in numbers:
        ScreenFactory(theatre=TheatreFactory())


def more_seats(of: House, numbers: Numbers) -> None:
    seats_add(of.theatre.screens.get(), [f"Z{number}" for number in numbers])


def more_films(of: House, numbers: Numbers) -> None:
    for number in numbers:
        movie = ListingFactory(theatre=of.theatre, movie=MovieFactory()).movie
        movie.genres.add(Genre.objects.create(name=f"Genre {number}"))


def more_bookings(of: House, numbers: Numbers) -> None:
    screen = of.theatre.screens.get()
    for number in numbers:
        showtime = ShowtimeFactory(screen=screen, starts_at=EVENING + timedelta(days=9 + number))
        payment_add(of, booking_add(of, showtime, screen.seats.first(), reference=f"MANY{number:06}"))


def more_cards(of: House, numbers: Numbers) -> None:
    for number in numbers:
        PriceCard.objects.create(theatre=of.theatre, name=f"Card {number}")


def more_called_off(of: House, numbers: Numbers) -> None:
    screen = of.theatre.screens.get()
    for number in numbers:
        showtime = ShowtimeFactory(screen=screen, starts_at=EVENING + timedelta(days=9 + number))
        CallOff.objects.create(showtime=showtime, at=EVENING, by=of.manager)


def more_of_the_platform(of: House, numbers: Numbers) -> None:
    for number in numbers:
        person(f"somebody-{number}@movy.test")
        Person.objects.create(name=f"Person {number}")
        Mail.objects.create(message_id=f"<{number}>", sender="", recipients=[], subject=f"Mail {number}", content=b"")
        WebhookMessage.objects.create(digest=str(number), body="", event="e", received_at=timezone.now())


MORE: dict[str, Callable[[House, Numbers], None]] = {
    "Theatre": more_theatres,
    "Screen": more_theatres,
    "Seat": more_seats,
    "Movie": more_films,
    "Listing": more_films,
    "Genre": more_films,
    "PriceCard": more_cards,
    "Showtime": more_bookings,
    "Booking": more_bookings,
    "Payment": more_bookings,
    "Refund": more_bookings,
    "CallOff": more_called_off,
    "Person": more_of_the_platform,
    "User": more_of_the_platform,
    "Mail": more_of_the_platform,
    "WebhookMessage": more_of_the_platform,
}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_a_list_of_fifty_takes_the_queries_of_a_list_of_five(db: None, model: Model) -> None:
    of, client, taken = house("Velvet", 1), Client(), []
    client.force_login(person("owner@movy.test", is_superuser=True))
    for numbers in (range(5), range(5, 50)):
        MORE[model.__name__](of, numbers)
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(url(model, "changelist")).context["cl"].result_list
        assert len(rows) >= numbers.stop - 1
        taken.append(len(queries))
    assert taken[0] == taken[1]
    assert taken[0] <= 12
