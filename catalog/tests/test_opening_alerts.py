"""Somebody asks to be told when a film can be booked: once, where they asked, and then they are forgotten."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client

from accounts.tests.factories import user_make
from catalog.alerts import KEPT_FOR, alerts_forget, alerts_prune
from catalog.flows import alert_ask, alerts_tell
from catalog.models import Movie, OpeningAlert, ShowtimeStatus
from catalog.tests.factories import ListingFactory, MovieFactory, ShowtimeFactory
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db

EMAIL = "ada@movy.test"


@pytest.fixture
def film() -> Movie:
    movie = MovieFactory(title="Sunrise")
    for city in ("Lagos", "Accra"):
        ListingFactory(movie=movie, theatre=TheatreFactory(city=city))
    return movie


def page_of(movie: Movie) -> str:
    return f"/movies/{movie.pk}/tell-me"


def opens(movie: Movie, city: str = "Lagos") -> None:
    theatre = movie.listings.get(theatre__city=city).theatre
    ShowtimeFactory(
        movie=movie,
        screen__theatre=theatre,
        starts_at=database_now() + timedelta(days=9),
        status=ShowtimeStatus.ON_SALE,
    )


def ask(movie: Movie, email: str = EMAIL, city: str = "", language: str = "en") -> None:
    alert_ask(movie, email=email, city=city, language=language)


def test_the_films_page_leads_there_and_whoever_asks_is_told_once_and_forgotten(film):
    client = Client()
    assert f"{film.get_absolute_url()}/tell-me" in client.get(film.get_absolute_url()).content.decode()
    response = client.post(page_of(film), {"email": "Ada@Movy.test"})
    assert (response.status_code, response["Location"]) == (303, film.get_absolute_url())
    assert f"We write to {EMAIL} once" in client.get(film.get_absolute_url()).content.decode()
    assert alerts_tell() == 0
    opens(film)
    assert (alerts_tell(), alerts_tell()) == (1, 0)
    mail = Mail.objects.get()
    assert mail.subject == "Sunrise can be booked now"
    assert mail.recipients == [EMAIL]
    assert not OpeningAlert.objects.exists()


def test_who_wants_it_in_accra_is_not_told_of_lagos(film):
    ask(film, city="Accra")
    opens(film, "Lagos")
    assert alerts_tell() == 0
    opens(film, "Accra")
    assert alerts_tell() == 1


def test_asking_twice_is_one_mail_where_they_said_last(film):
    ask(film, city="Accra")
    ask(film, city="")
    assert OpeningAlert.objects.get().city == ""


def test_the_mail_is_in_the_language_of_whoever_asked(film):
    ask(film, language="fr")
    opens(film)
    alerts_tell()
    mail = message_from_bytes(bytes(Mail.objects.get().content), policy=policy.default)
    assert '<html lang="fr">' in mail.get_body(("html",)).get_content()


def test_what_is_no_e_mail_or_city_is_said_and_kept(film):
    response = Client().post(page_of(film), {"email": "ada@", "city": "Atlantis"})
    assert response.status_code == 400
    assert 'value="ada@"' in response.content.decode()
    assert not OpeningAlert.objects.exists()


def test_a_film_that_can_be_booked_is_shown_instead(film):
    opens(film)
    assert Client().get(page_of(film))["Location"] == film.get_absolute_url()
    assert Client().get("/movies/999999/tell-me").status_code == 404


def test_who_has_signed_in_need_not_type_their_e_mail(film):
    client = Client()
    client.force_login(user_make(email="kofi@movy.test"))
    assert 'value="kofi@movy.test"' in client.get(page_of(film)).content.decode()


def test_tries_with_one_e_mail_are_counted(film):
    answers = [Client().post(page_of(film), {"email": EMAIL}).status_code for _ in range(7)]
    assert answers == [303] * 6 + [429]


def test_they_are_forgotten_with_their_account_and_after_a_year(film):
    ask(film)
    ask(film, email="kofi@movy.test")
    assert alerts_forget([EMAIL]) == 1
    assert alerts_prune(now=database_now() + KEPT_FOR - timedelta(minutes=1)) == 0
    assert alerts_prune(now=database_now() + KEPT_FOR + timedelta(minutes=1)) == 1
