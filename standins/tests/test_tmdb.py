"""The stand-in speaks TMDb's v3 API, over real HTTP."""

import io
import time
from collections.abc import Iterator

import pytest
import requests
from PIL import Image

from standins import tmdb
from standins.tmdb import TmdbStandin, invented

TOKEN = "test-token"


@pytest.fixture(scope="module")
def shared() -> Iterator[TmdbStandin]:
    with tmdb.start(access_token=TOKEN, requests_per_second=10_000) as standin:
        yield standin


@pytest.fixture
def standin(shared) -> TmdbStandin:
    shared.router.faults.clear()
    shared.router.requests.clear()
    shared.router.clock.ahead_seconds = 0
    return shared


def ask(standin: TmdbStandin, path: str, **params) -> requests.Response:
    return requests.get(
        f"{standin.base_url}/3{path}", params=params, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=2
    )


def titles(standin: TmdbStandin, path: str, **params) -> list[str]:
    return [item["title"] for item in ask(standin, path, **params).json()["results"]]


def assert_refused(response: requests.Response, status: int, code: int) -> None:
    body = response.json()
    assert (response.status_code, body["status_code"], body["success"]) == (status, code, False)
    assert body["status_message"]


def test_a_key_is_taken_from_the_header_or_the_query(standin):
    url = f"{standin.base_url}/3/authentication"
    assert ask(standin, "/authentication").json() == {"success": True, "status_code": 1, "status_message": "Success."}
    assert requests.get(url, params={"api_key": TOKEN}, timeout=20).status_code == 200
    assert_refused(requests.get(url, timeout=20), 401, 7)
    assert_refused(requests.get(url, headers={"Authorization": "Bearer wrong"}, timeout=20), 401, 7)


def test_the_log_tells_the_path_and_whether_a_token_came_but_not_the_token(standin):
    ask(standin, "/search/movie", query="market")
    row = requests.get(f"{standin.base_url}/_standin/requests", timeout=20).json()[-1]
    assert (row["path"], row["query"], row["has_authorization"]) == ("/3/search/movie", {"query": "market"}, True)
    assert TOKEN not in str(row)


@pytest.mark.parametrize("query", ["creme brulee", "CRÈME", "segou", "Brûlée à"])
def test_a_search_minds_neither_case_nor_accents(standin, query):
    assert titles(standin, "/search/movie", query=query) == ["Crème Brûlée à Ségou"]


def test_a_search_finds_original_titles(standin):
    assert titles(standin, "/search/movie", query="紙の灯台") == ["The Paper Lighthouse"]


def test_a_search_finds_the_films_of_the_demo(standin):
    assert "Metropolis" in titles(standin, "/search/movie", query="metropolis", year="1927")
    assert titles(standin, "/search/movie", query="metropolis", primary_release_year="1999") == []


def test_results_come_in_pages_of_twenty(standin):
    pages = [ask(standin, "/search/movie", query="night bus", page=page).json() for page in (1, 2, 3, 4)]
    assert [len(page["results"]) for page in pages] == [20, 20, 5, 0]
    assert {(page["total_pages"], page["total_results"]) for page in pages} == {(3, 45)}
    assert len({item["id"] for page in pages for item in page["results"]}) == 45


@pytest.mark.parametrize("page", ["0", "501", "x", "-1"])
def test_a_page_outside_1_to_500_is_refused(standin, page):
    assert_refused(ask(standin, "/search/movie", query="a", page=page), 400, 22)


def test_adult_films_are_found_only_when_asked_for(standin):
    assert titles(standin, "/search/movie", query="curtain of midnight") == []
    assert titles(standin, "/search/movie", query="curtain of midnight", include_adult="true")
    assert ask(standin, f"/movie/{invented.ADULT.id}").json()["adult"] is True


def test_a_film_with_everything_appended(standin):
    names = "credits,videos,release_dates,images,translations,no_such_thing"
    film = ask(standin, f"/movie/{invented.LARGE_CAST.id}", append_to_response=names).json()
    assert len(film["credits"]["cast"]) == 45
    assert {"videos", "release_dates", "images", "translations"} <= film.keys()
    assert "no_such_thing" not in film
    assert "id" not in film["credits"]
    assert ask(standin, f"/movie/{invented.LARGE_CAST.id}/credits").json()["id"] == invented.LARGE_CAST.id


def test_more_than_twenty_appended_names_are_refused(standin):
    names = ",".join(["credits"] * 21)
    assert_refused(ask(standin, f"/movie/{invented.LARGE_CAST.id}", append_to_response=names), 400, 27)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/movie/{invented.MERGED_ID}", 404, 34),
        ("/movie/abc", 404, 6),
        ("/movie/9900001/keywords", 404, 34),
        ("/no/such/thing", 404, 34),
    ],
)
def test_what_is_not_there_is_404(standin, path, status, code):
    assert_refused(ask(standin, path), status, code)


