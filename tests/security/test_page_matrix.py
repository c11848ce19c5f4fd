"""Every page and method, as everybody: a URL or a method without its row fails the build. Pages outside the office are
in page_rows.py, the office's in office_rows.py; the API has a matrix of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bookings.selectors import booking_full
from movy.lib.admin import TenantAdmin
from movy.lib.clock import database_now
from tests.security.api_world import PEOPLE
from tests.security.matrix import Outcome, Row
from tests.security.office_rows import OFFICE
from tests.security.page_rows import PAGES
from tests.security.page_world import SECRET_WORD, PageWorld, page_world, undone, writes
from tests.test_queries import routes
from theatres.models import Theatre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

ROWS = [*PAGES, *OFFICE]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSALS = (401, 403, 404, 405, "302 /auth/user/login", "303 /auth/user/login", "302 /admin/login/", "302 /admin/")
"""What is answered to somebody to whom nothing is shown and for whom nothing is done."""

TOLD_TO_ITS_HOLDER = {"invitations/<str:token>"}
"""The link is the secret: whoever has it reads who invites whom."""

GROUP = re.compile(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)")


def addresses() -> set[str]:
    """Return every route outside the API, those that are regular expressions as if they were not."""
    named = (GROUP.sub(r"\1", route).replace("^", "").rstrip("$") for route in routes())
    return {route for route in named if not route.startswith("api/")}


def outcome(answer: Any) -> Outcome:
    if 300 <= answer.status_code < 400:
        return f"{answer.status_code} {answer['Location']}"
    return answer.status_code


def is_as(expected: Outcome, got: Outcome) -> bool:
    return got.startswith(expected) if isinstance(got, str) and isinstance(expected, str) else got == expected


def ask(here: PageWorld, who: str, row: Row) -> Any:
    client = here.browser(who)
    if row.method == "GET":
        return client.get(row.path(here))
    if row.method == "POST":
        return client.post(row.path(here), row.body(here))
    return client.generic(row.method, row.path(here))


def text(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


def problems(here: PageWorld, who: str, row: Row) -> Iterator[str]:
    """Ask, and yield what is not as the row says. Nobody who is refused reads a name or changes anything."""
    expected = row.expected[who]
    with undone(), writes() as written:
        answer = ask(here, who, row)
    got = outcome(answer)
    if not is_as(expected, got):
        yield f"{row}: {got}, not {expected}"
    if expected in REFUSALS and written:
        yield f"{row}: refused, and wrote {written[0]}"
    if expected in REFUSALS and row.route not in TOLD_TO_ITS_HOLDER and SECRET_WORD.lower() in text(answer).lower():
        yield f"{row}: tells {SECRET_WORD}"


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_matrix_says(who):
    here = page_world()
    wrong = [problem for row in ROWS for problem in problems(here, who, row)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_every_other_method_is_refused_or_only_looks(who):
    """Django's own admin answers any method but POST as a look, and its forms take a PUT for an empty one; every page
    of ours names the methods it takes."""
    here, wrong = page_world(), []
    known = {(row.method, row.route) for row in ROWS}
    for row in {row.route: row for row in ROWS}.values():
        for method in METHODS:
            if (method, row.route) in known:
                continue
            with undone(), writes() as written:
                status = ask(here, who, replace(row, method=method)).status_code
            refused = status in (302, 303, 400, 403, 404, 405) or (status == 200 and row.route.startswith("admin/"))
            if written or not refused:
                wrong.append(f"{method} {row.route}: {status} {written}")
    assert not wrong, "\n".join(wrong)


def test_every_address_has_its_rows():
    """A new page: give it a row for each method that it takes, in page_rows.py or office_rows.py."""
    missing = addresses() - {row.route for row in ROWS}
    assert not missing, f"no row in tests/security/page_rows.py or office_rows.py says who gets what of {missing}"
    assert {row.route for row in ROWS} <= addresses()
    assert len({(row.method, row.route) for row in ROWS}) == len(ROWS)


def test_the_walk_notices_pages_without_their_guards(monkeypatch):
    monkeypatch.setattr(
        "bookings.visitors.booking_own", lambda user, reference, **_: (booking_full(reference), database_now())
    )
    monkeypatch.setattr("theatres.pages.theatre_of_staff", lambda theatre_id, **_: Theatre.objects.get(pk=theatre_id))
    monkeypatch.setattr(TenantAdmin, "get_queryset", lambda self, request: self.model._default_manager.all())
    here = page_world()
    noticed = {row.route for row in ROWS for _ in problems(here, "rival", row)}
    assert {
        "bookings/<str:reference>",
        "theatre/<id_slug:theatre_id>/box-office",
        "admin/bookings/booking/<path:pk>/refund/",
    } <= noticed
