from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from bookings.services import showtime_put_on_sale
from catalog.models import Showtime
from catalog.tests.factories import GenreFactory, ListingFactory, MovieFactory, ShowtimeFactory
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    """19:00 in Lagos, the day after tomorrow."""
    return (timezone.now() + timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)


def on_sale(**fields) -> Showtime:
    return showtime_put_on_sale(showtime_id=ShowtimeFactory(**fields).pk, now=timezone.now())


def page(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_home_shows_what_can_be_booked_what_comes_and_where(client, evening):
    on_sale(movie__title="Now", movie__tagline="Go", starts_at=evening, prices=350_000)
    ListingFactory(movie__title="Soon")
    body = page(client, "/")
    assert "<h1>Now</h1>" in body
    assert "19:00, Lagos" in body
    assert body.index("Coming soon") < body.index(">Soon<") < body.index("Theatres</h2>")


@pytest.mark.parametrize("path", ["/", "/movies", "/movies?status=coming_soon", "/theatres"])
def test_pages_work_with_nothing_to_show(client, path):
    page(client, path)


def test_every_filter_is_one_form_that_keeps_what_was_chosen(client, evening):
    on_sale(movie__title="Here", movie__language="de", starts_at=evening).movie.genres.add(GenreFactory(name="Horror"))
    on_sale(movie__title="There", screen__theatre__city="Accra", starts_at=evening)
    body = page(client, "/movies?city=Lagos&genre=Horror&search=here&language=")
    assert ">Here<" in body
    assert ">There<" not in body
    assert 'value="here"' in body
    assert "<option selected>Lagos</option>" in body
    assert re.search(r"<option[^>]* selected>Horror</option>", body)
    assert '<option value="de" >German</option>' in body
    assert "No film matches" in page(client, "/movies?search=nothing")


def test_a_filter_that_cannot_be_read_shows_everything_and_says_so(client, evening):
    on_sale(movie__title="Here", starts_at=evening)
    body = page(client, "/movies?date=someday&city=Nowhere")
    assert "We could not read what you chose for: Day." in body
    assert ">Here<" in body


def test_the_list_has_pages_that_keep_the_filters(client, evening, monkeypatch):
    monkeypatch.setattr("catalog.views.PAGE_SIZE", 2)
    for hour in range(3):
        on_sale(movie__title=f"Film {hour}", starts_at=evening + timedelta(hours=hour))
    first = page(client, "/movies?city=Lagos")
    assert 'rel="next" href="?city=Lagos&amp;page=2"' in first
    second = page(client, "/movies?city=Lagos&page=2")
    assert ">Film 2<" in second
    assert ">Film 1<" not in second
    assert 'rel="next"' not in second
    page(client, "/movies?page=nonsense")


def test_a_film_groups_its_shows_by_day_theatre_and_format_in_local_time(client, evening):
    movie = MovieFactory(title="The <b>Film</b>", overview="About it.", runtime_minutes=100)
    first = on_sale(movie=movie, starts_at=evening, screen__theatre__name="Alpha", screen__name="Hall A")
    on_sale(movie=movie, starts_at=evening + timedelta(hours=4), screen=first.screen, format="3D")
    on_sale(movie=movie, starts_at=evening, screen__theatre__name="Beta", screen__theatre__timezone="Africa/Nairobi")
    tomorrow = on_sale(movie=movie, starts_at=evening + timedelta(days=1), screen=first.screen)
    body = page(client, movie.get_absolute_url())
    assert "The &lt;b&gt;Film&lt;/b&gt;" in body
    assert "<b>Film" not in body
    assert f'href="/booking/{first.pk}"' in body
    assert f'href="/booking/{tomorrow.pk}"' not in body
    body = body.partition("<main")[2]  # the data in the head names them too
    order = ["Alpha", "2D", "19:00", "ends 20:40", "Hall A", "from ₦3,500", "3D", "23:00", "Beta", "21:00"]
    places = [body.index(f"{words}") for words in order]
    assert places == sorted(places)
    day = (evening + timedelta(days=1)).date()
    assert f'href="/booking/{tomorrow.pk}"' in page(client, f"/movies/{movie.pk}?date={day}")


def test_a_day_without_shows_or_out_of_reason_leads_to_the_first_that_has_some(client, evening):
    showtime = on_sale(starts_at=evening)
    path = showtime.movie.get_absolute_url()
    assert "Nothing is on sale for" in page(client, f"{path}?date=2020-01-01")
    for day in ("tomorrow", "9999-12-31", "2026-02-31"):
        body = page(client, f"{path}?date={day}")
        assert "We could not read which day" in body
        assert f'href="/booking/{showtime.pk}"' in body


def test_a_show_that_is_off_or_closed_is_told_but_not_linked(client, evening):
    off = on_sale(starts_at=evening)
    Showtime.objects.filter(pk=off.pk).update(status="called_off")
    assert "called off" in page(client, off.movie.get_absolute_url())
    closed = on_sale(starts_at=evening, screen__theatre__sales_close_minutes_before=60)
    Showtime.objects.filter(pk=closed.pk).update(sales_close_at=timezone.now())
    body = page(client, closed.movie.get_absolute_url())
    assert "sales closed" in body
    assert f"/booking/{closed.pk}" not in body
    draft = ShowtimeFactory(starts_at=evening)
    assert "No showtimes yet" in page(client, draft.movie.get_absolute_url())


def test_an_old_name_in_the_address_still_leads_there(client, evening):
    movie = MovieFactory(title="New name")
    for path in (f"/movies/{movie.pk}", f"/movies/{movie.pk}-old-name", f"/movies/{movie.pk}-"):
        assert f'rel="canonical" href="{settings.BASE_URL}/movies/{movie.pk}-new-name"' in page(client, path)
    theatre = TheatreFactory(slug="lantern")
    assert f"/theatres/{theatre.pk}-lantern" in page(client, f"/theatres/{theatre.pk}")


@pytest.mark.parametrize(
    "path", ["/movies/99", "/movies/99-x", "/theatres/99", f"/movies/{'9' * 30}", "/movies/x", "/movies/0x1"]
)
def test_what_is_not_there_is_404(client, path):
    page(client, path, status=404)


def test_a_theatre_shows_its_films_by_day(client, evening):
    showtime = on_sale(starts_at=evening, movie__title="Here")
    on_sale(movie__title="Elsewhere", starts_at=evening)
    body = page(client, showtime.screen.theatre.get_absolute_url())
    assert "Here</a>" in body
    assert "Elsewhere" not in body
    assert f'href="/booking/{showtime.pk}"' in body


def test_theatres_are_listed_by_city(client):
    TheatreFactory(name="One", city="Accra")
    TheatreFactory(name="Two", city="Lagos")
    body = page(client, "/theatres")
    assert body.index("Accra</h2>") < body.index(">One<") < body.index("Lagos</h2>") < body.index(">Two<")
    assert ">One<" not in page(client, "/theatres?city=lagos")
    assert "no theatre here" in page(client, "/theatres?city=Nowhere")


@pytest.mark.parametrize(("path", "queries"), [("/", 8), ("/movies", 9), ("/movies/{}", 4), ("/theatres", 1)])
def test_the_number_of_queries_is_fixed_and_none_is_about_the_visitor(
    client, evening, django_assert_num_queries, path, queries
):
    for hour in range(3):
        showtime = on_sale(starts_at=evening + timedelta(hours=hour))
        showtime.movie.genres.add(GenreFactory())
        ListingFactory().movie.genres.add(GenreFactory())
    client.cookies["sessionid"] = Session.objects.create(session_key="x" * 32, expire_date=evening).session_key
    with django_assert_num_queries(queries):
        answer = client.get(path.format(showtime.movie_id))
    assert "Cookie" not in answer.get("Vary", "")


def test_what_one_visitor_is_told_is_shown_to_nobody_else(client, evening):
    client.cookies["messages"] = "anything"
    assert "no-store" in client.get("/")["Cache-Control"]
    del client.cookies["messages"]
    assert client.get("/")["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", ["/", "/movies", "/theatres"])
def test_public_pages_are_for_reading(client, path):
    assert client.post(path).status_code == 405
