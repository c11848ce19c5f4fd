"""Every page, as somebody who is shown it: its policy is strict, nothing frames it, it holds nothing inline, and only
looking at it changes nothing. The pages come from the matrix."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.security.matrix import Row
from tests.security.page_world import PageWorld, page_world, undone, writes
from tests.security.strict import Page, policy_problems
from tests.security.test_page_matrix import ROWS, ask, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

LOOKS = [row for row in ROWS if row.method == "GET"]
CHECK_IN = "theatre/<id_slug:theatre_id>/check-in"
LOOSER = {CHECK_IN: ("'wasm-unsafe-eval'",)}
"""The door's scanner is WebAssembly, on that page alone."""

SIGNED_IN = ("ada", "owner", "manager", "nobody")


def shown_to(row: Row) -> str:
    """Return who sees most of a page."""
    return next((who for who in SIGNED_IN if row.expected[who] == 200), "owner")


@pytest.fixture
def here() -> PageWorld:
    return page_world()


def test_every_page_has_a_strict_policy_and_nothing_inline(here):
    wrong = []
    for row in LOOKS:
        with undone():
            answer = ask(here, shown_to(row), row)
            if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code in (301, 302, 303):
                continue
            wrong += [f"{row}: {told}" for told in policy_problems(answer, also=LOOSER.get(row.route, ()))]
            wrong += [f"{row}: {told}" for told in Page(text(answer)).inline]
    assert not wrong, "\n".join(wrong)


def test_refusals_have_the_same_strict_policy(here, client):
    strict = Client(enforce_csrf_checks=True)
    refusals = {
        403: strict.post("/auth/user/login"),
        404: client.get("/nothing/here"),
        405: client.post("/movies"),
        400: client.post("/auth/user/login"),
    }
    for status, answer in refusals.items():
        assert answer.status_code == status
        assert list(policy_problems(answer)) == [], status
        assert Page(text(answer)).inline == []


def test_a_policy_with_holes_would_be_noticed(client, settings):
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["*"],
        "frame-ancestors": ["'self'"],
    }
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    told = " ".join(policy_problems(client.get("/")))
    assert all(directive in told for directive in ("script-src", "style-src", "frame-ancestors"))
    settings.CONTENT_SECURITY_POLICY = {}
    assert list(policy_problems(client.get("/")))


def test_only_looking_changes_nothing(here):
    """Also with what the page's form would send in the address."""
    sent = {row.route: row.body(here) for row in ROWS if row.method == "POST"}
    wrong = []
    for row in LOOKS:
        data = {} if row.query(here) else sent.get(row.route, {})
        with undone(), writes() as written:
            here.browser(shown_to(row)).get(row.path(here), data)
        wrong += [f"{row}: {sql}" for sql in written]
    assert not wrong, "\n".join(wrong)
