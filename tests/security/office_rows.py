"""The rows of the office's pages: Django's own for each class, made from a table, and those that Movy adds.

A new class needs its line in CLASSES, a new page of the office its rows further down.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import models

from accounts.models import User
from bookings.models import Booking, CallOff
from catalog.models import Genre, Listing, Movie, Person, PriceCard, Showtime
from movy.lib.clock import local_day
from movy.outbox.models import Mail
from payments.models import Payment, Refund, WebhookMessage
from tests.security.api_world import PEOPLE
from tests.security.matrix import Expected, Outcome, Row, everybody
from tests.security.page_rows import METROPOLIS
from tests.security.page_world import PageWorld
from theatres.models import Screen, Seat, Theatre
from theatres.planning import stored_plan

Model = type[models.Model]


NOT_THERE = "302 /admin/"
"""Where Django leads from a row that doesn't exist; it says so on the office's first page."""


def office(
    outcome: Outcome,
    *,
    rival: Outcome | None = None,
    owner: Outcome | None = None,
    others: Outcome = "302 /admin/login/",
    nobody: Outcome = "302 /admin/login/",
) -> Expected:
    """Managers and the owner get in, the rival to what is the rival's own; everybody else is led to the sign-in."""
    inside = {
        "manager": outcome,
        "rival": outcome if rival is None else rival,
        "owner": outcome if owner is None else owner,
    }
    return dict.fromkeys(PEOPLE, others) | {"nobody": nobody} | inside


READ: set[str] = set()
WRITTEN = {"add", "change", "delete"}
CLASSES: dict[Model, tuple[set[str], set[str]]] = {  # what a manager may do with one of them, and the owner
    Theatre: ({"change"}, WRITTEN),
    Screen: ({"add", "change"}, {"add", "change"}),  # it has seats and showings, so nobody deletes it
    Seat: (READ, READ),
    Movie: ({"add", "change"}, WRITTEN),
    Listing: (WRITTEN, WRITTEN),
    PriceCard: (WRITTEN, WRITTEN),
    Showtime: (WRITTEN, WRITTEN),
    Booking: (READ, READ),
    Payment: (READ, READ),
    Refund: (READ, READ),
    CallOff: (READ, READ),
    Genre: (READ, WRITTEN),
    Person: ({"add"}, WRITTEN),
    User: (READ, {"add", "change"}),
    Mail: (READ, READ),
    WebhookMessage: (READ, READ),
}
OF_THE_OWNER = {User, Mail, WebhookMessage}
TRIED_AGAIN = {Mail, WebhookMessage}
"""What the worker gives up, with a button for all of it."""

SHARED = {Genre, Person}
ADDED_ELSEWHERE = {Listing: "302 /admin/catalog/listing/find/"}
NOTHING_REQUIRED = {Listing, User}
"""Their empty form is right; the others' comes back with what is missing."""

DEPENDED_ON = {Theatre, Movie, Person}
"""Deleting one is answered by what depends on it."""


ROW_BY_ROW = {Screen: {"delete"}}
"""What depends on the row, and so is not refused before it is looked for."""


def class_rows(model: Model) -> Iterator[Row]:
    """Django's own pages of a class: its list and its form, and those of one row, which to the rival is not there."""
    base = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
    one = base + "<path:object_id>/"
    managers, owners = CLASSES[model]
    listed = 403 if model in OF_THE_OWNER else 200

    def ids(here: PageWorld) -> dict[str, Any]:
        return {"object_id": here.rows[model].pk}

    def able(what: str, done: Outcome, *, rival: Outcome) -> Expected:
        manager, owner = (done if what in may else 403 for may in (managers, owners))
        return office(manager, rival=rival if what in managers | ROW_BY_ROW.get(model, READ) else 403, owner=owner)

    def seen(missing: Outcome) -> Expected:
        return office(listed, rival=200 if model in SHARED else missing, owner=200)

    saved = f"302 /{base}" if model in NOTHING_REQUIRED else 200
    deleted = 200 if model in DEPENDED_ON else f"302 /{base}"
    added = ADDED_ELSEWHERE.get(model, 200)
    for method in ("GET", "POST"):
        yield Row(method, base, office(listed, owner=200))
        yield Row(method, base + "add/", able("add", added, rival=added))
        history = office(NOT_THERE if listed == 403 else 200, rival=200 if model in SHARED else NOT_THERE, owner=200)
        yield Row(method, one + "history/", history, ids=ids)
    if model in TRIED_AGAIN:
        yield Row("POST", base + "try-again/", office(403, owner=f"302 /{base}"))
    yield Row("GET", one, office(f"302 /{base}"), ids=ids)
    yield Row("GET", one + "change/", seen(403 if listed == 403 else NOT_THERE), ids=ids)
    yield Row("POST", one + "change/", able("change", saved, rival=NOT_THERE), ids=ids)
    yield Row("GET", one + "delete/", able("delete", 200, rival=NOT_THERE), ids=ids)
    yield Row("POST", one + "delete/", able("delete", deleted, rival=NOT_THERE), lambda here: {"post": "yes"}, ids)


