"""The week by screen, and new showings in it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import ShowtimeSeat
from bookings.tests.factories import showtime_on_sale
from bookings.tests.schedule.steps import address, at, typed
from catalog.models import Showtime, ShowtimePrice
from catalog.series import Wish, series_plan
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now, local_day
from theatres.tests.factories import ScreenFactory

pytestmark = pytest.mark.django_db


# ---- The week


def test_a_show_after_midnight_stands_at_the_end_of_the_evening_before(office, theatre, screen, monday):
    show = ShowtimeFactory(screen=screen, starts_at=at(monday + timedelta(days=1), "00:30"))
    page = office.get(address("week", theatre), {"day": monday.isoformat()})
    [lane] = page.context["lanes"]
    days = {day: [one.showtime for one in blocks] for day, blocks in lane.days()}
    assert days[monday] == [show]
    assert days[monday + timedelta(days=1)] == []


def test_an_address_that_names_no_day_shows_this_week(office, theatre):
    for day in ("", "soon", "9999-12-31", "0001-01-01", "2026-02-30"):
        assert office.get(address("week", theatre), {"day": day}).status_code == 200


def test_the_week_leads_on_from_the_list(office, theatre):
    assert reverse("admin:schedule_home") in office.get(reverse("admin:catalog_showtime_changelist")).content.decode()
    assert office.get(reverse("admin:schedule_home"))["Location"] == address("week", theatre)


WEEK_QUERIES = 10
"""Session and user, the role, the theatre, now; shows, their seats, screens; the person's theatres; the second step."""


@pytest.mark.parametrize("screens", [1, 11])
def test_a_week_of_eleven_screens_takes_the_queries_of_one(office, theatre, monday, screens):
    for _number in range(screens):
        hall = ScreenFactory(theatre=theatre)
        for days in range(7):
            showtime_on_sale(screen=hall, starts_at=at(monday + timedelta(days=days), "19:00"))
    with CaptureQueriesContext(connection) as queries:
        page = office.get(address("week", theatre), {"day": monday.isoformat()})
    assert page.content.decode().count("data-moves") == 7 * screens
    assert len(queries) == WEEK_QUERIES


def test_a_plan_of_a_hundred_showings_takes_the_queries_of_two(theatre, screen, listing, monday):
    now = database_now()
    taken = []
    for days in (2, 100):
        wishes = [
            Wish(listing.movie, screen, monday + timedelta(days=n), time(19), prices=350_000) for n in range(days)
        ]
        with CaptureQueriesContext(connection) as queries:
            planned = series_plan(wishes, theatre=theatre, now=now)
        assert not any(one.problems for one in planned)
        taken.append(len(queries))
    assert taken == [7, 7]


def test_python_and_the_database_agree_on_which_shows_meet(screen, listing, monday):
    first = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "12:00"))  # clean at 13:55
    for minutes in (-116, -115, -114, -1, 0, 1, 114, 115, 116):
        Showtime.objects.exclude(pk=first.pk).delete()
        other = ShowtimeFactory(
            screen=screen, movie=listing.movie, starts_at=first.starts_at + timedelta(minutes=minutes)
        )
        found = Showtime.objects.in_the_way_of(
            screen_id=screen.pk, starts_at=other.starts_at, free_at=other.free_at
        ).exclude(pk=other.pk)
        assert found.exists() == first.meets(other) == other.meets(first) == (abs(minutes) < 115)


# ---- New ones


def test_one_showing_is_scheduled_priced_and_on_sale_at_once(office, theatre, screen, listing, monday):
    answer = office.post(address("new", theatre), typed(screen, listing, monday))
    assert answer.status_code == 303
    show = Showtime.objects.get()
    assert (show.starts_at, show.status, show.price_card) == (at(monday, "19:00"), "on_sale", None)
    assert show.prices.get().amount_minor == 350_000
    assert ShowtimeSeat.objects.filter(showtime=show).count() == 2
    assert show.history.count() == 2  # made, put on sale
    assert ShowtimePrice.history.get().amount_minor == 350_000


def test_half_past_midnight_is_the_end_of_the_day_that_was_typed(office, theatre, screen, listing, monday):
    office.post(address("new", theatre), typed(screen, listing, monday, at="00:30"))
    assert Showtime.objects.get().starts_at == at(monday + timedelta(days=1), "00:30")


def test_the_show_in_the_way_is_named_and_what_was_typed_is_kept(office, theatre, screen, listing, monday):
    ShowtimeFactory(screen=screen, movie__title="Nosferatu", starts_at=at(monday, "17:10"))  # clean at 19:05
    answer = office.post(address("new", theatre), typed(screen, listing, monday))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nosferatu runs in Grand Hall from 17:10" in page
    assert 'value="3,500"' in page
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "25:00"),
        ("day", "2026-02-30"),
        ("day", "1999-01-01"),
        ("movie", "0"),
        ("screen", str(2**70)),
        ("amount", "3,50"),
        ("amount", "1.005"),
        ("amount", "10"),
        ("amount", "1e9"),
        ("amount", "-5"),
        ("amount", "٣٥٠٠"),
        ("amount", ""),
        ("price", "99999"),
        ("opening", "at"),
        ("until", "2020-01-01"),
        ("language", "english"),
        ("weekdays", "9"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(office, theatre, screen, listing, monday, field, value):
    answer = office.post(address("new", theatre), typed(screen, listing, monday) | {field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not Showtime.objects.exists()


def test_a_showing_in_the_past_is_refused(office, theatre, screen, listing):
    day = local_day(database_now(), theatre.timezone) - timedelta(days=2)
    answer = office.post(address("new", theatre), typed(screen, listing, day))
    assert answer.status_code == 409
    assert "That is in the past." in answer.content.decode()
