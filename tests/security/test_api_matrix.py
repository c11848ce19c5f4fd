"""Every endpoint and method of the API, as everybody: a URL or a method without its row here fails the build."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.tests.factories import PASSWORD
from movy.lib.clock import rfc3339
from tests.security import matrix
from tests.security.api_world import PEOPLE, ApiWorld, api_world
from tests.security.matrix import Expected, everybody
from tests.security.page_world import writes
from tests.test_queries import routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PREFIX = "api/v1/"
METROPOLIS = 9000001  # its number at the stand-in of TMDb


def signed_in(status: int) -> Expected:
    return everybody(status) | {"nobody": 401}


def ada_alone(status: int) -> Expected:
    """Somebody else's is not found, whoever asks."""
    return signed_in(404) | {"ada": status}


def staff(*roles: str, status: int) -> Expected:
    return signed_in(403) | dict.fromkeys((*roles, "manager", "owner"), status)


class Row(matrix.Row):
    prefix = PREFIX


def person(here: ApiWorld) -> dict[str, Any]:
    return {"email": "new@movy.test", "password": PASSWORD, "first_name": "New", "last_name": "Person"}


def showing(here: ApiWorld) -> dict[str, Any]:
    show = here.showtime
    return {"movie": show.movie_id, "screen": show.screen_id, "starts_at": here.next_week, "price": 350000}


STAFF = "theatre/<int:theatre_id>/"
ROWS = [
    Row("GET", "schema", everybody(200)),
    Row("GET", "docs", everybody(200)),
    # ---- Accounts
    Row("POST", "auth/user/signup", everybody(201), person),
    Row(
        "POST",
        "auth/user/login",
        everybody(200),
        lambda here: {"email": here.people["ben"].email, "password": PASSWORD},
    ),
    Row("POST", "auth/user/refresh", everybody(401), lambda here: {"refresh_token": "made.up.token"}),
    Row("POST", "auth/google", everybody(401), lambda here: {"id_token": "made.up.token"}),
    Row("POST", "auth/user/forgot-password", everybody(202), lambda here: {"email": here.people["ben"].email}),
    Row("POST", "auth/user/reset-password", everybody(400), lambda here: {"key": "1-made-up", "password": PASSWORD}),
    Row("POST", "auth/user/confirm-email", everybody(400), lambda here: {"key": "made-up"}),
    Row("POST", "auth/user/logout", signed_in(204)),
    Row("GET", "auth/user", signed_in(200)),
    Row("PATCH", "auth/user", signed_in(200), lambda here: {"first_name": "Other"}),
    Row("DELETE", "auth/user", signed_in(204) | dict.fromkeys(("manager", "rival", "owner"), 409)),  # the last ones
    # ---- Catalogue
    Row("GET", "movies", everybody(200)),
    Row("GET", "movies/<int:movie_id>", everybody(200)),
    Row("GET", "movies/<int:movie_id>/showtimes", everybody(200)),
    Row("GET", "genres", everybody(200)),
    Row("GET", "theatres", everybody(200)),
    Row("GET", "theatres/<int:theatre_id>", everybody(200)),
    Row("GET", "theatres/<int:theatre_id>/showtimes", everybody(200)),
    Row("GET", "showtimes/<int:showtime_id>", everybody(200)),
    # ---- Booking and paying
    Row("GET", "booking/<int:showtime_id>", everybody(200)),
    Row("POST", "booking/<int:showtime_id>", signed_in(201), lambda here: {"tickets": 1}),
    Row("POST", "booking", signed_in(201), lambda here: {"showtime": here.showtime.pk, "seats": ["D1"]}),
    Row("GET", "bookings", signed_in(200)),
    Row("GET", "bookings/<str:reference>", ada_alone(200)),
    Row("POST", "booking/pay", ada_alone(200), lambda here: {"booking": here.held.reference}),
    Row("GET", "verify-payment", ada_alone(200), query=lambda here: f"?reference={here.payment.reference}"),
    Row("POST", "cancel-booking/<str:reference>", ada_alone(200), ids=lambda here: {"reference": here.held.reference}),
    # ---- A theatre's own people
    Row("POST", STAFF + "check-in", staff("door", status=200), lambda here: {"code": here.code}),
    Row(
        "POST",
        STAFF + "box-office",
        staff("desk", status=201),
        lambda here: {"showtime": here.showtime.pk, "seats": ["D1"], "paid_by": "cash"},
    ),
    Row("GET", STAFF + "screens", staff(status=200)),
    Row("GET", STAFF + "movies", staff(status=200)),
    Row("GET", STAFF + "search-movies", staff(status=200), query=lambda here: "?query=metropolis"),
    Row("POST", STAFF + "add-movie", staff(status=201), lambda here: {"tmdb_id": METROPOLIS}),
    Row("DELETE", STAFF + "movies/<int:movie_id>", staff(status=204), ids=lambda here: {"movie_id": here.unshown.pk}),
    Row("GET", STAFF + "showtimes", staff(status=200)),
    Row("POST", STAFF + "showtimes", staff(status=201), showing),
    Row(
        "GET",
        STAFF + "showtimes/<int:showtime_id>",
        staff(status=200),
        ids=lambda here: {"showtime_id": here.draft.pk},
    ),
    Row(
        "PATCH",
        STAFF + "showtimes/<int:showtime_id>",
        staff(status=200),
        lambda here: {"starts_at": here.next_week},
        ids=lambda here: {"showtime_id": here.draft.pk},
    ),
    Row(
        "DELETE",
        STAFF + "showtimes/<int:showtime_id>",
        staff(status=204),
        ids=lambda here: {"showtime_id": here.draft.pk},
    ),
]


