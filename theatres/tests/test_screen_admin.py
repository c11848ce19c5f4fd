"""Screens in the office: a new one begins empty or as a copy, and one that films were shown on stays."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.tests.factories import showtime_on_sale
from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house, person
from theatres.models import Screen, Seat, Theatre
from theatres.tests.factories import ScreenFactory


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    client = Client()
    client.force_login(own.manager)
    return client


def added(client: Client, own: House, **data: object) -> Screen | None:
    answer = client.post(url(Screen, "add"), {"theatre": own.theatre.pk, "name": "Studio", **data})
    screen = Screen.objects.filter(name="Studio").first()
    if screen:
        assert answer["Location"] == url(Screen, "plan", screen.pk)
    return screen


def test_a_new_screen_leads_to_its_empty_plan(client: Client, own: House) -> None:
    screen = added(client, own)
    assert screen is not None
    assert client.get(url(Screen, "plan", screen.pk)).status_code == 200
    assert not screen.seats.exists()


def test_a_new_screen_can_begin_with_a_copy_of_another_ones_plan(client: Client, own: House) -> None:
    source = own.theatre.screens.get()
    Seat.objects.filter(screen=source, number=2).update(kind="accessible")
    ScreenFactory(theatre=own.theatre, seats=["A1"])
    screen = added(client, own, copy_of=source.pk)
    assert screen is not None
    seats = [list(of.seats.order_by("label").values_list("label", "kind")) for of in (source, screen)]
    assert seats[0] == seats[1]


def test_a_plan_is_not_copied_from_another_theatre(client: Client, own: House) -> None:
    foreign = ScreenFactory(seats=["A1"])
    assert added(client, own, copy_of=foreign.pk) is None


def test_a_screen_without_showings_is_deleted_with_its_seats(client: Client, own: House) -> None:
    screen = ScreenFactory(theatre=own.theatre, seats=["A1", "A2"])
    page = url(Screen, "delete", screen.pk)
    assert "Are you sure" in client.get(page).content.decode()
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not Screen.objects.filter(pk=screen.pk).exists()


def test_a_screen_with_a_showing_cannot_be_deleted(client: Client, own: House) -> None:
    screen = showtime_on_sale(screen=ScreenFactory(theatre=own.theatre, seats=["A1"])).screen
    assert client.post(url(Screen, "delete", screen.pk), {"post": "yes"}).status_code == 403
    assert screen.seats.count() == 1


def test_seats_are_read_in_the_office_and_changed_in_their_plan_alone(client: Client, own: House) -> None:
    seat = own.theatre.screens.get().seats.first()
    assert client.get(url(Seat, "change", seat.pk)).status_code == 200
    assert client.post(url(Seat, "change", seat.pk), {"x": 7}).status_code == 403
    assert client.get(url(Seat, "add")).status_code == 403


def test_a_new_theatre_has_a_category_to_draw_seats_in(db: None) -> None:
    client = Client()
    client.force_login(person("owner@movy.test", is_superuser=True))
    data = form_data(client.get(url(Theatre, "add"))) | {
        "name": "New",
        "slug": "new",
        "city": "Lagos",
        "country": "NG",
        "address": "1 Road",
        "timezone": "Africa/Lagos",
        "currency": "NGN",
    }
    assert client.post(url(Theatre, "add"), data).status_code == 302
    assert [category.code for category in Theatre.objects.get(slug="new").categories.all()] == ["standard"]
