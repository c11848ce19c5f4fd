"""How a visitor finds something to see: by city, day, words that are nearly right; and what is left of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.services import showtime_put_on_sale
from bookings.tests.factories import hold
from catalog.models import Showtime
from catalog.tests.factories import ListingFactory, MovieFactory, ShowtimeFactory
from movy import public_pages
from movy.lib.clock import local_day
from movy.lib.recent import forget_recent
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    """19:00 in Lagos, the day after tomorrow."""
    return (timezone.now() + timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)


def on_sale(**fields) -> Showtime:
    return showtime_put_on_sale(showtime_id=ShowtimeFactory(**fields).pk, now=timezone.now())


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def soon(hours: float = 0.5):
    return timezone.now() + timedelta(hours=hours)


def test_home_keeps_to_the_city_in_its_address(client, evening):
    on_sale(movie__title="Here", starts_at=evening)
    on_sale(movie__title="There", starts_at=evening, screen__theatre__city="Accra")
    body = page(client, "/?city=accra")
    assert ">There<" in body
    assert ">Here<" not in body
    assert re.search(r'href="\?city=Accra" data-name="Accra" aria-current="true"', body)
    body = page(client, "/?city=Atlantis")
    assert "There is no theatre in “Atlantis” yet." in body
    assert ">Here<" in body


def test_what_is_on_today_is_nowhere_but_under_today(client):
    """Half an hour from now is the same day of the theatre, but around 05:00 there."""
    shows = [on_sale(movie__title=f"Film {number}", starts_at=soon()) for number in range(12)]
    on_sale(movie__title="Later", starts_at=soon(72))
    lagos = "Africa/Lagos"
    if local_day(shows[0].starts_at, lagos) != local_day(timezone.now(), lagos):
        pytest.skip("the theatre's day ends just now")
    body = page(client, "/")
    today, later = body.index("On today"), body.index("Also this week")
    assert body[today:later].count("Today") == 10
    assert "Today" not in body[later:]
    assert ">Later<" in body[later:]


def test_a_film_that_is_nearly_typed_right_is_found_and_said_to_be_a_guess(client, evening):
    on_sale(movie__title="Nosferatu", starts_at=evening)
    on_sale(movie__title="Metropolis", starts_at=evening)
    body = page(client, "/movies?search=nosfreatu")
    assert "No film is called “nosfreatu”. Did you mean one of these?" in body
    assert ">Nosferatu<" in body
    assert ">Metropolis<" not in body
    assert "No film is called" not in page(client, "/movies?search=nosferatu")
    found = client.get("/api/v1/movies?search=nosfreatu").json()["results"]
    assert [row["title"] for row in found] == ["Nosferatu"]


def test_where_nothing_matches_near_names_are_offered(client, evening):
    on_sale(movie__title="Nosferatu", starts_at=evening)
    body = page(client, "/movies?search=nosfertatatu")
    assert "No film matches all of this." in body
    assert body.index("Did you mean one of these?") < body.index(">Nosferatu<")


def test_a_film_that_is_on_elsewhere_is_offered_there(client, evening):
    on_sale(movie__title="Nosferatu", starts_at=evening)
    on_sale(screen__theatre__city="Accra", starts_at=evening)
    body = page(client, "/movies?search=nosferatu&city=Accra")
    assert body.index("At another place or on another day") < body.index(">Nosferatu<")


def test_each_thing_that_narrows_is_taken_away_by_itself(client, evening):
    on_sale(movie__language="de", starts_at=evening)
    body = page(client, "/movies?city=Lagos&language=de&page=1")
    assert re.search(r'href="\?language=de">Lagos.*?remove', body)
    assert re.search(r'href="\?city=Lagos">German.*?remove', body)


def test_the_number_of_films_is_said_for_all_pages(client, evening, monkeypatch):
    monkeypatch.setattr("catalog.views.PAGE_SIZE", 2)
    for _ in range(3):
        on_sale(starts_at=evening)
        ListingFactory()
    assert "> 3 films <" in page(client, "/movies?page=2")
    assert "> 3 films <" in page(client, "/movies?status=coming_soon")
    assert "> 1 film <" in page(client, f"/movies?search={Showtime.objects.first().movie.title.replace(' ', '+')}")


def test_days_without_shows_lead_nowhere_and_say_so(client, evening):
    showtime = on_sale(starts_at=evening)
    for path in ("/movies", showtime.movie.get_absolute_url(), showtime.screen.theatre.get_absolute_url()):
        body = page(client, path)
        assert re.search(r'<span class="none">Today<strong>\d+</strong>\w+<span class="visually-hidden">no shows', body)
        assert f"?date={evening.date()}" in body
        assert f"?date={evening.date() - timedelta(days=1)}" not in body


def test_days_of_the_list_are_those_of_the_chosen_city(client, evening):
    on_sale(starts_at=evening)
    on_sale(starts_at=evening + timedelta(days=1), screen__theatre__city="Accra")
    body = page(client, "/movies?city=Accra")
    assert f"date={evening.date()}" not in body
    assert f"date={evening.date() + timedelta(days=1)}" in body


def test_a_film_keeps_to_a_city_and_names_the_others(client, evening):
    movie = MovieFactory()
    here, there = (on_sale(movie=movie, starts_at=evening, screen__theatre__city=city) for city in ("Lagos", "Accra"))
    body = page(client, f"/movies/{movie.pk}?city=Lagos")
    assert f'href="/booking/{here.pk}"' in body
    assert f'href="/booking/{there.pk}"' not in body
    assert 'href="?city=Accra#showtimes"' in body
    body = page(client, f"/movies/{movie.pk}?city=Nairobi")
    assert "Not on in “Nairobi” at the moment." in body
    assert f'href="/booking/{here.pk}"' in body
    assert f'href="/booking/{there.pk}"' in body


def test_a_coming_film_says_when_booking_opens_or_when_it_comes_out(client):
    opening = ShowtimeFactory(starts_at=soon(24 * 20))
    Showtime.objects.filter(pk=opening.pk).update(on_sale_at=timezone.now().replace(hour=12) + timedelta(days=9))
    ListingFactory(movie=opening.movie, theatre=opening.screen.theatre)
    ListingFactory(movie__release_date=(soon() + timedelta(days=30)).date())
    body = page(client, "/movies?status=coming_soon")
    assert f"Booking opens {timezone.now() + timedelta(days=9):%a} " in body
    assert "In cinemas from " in body


def test_few_seats_or_none_are_told_beside_the_page(client, evening):
    labels = [f"A{number}" for number in range(1, 11)]
    few, none, many = (on_sale(starts_at=evening, seats=labels) for _ in range(3))
    for taken in (labels[:9], labels[9:]):
        hold(none, taken, now=timezone.now())
    hold(few, labels[:9], now=timezone.now())
    body = page(client, f"/showtimes/seats-left?showtime={few.pk}&showtime={none.pk}&showtime={many.pk}")
    assert re.search(rf'id="left-{few.pk}"[^>]*> 1 seat left <', body)
    assert re.search(rf'id="left-{none.pk}"[^>]*> sold out <', body)
    assert f"left-{many.pk}" not in body
    for showtime in (few, none, many):
        shown = page(client, showtime.movie.get_absolute_url())
        assert f"/showtimes/seats-left?showtime={showtime.pk}&amp;" in shown
        assert f'id="left-{showtime.pk}"' in shown
        assert f'href="/booking/{showtime.pk}"' in shown


def test_seats_of_a_draft_and_of_nonsense_are_told_to_nobody(client, evening, django_assert_num_queries):
    draft, shown = ShowtimeFactory(starts_at=evening), [on_sale(starts_at=evening).pk for _ in range(3)]
    assert "left-" not in page(client, f"/showtimes/seats-left?showtime={draft.pk}&showtime=x&showtime={'9' * 40}&a=b")
    for asked in (shown[:1], shown):
        forget_recent()
        with django_assert_num_queries(3):
            client.get("/showtimes/seats-left", {"showtime": asked})


def test_where_somebody_is_makes_no_page_that_is_kept(client, evening, monkeypatch):
    kept: list[object] = []
    monkeypatch.setattr(public_pages, "_keep", lambda key, made: kept.append(key) or made)
    for path in ("/theatres?near=6.45,3.40", "/api/v1/theatres?near=6.45,3.40", "/?near=6.45,3.40"):
        page(client, path)
    assert not kept
    page(client, "/theatres")
    assert kept


def test_theatres_near_somebody_come_with_the_way_there(client):
    TheatreFactory(name="Far", latitude=9.05, longitude=7.49)
    TheatreFactory(name="Close", latitude=6.43, longitude=3.42)
    TheatreFactory(name="Nowhere", latitude=None, longitude=None)
    body = page(client, "/theatres?near=6.45,3.40")
    assert body.index(">Close<") < body.index("3.1 km") < body.index(">Far<") < body.index(">Nowhere<")
    assert body.count(" km") == 2
    assert "We could not read where you are." in page(client, "/theatres?near=here")


def test_a_card_names_the_city_and_in_a_city_the_theatre(client, evening):
    showtime = on_sale(starts_at=evening, screen__theatre__name="Eko Lantern")
    assert "19:00, Lagos" in page(client, "/")
    assert "19:00, Lagos" in page(client, "/movies")
    for path in ("/?city=Lagos", "/movies?city=Lagos"):
        body = page(client, path)
        assert "19:00, Eko Lantern" in body
        assert f'href="{showtime.movie.get_absolute_url()}?city=Lagos"' in body
