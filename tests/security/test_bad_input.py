"""Whatever is sent to the API: a refusal that a client can read, and nothing changed. The requests that are right come
from the matrix, which has a row for every address and method; here each is spoilt in every way we know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.http import HttpResponse

from tests.security.api_world import ApiWorld, api_world
from tests.security.test_api_matrix import ROWS, Row, endpoints

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google", "no_limits")]

READS = [row for row in ROWS if row.method == "GET" and row.route in endpoints()]
WRITES = [row for row in ROWS if row.method in ("POST", "PUT", "PATCH") and row.route in endpoints()]

MALFORMED = {
    "cut": b'{"a": ',
    "a list": b"[]",
    "a text": b'"a"',
    "null": b"null",
    "a number": b"1",
    "no quotes": b"{a: 1}",
    "a comma too many": b'{"a": 1,}',
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "a name twice": b'{"a": 1, "a": 2}',
    "two objects": b"{}{}",
    "an order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "no UTF-8": b'{"a": "\xff"}',
    "half a character, raw": b'{"a": "\xed\xa0\x80"}',
    "a raw NUL": b'{"a": "\x00"}',
    "5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "100,000 lists": b'{"a": ' + b"[" * 100_000,
    "40,000 objects": b'{"a":' * 40_000,
    "30 lists": b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}",
    "10,000 fields": json.dumps({f"f{number}": 1 for number in range(10_000)}).encode(),
}
NO_TEXT = {
    "half a character": b'{"%s": "\\ud800"}',
    "NUL": b'{"%s": "\\u0000"}',
    "half a character, inside": b'{"%s": {"a": ["\\udfff"]}}',
    "half a character as a name": b'{"%s": {"\\ud83d": 1}}',
}
WRONG: dict[type, list[Any]] = {
    str: [None, True, 1, 1.5, 10**30, [], {}, "\0", "\ud800"],
    int: [None, True, 1.5, "1", "x", "", [], {}, [1], 10**30, -(10**30), 2**63, -1],
    list: [None, True, 1, "C4", {}, [], [None], [1], [[]], [{}], [True], ["\0"], ["\ud800"], [""], ["x" * 1000]],
}
"""By the type of the right value, others that no endpoint takes for it."""

ODD_TEXTS = ["", "x" * 100_000, "\u202e\u0301\U0001f600", "' OR 1=1 --", "{{7*7}}", "../../etc/passwd", "1" * 4000]
"""Texts all the same: an endpoint may know nothing of them, but must survive them."""

NAMES = ["page", "page_size", "search", "genre", "city", "theatre", "date", "language", "status", "near", "when"]
NAMES += ["reference", "query", "format", "cursor"]
VALUES = ["%00", "%ff%fe", "%ed%a0%80", "-1", "1e9", "9" * 30, "9" * 5000, "nan,nan", "0001-01-01", "x" * 3000]
VALUES += [quote("' OR 1=1 --"), "%F0%9F%98%80"]


@pytest.fixture
def no_limits(settings):
    settings.RATE_LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = False


def allowed(row: Row) -> str:
    """Return somebody for whom the right request works, or who gets furthest."""
    return min(row.expected, key=lambda who: (row.expected[who], who == "nobody"))


def sent(here: ApiWorld, row: Row, body: bytes, *, content_type: str = "application/json") -> HttpResponse:
    client = here.client(allowed(row))
    client.raise_request_exception = False
    return client.generic(row.method, row.path(here), body, content_type=content_type)


def refusal(answer: HttpResponse) -> tuple[int, str]:
    """Return status and code of a refusal in the one format that all have."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert body.keys() >= {"type", "title", "status", "detail", "code"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def everything() -> dict[str, list[Any]]:
    """Return all rows of all tables, sessions apart: each request here signs in anew."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in ("sessions.Session", "usersessions.UserSession") and model._meta.managed
    }


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_what_is_no_json_object_is_a_400(row):
    here = api_world()
    before = everything()
    for name, body in MALFORMED.items():
        assert refusal(sent(here, row, body)) == (400, "malformed"), name
    assert everything() == before


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_a_text_that_is_none_is_a_400_in_every_field_also_in_those_that_nobody_reads(row):
    here = api_world()
    before = everything()
    for field in (*row.body(here), "unread"):
        for name, body in NO_TEXT.items():
            assert refusal(sent(here, row, body % field.encode())) == (400, "invalid"), (field, name)
    assert everything() == before


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_a_field_of_a_wrong_type_or_size_is_a_400_that_names_it(row):
    here = api_world()
    before = everything()
    for field, body in spoilt(row.body(here)):
        answer = sent(here, row, body)
        assert refusal(answer) == (400, "invalid"), (body, answer.content)
        rows = answer.json()["errors"]
        assert rows[0].keys() == {"field", "code", "message"}
        assert {error["field"].partition(".")[0] for error in rows} == {field}, body
    assert everything() == before


def spoilt(right: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each field in turn, and the body with a wrong value there."""
    for field, value in right.items():
        for wrong in WRONG[type(value)]:
            yield field, json.dumps(right | {field: wrong}).encode()


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_a_missing_field_is_a_400_that_names_it(row):
    here = api_world()
    right = row.body(here)
    needed = {} if row.method == "PATCH" else right
    for field in needed:
        answer = sent(here, row, json.dumps({name: value for name, value in right.items() if name != field}).encode())
        assert refusal(answer) == (400, "invalid")
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, "required")]


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_odd_texts_are_refused_or_taken_as_texts(row):
    here = api_world()
    for field in row.body(here):
        for odd in ODD_TEXTS:
            answer = sent(here, row, json.dumps(row.body(here) | {field: odd}).encode())
            assert answer.status_code < 500, (field, odd[:20], answer.content)
            if answer.status_code >= 400:
                refusal(answer)


