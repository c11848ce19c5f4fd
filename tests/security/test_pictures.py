"""Pictures from elsewhere: whatever TMDb's answers name as their place, in whatever notation, and wherever the host of
its pictures leads to, nothing is asked but that one host. People upload pictures and give no addresses."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from PIL import Image

from catalog.models import Movie
from catalog.tests.test_film_admin import film_data
from catalog.tmdb import Tmdb, TmdbNotFound, TmdbUnavailable
from movy.lib import http
from standins.http import Request, Response, Router, Server, json_response
from tests.security.admin_walk import url
from tests.security.admin_world import house

TOKEN = "secret-read-token"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.OUTSIDE_CALLS_MAX = 8
    http.forget_failures()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """A server inside the house that nobody outside should reach; it would gladly give a picture."""
    router = Router()

    @router.route("GET", "/t/p/w342/a.jpg")
    def secret(request: Request) -> Response:
        return Response(200, picture(), "image/jpeg")

    with Server(router).start() as server:
        yield server


def tmdb_that_says(base: str = "OWN/t/p/", *, leads_to: str = "", status: int = 302) -> Router:
    """Return a TMDb whose pictures are at `base` and lead to another address if told so. In `base` OWN is its own
    address, HOST that without the scheme."""
    router = Router()

    @router.route("GET", "/3/configuration")
    def configuration(request: Request) -> Response:
        host = request.base_url.removeprefix("http://")
        said = base.replace("OWN", request.base_url).replace("HOST", host)
        return json_response({"images": {"secure_base_url": said, "poster_sizes": ["w342"]}})

    @router.route("GET", "/t/p/w342/a.jpg")
    def place(request: Request) -> Response:
        if leads_to:
            return Response(status, picture(), "image/jpeg", {"Location": leads_to})
        return Response(200, picture(), "image/jpeg")

    return router


def asked(server: Server, path: str) -> int:
    return sum(request["path"].startswith(path) for request in server.router.requests)


def test_the_picture_comes_when_its_place_is_the_configured_one():
    with Server(tmdb_that_says()).start() as server:
        assert Tmdb(base_url=server.base_url, access_token=TOKEN).image("/a.jpg", "w342") == picture()


NOTATIONS = [  # 127.0.0.1 and 169.254.169.254 as clients of all kinds read them; PORT is the inner server's
    *("http://127.0.0.1:PORT/t/p/", "http://localhost:PORT/t/p/", "http://127.1:PORT/t/p/", "http://0:PORT/t/p/"),
    *("http://2130706433:PORT/t/p/", "http://0x7f000001:PORT/t/p/", "http://0177.0.0.1:PORT/t/p/"),
    *("http://0x7f.0.0.1:PORT/t/p/", "http://[::1]:PORT/t/p/", "http://[::ffff:127.0.0.1]:PORT/t/p/"),
    *("http://[::ffff:7f00:1]:PORT/t/p/", "http://127.0.0.1.:PORT/t/p/", "http://①②⑦.⓪.⓪.①:PORT/t/p/"),
    *("http://HOST@127.0.0.1:PORT/t/p/", "http://HOST:x@127.0.0.1:PORT/t/p/", "http://127.0.0.1:PORT\\@HOST/t/p/"),
    *("http://127.0.0.1:PORT#@HOST/t/p/", "http://127.0.0.1:PORT?@HOST/t/p/", "http://HOST%00@127.0.0.1:PORT/t/p/"),
    *("http://169.254.169.254/t/p/", "http://2852039166/t/p/", "http://0xa9fea9fe/t/p/", "http://0251.0376.0251.0376/"),
    *("http://[::ffff:a9fe:a9fe]/t/p/", "http://metadata.google.internal/t/p/", "gopher://127.0.0.1:PORT/t/p/"),
    *(
        "OWN@127.0.0.1:PORT/t/p/",
        "OWN.evil.test/t/p/",
        "OWN\\.evil.test/t/p/",
        " OWN/t/p/../",
    ),
]


@pytest.mark.parametrize("base", NOTATIONS)
def test_another_place_is_refused_in_every_notation_and_nothing_is_asked(base: str, elsewhere: Server):
    port = elsewhere.base_url.rpartition(":")[2]
    with Server(tmdb_that_says(base.replace("PORT", port))).start() as server:
        client = Tmdb(base_url=server.base_url, access_token=TOKEN)
        with pytest.raises((TmdbUnavailable, TmdbNotFound)):
            client.image("/a.jpg", "w342")
        assert asked(server, "/t/p") == 0
    assert not elsewhere.router.requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_picture_that_leads_on_is_refused_and_nobody_goes_there(status: int, elsewhere: Server):
    place = f"{elsewhere.base_url}/t/p/w342/a.jpg"
    with Server(tmdb_that_says(leads_to=place, status=status)).start() as server:
        with pytest.raises(TmdbUnavailable):
            Tmdb(base_url=server.base_url, access_token=TOKEN).image("/a.jpg", "w342")
        assert asked(server, "/t/p") == 1
    assert not elsewhere.router.requests


@pytest.mark.django_db
def test_an_address_in_place_of_an_upload_is_not_a_picture(elsewhere: Server):
    own = house("Velvet", 1)
    client = Client()
    client.force_login(own.manager)
    for address in (f"{elsewhere.base_url}/t/p/w342/a.jpg", "http://169.254.169.254/", "file:///etc/passwd", "../../x"):
        sent = film_data(own, title=f"From {address}"[:60], poster=address)
        assert client.post(url(Movie, "add"), sent).status_code == 302
        made = Movie.objects.latest("pk")
        assert not made.poster
        assert not made.backdrop
    assert not elsewhere.router.requests
