"""Movy's TMDb client against the stand-in, over real HTTP."""

import io
import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
from PIL import Image

from catalog.tmdb import Tmdb, TmdbNotFound, TmdbUnavailable
from catalog.tmdb import client as client_module
from catalog.tmdb.answers import movie_of, text_of
from movy.lib import http
from standins import tmdb as tmdb_standin
from standins.http import Request, Response, Router, Server, json_response
from standins.tmdb import TmdbStandin, invented
from tests.running import wait_for

TOKEN = "secret-read-token"


@pytest.fixture(autouse=True)
def _fresh(settings, monkeypatch):
    settings.OUTSIDE_CALLS_MAX = 8
    monkeypatch.setattr(client_module, "RETRY_PAUSES_SECONDS", (0.01, 0.02))
    http.forget_failures()


@pytest.fixture(scope="module")
def _standin() -> Iterator[TmdbStandin]:
    with tmdb_standin.start(access_token=TOKEN, requests_per_second=10_000) as standin:
        yield standin


@pytest.fixture
def standin(_standin) -> TmdbStandin:
    _standin.router.faults.clear()
    _standin.router.requests.clear()
    return _standin


@pytest.fixture
def tmdb(standin) -> Tmdb:
    return Tmdb(base_url=standin.base_url, access_token=TOKEN)


def calls(standin: TmdbStandin) -> list[str]:
    return [row["path"] for row in standin.router.requests]


def test_a_search_finds_films(tmdb):
    found = tmdb.search("metropolis").results[0]
    assert (found.tmdb_id, found.title, found.released_on) == (9_000_001, "Metropolis", date(1927, 1, 10))
    assert found.poster_path.endswith(".jpg")


def test_a_search_has_pages_and_years(tmdb):
    first, last = tmdb.search("night bus"), tmdb.search("night bus", page=3)
    assert (len(first.results), len(last.results), first.total_pages) == (20, 5, 3)
    assert [found.tmdb_id for found in tmdb.search("market day", year=1961).results] == [invented.SAME_TITLE_OLD.id]


def test_a_search_never_shows_adult_films(tmdb):
    assert tmdb.search("curtain of midnight").results == ()


@pytest.mark.parametrize("query", ["", "  ", "\x00"])
def test_an_empty_search_asks_nobody(tmdb, standin, query):
    assert tmdb.search(query).results == ()
    assert calls(standin) == []


def test_a_film_comes_with_people_and_ratings_in_one_call(tmdb, standin):
    movie = tmdb.movie(9_000_001)
    assert (movie.title, movie.runtime_minutes, movie.language) == ("Metropolis", 149, "de")
    assert [person.name for person in movie.directors] == ["Fritz Lang"]
    assert (movie.cast[0].name, movie.cast[0].character) == ("Brigitte Helm", "Maria / The Machine Man")
    assert {genre.name for genre in movie.genres} == {"Science Fiction", "Drama"}
    assert movie.certification_in("NG") == "PG"
    assert calls(standin) == ["/3/movie/9000001"]


@pytest.mark.parametrize("film", [invented.MERGED_ID, invented.ADULT.id, 1])
def test_a_merged_adult_or_unknown_film_is_not_found(tmdb, film):
    with pytest.raises(TmdbNotFound) as caught:
        tmdb.movie(film)
    assert (caught.value.code, caught.value.status) == ("tmdb_not_found", 404)


@pytest.mark.parametrize("film", [invented.WITHOUT_RUNTIME, invented.RUNTIME_NULL])
def test_a_length_of_nothing_is_unknown(tmdb, film):
    assert tmdb.movie(film.id).runtime_minutes is None


def test_what_is_missing_is_empty(tmdb):
    assert tmdb.movie(invented.WITHOUT_POSTER.id).poster_path is None
    assert tmdb.movie(invented.UNDATED.id).released_on is None
    assert tmdb.movie(invented.WITHOUT_OVERVIEW.id).overview == ""
    assert tmdb.movie(invented.WITHOUT_GENRES.id).genres == ()


def test_a_rating_is_the_cinemas_and_never_another_countrys(tmdb):
    movie = tmdb.movie(invented.RATED_THREE_TIMES.id)
    assert {country: movie.certification_in(country) for country in ("NG", "GH", "KE", "ZA")} == {
        "NG": "12",  # in cinemas, before the limited release, the premiere and the stream
        "GH": "15",  # the cinema release has none
        "KE": "GE",
        "ZA": "",
    }
    assert tmdb.movie(invented.UNRATED_IN_NIGERIA.id).certification_in("NG") == ""


@pytest.mark.parametrize(
    ("film", "key"),
    [
        (invented.MANY_TRAILERS, "newer_trailr"),  # not the fans', not the older one, not the script
        (invented.UNOFFICIAL_TRAILER, "fanCut_0001"),
        (invented.VIMEO_ONLY, None),
        (invented.WITHOUT_VIDEOS, None),
    ],
)
def test_the_trailer_is_the_newest_official_one_on_youtube(tmdb, film, key):
    assert tmdb.movie(film.id).trailer_key == key