@pytest.mark.parametrize("row", WRITES, ids=str)
def test_a_body_that_is_too_large_is_a_413_and_one_of_another_kind_a_415(row):
    here = api_world()
    before = everything()
    right = json.dumps(row.body(here)).encode()
    assert refusal(sent(here, row, right + b" " * 1_000_000)) == (413, "too_large")
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "x", ""):
        assert refusal(sent(here, row, right, content_type=kind)) == (415, "unsupported_media_type"), kind
    assert everything() == before


@pytest.mark.parametrize("row", READS, ids=str)
def test_no_query_breaks_what_is_read(row):
    here = api_world()
    client = here.client(allowed(row))
    client.raise_request_exception = False
    path = row.path(here).partition("?")[0]
    queries = [f"{name}={value}" for name in NAMES for value in VALUES]
    queries += ["&".join(f"f{number}=1" for number in range(10_000)), "page=1&page=x", "=&&=&", "%", "page[]=1"]
    for query in queries:
        answer = client.get(f"{path}?{query}")
        assert answer.status_code < 500, (query[:60], answer.content)
        if answer.status_code >= 400:
            refusal(answer)


def test_a_list_has_a_hundred_rows_a_page_at_most_and_an_empty_page_behind_the_last():
    here = api_world()
    lists = [row for row in READS if read(here, row).content.startswith(b'{"next"')]
    assert {"movies", "theatres", "genres", "bookings"} <= {row.route for row in lists}
    for row in lists:
        by_cursor = row.route == "bookings"  # it grows with time
        no_place = ["cursor=x"] if by_cursor else ["page=0", "page=x"]
        for asked in ("page_size=1000000000", "page_size=101", "page_size=0", *no_place):
            answer = read(here, row, asked)
            assert refusal(answer) == (400, "invalid")
            assert [error["field"] for error in answer.json()["errors"]] == [asked.partition("=")[0]]
        assert by_cursor or read(here, row, "page=99").json()["results"] == []


def read(here: ApiWorld, row: Row, query: str = "") -> HttpResponse:
    path = row.path(here)
    return here.client(allowed(row)).get(f"{path}{'&' if '?' in path else '?'}{query}")


@pytest.mark.parametrize("row", [row for row in ROWS if "<" in row.route and row.route in endpoints()], ids=str)
def test_what_nothing_can_be_called_is_not_found(row):
    here = api_world()
    for name in ("0", str(2**63), "9" * 30, "9" * 5000, "-1", "%00", "%ff", "x" * 5000, "..%2f..", "' OR 1=1"):
        client = here.client(allowed(row))
        client.raise_request_exception = False
        path = "/".join(quote(name, safe="%") if "<" in part else part for part in row.route.split("/"))
        body = json.dumps(row.body(here))
        answer = client.generic(row.method, f"/api/v1/{path}", body, content_type="application/json")
        assert refusal(answer)[0] in (403, 404), (name[:20], answer.content)
