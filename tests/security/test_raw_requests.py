"""Requests that no client library sends, against a real web process: what the server in front of Django makes of them,
and what Django alone would misread."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from tests.site import Site

LOGIN = "/api/v1/auth/user/login"
NOBODY = json.dumps({"email": "nobody@movy.test", "password": "four words in a row"}).encode()


@pytest.fixture(scope="module")
def site(django_db_setup) -> Iterator[Site]:
    with Site(RATE_LIMITS="off") as running:
        yield running


def raw(site: Site, head: str, body: bytes = b"") -> tuple[int, str, dict]:
    """Send a request as it stands. Return status, kind and JSON of the answer."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as link:
        link.sendall(f"{head}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode("latin-1") + body)
        answer = HTTPResponse(link)
        answer.begin()
        kind, body = answer.getheader("Content-Type", ""), answer.read()
    return answer.status, kind, json.loads(body) if "json" in kind else {}


def refusal(answer: tuple[int, str, dict]) -> tuple[int, str]:
    status, kind, body = answer
    assert kind == "application/problem+json"
    return status, body["code"]


def chunked(body: bytes, size: int = 1000) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def post(kind: str = "application/json", **headers: str) -> str:
    lines = [f"POST {LOGIN} HTTP/1.1", f"Content-Type: {kind}"]
    return "\r\n".join([*lines, *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())])


def test_a_body_in_chunks_is_read_like_another(site, transactional_db):
    right = raw(site, post(Transfer_Encoding="chunked"), chunked(NOBODY, size=7))
    assert refusal(right) == (401, "invalid_credentials")


def test_a_body_in_chunks_that_is_too_large_is_a_413(site):
    answer = raw(site, post(Transfer_Encoding="chunked"), chunked(b" " * 263_000 + NOBODY))
    assert refusal(answer) == (413, "too_large")


def test_a_body_that_says_it_is_too_large_is_a_413_before_it_is_sent(site):
    assert refusal(raw(site, post(Content_Length="1000000000"))) == (413, "too_large")


@pytest.mark.parametrize("length", ["abc", "-1", "1, 2", "0x10"])
def test_a_length_that_is_none_is_a_400(site, length):
    assert raw(site, post(Content_Length=length), NOBODY)[0] == 400


@pytest.mark.parametrize("charset", ["hex", "bz2", "idna", "undefined", "utf-7", "latin-1", "utf-16", "nonsense"])
@pytest.mark.parametrize("path", ["/api/v1/movies?search=%ff", "/movies?search=%ff"])
def test_another_charset_is_a_415(site, path, charset):
    asked = f"GET {path} HTTP/1.1\r\nContent-Type: application/json; charset={charset}"
    assert refusal(raw(site, asked)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["a; charset*=hex''%41", "a; x*=nonsense'en'y", "a; x*0*=hex''%41; x*1=b"])
def test_a_kind_that_cannot_be_read_is_no_500(site, kind):
    assert raw(site, post(kind, Content_Length=str(len(NOBODY))), NOBODY)[0] == 415


def test_utf_8_by_name_is_as_good_as_none(site, transactional_db):
    for kind in ("application/json; charset=UTF-8", 'application/json; charset="utf8"', "application/json;"):
        answer = raw(site, post(kind, Content_Length=str(len(NOBODY))), NOBODY)
        assert refusal(answer) == (401, "invalid_credentials")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (f"GET /api/v1/{'a' * 100_000} HTTP/1.1", 414),
        ("GET /api/v1/movies HTTP/1.1\r\nX-Much: " + "a" * 1_000_000, 431),
        ("GET /api/v1/movies?search=\xff HTTP/1.1", 400),
        ("GET /api/v1/movies HTTP/1.1\r\nX-Bad: \x00", 400),
        ("nonsense", 400),
    ],
    ids=["a long address", "a long header", "a raw byte", "a raw NUL", "no HTTP"],
)
def test_what_is_no_http_ends_at_the_server(site, asked, status):
    assert raw(site, asked)[0] == status


def test_an_unknown_address_and_method_have_the_format_of_all_refusals(site):
    assert refusal(raw(site, "BREW /api/v1/nothing HTTP/1.1")) == (404, "not_found")
    assert refusal(raw(site, "BREW /api/v1/genres HTTP/1.1")) == (405, "method_not_allowed")
