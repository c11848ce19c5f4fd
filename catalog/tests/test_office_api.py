from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.http import HttpResponse
from django.test import Client

from catalog.models import Listing, Movie, ShowtimeStatus
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from catalog.tmdb import tmdb as tmdb_client
from demo.films import FILM_BY_SLUG
from movy.lib.clock import database_now, rfc3339
from theatres.models import Theatre
from theatres.tests.factories import ScreenFactory, TheatreFactory
from theatres.tests.people import OUTSIDERS, client_of, statuses

pytestmark = pytest.mark.django_db

FILM = FILM_BY_SLUG["metropolis"]
MANAGERS = {"door": 403, "box_office": 403}
"""Who works there and is refused all the same."""


@pytest.fixture(autouse=True)
def _own_pictures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory()


@pytest.fixture
def manager(theatre) -> Client:
    return client_of("manager", theatre)


def path(theatre: Theatre, rest: str) -> str:
    return f"/api/v1/theatre/{theatre.pk}/{rest}"


def add(client: Client, theatre: Theatre, tmdb_id: object = FILM.tmdb_id) -> HttpResponse:
    return client.post(path(theatre, "add-movie"), {"tmdb_id": tmdb_id}, content_type="application/json")


# ---- Adding


def test_a_film_is_fetched_once_and_told_as_everywhere(tmdb, theatre, manager):
    first = add(manager, theatre)
    assert first.status_code == 201
    movie = Movie.objects.get()
    assert first.json() == {"movie": manager.get(f"/api/v1/movies/{movie.pk}").json()}
    assert first.json()["movie"]["title"] == "Metropolis"
    again = add(manager, theatre)
    assert (again.status_code, again.json()) == (200, first.json())
    rival = TheatreFactory()
    assert add(client_of("manager", rival), rival).status_code == 201
    assert Listing.objects.count() == 2


def test_only_managers_add(tmdb, theatre):
    body = {"data": {"tmdb_id": FILM.tmdb_id}, "content_type": "application/json"}
    allowed = {"manager": 201, "owner": 200}
    assert statuses("post", path(theatre, "add-movie"), theatre, **body) == OUTSIDERS | MANAGERS | allowed


def test_a_stranger_does_not_make_tmdb_busy(tmdb, theatre):
    assert add(client_of("rival", theatre), theatre).status_code == 403
    assert not tmdb.router.requests


def test_a_film_that_tmdb_does_not_have_is_said_so(tmdb, theatre, manager):
    refusal = add(manager, theatre, 999_999)
    assert (refusal.status_code, refusal.json()["code"]) == (404, "tmdb_not_found")


def test_without_tmdb_nothing_is_changed(tmdb, theatre, manager):
    tmdb.router.faults.arm("offline", path="/3/movie", times=10)
    refusal = add(manager, theatre)
    assert (refusal.status_code, refusal.json()["code"]) == (502, "tmdb_unavailable")
    assert not Movie.objects.exists()
    assert not Listing.objects.exists()


@pytest.mark.parametrize("tmdb_id", [None, "19", 0, -1, 2**31, 1.5, True, [], {}])
def test_what_is_no_tmdb_id_is_refused(theatre, manager, tmdb_id):
    refusal = add(manager, theatre, tmdb_id)
    assert (refusal.status_code, refusal.json()["errors"][0]["field"]) == (400, "tmdb_id")


# ---- Searching


def search(client: Client, theatre: Theatre, **query: object) -> HttpResponse:
    return client.get(path(theatre, "search-movies"), query)


def test_a_search_tells_enough_to_choose(tmdb, theatre, manager):
    found = search(manager, theatre, query="metropolis").json()
    assert (found["next"], found["previous"]) == (None, None)
    [film] = [row for row in found["results"] if row["tmdb_id"] == FILM.tmdb_id]
    assert film["title"] == "Metropolis"
    assert film["release_date"] == FILM.released_on.isoformat()
    assert film["overview"]
    assert film["poster_url"].startswith(f"{tmdb.base_url}/t/p/w342/")
    assert manager.get(path(theatre, "search-movies"), {"query": "no such film anywhere"}).json()["results"] == []


def test_posters_on_another_host_are_left_out(tmdb, theatre, manager, monkeypatch):
    monkeypatch.setattr(tmdb_client(), "_configuration", None)  # kept for a day, so perhaps from another test
    tmdb.router.faults.arm("foreign-pictures", path="/3/configuration", times=100)
    results = search(manager, theatre, query="metropolis").json()["results"]
    assert results
    assert {row["poster_url"] for row in results} == {None}


@pytest.mark.parametrize("fault", ["null-lists", "missing-keys", "extra-keys", "wrong-values"])
def test_a_hostile_answer_becomes_a_clean_list(tmdb, theatre, manager, fault):
    tmdb.router.faults.arm(fault, path="/3/search/movie")
    answer = search(manager, theatre, query="metropolis")
    assert answer.status_code == 200
    for row in answer.json()["results"]:
        assert set(row) == {"tmdb_id", "title", "release_date", "overview", "poster_url"}
        assert isinstance(row["overview"], str)


