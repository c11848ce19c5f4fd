from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from bookings.models import SeatStatus, ShowtimeSeat
from bookings.services import showtime_put_on_sale
from catalog.models import Credit, Job, Person, Showtime
from catalog.tests.factories import GenreFactory, ListingFactory, MovieFactory, ShowtimeFactory
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add

pytestmark = pytest.mark.django_db

MOVIES = "/api/v1/movies"


@pytest.fixture
def evening():
    """The next cinema day's 19:00 in Lagos: 18:00 UTC."""
    return (timezone.now() + timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)


def on_sale(**fields) -> Showtime:
    showtime = ShowtimeFactory(**fields)
    return showtime_put_on_sale(showtime_id=showtime.pk, now=timezone.now())


def titles(client, query="", **headers) -> list[str]:
    answer = client.get(f"{MOVIES}{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def test_a_film_has_the_contracts_shape(client, evening):
    movie = MovieFactory(title="Sánchez", runtime_minutes=100, poster="posters/a.jpg", language="es")
    movie.genres.add(GenreFactory(name="Drama"))
    showtime = on_sale(movie=movie, starts_at=evening, prices=350_000)
    theatre = showtime.screen.theatre
    assert client.get(MOVIES).json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": movie.pk,
                "slug": "sanchez",
                "title": "Sánchez",
                "tagline": "",
                "overview": "",
                "poster_url": "http://testserver/media/posters/a.jpg",
                "backdrop_url": None,
                "runtime_minutes": 100,
                "release_date": None,
                "certification": "",
                "language": "es",
                "genres": ["Drama"],
                "next_showtime": {
                    "id": showtime.pk,
                    "starts_at": evening.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "timezone": "Africa/Lagos",
                    "theatre": {"id": theatre.pk, "name": theatre.name, "city": "Lagos"},
                },
                "from_price": {"amount": 350_000, "currency": "NGN"},
            }
        ],
    }


def test_the_price_is_the_lowest_adults_at_the_next_shows_theatre(client, evening):
    screen = ScreenFactory()
    screen.theatre.categories.create(code="premium", name="Premium")
    screen.theatre.ticket_types.create(code="child", name="Child")
    movie = MovieFactory()
    prices = {"standard": {"adult": 400_000, "child": 100_000}, "premium": {"adult": 600_000}}
    on_sale(movie=movie, screen=screen, starts_at=evening, prices=prices)
    on_sale(movie=movie, screen=screen, starts_at=evening + timedelta(days=1), prices=300_000)
    on_sale(movie=movie, starts_at=evening + timedelta(hours=5), prices=200_000)
    ShowtimeFactory(movie=movie, screen=screen, starts_at=evening + timedelta(days=2), prices=250_000)
    assert client.get(MOVIES).json()["results"][0]["from_price"]["amount"] == 300_000


def test_the_soonest_comes_first_and_what_cannot_be_booked_is_not_there(client, evening):
    on_sale(movie__title="Later", starts_at=evening + timedelta(hours=1))
    on_sale(movie__title="Sooner", starts_at=evening)
    ShowtimeFactory(movie__title="Draft", starts_at=evening)
    on_sale(movie__title="Begun", starts_at=timezone.now() - timedelta(minutes=1))
    Showtime.objects.filter(pk=on_sale(movie__title="Off", starts_at=evening).pk).update(status="called_off")
    on_sale(
        movie__title="Closed",
        starts_at=timezone.now() + timedelta(minutes=20),
        screen__theatre__sales_close_minutes_before=30,
    )
    assert titles(client) == ["Sooner", "Later"]


@pytest.mark.parametrize("words", ["sanchez", "SÁNCHEZ", "los sanch", "sánch  los", "original"])
def test_search_minds_neither_case_nor_accents_nor_order(client, evening, words):
    on_sale(movie__title="Los Sánchez", movie__original_title="Original", starts_at=evening)
    on_sale(movie__title="Another", starts_at=evening)
    assert titles(client, f"?search={words}") == ["Los Sánchez"]


@pytest.mark.parametrize("words", ["%25", "_", "los another", "\\"])
def test_search_takes_signs_as_they_are(client, evening, words):
    on_sale(movie__title="Los Sánchez", starts_at=evening)
    assert titles(client, f"?search={words}") == []


def test_filters_narrow_and_go_together(client, evening):
    accra = TheatreFactory(city="Accra", timezone="Africa/Accra", currency="GHS")
    one = on_sale(movie__title="One", movie__language="en", language="en", starts_at=evening)
    two = on_sale(movie__title="Two", language="fr", screen__theatre=accra, starts_at=evening + timedelta(days=1))
    genre = GenreFactory(name="Horror")
    two.movie.genres.add(genre)
    lagos = one.screen.theatre_id
    tomorrow = two.starts_at.date().isoformat()
    assert titles(client, "?city=accra") == ["Two"]
    assert titles(client, f"?theatre={lagos}") == ["One"]
    assert titles(client, f"?genre={genre.pk}") == titles(client, "?genre=horror") == ["Two"]
    assert titles(client, "?language=EN") == ["One"]
    assert titles(client, f"?date={tomorrow}") == ["Two"]
    assert titles(client, f"?date={tomorrow}&theatre={lagos}") == []
    assert titles(client, "?city=Nowhere") == titles(client, "?genre=99") == titles(client, "?theatre=99") == []
    assert titles(client, "?city=&genre=&date=&unknown=1") == ["One", "Two"]