def of_theatre(outcome: Outcome) -> Expected:
    """The rival does not find it."""
    return office(outcome, rival=404)


def showtime_ids(here: PageWorld) -> dict[str, Any]:
    return {"pk": here.api.showtime.pk, "showtime_id": here.api.draft.pk}


def refund_ids(here: PageWorld) -> dict[str, Any]:
    return {"reference": here.rows[Refund].reference}


def payment_ids(here: PageWorld) -> dict[str, Any]:
    return {"reference": here.api.payment.reference, "kind": "differs"}


def theatre_ids(here: PageWorld) -> dict[str, Any]:
    return {"object_id": here.rows[Theatre].pk}


def new_plan(here: PageWorld) -> dict[str, Any]:
    return {"text": "C: 1-2\nD: 1-2", "version": stored_plan(here.rows[Screen]).version, "save": "1"}


def new_show(here: PageWorld) -> dict[str, Any]:
    day = (here.api.draft.starts_at + timedelta(days=7)).date().isoformat()
    place = {"screen": here.rows[Screen].pk, "movie": here.api.showtime.movie_id, "day": day, "at": "12:00"}
    return place | {"opening": "draft", "price": here.rows[PriceCard].pk}


def copied_week(here: PageWorld) -> dict[str, Any]:
    day = local_day(here.api.draft.starts_at, here.api.showtime.screen.theatre.timezone)  # which ends at 05:00
    return {"first": day.isoformat(), "to": (day + timedelta(days=7)).isoformat(), "span": "7", "opening": "draft"}


def read_week(here: PageWorld) -> dict[str, Any]:
    show = here.api.showtime
    return {"text": f"film,screen,date,time,price\n{show.movie},{show.screen.name},2031-06-06,12:00,3500\n"}


def refunded(here: PageWorld) -> dict[str, Any]:
    return {"seats": ["C1"], "amount": "3500", "why": "Asked for", "confirmed": "on"}


def invited(here: PageWorld) -> dict[str, Any]:
    return {"wish": "invite", "email": "new@movy.test", "role": "door"}


