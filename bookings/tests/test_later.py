"""The same seats in another showing of the film, for whoever paid for seats that had gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.later import showing_offered
from bookings.models import Booking
from bookings.pricing import SeatPick
from bookings.selectors import booking_full
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import STARTS_AT, MovieFactory, ShowtimeFactory
from movy.lib.clock import database_now

pytestmark = pytest.mark.django_db

SEATS = ("C4", "C5", "C6")


@pytest.fixture
def first() -> Showtime:
    return showtime_on_sale(SEATS)


@pytest.fixture
def booking(first) -> Booking:
    """Ada's two seats, of which nobody has the neighbours."""
    found = booking_full(hold(first, ["C4", "C5"]).reference)
    assert found is not None
    return found


def another(first: Showtime, *, hours: int = 24, **kwargs) -> Showtime:
    """Return the same film on the same screen, so many hours later."""
    kwargs = {"movie": first.movie, "screen": first.screen} | kwargs
    return showtime_on_sale((), starts_at=first.starts_at + timedelta(hours=hours), **kwargs)


def test_the_next_showing_with_the_same_seats_free_is_offered_with_the_seats_picked(first, booking):
    taken, free, later = another(first), another(first, hours=48), another(first, hours=72)
    hold(taken, ["C5"], who=buyer("kofi"))
    offer = showing_offered(booking, now=NOW)
    assert offer is not None
    assert (offer.showtime, offer.picks) == (free, [SeatPick("C4"), SeatPick("C5")])
    assert offer.address == f"/booking/{free.pk}?seats=C4&seats=C5"
    assert later.pk != free.pk


def test_without_the_same_seats_the_next_showing_with_as_many_free_is_offered(first, booking):
    full, roomy = another(first), another(first, hours=48)
    block(full, ["C4", "C5"])
    block(roomy, ["C5"])
    offer = showing_offered(booking, now=NOW)
    assert offer is not None
    assert (offer.showtime, offer.picks, offer.address) == (roomy, [], f"/booking/{roomy.pk}")


def test_a_lapsed_hold_leaves_its_seats_to_be_offered(first, booking):
    free = another(first)
    hold(free, ["C4"], who=buyer("kofi"))
    offer = showing_offered(booking, now=NOW + timedelta(hours=1))
    assert offer is not None
    assert (offer.showtime, len(offer.picks)) == (free, 2)


@pytest.mark.parametrize("case", ["another film", "another theatre", "a draft", "called off", "sales over", "itself"])
def test_nothing_is_offered_that_cannot_be_booked_or_is_something_else(first, booking, case):
    now = NOW
    if case == "another film":
        another(first, movie=MovieFactory())
    elif case == "another theatre":
        showtime_on_sale(SEATS, movie=first.movie, starts_at=STARTS_AT + timedelta(days=1))
    elif case == "a draft":
        ShowtimeFactory(movie=first.movie, screen=first.screen, seats=(), starts_at=STARTS_AT + timedelta(days=1))
    elif case == "called off":
        Showtime.objects.filter(pk=another(first).pk).update(status=ShowtimeStatus.CALLED_OFF)
    elif case == "sales over":
        now = another(first).sales_close_at
    assert showing_offered(booking, now=now) is None


def test_however_many_showings_it_is_three_queries_at_most(first, booking, django_assert_num_queries):
    for day in range(1, 6):
        block(another(first, hours=24 * day), ["C4"])
    with django_assert_num_queries(3):
        assert showing_offered(booking, now=NOW) is not None


def test_the_ticket_types_go_along(first, booking):
    another(first)
    booking.seats.filter(label="C5").update(ticket_type="child")
    found = booking_full(booking.reference)
    assert found is not None
    offer = showing_offered(found, now=NOW)
    assert offer is not None
    assert offer.address.endswith("?seats=C4&seats=C5&ticket_type.C5=child")


def test_a_map_says_which_picked_seats_have_gone_and_keeps_the_others(client):
    now = database_now()
    showtime = showtime_on_sale(starts_at=now + timedelta(days=3))
    hold(showtime, ["C4"], who=buyer("kofi"), now=now)
    page = client.get(f"/booking/{showtime.pk}?seats=C4&seats=C5&seats=Z99").content.decode()
    assert "Seat C4 is not free any more." in page
    assert page.count(" checked") == 1
    assert "Z99" not in page
