from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from bookings.services import showtime_put_on_sale
from catalog.models import Movie
from catalog.tests.factories import ListingFactory, MovieFactory, ShowtimeFactory
from movy import crawling

pytestmark = pytest.mark.django_db


def places(client, path: str) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return [found.text or "" for found in ElementTree.fromstring(answer.content).iter() if found.tag.endswith("}loc")]


def everything(client) -> list[str]:
    """All addresses, by way of robots.txt as a crawler comes."""
    robots = client.get("/robots.txt").content.decode()
    (index,) = [line.partition(" ")[2] for line in robots.splitlines() if line.startswith("Sitemap:")]
    maps = places(client, index.removeprefix(settings.BASE_URL))
    return [place for found in maps for place in places(client, found.removeprefix(settings.BASE_URL))]


def test_a_crawler_finds_films_on_and_coming_and_theatres_under_the_names_that_their_pages_bear(client):
    show = ShowtimeFactory(starts_at=timezone.now() + timedelta(days=2), prices=350_000)
    showtime_put_on_sale(showtime_id=show.pk, now=timezone.now())
    soon = ListingFactory(movie__title="Soon").movie
    unlisted = MovieFactory(title="Nowhere")
    Movie.objects.filter(pk=unlisted.pk).update(slug="nowhere")
    found = everything(client)
    for page in (show.movie, soon, show.screen.theatre):
        assert f"{settings.BASE_URL}{page.get_absolute_url()}" in found
    assert not [place for place in found if "nowhere" in place]
    for place in found:
        assert f'rel="canonical" href="{place}"' in client.get(place.removeprefix(settings.BASE_URL)).content.decode()


def test_many_films_come_in_parts_and_each_once(client, monkeypatch):
    monkeypatch.setattr(crawling, "CHUNK", 2)
    films = [ListingFactory().movie for _ in range(3)]
    named = [place for place in everything(client) if "/movies/" in place]
    assert named == [f"{settings.BASE_URL}{film.get_absolute_url()}" for film in films]
    for number in (0, 3, 10**9):
        assert client.get(f"/sitemap-films-{number}.xml").status_code == 404


def test_crawlers_are_kept_from_the_office_and_the_api_alone(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == ["Disallow: /admin", "Disallow: /api/"]
