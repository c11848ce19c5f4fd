"""The best seats, proposed before they are held: the same for the map's script, its page and the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from accounts.services import session_token_issue
from bookings.models import Booking
from bookings.tests.factories import buyer, hold, showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from theatres.tests.factories import ScreenFactory, seats_add

pytestmark = pytest.mark.django_db

SEATS = [f"{row}{number}" for row in "ABC" for number in range(1, 6)]


@pytest.fixture
def showtime() -> Showtime:
    """Three rows of five, and a wheelchair place with its companion seat behind them."""
    screen = ScreenFactory(seats=SEATS)
    seats_add(screen, ["D1"], kind="accessible")
    seats_add(screen, ["D2"], kind="companion")
    return showtime_on_sale(screen=screen, starts_at=database_now() + timedelta(days=3))


def best(client, showtime, **wish):
    return client.get(f"/booking/{showtime.pk}/best", wish)


def test_what_is_proposed_is_what_the_api_holds(client, showtime):
    proposed = best(client, showtime, tickets=7).json()
    assert proposed["said"] == "No 7 together are left: 2 in row B and 5 right behind in row C."
    assert not Booking.objects.exists()
    token = session_token_issue(get_user_model().objects.get(pk=buyer().user_id))
    answer = client.post(
        f"/api/v1/booking/{showtime.pk}",
        {"tickets": 7},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert {seat["label"] for seat in answer.json()["booking"]["seats"]} == set(proposed["seats"])


def test_wheelchair_places_and_companion_seats_are_never_handed_out(client, showtime):
    hold(showtime, SEATS[:10], now=database_now())
    assert set(best(client, showtime, tickets=5).json()["seats"]) == set(SEATS[10:])
    assert best(client, showtime, tickets=6).status_code == 409


def test_a_proposal_follows_the_map(client, showtime):
    [first] = best(client, showtime, tickets=1).json()["seats"]
    hold(showtime, [first], now=database_now())
    assert first not in best(client, showtime, tickets=1).json()["seats"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 200),
        ({"tickets": "0"}, 400),
        ({"tickets": "11"}, 400),
        ({"tickets": "x"}, 400),
        ({"tickets": "2", "category": "standard"}, 200),
        ({"tickets": "2", "category": "royal"}, 400),
        ({"tickets": "2", "category": "\x00"}, 400),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_in_words(client, showtime, wish, status):
    answer = best(client, showtime, **wish)
    assert answer.status_code == status
    assert bool(answer.json()["seats"]) == (status == 200)
    assert answer.json()["said"]


def test_nothing_is_proposed_once_sales_are_over_or_where_no_show_is(client, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(sales_close_at=database_now())
    closed = best(client, showtime, tickets=2)
    assert (closed.status_code, closed.json()["seats"]) == (409, [])
    assert client.get("/booking/999999/best?tickets=2").status_code == 404


def test_a_wish_in_the_address_is_marked_on_the_page(client, showtime):
    page = client.get(f"/booking/{showtime.pk}?tickets=3").content.decode()
    assert page.count(" checked") == 3
    assert "3 seats together are marked for you" in page


def test_picks_of_a_wheelchair_place_say_whom_it_is_for(client, showtime):
    page = client.get(f"/booking/{showtime.pk}?seats=D1&seats=D2").content.decode()
    picks = page.partition('<ul class="picks"')[2].partition("</ul>")[0]
    assert "A place for a wheelchair" in picks
    assert "For whoever comes with somebody in the wheelchair place" in picks