def test_several_directors_and_a_large_cast(tmdb):
    assert [person.name for person in tmdb.movie(invented.MANY_DIRECTORS.id).directors] == [
        "Ngozi Abara",
        "Tunde Falade",
        "Kiprono Metto",
        "Zola Mabaso",
    ]
    cast = tmdb.movie(invented.LARGE_CAST.id).cast
    assert [person.name for person in cast[:2]] == ["Villager Number 1", "Villager Number 2"]
    assert len(cast) == 20


def test_markup_stays_text_and_control_characters_go(tmdb):
    movie = tmdb.movie(invented.MARKUP.id)
    assert movie.title == "<script>alert('Movy')</script> & Sons"
    assert {person.character for person in movie.cast} == {"The “Quoted” \\ One", "Tab Character"}
    assert "Line Break" in {person.name for person in movie.cast}


def test_long_texts_are_cut(tmdb):
    movie = tmdb.movie(invented.VERY_LONG_TITLE.id)
    assert len(movie.title) <= 200
    assert movie.title.endswith("…")
    assert len(movie.overview) <= 4000


@pytest.mark.parametrize("film", [invented.JAPANESE, invented.ARABIC, invented.YORUBA])
def test_every_script_survives(tmdb, film):
    assert tmdb.movie(film.id).original_title == (film.original_title or film.title)


def test_text_is_fit_for_every_database():
    assert text_of("a\x00b \ud800c\n\n d\u2028e", 20) == "ab c d e"
    assert text_of(7, 20) == ""


@pytest.mark.parametrize("fault", ["null-lists", "null-values", "missing-keys", "extra-keys"])
def test_lists_that_are_null_and_keys_that_are_missing_or_new_are_survived(tmdb, standin, fault):
    standin.router.faults.arm(fault)
    movie = tmdb.movie(9_000_001)
    assert movie.title == "Metropolis"
    assert bool(movie.cast) == (fault == "extra-keys")
    tmdb.search("metropolis")


def test_values_of_the_wrong_type_are_no_film(tmdb, standin):
    standin.router.faults.arm("wrong-values")
    with pytest.raises((TmdbUnavailable, TmdbNotFound)):
        tmdb.movie(9_000_001)
    assert tmdb.search("metropolis").results == ()


def test_no_shape_of_answer_is_a_crash():
    odd = [None, 0, -1, 1.5, "x", True, [], [None], [[]], {}, {"results": 5}, {"cast": {}, "crew": [1]}]
    keys = [
        "genres",
        "credits",
        "videos",
        "release_dates",
        "runtime",
        "release_date",
        "poster_path",
        "overview",
    ]
    for value in odd:
        assert movie_of({"id": 1, "title": "A", **dict.fromkeys(keys, value)}).title == "A"


@pytest.mark.parametrize(
    "fault", ["internal-error", "offline", "maintenance", "limited", "bad-gateway", "html", "cut-json", "reset"]
)
def test_an_outage_says_so(tmdb, standin, fault):
    standin.router.faults.arm(fault)
    with pytest.raises(TmdbUnavailable) as caught:
        tmdb.movie(9_000_001)
    assert (caught.value.code, caught.value.status) == ("tmdb_unavailable", 502)


@pytest.mark.parametrize(("fault", "tries"), [("offline", 3), ("bad-gateway", 3), ("cut-json", 1), ("reset", 1)])
def test_only_429_and_5xx_are_tried_again(tmdb, standin, fault, tries):
    standin.router.faults.arm(fault)
    with pytest.raises(TmdbUnavailable):
        tmdb.movie(9_000_001)
    assert len(calls(standin)) == tries


def test_a_hiccup_is_not_noticed(tmdb, standin):
    standin.router.faults.arm("maintenance", times=2)
    assert tmdb.movie(9_000_001).title == "Metropolis"


def test_a_long_wait_asked_for_is_not_waited(tmdb, standin):
    standin.router.faults.arm("limited", seconds=60)
    started = time.monotonic()
    with pytest.raises(TmdbUnavailable):
        tmdb.movie(9_000_001)
    assert time.monotonic() - started < 30
    assert len(calls(standin)) == 1


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_refused_or_missing_token_is_unavailable_and_told_to_nobody(standin, caplog, token):
    with caplog.at_level(logging.DEBUG), pytest.raises(TmdbUnavailable):
        Tmdb(base_url=standin.base_url, access_token=token).search("metropolis")
    assert len(calls(standin)) == (1 if token else 0)
    assert "Bearer" not in caplog.text


def test_the_token_travels_in_the_header_alone(tmdb, standin):
    tmdb.search("metropolis")
    row = standin.router.requests[-1]
    assert row["has_authorization"]
    assert TOKEN not in json.dumps(row["query"])