ONE_BOOKING = "admin/bookings/booking/<path:pk>/"
ONE_SHOW = "admin/catalog/showtime/<path:pk>/"
SCREEN = "admin/theatres/screen/<int:screen_id>/"
SCHEDULE = "admin/catalog/showtime/schedule/"
WEEK = SCHEDULE + "<int:theatre_id>/"
SITE = [
    Row("GET", "admin", everybody("302 /admin/")),
    Row("GET", "admin/", office(200)),
    Row("POST", "admin/", office(200)),
    Row("GET", "admin/login/", office("302 /admin/", others=403, nobody="302 /auth/user/login")),
    Row("POST", "admin/login/", office("302 /admin/", others=403, nobody="302 /auth/user/login")),
    Row("POST", "admin/logout/", office(200, others="302 /admin/", nobody="302 /admin/")),
    Row("GET", "admin/password_change/", office("302 /auth/user/password")),
    Row("POST", "admin/password_change/", office("302 /auth/user/password")),
    Row("GET", "admin/password_change/done/", office(200)),
    Row("GET", "admin/jsi18n/", office(200)),
    Row(
        "GET",
        "admin/autocomplete/",
        office(200),
        query=lambda here: "?app_label=catalog&model_name=showtime&field_name=movie&term=",
    ),
    Row("GET", "admin/r/<int:content_type_id>/<path:object_id>/", office("302 /bookings/", rival=404)),
    Row(
        "GET",
        "admin/r/<path:content_type_id>/<path:object_id>/",
        office(404),
        ids=lambda here: {"content_type_id": "x"},
    ),
    Row("GET", "admin/<app_label>/", office(200)),
    Row("GET", "admin/<url>", office(404)),
    Row("GET", "admin/changes/", office(200)),
    Row("GET", "admin/reports/", office(200)),
    Row("GET", "admin/reports/<slug:name>/", office(200)),
]
BOOKINGS = [
    Row("POST", ONE_BOOKING + "resend/", of_theatre("303 /admin/")),
    Row(
        "POST", ONE_BOOKING + "check/", of_theatre("303 /admin/"), lambda here: {"payment": here.api.payment.reference}
    ),
    Row("GET", ONE_BOOKING + "refund/", of_theatre(200)),
    Row("POST", ONE_BOOKING + "refund/", of_theatre("303 /admin/"), refunded),
    Row("GET", ONE_BOOKING + "move/", of_theatre(200)),
    Row("POST", ONE_BOOKING + "move/", of_theatre("303 /admin/"), lambda here: {"leave": ["C1"], "seats": ["D1"]}),
    *(
        Row(method, f"{ONE_BOOKING}refunds/<str:reference>/{step}/", of_theatre(outcome), ids=refund_ids)
        for step in ("again", "paid-out")
        for method, outcome in (("GET", 200), ("POST", "303 /admin/"))
    ),
]
SHOWS = [
    Row("GET", ONE_SHOW + "seats/", of_theatre(200), ids=showtime_ids),
    Row(
        "POST",
        ONE_SHOW + "seats/",
        of_theatre("303 /admin/"),
        lambda here: {"wish": "block", "reason": "Broken", "seats": ["D1"]},
        showtime_ids,
    ),
    Row("GET", ONE_SHOW + "call-off/", of_theatre(200), ids=showtime_ids),
    Row("POST", ONE_SHOW + "call-off/", of_theatre("303 /admin/"), lambda here: {"sure": "on"}, showtime_ids),
    Row("GET", SCHEDULE, office("303 /admin/catalog/showtime/schedule/")),
    Row("GET", WEEK, of_theatre(200)),
    Row("GET", WEEK + "show/<int:showtime_id>/", of_theatre(200), ids=showtime_ids),
    Row(
        "POST", WEEK + "show/<int:showtime_id>/", of_theatre("303 /admin/"), lambda here: {"wish": "open"}, showtime_ids
    ),
    Row("GET", WEEK + "new/", of_theatre(200)),
    Row("POST", WEEK + "new/", of_theatre("303 /admin/"), new_show),
    Row("GET", WEEK + "copy/", of_theatre(200)),
    Row("POST", WEEK + "copy/", of_theatre(200), copied_week),
    Row("GET", WEEK + "import/", of_theatre(200)),
    Row("POST", WEEK + "import/", of_theatre(200), read_week),
    Row("GET", WEEK + "template.csv", of_theatre(200)),
    Row("GET", WEEK + "week.csv", of_theatre(200)),
    Row("GET", WEEK + "reprice/", of_theatre(200)),
    Row("POST", WEEK + "reprice/", of_theatre(409)),  # what it would change has not been looked at
]
REST = [
    Row("GET", "admin/theatres/theatre/<path:object_id>/people/", of_theatre(200), ids=theatre_ids),
    Row(
        "POST",
        "admin/theatres/theatre/<path:object_id>/people/",
        of_theatre("302 /admin/theatres/"),
        invited,
        theatre_ids,
    ),
    Row("GET", SCREEN + "plan/", of_theatre(200)),
    Row("POST", SCREEN + "plan/", of_theatre(200), new_plan),  # what it would change, before it does
    Row("POST", SCREEN + "plan/read/", of_theatre(200), new_plan),
    Row("GET", "admin/catalog/listing/find/", office(200)),
    Row(
        "POST",
        "admin/catalog/listing/find/",
        office("302 /admin/catalog/", rival=400),
        lambda here: {"theatre": here.ids["theatre_id"], "tmdb_id": METROPOLIS},
    ),
    Row(
        "GET",
        "admin/catalog/movie/<path:object_id>/refresh/",
        of_theatre(200),
        ids=lambda here: {"object_id": here.rows[Movie].pk},
    ),
    Row(
        "POST",
        "admin/catalog/movie/<path:object_id>/refresh/",
        of_theatre("302 /admin/catalog/"),
        ids=lambda here: {"object_id": here.rows[Movie].pk},
    ),
]
DESK = "admin/reconciliation/"
RECONCILIATION = [
    Row("GET", DESK, office(200)),
    Row("POST", DESK + "walk/", of_theatre("303 /admin/"), lambda here: {"theatre": here.ids["theatre_id"], "days": 3}),
    *(
        Row("POST", f"{DESK}payments/<str:reference>/{step}/", of_theatre("303 /admin/"), ids=payment_ids)
        for step in ("check", "give-back")
    ),
    *(
        Row("POST", f"{DESK}refunds/<str:reference>/{step}/", of_theatre("303 /admin/"), ids=refund_ids)
        for step in ("check", "again")
    ),
    *(
        Row(method, DESK + "refunds/<str:reference>/bank-details/", of_theatre("303 /admin/"), ids=refund_ids)
        for method in ("GET", "POST")
    ),
    *(  # nothing is amiss with it, so nobody finds it in a queue
        Row(method, DESK + "seen/<slug:kind>/<str:reference>/", office(404), ids=payment_ids)
        for method in ("GET", "POST")
    ),
]
OFFICE = [*(row for model in CLASSES for row in class_rows(model)), *SITE, *BOOKINGS, *SHOWS, *RECONCILIATION, *REST]
