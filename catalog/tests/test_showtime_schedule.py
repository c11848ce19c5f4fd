from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.errors import InvalidShowtime, MovieHasShowtimes, ScreenBusy
from catalog.models import Listing, Showtime
from catalog.services import ShowtimeDraft, listing_remove, showtime_schedule
from catalog.tests.factories import STARTS_AT, ListingFactory, MovieFactory, ShowtimeFactory
from movy.lib.errors import NotFound
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ShowtimeDraft:
    screen = ScreenFactory(theatre__cleaning_minutes=15)
    movie = MovieFactory(runtime_minutes=100, language="en")
    ListingFactory(theatre=screen.theatre, movie=movie)
    return ShowtimeDraft(
        theatre_id=screen.theatre_id,
        screen_id=screen.pk,
        movie_id=movie.pk,
        starts_at=STARTS_AT,
        prices=350_000,
    )


def test_it_is_a_draft_with_the_theatres_rules_frozen_in(draft):
    showtime = showtime_schedule(draft=draft, now=NOW)
    showtime.refresh_from_db()
    assert showtime.status == "draft"
    assert (showtime.ends_at, showtime.free_at) == (
        STARTS_AT + timedelta(minutes=100),
        STARTS_AT + timedelta(minutes=115),
    )
    assert (showtime.sales_close_at, showtime.currency, showtime.language) == (STARTS_AT, "NGN", "en")
    assert showtime.prices.get().amount_minor == 350_000


@pytest.mark.parametrize("minutes", [0, 1, 114, -1, -114])
def test_a_show_that_meets_another_one_is_refused_and_names_it(draft, minutes):
    first = showtime_schedule(draft=draft, now=NOW)
    late = replace(draft, starts_at=draft.starts_at + timedelta(minutes=minutes))
    with pytest.raises(ScreenBusy) as refusal:
        showtime_schedule(draft=late, now=NOW)
    assert refusal.value.extra == {
        "conflict": {"id": first.pk, "title": first.movie.title, "starts_at": "2026-06-06T18:00:00Z"}
    }
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize("minutes", [115, -115])
def test_a_show_right_after_the_cleaning_fits(draft, minutes):
    showtime_schedule(draft=draft, now=NOW)
    showtime_schedule(draft=replace(draft, starts_at=draft.starts_at + timedelta(minutes=minutes)), now=NOW)


def test_a_show_called_off_frees_its_slot(draft):
    Showtime.objects.filter(pk=showtime_schedule(draft=draft, now=NOW).pk).update(status="called_off")
    showtime_schedule(draft=draft, now=NOW)


def test_another_screen_is_another_slot(draft):
    showtime_schedule(draft=draft, now=NOW)
    other = ScreenFactory(theatre_id=draft.theatre_id)
    showtime_schedule(draft=replace(draft, screen_id=other.pk), now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": NOW}, "starts_at"),
        ({"starts_at": NOW + timedelta(days=400)}, "starts_at"),
        ({"starts_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC) - timedelta(days=2)}, "starts_at"),
        ({"prices": 4_999}, "price"),
        ({"prices": 10**12}, "price"),
        ({"prices": -1}, "price"),
        ({"prices": {}}, "price"),
        ({"prices": {"standard": {}}}, "price"),
        ({"prices": {"standard": {"adult": 5000, "wizard": 5000}}}, "price"),
        ({"prices": {"standard": {"adult": 5000}, "throne": {"adult": 5000}}}, "price"),
        ({"movie_id": 10**9}, "movie"),
        ({"screen_id": 10**9}, "screen"),
    ],
)
def test_what_cannot_be_is_refused_by_field(draft, change, field):
    with pytest.raises(InvalidShowtime) as refusal:
        showtime_schedule(draft=replace(draft, **change), now=NOW)
    assert refusal.value.field == field
    assert not Showtime.objects.exists()


@pytest.mark.parametrize("price", [0, 5_000])
def test_nothing_and_paystacks_least_charge_are_prices(draft, price):
    assert showtime_schedule(draft=replace(draft, prices=price), now=NOW).prices.get().amount_minor == price


def test_every_category_of_the_hall_needs_an_adults_price(draft):
    screen = ScreenFactory(theatre_id=draft.theatre_id)
    screen.theatre.categories.create(code="balcony", name="Balcony")
    seats_add(screen, ["Z1"], category="balcony")
    with pytest.raises(InvalidShowtime):
        showtime_schedule(draft=replace(draft, screen_id=screen.pk, prices={"standard": {"adult": 5000}}), now=NOW)


def test_a_film_of_unknown_length_and_an_empty_hall_are_refused(draft):
    unknown = ListingFactory(theatre_id=draft.theatre_id, movie__runtime_minutes=None).movie
    empty = ScreenFactory(theatre_id=draft.theatre_id, seats=[])
    for change in ({"movie_id": unknown.pk}, {"screen_id": empty.pk}):
        with pytest.raises(InvalidShowtime):
            showtime_schedule(draft=replace(draft, **change), now=NOW)


def test_another_theatres_screen_and_film_are_as_if_they_did_not_exist(draft):
    for change in ({"screen_id": ScreenFactory().pk}, {"movie_id": ListingFactory().movie.pk}):
        with pytest.raises(InvalidShowtime) as there:
            showtime_schedule(draft=replace(draft, **change), now=NOW)
        with pytest.raises(InvalidShowtime) as nowhere:
            showtime_schedule(draft=replace(draft, **dict.fromkeys(change, 10**9)), now=NOW)
        assert there.value.extra == nowhere.value.extra


def test_a_film_with_coming_shows_stays_on_the_list():
    showtime = ShowtimeFactory()
    keys = {"theatre_id": showtime.screen.theatre_id, "movie_id": showtime.movie_id}
    ListingFactory(**keys)
    elsewhere = ListingFactory(theatre=TheatreFactory(), movie=showtime.movie)
    with pytest.raises(MovieHasShowtimes):
        listing_remove(**keys, now=NOW)
    listing_remove(**keys, now=showtime.ends_at)
    assert Listing.objects.get() == elsewhere
    with pytest.raises(NotFound):
        listing_remove(**keys, now=NOW)