def test_a_search_without_tmdb_is_refused(tmdb, theatre, manager):
    tmdb.router.faults.arm("offline", path="/3/search/movie", times=10)
    refusal = search(manager, theatre, query="metropolis")
    assert (refusal.status_code, refusal.json()["code"]) == (502, "tmdb_unavailable")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "query"),
        ({"query": "  "}, "query"),
        ({"query": "a" * 201}, "query"),
        ({"query": "a\0"}, "query"),
        ({"query": "a", "page": 0}, "page"),
        ({"query": "a", "page": 501}, "page"),
    ],
)
def test_what_cannot_be_searched_for_is_named(theatre, manager, query, field):
    refusal = search(manager, theatre, **query)
    assert (refusal.status_code, refusal.json()["errors"][0]["field"]) == (400, field)


def test_only_managers_search(tmdb, theatre):
    allowed = {"manager": 200, "owner": 200}
    assert statuses("get", path(theatre, "search-movies?query=nosferatu"), theatre) == OUTSIDERS | MANAGERS | allowed


# ---- The list


def test_the_list_has_films_with_and_without_a_show_here(theatre, manager):
    now = database_now()
    screen = ScreenFactory(theatre=theatre)
    shown = ListingFactory(theatre=theatre, movie__title="A shown one")
    unshown = ListingFactory(theatre=theatre, movie__title="B unshown", movie__tmdb_id=77)
    ListingFactory(movie=shown.movie)
    on_sale = partial(ShowtimeFactory, movie=shown.movie, status=ShowtimeStatus.ON_SALE)
    on_sale(starts_at=now + timedelta(hours=1))  # sooner, but elsewhere
    later, sooner = [on_sale(screen=screen, starts_at=now + timedelta(days=days)) for days in (3, 2)]
    first, second = manager.get(path(theatre, "movies")).json()["results"]
    assert (first["title"], second["title"]) == ("A shown one", "B unshown")
    assert first["next_showtime"]["id"] == sooner.pk
    assert first["from_price"] == {"amount": 350_000, "currency": "NGN"}
    assert first["listed_at"] == rfc3339(shown.created_at)
    assert (second["id"], second["tmdb_id"], second["next_showtime"]) == (unshown.movie.pk, 77, None)
    assert later.movie == sooner.movie


def test_the_list_comes_in_pages(theatre, manager):
    for number in range(3):
        ListingFactory(theatre=theatre, movie__title=f"Film {number}")
    first = manager.get(path(theatre, "movies?page_size=2")).json()
    assert [row["title"] for row in first["results"]] == ["Film 0", "Film 1"]
    assert [row["title"] for row in manager.get(first["next"]).json()["results"]] == ["Film 2"]


def test_only_managers_see_the_list(theatre):
    allowed = {"manager": 200, "owner": 200}
    assert statuses("get", path(theatre, "movies"), theatre) == OUTSIDERS | MANAGERS | allowed


# ---- Taking off


def take_off(client: Client, theatre: Theatre, movie_id: int) -> HttpResponse:
    return client.delete(path(theatre, f"movies/{movie_id}"))


def test_a_film_is_taken_off_this_list_alone(theatre, manager):
    listing = ListingFactory(theatre=theatre)
    elsewhere = ListingFactory(movie=listing.movie)
    answer = take_off(manager, theatre, listing.movie.pk)
    assert (answer.status_code, answer.content) == (204, b"")
    assert Listing.objects.get() == elsewhere
    assert take_off(manager, theatre, listing.movie.pk).status_code == 404


def test_what_is_not_on_this_list_is_not_found(theatre, manager):
    foreign = ListingFactory()
    for movie_id in (foreign.movie.pk, 10**9, 10**30):
        assert take_off(manager, theatre, movie_id).status_code == 404
    assert Listing.objects.exists()


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [("draft", 1, 409), ("on_sale", 1, 409), ("called_off", 1, 204), ("on_sale", -1, 204)],
)
def test_a_film_with_coming_shows_stays(theatre, manager, status, days, expected):
    listing = ListingFactory(theatre=theatre)
    starts_at = database_now() + timedelta(days=days)
    ShowtimeFactory(movie=listing.movie, screen=ScreenFactory(theatre=theatre), starts_at=starts_at, status=status)
    answer = take_off(manager, theatre, listing.movie.pk)
    assert answer.status_code == expected
    assert Listing.objects.exists() == (expected == 409)
    if expected == 409:
        assert answer.json()["code"] == "movie_has_showtimes"


def test_only_managers_take_off(theatre):
    movie = ListingFactory(theatre=theatre).movie
    allowed = {"manager": 204, "owner": 404}  # the manager was faster
    assert statuses("delete", path(theatre, f"movies/{movie.pk}"), theatre) == OUTSIDERS | MANAGERS | allowed
