from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from bookings.services import showtime_put_on_sale
from catalog.linked_data import SHOWINGS_MAX, showing_nodes
from catalog.models import Showtime
from catalog.selectors import Showing
from catalog.tests.factories import MovieFactory, ShowtimeFactory
from movy.lib.money import Money

pytestmark = pytest.mark.django_db


def on_sale(**fields) -> Showtime:
    start = (timezone.now() + timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)
    return showtime_put_on_sale(showtime_id=ShowtimeFactory(starts_at=start, **fields).pk, now=timezone.now())


def body(client, path: str) -> str:
    return client.get(path).content.decode()


def nodes(client, path: str, kind: str) -> list[dict]:
    """What a search engine reads: the only block of data there is."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body(client, path), re.DOTALL)
    return [node for node in json.loads(text)["@graph"] if node["@type"] == kind]


def test_a_film_tells_its_showings_as_the_database_has_them(client):
    show = on_sale(movie__title="Aba Nights", prices=350_050)
    theatre = show.screen.theatre
    (event,) = nodes(client, show.movie.get_absolute_url(), "ScreeningEvent")
    assert datetime.fromisoformat(event["startDate"]) == show.starts_at
    assert event["startDate"].endswith("19:00:00+01:00")  # Lagos
    assert event["location"]["name"] == theatre.name
    assert event["location"]["address"]["addressLocality"] == theatre.city
    offer = event["offers"]
    assert (offer["price"], offer["priceCurrency"]) == ("3500.50", "NGN")
    assert offer["url"] == f"{settings.BASE_URL}/booking/{show.pk}"
    (film,) = nodes(client, show.movie.get_absolute_url(), "Movie")
    assert (film["name"], film["url"]) == ("Aba Nights", f"{settings.BASE_URL}/movies/{show.movie.pk}-aba-nights")


def test_a_theatre_and_home_tell_what_they_are(client):
    show = on_sale(prices=350_000)
    theatre = show.screen.theatre
    (told,) = nodes(client, theatre.get_absolute_url(), "MovieTheater")
    assert (told["name"], told["address"]["streetAddress"]) == (theatre.name, theatre.address)
    assert len(nodes(client, theatre.get_absolute_url(), "ScreeningEvent")) == 1
    (site,) = nodes(client, "/", "WebSite")
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{settings.BASE_URL}/movies?search={{words}}"


def test_no_title_breaks_out_of_the_data(client):
    hostile = '</script><script>alert(1)</script><!--"&'
    movie = MovieFactory(title=hostile)
    assert nodes(client, movie.get_absolute_url(), "Movie")[0]["name"] == hostile
    assert "<script>alert" not in body(client, movie.get_absolute_url())


def test_what_is_told_of_showings_is_bounded_and_can_be_booked():
    show, now = on_sale(prices=350_000), timezone.now()
    open_one = Showing(showtime=show, from_price=Money(350_000, "NGN"), is_open=True)
    closed = Showing(showtime=show, from_price=None, is_open=False)
    assert len(showing_nodes([closed, *[open_one] * 100], now=now)) == SHOWINGS_MAX
    assert showing_nodes([closed], now=now) == []
    assert showing_nodes([open_one], now=now - timedelta(days=7)) == []


def test_a_page_is_found_under_one_address_whatever_it_was_asked_by(client):
    movie = MovieFactory(title="One")
    canonical = f'rel="canonical" href="{settings.BASE_URL}/movies/{movie.pk}-one"'
    assert canonical in body(client, f"/movies/{movie.pk}?city=Lagos&date=2030-01-01")
    for path, named in [("/?city=Lagos", "/"), ("/movies?search=x", "/movies"), ("/theatres?city=Lagos", "/theatres")]:
        assert f'rel="canonical" href="{settings.BASE_URL}{named}"' in body(client, path)
    assert 'href="' + settings.BASE_URL + '/movies?status=coming_soon"' in body(client, "/movies?status=coming_soon")


def test_only_pages_with_a_lasting_address_are_to_be_found(client):
    assert "noindex" not in body(client, "/")
    show = on_sale(prices=350_000)
    for path in (f"/booking/{show.pk}", "/find-my-money", "/auth/user/login", "/nowhere"):
        assert '<meta name="robots" content="noindex">' in body(client, path)
