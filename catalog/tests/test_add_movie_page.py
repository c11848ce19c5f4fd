"""The page that puts a film on a theatre's list by its number at TMDb."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.tests.factories import user_make
from catalog.models import Listing
from theatres.models import Role, Theatre
from theatres.tests.factories import MembershipFactory, TheatreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tmdb")]

METROPOLIS = "9000001"  # its number at the stand-in of TMDb


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory()


def client_of(role: str, theatre: Theatre) -> Client:
    client, user = Client(), user_make()
    MembershipFactory(user=user, theatre=theatre, role=role)
    client.force_login(user)
    return client


def path(theatre: Theatre) -> str:
    return f"/theatre/{theatre.pk}/add-movie"


def test_a_manager_adds_a_film_and_is_led_to_its_page(theatre):
    manager = client_of(Role.MANAGER, theatre)
    assert manager.get(path(theatre)).status_code == 200
    answer = manager.post(path(theatre), {"tmdb_id": METROPOLIS})
    movie = Listing.objects.get(theatre=theatre).movie
    assert (answer.status_code, answer["Location"]) == (303, movie.get_absolute_url())
    assert manager.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(("number", "status"), [("9", 404), ("nine", 400), ("", 400), ("9" * 30, 400)])
def test_a_number_that_is_none_is_refused_and_stays_to_be_mended(theatre, number, status):
    answer = client_of(Role.MANAGER, theatre).post(path(theatre), {"tmdb_id": number})
    assert answer.status_code == status
    assert f'value="{number}"' in answer.content.decode() or not number
    assert not Listing.objects.exists()


def test_tmdb_away_is_a_plain_sentence(theatre, settings):
    settings.TMDB_ACCESS_TOKEN = ""
    assert client_of(Role.MANAGER, theatre).post(path(theatre), {"tmdb_id": METROPOLIS}).status_code == 502
    assert not Listing.objects.exists()


def test_only_its_managers_add_to_a_list(theatre):
    other = TheatreFactory()
    for client in (client_of(Role.DOOR, theatre), client_of(Role.BOX_OFFICE, theatre), client_of(Role.MANAGER, other)):
        assert client.get(path(theatre)).status_code == 403
        assert client.post(path(theatre), {"tmdb_id": METROPOLIS}).status_code == 403
    assert Client().post(path(theatre), {"tmdb_id": METROPOLIS}).status_code == 302
    assert not Listing.objects.exists()
