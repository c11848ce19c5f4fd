"""Every form of every page, sent from elsewhere: without its token, with a foreign one, from another site. 403 each
time, and nothing is changed. The forms come from the matrix, which has a row for every page that takes a POST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.security.matrix import Row
from tests.security.page_world import PageWorld, page_world, undone, writes
from tests.security.test_page_matrix import REFUSALS, ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

SIGNED_BY_OTHERS = {"webhooks/paystack"}
"""No browser sends it: it carries Paystack's signature in place of a token."""

KEPT_FOR_ALL = {"language"}
"""The footer's, in pages without a token; movy/tests/test_languages.py sends it from elsewhere."""

FORMS = [row for row in ROWS if row.method == "POST" and row.route not in SIGNED_BY_OTHERS | KEPT_FOR_ALL]
TOKEN = "a" * 32
OTHER = "b" * 32
OWN_SITE = "http://testserver"

ELSEWHERE: dict[str, dict[str, Any]] = {  # the token in the form, and headers
    "no token": {},
    "no token from here": {"origin": OWN_SITE},
    "somebody else's token": {"token": OTHER, "origin": OWN_SITE},
    "another site": {"token": TOKEN, "origin": "https://evil.test"},
    "a site called like ours": {"token": TOKEN, "origin": "http://testserver.evil.test"},
    "another port": {"token": TOKEN, "origin": "http://testserver:8080"},
    "a sandboxed frame": {"token": TOKEN, "origin": "null"},
}


def whose(row: Row) -> str:
    return next((who for who in ("ada", "ben", "manager", "owner") if row.expected[who] not in REFUSALS), "nobody")


def browser(here: PageWorld, row: Row) -> Client:
    """A browser of somebody whose form it is, which has seen a page and so has a token of its own."""
    client = here.browser(whose(row), enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    return client


def send(here: PageWorld, row: Row, *, token: str = "", origin: str = "") -> Any:
    data = row.body(here) | ({"csrfmiddlewaretoken": token} if token else {})
    return browser(here, row).post(row.path(here), data, headers={"origin": origin} if origin else {})


def problems(here: PageWorld, row: Row) -> Iterator[str]:
    for name, kind in ELSEWHERE.items():
        with undone(), writes() as written:
            status = send(here, row, **kind).status_code
        if status != 403 or written:
            yield f"{row} with {name}: {status} {written}"


def test_a_form_that_is_sent_from_elsewhere_is_refused_and_changes_nothing():
    here = page_world()
    wrong = [problem for row in FORMS for problem in problems(here, row)]
    assert not wrong, "\n".join(wrong)


def test_the_same_forms_are_taken_from_here_so_it_is_where_they_came_from():
    here, refused = page_world(), []
    for row in FORMS:
        with undone():
            answer = send(here, row, token=TOKEN, origin=OWN_SITE)
        if answer.status_code == 403 != row.expected[whose(row)]:
            refused.append(str(row))
    assert refused == []


def test_without_djangos_check_it_would_be_noticed(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("CsrfViewMiddleware")]
    here = page_world()
    noticed = {row.route for row in FORMS[:12] for _ in problems(here, row)}
    assert {"booking", "booking/pay"} <= noticed


def test_what_a_form_sends_in_a_header_counts_too():
    """htmx and our scripts send the token so."""
    here = page_world()
    row = next(row for row in FORMS if row.route == "booking")
    for token, status in ((TOKEN, 303), (OTHER, 403)):
        with undone():
            answer = browser(here, row).post(row.path(here), row.body(here), headers={"x-csrftoken": token})
        assert answer.status_code == status