def test_the_configuration_is_asked_for_once(tmdb, standin):
    assert tmdb.configuration() is tmdb.configuration()
    assert calls(standin) == ["/3/configuration"]


def test_a_picture_comes_in_the_size_asked_for(tmdb):
    picture = tmdb.image(tmdb.movie(9_000_001).poster_path, "w342")
    assert Image.open(io.BytesIO(picture)).width == 342


@pytest.mark.parametrize(
    "path",
    [
        "/no-such-picture.jpg",
        "//evil.example/a.jpg",
        "/../../3/configuration.jpg",
        "/a.svg",
        "@evil.example/a.jpg",
        "/a.jpg?x=1",
        "/a.jpg\n",
        "http://169.254.169.254/a.jpg",
        "",
    ],
)
def test_a_path_that_is_no_picture_name_is_not_found(tmdb, standin, path):
    with pytest.raises(TmdbNotFound):
        tmdb.image(path, "w342")
    assert [call for call in calls(standin) if call.startswith("/t/p")] == (
        ["/t/p/w342/no-such-picture.jpg"] if path == "/no-such-picture.jpg" else []
    )


@pytest.mark.parametrize("size", ["w343", "../w342", "", "original/x"])
def test_a_size_tmdb_doesnt_list_is_not_found(tmdb, size):
    with pytest.raises(TmdbNotFound):
        tmdb.image("/a.jpg", size)


@pytest.mark.parametrize("fault", ["picture-huge", "picture-is-text", "redirect", "internal-error", "html"])
def test_what_is_no_picture_is_refused(tmdb, standin, fault):
    poster = tmdb.movie(9_000_001).poster_path
    tmdb.configuration()
    standin.router.faults.arm(fault, path="/t/p/")
    with pytest.raises(TmdbUnavailable):
        tmdb.image(poster, "w342")


def test_a_picture_that_is_gone_is_not_found(tmdb, standin):
    standin.router.faults.arm("picture-missing")
    with pytest.raises(TmdbNotFound):
        tmdb.image(tmdb.movie(9_000_001).poster_path, "w342")


def configured(base: str) -> Router:
    """Return a TMDb whose configuration says that pictures are at `base`."""
    router = Router()

    @router.route("GET", "/3/configuration")
    def configuration(request: Request) -> Response:
        secure = base.replace("HOST", request.base_url.removeprefix("http://"))
        return json_response({"images": {"secure_base_url": secure, "poster_sizes": ["w342"]}})

    return router


@pytest.mark.parametrize(
    "base",
    [
        "http://169.254.169.254/t/p/",
        "http://localhost:1/t/p/",
        "http://HOST@169.254.169.254/t/p/",
        "http://HOST\\@169.254.169.254/t/p/",
        "http://HOST.evil.example/t/p/",
        "http://0x7f000001/t/p/",
        "https://HOST/t/p/",
        "https://image.tmdb.org/t/p/",
        "//HOST/t/p/",
        "file:///etc/",
        "http://HOST/../",
        "",
    ],
)
def test_pictures_come_from_the_configured_tmdb_alone(base):
    with Server(configured(base)).start() as server:
        client = Tmdb(base_url=server.base_url, access_token=TOKEN)
        with pytest.raises((TmdbUnavailable, TmdbNotFound)):
            client.image("/a.jpg", "w342")
    assert [row["path"] for row in server.router.requests if row["path"] != "/3/configuration"] == []


def test_the_real_tmdb_may_name_its_own_picture_host_only(settings):
    with Server(configured("https://image.tmdb.org/t/p/")).start() as server:
        settings.TMDB_REAL_URL = server.base_url
        configuration = Tmdb(base_url=server.base_url, access_token=TOKEN).configuration()
        assert configuration.picture_base == "https://image.tmdb.org/t/p/"
    with Server(configured("http://HOST/t/p/")).start() as server:
        settings.TMDB_REAL_URL = server.base_url
        with pytest.raises(TmdbUnavailable):
            Tmdb(base_url=server.base_url, access_token=TOKEN).configuration()


def test_calls_keep_their_pace(tmdb, monkeypatch):
    started = time.monotonic()
    threads = [threading.Thread(target=tmdb.search, args=("metropolis",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started >= 7 / client_module.REQUESTS_PER_SECOND


def test_at_most_four_are_in_flight(tmdb, standin, monkeypatch):
    monkeypatch.setattr(client_module, "TURN_WAIT_SECONDS", 0.05)
    standin.router.faults.arm("delay", seconds=2)
    threads = [threading.Thread(target=tmdb.search, args=("metropolis",)) for _ in range(4)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        wait_for(lambda number=number: len(calls(standin)) == number, what="the call")
    with pytest.raises(TmdbUnavailable):
        tmdb.search("metropolis")
    for thread in threads:
        thread.join()
    assert len(calls(standin)) == 4
