"""Public pages are kept whole for everybody, packed, until they change; and nobody gets another's."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from accounts.tests.factories import user_make
from movy import public_pages
from movy.lib.recent import forget_recent
from movy.public_pages import PUBLIC
from tests.test_queries import World, world
from theatres.models import Theatre

pytestmark = pytest.mark.django_db(transaction=True)

GZIP = {"accept-encoding": "gzip, deflate, br"}
STAMP = 1  # the query for the stamp, at most every half a second


@pytest.fixture
def here() -> World:
    return world(2)


@pytest.fixture
def stamp(monkeypatch) -> Iterator[list[str]]:
    """The stamp, for a test to change. Else a minute could end in the middle of it."""
    stamps = ["1.1.202611221830"]
    monkeypatch.setattr(public_pages, "stamp", lambda: stamps[-1])
    return stamps


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def text(answer: HttpResponse) -> bytes:
    return gzip.decompress(answer.content) if answer.get("Content-Encoding") == "gzip" else answer.content


@pytest.mark.parametrize("route", PUBLIC)
def test_an_address_is_made_once_and_packed_the_same_as_plain(client, here, stamp, route):
    path = here.path(route)
    first, packed, plain = client.get(path, headers=GZIP), client.get(path, headers=GZIP), client.get(path)
    assert (packed["Content-Encoding"], plain.get("Content-Encoding")) == ("gzip", None)
    assert text(first) == text(packed) == plain.content
    assert all("Accept-Encoding" in answer["Vary"] for answer in (first, packed, plain))
    assert all("Cookie" not in answer["Vary"] for answer in (first, packed, plain))
    assert [int(answer["Content-Length"]) for answer in (packed, plain)] == [len(packed.content), len(plain.content)]
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert queries(client, path) == 0
    forget_recent()
    assert queries(client, path) == 0, "another process finds it in the shared cache"


@pytest.mark.parametrize("route", PUBLIC)
def test_who_has_it_gets_a_304_without_a_page_being_made(client, here, stamp, route):
    path = here.path(route)
    for sent in (GZIP, {}):
        etag = client.get(path, headers=sent)["ETag"]
        with CaptureQueriesContext(connection) as asked:
            again = client.get(path, headers=sent | {"if-none-match": etag})
        assert (again.status_code, again.content, again["ETag"], len(asked)) == (304, b"", etag, 0)


@pytest.mark.parametrize("route", PUBLIC)
def test_another_stamp_is_another_page(client, here, stamp, route):
    path = here.path(route)
    first = client.get(path)
    stamp.append("2.3.202611221830")
    assert queries(client, path) > 0
    assert client.get(path)["ETag"] == first["ETag"], "what is the same has the same ETag"


def test_only_the_stamp_is_asked_for_and_seldom(client, here):
    forget_recent()
    client.get("/movies")
    forget_recent()
    assert queries(client, "/movies") in (STAMP, STAMP + 8)  # a minute may end here
    assert queries(client, "/movies") <= STAMP


def test_a_change_in_this_process_is_seen_at_once(client, here):
    assert b"Renamed" not in client.get("/theatres").content
    Theatre.objects.update(name="Renamed")
    assert b"Renamed" in client.get("/theatres").content


def test_without_the_shared_cache_pages_are_right_and_made_in_each_process(client, here, stamp):
    first = client.get("/movies")
    caches["pages"].clear()
    assert queries(client, "/movies") == 0
    forget_recent()
    assert queries(client, "/movies") > 0
    assert client.get("/movies").content == first.content


def test_what_one_visitor_is_told_is_shown_to_nobody_else(client, here, stamp):
    client.cookies["messages"] = "anything"
    assert "no-store" in client.get("/")["Cache-Control"]
    assert Client().get("/")["Cache-Control"] == "public, no-cache"


def test_what_is_somebodys_own_is_not_kept(here, stamp, monkeypatch):
    """A page among the public ones that does look at its visitor, by mistake, harms nobody but the speed."""
    monkeypatch.setitem(PUBLIC, "auth/user", ())
    monkeypatch.setattr(public_pages, "BEGINNINGS", public_pages.BEGINNINGS | {"auth"})
    for email in ("ada@movy.test", "kofi@movy.test"):
        client = Client()
        client.force_login(user_make(email=email))
        assert email.encode() in client.get("/auth/user").content
    assert Client().get("/auth/user").status_code == 302


def test_two_hosts_get_their_own_addresses(client, here, stamp, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host in ("one.example", "two.example", "one.example"):
        body = client.get("/api/v1/genres?page_size=1", headers={"host": host}).content.decode()
        assert f"http://{host}/api/v1/genres" in body
        assert ("two" if host.startswith("one") else "one") + ".example" not in body


def test_two_languages_are_not_mixed(client, here, stamp, settings):
    settings.LANGUAGES = [("en", _("English")), ("fr", _("French"))]
    for language in ("en", "fr", "en"):
        answer = client.get("/movies", headers={"accept-language": language})
        assert f'<html lang="{language}">' in answer.content.decode()
        assert "Accept-Language" in answer["Vary"]


def test_parameters_that_no_view_reads_make_no_page_and_reach_no_link(client, here, stamp):
    first = client.get("/movies?genre=Drama")
    assert queries(client, "/movies?fbclid=secret&genre=Drama") == 0
    assert client.get("/movies?fbclid=secret&genre=Drama").content == first.content
    many = client.get("/api/v1/genres?page_size=1&mine=secret")
    assert "page=2" in many.json()["next"]
    assert b"secret" not in many.content


def test_other_filters_are_other_pages(client, here, stamp):
    client.get("/movies")
    assert queries(client, "/movies?search=nothing") > 0


def test_whoever_brings_a_token_is_answered_apart(client, here, stamp):
    assert client.get("/api/v1/genres").status_code == 200
    assert client.get("/api/v1/genres", headers={"authorization": "Bearer bad"}).status_code == 401


def test_a_refusal_is_not_kept(client, here, stamp):
    for status in (404, 404):
        assert client.get("/movies/999999").status_code == status
    assert client.get("/api/v1/movies?date=never").status_code == 400
    assert "public" not in client.get("/movies/999999").get("Cache-Control", "")


def test_a_head_tells_what_a_get_sends(client, here, stamp):
    assert client.head("/movies")["ETag"] == client.get("/movies")["ETag"]


def test_kept_pages_have_the_headers_of_all_pages(client, here, stamp):
    names = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
    client.get("/movies")
    kept, other = client.get("/movies"), client.get("/find-my-money")
    assert {name: kept[name] for name in names} == {name: other[name] for name in names}