def test_an_untranslated_text_is_empty(standin):
    french = ask(standin, f"/movie/{invented.WITHOUT_OVERVIEW.id}", language="fr-FR").json()
    english = ask(standin, f"/movie/{invented.WITHOUT_OVERVIEW.id}").json()
    assert (french["title"], french["overview"]) == ("Le marché silencieux", "Un marché se tait pendant un jour.")
    assert (english["title"], english["overview"]) == ("Quiet Market", "")


def test_the_language_filters_pictures_unless_more_are_asked_for(standin):
    path = f"/movie/{invented.OPENED_LAST_WEEK.id}/images"
    count = lambda **params: len(ask(standin, path, **params).json()["posters"])  # noqa: E731
    assert count() == 3
    assert count(language="en-US") == 1
    assert count(language="en-US", include_image_language="en,null") == 2


def test_now_playing_and_upcoming_follow_the_clock(standin):
    assert invented.OPENED_LAST_WEEK.title in titles(standin, "/movie/now_playing")
    assert invented.OPENS_NEXT_WEEK.title in titles(standin, "/movie/upcoming")
    dates = ask(standin, "/movie/upcoming").json()["dates"]
    assert dates["minimum"] < dates["maximum"]
    requests.post(f"{standin.base_url}/_standin/clock", json={"ahead_seconds": 86400}, timeout=20)
    assert ask(standin, "/movie/upcoming").json()["dates"]["minimum"] > dates["minimum"]


def test_discover_sorts_and_narrows(standin):
    found = titles(
        standin,
        "/discover/movie",
        sort_by="title.asc",
        region="NG",
        with_release_type="3",
        **{"release_date.gte": "2020-01-01", "release_date.lte": "2025-12-31"},
    )
    assert found == ["Three Opinions", "Ọjọ́ Ìrìn Àjò"]


def test_a_film_is_found_by_its_imdb_number(standin):
    found = ask(standin, "/find/tt99000028", external_source="imdb_id").json()
    assert [item["title"] for item in found["movie_results"]] == ["Found by Number"]
    assert_refused(ask(standin, "/find/tt99000028"), 422, 5)


def test_changes_span_two_weeks_at_most(standin):
    assert ask(standin, "/movie/changes", start_date="2026-11-01", end_date="2026-11-15").json()["results"]
    assert_refused(ask(standin, "/movie/changes", start_date="2026-11-01", end_date="2026-11-16"), 422, 20)
    assert_refused(ask(standin, "/movie/changes", start_date="soon"), 400, 23)


def test_what_never_changes(standin):
    configuration = ask(standin, "/configuration").json()["images"]
    assert configuration["secure_base_url"] == f"{standin.base_url}/t/p/"
    assert configuration["poster_sizes"][-1] == "original"
    assert {"id": 878, "name": "Science Fiction"} in ask(standin, "/genre/movie/list").json()["genres"]
    assert "NG" not in ask(standin, "/certification/movie/list").json()["certifications"]
    assert ask(standin, "/configuration/languages").json()[0]["iso_639_1"] == "en"
    assert {row["iso_3166_1"] for row in ask(standin, "/configuration/countries").json()} >= {"NG", "GH", "KE"}


def test_the_picture_base_follows_the_host_it_was_asked_under(standin):
    response = requests.get(
        f"{standin.base_url}/3/configuration",
        headers={"Authorization": f"Bearer {TOKEN}", "Host": "192.168.1.20:8003"},
        timeout=20,
    )
    assert response.json()["images"]["base_url"] == "http://192.168.1.20:8003/t/p/"


@pytest.mark.parametrize(("size", "width"), [("w92", 92), ("w500", 500), ("original", 1400)])
def test_a_poster_has_the_width_of_its_size(standin, size, width):
    path = ask(standin, "/movie/9000001").json()["poster_path"]
    response = requests.get(f"{standin.base_url}/t/p/{size}{path}", timeout=5)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(response.content)).width == width


@pytest.mark.parametrize("path", ["/w9{}", "/h632{}", "/w1280{}", "/w92/no-such-picture.jpg"])
def test_a_size_that_is_not_of_the_kind_or_an_unknown_picture_is_404(standin, path):
    poster = ask(standin, "/movie/9000001").json()["poster_path"]
    assert requests.get(f"{standin.base_url}/t/p{path.format(poster)}", timeout=20).status_code == 404


def test_every_picture_can_be_drawn(standin):
    for picture in set(standin.router.shelf.pictures.values()):
        assert tmdb.api.jpeg(picture, tmdb.api.SIZES[picture.kind][0]).startswith(b"\xff\xd8")


