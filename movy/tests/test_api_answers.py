"""What all answers under /api have in common, whoever gives them: the endpoints, DRF, Django or a bug."""

from __future__ import annotations

import logging

import pytest
from django.db import InterfaceError
from django.http import HttpResponse
from django.test import Client

from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from catalog.tests.factories import GenreFactory

GENRES = "/api/v1/genres"


@pytest.fixture
def api() -> Client:
    return Client(raise_request_exception=False)


def refusal(answer: HttpResponse) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("is_developing", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_an_unknown_address_is_a_404_in_every_method(api, settings, method, is_developing):
    settings.DEBUG = is_developing
    for path in ("/api/v1", "/api/v1/nothing", "/api/v2/movies", "/api/nothing"):
        answer = api.generic(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_sent_to_a_trailing_slash_is_a_404_and_a_read_is_led_on(api, method):
    assert refusal(api.generic(method, f"{GENRES}/")) == (404, "not_found")
    answer = api.get(f"{GENRES}/?page=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{GENRES}?page=1")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_a_405_that_names_the_right_ones(api, method):
    answer = api.generic(method, GENRES)
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", ";;;"])
def test_an_answer_that_nobody_wants_is_a_406(api, accepted):
    assert refusal(api.get(GENRES, headers={"accept": accepted})) == (406, "not_acceptable")


@pytest.mark.django_db
@pytest.mark.parametrize("accepted", ["*/*", "application/json", "text/html, */*;q=0.8"])
def test_a_browser_gets_json_too(api, accepted):
    assert api.get(f"{GENRES}?format=html", headers={"accept": accepted})["Content-Type"] == "application/json"


@pytest.mark.parametrize("is_developing", [True, False])
def test_a_strange_host_is_a_400(api, settings, is_developing):
    settings.DEBUG, settings.ALLOWED_HOSTS = is_developing, ["movy.example"]
    assert refusal(api.get(GENRES, headers={"host": "evil.example"})) == (400, "malformed")


@pytest.mark.django_db
@pytest.mark.parametrize("is_developing", [True, False])
def test_thousands_of_fields_in_a_query_are_a_400(api, settings, is_developing):
    settings.DEBUG = is_developing
    query = "&".join(f"f{number}=1" for number in range(10_000))
    assert refusal(api.get(f"{GENRES}?{query}")) == (400, "malformed")


@pytest.mark.django_db
@pytest.mark.parametrize("is_developing", [True, False])
def test_a_bug_is_a_500_that_tells_nothing_and_is_logged(api, settings, monkeypatch, caplog, is_developing):
    settings.DEBUG = is_developing

    def broken() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("catalog.api.views.genres_all", broken)
    with caplog.at_level(logging.ERROR, logger="django.request"):
        answer = api.get(GENRES)
    assert refusal(answer) == (500, "internal_error")
    assert b"secret" not in answer.content
    assert "RuntimeError: secret" in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_503_that_says_when_to_come_again(api, monkeypatch):
    def away() -> None:
        raise InterfaceError

    monkeypatch.setattr("catalog.api.views.genres_all", away)
    answer = api.get(GENRES)
    assert (*refusal(answer), answer["Retry-After"]) == (503, "unavailable", "5")


@pytest.mark.django_db
class TestAskedAgain:
    def test_who_has_it_already_gets_a_304(self, api):
        GenreFactory(name="Drama")
        etag = api.get(GENRES)["ETag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = api.get(GENRES, headers={"if-none-match": known})
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)

    def test_who_has_another_gets_the_new_one(self, api):
        etag = api.get(GENRES)["ETag"]
        GenreFactory(name="Drama")
        answer = api.get(GENRES, headers={"if-none-match": etag})
        assert answer.status_code == 200
        assert answer["ETag"] != etag
        for unknown in ('"other"', etag.strip('"'), "nonsense", '"'):
            assert api.get(GENRES, headers={"if-none-match": unknown}).status_code == 200

    def test_it_is_asked_for_again_each_time(self, api):
        answer = api.get(GENRES)
        assert set(answer["Cache-Control"].split(", ")) == {"public", "no-cache"}
        assert "Authorization" in answer["Vary"]

    def test_what_a_bearer_reads_is_nobody_elses(self, api):
        bearer = {"authorization": f"Bearer {session_token_issue(user_make())}"}
        answer = api.get("/api/v1/bookings", headers=bearer)
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
        assert api.get("/api/v1/bookings", headers=bearer | {"if-none-match": answer["ETag"]}).status_code == 304
        assert api.get("/api/v1/bookings", headers={"if-none-match": answer["ETag"]}).status_code == 401

    def test_a_head_tells_the_same(self, api):
        assert api.head(GENRES)["ETag"] == api.get(GENRES)["ETag"]

    def test_a_wish_for_another_version_is_a_412(self, api):
        assert refusal(api.get(GENRES, headers={"if-match": '"other"'})) == (412, "precondition_failed")


@pytest.mark.django_db
def test_tokens_are_kept_nowhere(api):
    person = {"email": "new@movy.test", "password": "four words in a row", "first_name": "New", "last_name": "Person"}
    answer = api.post("/api/v1/auth/user/signup", person, content_type="application/json")
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")


@pytest.mark.django_db
def test_pages_are_left_alone(client):
    assert "ETag" not in client.get("/find-my-money")
    assert client.get("/nothing")["Content-Type"].startswith("text/html")