def test_a_show_after_midnight_belongs_to_the_evening_before(client, evening):
    # 00:30 in Lagos is 23:30 UTC of the day before; in Nairobi it is 21:30.
    late = evening.replace(hour=23, minute=30)
    on_sale(movie__title="Late", starts_at=late)
    on_sale(movie__title="Far", screen__theatre__timezone="Africa/Nairobi", starts_at=late.replace(hour=21))
    assert titles(client, f"?date={late.date()}") == ["Far", "Late"]
    assert titles(client, f"?date={late.date() + timedelta(days=1)}") == []


@pytest.mark.parametrize(
    "query",
    ["date=soon", "date=2026-02-30", "date=9999-12-31", "date=0001-01-01", "status=gone", "theatre=abc", "theatre=-1"]
    + [
        "theatre=99999999999999999999",
        "language=e'n",
        "page=0",
        "page=x",
        "page_size=101",
        "page_size=0",
        "search=%00",
    ],
)
def test_a_filter_that_cannot_be_read_is_named(client, query):
    answer = client.get(f"{MOVIES}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "invalid"
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_coming_soon_is_on_a_list_and_was_never_on_sale(client, evening):
    soon = ListingFactory(movie__title="Soon").movie
    ShowtimeFactory(movie=soon, starts_at=evening)
    ListingFactory(movie=on_sale(movie__title="Now", starts_at=evening).movie)
    MovieFactory(title="Nobody's")
    body = client.get(f"{MOVIES}?status=coming_soon").json()["results"]
    assert [row["title"] for row in body] == ["Soon"]
    assert (body[0]["next_showtime"], body[0]["from_price"]) == (None, None)


def test_pages_lead_to_each_other(client, evening):
    for hour in range(3):
        on_sale(movie__title=f"Film {hour}", starts_at=evening + timedelta(hours=hour))
    first = client.get(f"{MOVIES}?page_size=2&city=lagos").json()
    assert (len(first["results"]), first["previous"]) == (2, None)
    second = client.get(first["next"]).json()
    assert [row["title"] for row in second["results"]] == ["Film 2"]
    assert second["next"] is None
    assert urlsplit(second["previous"]).path == MOVIES
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_the_number_of_queries_is_fixed(client, evening, django_assert_num_queries):
    for hour in range(3):
        on_sale(starts_at=evening + timedelta(hours=hour)).movie.genres.add(GenreFactory())
        ListingFactory().movie.genres.add(GenreFactory())
    with django_assert_num_queries(6):
        client.get(MOVIES)
    with django_assert_num_queries(4):
        client.get(f"{MOVIES}?status=coming_soon")


def test_one_film_tells_who_made_it_and_where_it_runs(client, evening):
    showtime = on_sale(starts_at=evening, movie__trailer_url="https://www.youtube.com/watch?v=abcdefg")
    movie = showtime.movie
    for position, (job, name) in enumerate([(Job.CAST, "Ann"), (Job.CAST, "Bo"), (Job.DIRECTOR, "Cy")]):
        person = Person.objects.create(name=name, photo="people/ann.jpg" if name == "Ann" else "")
        Credit.objects.create(movie=movie, person=person, job=job, character=f"as {name}", position=position)
    body = client.get(f"{MOVIES}/{movie.pk}").json()
    assert body["director"] == "Cy"
    assert body["cast"] == [
        {"name": "Ann", "character": "as Ann", "photo_url": "http://testserver/media/people/ann.jpg"},
        {"name": "Bo", "character": "as Bo", "photo_url": None},
    ]
    assert body["trailer_url"] == "https://www.youtube.com/watch?v=abcdefg"
    assert [theatre["id"] for theatre in body["theatres"]] == [showtime.screen.theatre_id]
    assert body["next_showtime"]["id"] == showtime.pk


@pytest.mark.parametrize("path", ["movies/99", "movies/99/showtimes", "theatres/99", "theatres/99/showtimes"])
def test_what_is_not_there_is_404(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_showtimes_tell_how_many_seats_are_left(client, evening, django_assert_num_queries):
    showtime = on_sale(starts_at=evening, seats=["C1", "C2", "C3", "C4"])
    now = timezone.now()
    seats = list(ShowtimeSeat.objects.filter(showtime=showtime).order_by("seat_id"))
    held = {"status": SeatStatus.HELD}
    states = [held | {"held_until": now}, held | {"held_until": now + timedelta(minutes=5)}, {"status": "sold"}]
    for seat, change in zip(seats, states, strict=False):
        ShowtimeSeat.objects.filter(showtime_id=showtime.pk, seat_id=seat.seat_id).update(**change)
    other = on_sale(starts_at=evening + timedelta(days=1), screen=showtime.screen, movie=showtime.movie)
    with django_assert_num_queries(5):
        body = client.get(f"{MOVIES}/{showtime.movie_id}/showtimes").json()["results"]
    assert [row["id"] for row in body] == [showtime.pk, other.pk]
    assert (body[0]["seats_total"], body[0]["seats_free"], body[1]["seats_free"]) == (4, 2, 4)
    assert (body[0]["sales_open"], body[0]["status"], body[0]["from_price"]["amount"]) == (True, "on_sale", 350_000)
    one = client.get(f"/api/v1/showtimes/{showtime.pk}").json()
    assert one == body[0]
    there = f"/api/v1/theatres/{showtime.screen.theatre_id}/showtimes"
    assert client.get(there).json()["results"] == body
    assert len(client.get(f"{there}?date={evening.date()}").json()["results"]) == 1
    seats_add(showtime.screen, ["Z9"])  # a seat that came after the sale began is not sold
    assert client.get(there).json()["results"] == body


def test_genres_are_listed(client):
    genre = GenreFactory(name="Comedy")
    assert client.get("/api/v1/genres").json()["results"] == [{"id": genre.pk, "name": "Comedy"}]
