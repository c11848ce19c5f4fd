"""The language of an answer: chosen in the footer, else as the browser asks, and in every page and cache the same."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import user_make
from movy.lib.limits import Throttled
from movy.lib.recent import forget_recent
from payments.tests.factories import coming_showtime

pytestmark = pytest.mark.django_db

FRENCH = {"accept-language": "fr-CI,fr;q=0.9,en;q=0.5"}


def lang(answer) -> str:
    return answer.content.decode().partition('<html lang="')[2].partition('"')[0]


def choose(client: Client, code: str, **headers: str):
    return client.post(reverse("language"), {"language": code}, headers=headers)


def test_a_page_is_in_the_browsers_language(client):
    assert [lang(client.get("/movies", headers=headers)) for headers in (FRENCH, {})] == ["fr", "en"]


def test_a_language_that_we_lack_is_english(client):
    assert lang(client.get("/movies", headers={"accept-language": "yo"})) == "en"


def test_the_chosen_language_wins_over_the_browsers_and_leads_back(client):
    answer = choose(client, "en", referer="http://testserver/movies?city=Lagos")
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/movies?city=Lagos")
    assert lang(client.get("/movies", headers=FRENCH)) == "en"
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("away", ["https://evil.test/", "//evil.test/", ""])
def test_the_way_back_never_leads_elsewhere(client, away):
    assert choose(client, "fr", referer=away)["Location"] == "/"
    answer = client.post(reverse("language"), {"language": "fr", "next": away})
    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    assert settings.LANGUAGE_COOKIE_NAME not in choose(client, "../../etc").cookies
    assert settings.LANGUAGE_COOKIE_NAME not in client.post(reverse("language")).cookies


def test_reading_chooses_no_language(client):
    assert client.get(reverse("language"), {"language": "fr"}).status_code == 405


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://testserver.evil.test"])
def test_a_form_on_another_site_chooses_no_language(client, origin):
    answer = choose(client, "fr", origin=origin)
    assert (answer.status_code, settings.LANGUAGE_COOKIE_NAME in answer.cookies) == (403, False)


def test_a_page_that_is_kept_for_all_holds_a_switch_that_works():
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/movies").content.decode()
    assert 'action="/language"' in page
    assert choose(strict, "fr", origin="http://testserver").status_code == 302
    assert lang(strict.get("/movies")) == "fr"


@pytest.mark.parametrize("path", ["/", "/movies", "/theatres", "/booking/{showtime}"])
def test_a_kept_page_is_kept_in_each_language_and_asked_again_after_a_choice(client, path):
    path = path.format(showtime=coming_showtime().pk) if "{" in path else path
    english = client.get(path)
    french = client.get(path, headers=FRENCH)
    assert (lang(english), lang(french)) == ("en", "fr")
    forget_recent()
    assert [lang(client.get(path, headers=headers)) for headers in (FRENCH, {})] == ["fr", "en"]
    assert "Accept-Language" in french["Vary"]
    choose(client, "fr")  # a browser or a cache that has the English page asks whether it is still good, and it isn't
    again = client.get(path, headers={"if-none-match": english["ETag"]} if "ETag" in english else {})
    assert (again.status_code, lang(again)) == (200, "fr")


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/theatre/1/box-office", "/theatre/1/check-in"])
def test_where_theatres_work_all_is_english(client, path):
    answer = client.get(path, headers=FRENCH)
    assert answer["Content-Language"] == "en"


def test_the_api_explains_itself_in_the_language_that_is_asked_for(client):
    asked = {"content_type": "application/json", "headers": FRENCH}
    answer = client.post("/api/v1/auth/user/login", "{", **asked)
    assert (answer.status_code, answer["Content-Language"]) == (400, "fr")


def test_a_refusal_before_all_else_speaks_to_its_own_reader(client, monkeypatch):
    """Not as the thread did before."""

    def full(_request: HttpRequest) -> None:
        raise Throttled(retry_after=7)

    monkeypatch.setattr("movy.middleware.address_limit_check", full)
    said = [client.get("/api/v1/genres", headers=headers).json()["detail"] for headers in (FRENCH, {}, FRENCH)]
    french = "Trop de demandes. Réessayez dans 7 secondes."
    assert said == [french, "Too many requests. Try again in 7 seconds.", french]


def test_a_static_file_is_the_same_in_every_language(client):
    answer = client.get("/static/css/movy.css", headers=FRENCH)
    assert "Accept-Language" not in answer.get("Vary", "")
    assert "Content-Language" not in answer


def test_the_page_of_a_signed_in_person_is_in_the_chosen_language(client):
    client.force_login(user_make())
    choose(client, "fr")
    assert lang(client.get("/auth/user")) == "fr"