def test_too_many_requests_a_second_are_refused(standin):
    with tmdb.start(access_token=TOKEN, requests_per_second=3) as small:
        answers = [ask(small, "/configuration") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert_refused(answers[-1], 429, 25)
    assert answers[-1].headers["Retry-After"] == "1"
    assert "(4)" in answers[-1].json()["status_message"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("internal-error", 500, 11),
        ("offline", 503, 9),
        ("maintenance", 503, 46),
        ("backend-timeout", 504, 24),
        ("suspended-key", 401, 10),
        ("limited", 429, 25),
    ],
)
def test_a_fault_answers_with_tmdbs_own_envelope_as_often_as_armed(standin, fault, status, code):
    armed = requests.post(f"{standin.base_url}/_standin/faults", json={"fault": fault, "times": 1}, timeout=20)
    assert armed.status_code == 200
    assert_refused(ask(standin, "/configuration"), status, code)
    assert ask(standin, "/configuration").status_code == 200


def test_an_unknown_fault_is_refused(standin):
    response = requests.post(f"{standin.base_url}/_standin/faults", json={"fault": "fire"}, timeout=20)
    assert response.status_code == 400
    assert "cut-json" in response.text


def test_faults_of_the_wire(standin):
    faults = standin.router.faults
    faults.arm("bad-gateway", times=1)
    assert ask(standin, "/configuration").text.startswith("<html>")
    faults.arm("cut-json", times=1)
    with pytest.raises(ValueError, match="."):
        ask(standin, "/configuration").json()
    faults.arm("wrong-type", times=1)
    assert ask(standin, "/configuration").headers["Content-Type"] == "text/plain"
    faults.arm("reset", times=1)
    with pytest.raises(requests.ConnectionError):
        ask(standin, "/configuration")
    faults.arm("null-lists", path="/3/movie", times=1)
    assert ask(standin, "/configuration").json()["images"]["poster_sizes"]
    assert ask(standin, "/movie/9000001").json()["genres"] is None


def test_faults_of_pictures(standin):
    poster = ask(standin, "/movie/9000001").json()["poster_path"]
    url = f"{standin.base_url}/t/p/w92{poster}"
    standin.router.faults.arm("picture-missing", times=1)
    assert requests.get(url, timeout=20).status_code == 404
    standin.router.faults.arm("picture-huge", times=1)
    assert len(requests.get(url, timeout=5).content) == 10 * 1024 * 1024
    assert ask(standin, "/configuration").status_code == 200


@pytest.mark.parametrize(("fault", "seconds"), [("delay", 0.6), ("timeout", 0.6)])
def test_it_can_keep_a_caller_waiting(standin, fault, seconds):
    url = f"{standin.base_url}/3/movie/9000001?api_key={TOKEN}"
    standin.router.faults.arm(fault, path="/3/movie", seconds=seconds, times=1)
    with pytest.raises(requests.Timeout):
        requests.get(url, timeout=0.2)
    assert requests.get(url, timeout=20).status_code == 200


def test_its_answer_can_trickle(standin):
    standin.router.faults.arm("drip", path="/3/configuration", seconds=0.001, times=1)
    begun = time.monotonic()
    answer = requests.get(f"{standin.base_url}/3/configuration?api_key={TOKEN}", timeout=0.4)
    assert answer.json()["images"]
    assert time.monotonic() - begun > 0.4  # longer than any one read of it


def test_every_value_can_be_null(standin):
    standin.router.faults.arm("null-values", times=2)
    movie = ask(standin, f"/movie/{invented.LARGE_CAST.id}", append_to_response="credits").json()
    assert (movie["id"], movie["title"]) == (invented.LARGE_CAST.id, invented.LARGE_CAST.title)
    assert (movie["overview"], movie["runtime"], movie["poster_path"]) == (None, None, None)
    assert {person["name"] for person in movie["credits"]["cast"]} == {None}
    found = ask(standin, "/search/movie", query="market").json()
    assert found["total_pages"] is None
    assert {item["release_date"] for item in found["results"]} == {None}


def test_films_that_trip_an_importer_are_there(standin):
    """Script tags, 300 signs of title, no minutes, no poster: found by a search as much as by their number."""
    markup, long = (ask(standin, f"/movie/{film.id}").json() for film in (invented.MARKUP, invented.VERY_LONG_TITLE))
    assert "<script>" in markup["title"]
    assert "onerror" in markup["overview"]
    assert len(long["title"]) >= 300
    minutes = {
        ask(standin, f"/movie/{film.id}").json()["runtime"]
        for film in (invented.WITHOUT_RUNTIME, invented.RUNTIME_NULL)
    }
    assert minutes == {0, None}
    assert ask(standin, f"/movie/{invented.WITHOUT_POSTER.id}").json()["poster_path"] is None
    for film in (invented.MARKUP, invented.VERY_LONG_TITLE, invented.WITHOUT_RUNTIME, invented.WITHOUT_POSTER):
        assert film.title in titles(standin, "/search/movie", query=film.title[:40])


def test_it_can_be_off(standin):
    away = tmdb.start(access_token=TOKEN)
    url = f"{away.base_url}/3/configuration"
    away.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=20)
    standin.router.faults.arm("offline")
    assert_refused(ask(standin, "/search/movie", query="market"), 503, 9)