def ask(here: ApiWorld, who: str, row: Row) -> Any:
    client = here.client(who)
    if row.method == "GET":
        return client.get(row.path(here))
    return client.generic(row.method, row.path(here), json.dumps(row.body(here)), content_type="application/json")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_matrix_says(row, who):
    answer = ask(api_world(), who, row)
    assert answer.status_code == row.expected[who], answer.content


@pytest.mark.parametrize("who", PEOPLE)
def test_every_other_method_is_refused(who):
    here = api_world()
    known = {(row.method, row.route) for row in ROWS}
    for route in sorted(endpoints()):
        for method in METHODS:
            if (method, route) not in known:
                answer = ask(here, who, Row(method, route, everybody(405)))
                assert answer.status_code in ({405} if who == "owner" else {401, 403, 404, 405}), f"{method} {route}"


@pytest.mark.parametrize("who", ["ada", "owner"])
def test_reading_writes_nothing(who):
    here, wrong = api_world(), []
    client = here.client(who)
    for row in ROWS:
        if row.method == "GET":
            with writes() as written:
                client.get(row.path(here))
            wrong += [f"{row}: {sql}" for sql in written]
    assert wrong == []


def test_every_address_has_its_rows():
    assert {row.route for row in ROWS} == endpoints()


STRANGERS_IDS = [
    Row("GET", STAFF + "showtimes/<int:showtime_id>", {}, ids=lambda here: {"showtime_id": here.draft.pk}),
    Row("DELETE", STAFF + "movies/<int:movie_id>", {}, ids=lambda here: {"movie_id": 2**40}),
    Row("DELETE", STAFF + "showtimes/<int:showtime_id>", {}, ids=lambda here: {"showtime_id": here.draft.pk}),
    Row(
        "PATCH",
        STAFF + "showtimes/<int:showtime_id>",
        {},
        lambda here: {"format": "3D"},
        ids=lambda here: {"showtime_id": here.draft.pk},
    ),
    Row(
        "POST",
        STAFF + "box-office",
        {},
        lambda here: {"showtime": here.showtime.pk, "seats": ["D1"], "paid_by": "cash"},
    ),
]


@pytest.mark.parametrize("who", ["rival", "owner"])
@pytest.mark.parametrize("row", STRANGERS_IDS, ids=str)
def test_what_belongs_to_another_theatre_is_not_found_in_ones_own(row, who):
    here = api_world()
    own = here.people["rival"].memberships.get().theatre_id
    before = rfc3339(here.draft.starts_at)
    path = row.path(here).replace(f"/theatre/{here.showtime.screen.theatre_id}/", f"/theatre/{own}/")
    answer = here.client(who).generic(row.method, path, json.dumps(row.body(here)), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    here.draft.refresh_from_db()
    assert rfc3339(here.draft.starts_at) == before


def endpoints() -> set[str]:
    return {route.removeprefix(PREFIX) for route in routes() if route.startswith(PREFIX)}
