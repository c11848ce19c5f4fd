from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.services import session_token_issue
from bookings.models import CallOff
from bookings.services import booking_confirm
from bookings.tests.factories import hold, showtime_on_sale
from catalog.models import Showtime, ShowtimePrice
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from movy.lib.clock import database_now, rfc3339
from payments.flows import callings_off_go_on
from theatres.models import Screen, SeatCategory, Theatre, TicketType
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add
from theatres.tests.people import OUTSIDERS, client_of, statuses

pytestmark = pytest.mark.django_db

MANAGERS = {"door": 403, "box_office": 403}
"""Who works there and is refused all the same."""


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory(cleaning_minutes=20)


@pytest.fixture
def manager(theatre) -> Client:
    return client_of("manager", theatre)


@pytest.fixture
def screen(theatre) -> Screen:
    return ScreenFactory(theatre=theatre, name="Great")


@pytest.fixture
def evening() -> datetime:
    return (database_now() + timedelta(days=3)).replace(hour=18, minute=0, second=0, microsecond=0)


@pytest.fixture
def wish(theatre, screen, evening) -> dict[str, Any]:
    """The least that schedules a showing."""
    movie = ListingFactory(theatre=theatre, movie__title="Nosferatu", movie__language="de").movie
    return {"movie": movie.pk, "screen": screen.pk, "starts_at": rfc3339(evening), "price": 350_000}


@pytest.fixture
def showtime(theatre, screen, evening) -> Showtime:
    """One on sale."""
    movie = ListingFactory(theatre=theatre).movie
    return showtime_on_sale(screen=screen, movie=movie, starts_at=evening)


def path(theatre: Theatre, showtime_id: int | None = None) -> str:
    return f"/api/v1/theatre/{theatre.pk}/showtimes" + (f"/{showtime_id}" if showtime_id else "")


def post(client: Client, theatre: Theatre, body: Any) -> HttpResponse:
    return client.post(path(theatre), body, content_type="application/json")


def patch(client: Client, showtime: Showtime, **body: Any) -> HttpResponse:
    theatre = showtime.screen.theatre
    return client.patch(path(theatre, showtime.pk), body, content_type="application/json")


def refused(answer: HttpResponse) -> tuple[int, str, str | None]:
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, problem["code"], problem.get("errors", [{"field": None}])[0]["field"]


# ---- Scheduling


def test_a_showing_is_on_sale_at_once_and_told_as_everywhere(theatre, manager, wish, evening):
    answer = post(manager, theatre, wish)
    assert answer.status_code == 201
    showtime = answer.json()["showtime"]
    assert showtime == Client().get(f"/api/v1/showtimes/{showtime['id']}").json()
    assert (showtime["status"], showtime["sales_open"]) == ("on_sale", True)
    assert (showtime["format"], showtime["language"]) == ("2D", "de")
    assert (showtime["seats_total"], showtime["seats_free"]) == (2, 2)
    assert showtime["from_price"] == {"amount": 350_000, "currency": "NGN"}
    assert showtime["starts_at"] == rfc3339(evening)
    assert showtime["ends_at"] == rfc3339(evening + timedelta(minutes=100))


def test_a_draft_is_seen_by_nobody_else(theatre, manager, wish):
    answer = post(manager, theatre, wish | {"status": "draft"})
    assert answer.status_code == 201
    showtime = answer.json()["showtime"]
    assert (showtime["status"], showtime["sales_open"]) == ("draft", False)
    assert (showtime["seats_total"], showtime["seats_free"]) == (2, 2)
    assert Client().get(f"/api/v1/showtimes/{showtime['id']}").status_code == 404


def test_only_managers_schedule(theatre, wish):
    allowed = {"manager": 201, "owner": 409}  # the manager has the slot
    body = {"data": wish, "content_type": "application/json"}
    assert statuses("post", path(theatre), theatre, **body) == OUTSIDERS | MANAGERS | allowed


def test_each_category_and_ticket_type_has_its_own_price(theatre, manager, screen, wish):
    SeatCategory.objects.create(theatre=theatre, code="balcony", name="Balcony")
    TicketType.objects.create(theatre=theatre, code="child", name="Child")
    seats_add(screen, ["Z1"], category="balcony")
    price = {"standard": {"adult": 350_000, "child": 0}, "balcony": {"adult": 500_000}}
    assert post(manager, theatre, wish | {"price": price}).status_code == 201
    kept = ShowtimePrice.objects.values_list("category__code", "ticket_type__code", "amount_minor")
    assert set(kept) == {
        ("standard", "adult", 350_000),
        ("standard", "child", 0),
        ("balcony", "adult", 500_000),
    }


def test_one_price_is_that_of_every_seat_and_ticket(theatre, manager, wish):
    TicketType.objects.create(theatre=theatre, code="child", name="Child")
    assert post(manager, theatre, wish).status_code == 201
    assert set(ShowtimePrice.objects.values_list("amount_minor", flat=True)) == {350_000}
    assert ShowtimePrice.objects.count() == 2


def test_an_offset_is_understood(theatre, manager, wish, evening):
    local = evening.astimezone(theatre.zone).isoformat()
    assert local.endswith("+01:00")
    answer = post(manager, theatre, wish | {"starts_at": local})
    assert answer.json()["showtime"]["starts_at"] == rfc3339(evening)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("movie", None),
        ("movie", "7"),
        ("movie", 10**9),
        ("movie", 10**30),
        ("screen", 10**9),
        ("screen", True),
        ("starts_at", None),
        ("starts_at", 1_800_000_000),
        ("starts_at", "tomorrow"),
        ("starts_at", "2026-11-22"),
        ("starts_at", "2099-11-22T18:30:00"),
        ("starts_at", "2099-11-22 18:30:00Z"),
        ("starts_at", "2099-02-30T18:30:00Z"),
        ("starts_at", "2099-11-22T24:30:00Z"),
        ("starts_at", "2099-11-22T18:30:00Z"),
        ("starts_at", "2001-11-22T18:30:00Z"),
        ("starts_at", "0001-01-01T00:00:00+14:00"),
        ("starts_at", "9999-12-31T23:59:59-14:00"),
        ("price", None),
        ("price", "350000"),
        ("price", 350_000.5),
        ("price", True),
        ("price", -1),
        ("price", 4_999),
        ("price", 10**12),
        ("price", []),
        ("price", {}),
        ("price", {"standard": 350_000}),
        ("price", {"standard": {}}),
        ("price", {"standard": {"adult": "350000"}}),
        ("price", {"standard": {"adult": None}}),
        ("price", {"standard": {"adult": 350_000, "wizard": 350_000}}),
        ("price", {"standard": {"adult": 350_000}, "throne": {"adult": 350_000}}),
        ("price", {"standard": {"adult": 350_000}} | {f"c{number}": {} for number in range(60)}),
        ("price", {"s" * 1000: {"adult": 350_000}}),
        ("format", ""),
        ("format", "2" * 21),
        ("format", 3),
        ("language", "Klingon, they say"),
        ("language", "?"),
        ("status", "called_off"),
        ("status", ["draft"]),
    ],
)
def test_what_cannot_be_scheduled_is_named(theatre, manager, wish, field, value):
    assert refused(post(manager, theatre, wish | {field: value})) == (400, "invalid", field)
    assert not Showtime.objects.exists()


@pytest.mark.parametrize("missing", ["movie", "screen", "starts_at", "price"])
def test_what_is_missing_is_named(theatre, manager, wish, missing):
    del wish[missing]
    assert refused(post(manager, theatre, wish)) == (400, "invalid", missing)


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_what_is_no_object_is_refused(theatre, manager, body):
    assert post(manager, theatre, body).status_code == 400


def test_what_others_have_is_refused_like_what_nobody_has(theatre, manager, wish):
    foreign = {"movie": ListingFactory().movie.pk, "screen": ScreenFactory().pk}
    for field, pk in foreign.items():
        theirs, nobodys = (post(manager, theatre, wish | {field: value}).json() for value in (pk, 10**9))
        assert theirs == nobodys


def test_a_film_of_unknown_length_cannot_be_scheduled(theatre, manager, wish):
    unknown = ListingFactory(theatre=theatre, movie__runtime_minutes=None).movie
    assert refused(post(manager, theatre, wish | {"movie": unknown.pk})) == (400, "invalid", "movie")


@pytest.mark.parametrize("status", ["draft", "on_sale"])
def test_an_overlap_names_what_is_in_the_way(theatre, manager, wish, evening, status):
    first = post(manager, theatre, wish | {"status": status}).json()["showtime"]
    in_cleaning = rfc3339(evening + timedelta(minutes=119))
    answer = post(manager, theatre, wish | {"starts_at": in_cleaning})
    assert refused(answer)[:2] == (409, "screen_busy")
    assert answer.json()["conflict"] == {"id": first["id"], "title": "Nosferatu", "starts_at": first["starts_at"]}
    after = rfc3339(evening + timedelta(minutes=120))
    assert post(manager, theatre, wish | {"starts_at": after}).status_code == 201


# ---- Changing


def test_only_managers_change(theatre, showtime):
    body = {"data": {"format": "3D"}, "content_type": "application/json"}
    allowed = {"manager": 200, "owner": 200}
    assert statuses("patch", path(theatre, showtime.pk), theatre, **body) == OUTSIDERS | MANAGERS | allowed


def test_another_theatres_showing_is_not_found(theatre, manager):
    foreign = ShowtimeFactory()
    for showtime_id in (foreign.pk, 10**9, 10**30):
        for method in (manager.patch, manager.delete):
            assert method(path(theatre, showtime_id), {}, content_type="application/json").status_code == 404
    assert Showtime.objects.get() == foreign


def test_a_changed_time_and_price_show_at_once(manager, showtime, evening):
    public = Client()
    addresses = [f"/api/v1/showtimes/{showtime.pk}", f"/api/v1/booking/{showtime.pk}", f"/booking/{showtime.pk}"]
    for address in addresses:  # now every answer and hall is kept for a moment
        assert public.get(address).status_code == 200
    later = evening + timedelta(hours=1)
    assert patch(manager, showtime, starts_at=rfc3339(later), price=400_000).status_code == 200
    shown = public.get(addresses[0]).json()
    assert (shown["starts_at"], shown["from_price"]["amount"]) == (rfc3339(later), 400_000)
    seat_map = public.get(addresses[1]).json()
    assert seat_map["showtime"]["starts_at"] == rfc3339(later)
    assert seat_map["categories"][0]["price"]["amount"] == 400_000
    assert "4,000" in public.get(addresses[2]).content.decode()


def test_the_answer_is_the_showing_as_it_is_now(manager, showtime, evening):
    answer = patch(manager, showtime, format="IMAX", starts_at=rfc3339(evening + timedelta(minutes=30)))
    assert answer.status_code == 200
    assert answer.json()["showtime"] == Client().get(f"/api/v1/showtimes/{showtime.pk}").json()
    assert patch(manager, showtime).json() == answer.json()


@pytest.mark.parametrize("kind", ["movie", "screen", "starts_at", "draft"])
def test_a_showing_with_live_bookings_stays_as_it_is(theatre, manager, showtime, evening, kind):
    now = database_now()
    booking = hold(showtime, ["C4"], now=now)
    changes: dict[str, dict[str, Any]] = {
        "movie": {"movie": ListingFactory(theatre=theatre).movie.pk},
        "screen": {"screen": ScreenFactory(theatre=theatre).pk},
        "starts_at": {"starts_at": rfc3339(evening + timedelta(days=1))},
        "draft": {"status": "draft"},
    }
    before = Client().get(f"/api/v1/showtimes/{showtime.pk}").json()
    for _state in ("held", "confirmed"):
        assert refused(patch(manager, showtime, **changes[kind])) == (409, "showtime_has_bookings", None)
        with transaction.atomic():
            booking_confirm(booking.reference, now=now)
    assert Client().get(f"/api/v1/showtimes/{showtime.pk}").json() == before
    assert patch(manager, showtime, price=400_000, format="3D", language="fr").status_code == 200


def test_calling_off_ends_the_bookings_that_there_are(manager, showtime):
    booking = hold(showtime, ["C4"], now=database_now())
    with transaction.atomic():
        booking_confirm(booking.reference, now=database_now())
    assert patch(manager, showtime, status="called_off").json()["showtime"]["status"] == "called_off"
    assert CallOff.objects.get(showtime=showtime).by is not None
    assert callings_off_go_on() == 1
    booking.refresh_from_db()
    assert booking.status == "cancelled"


def test_a_showing_is_called_off_for_good(manager, showtime):
    assert patch(manager, showtime, status="called_off").json()["showtime"]["status"] == "called_off"
    assert refused(patch(manager, showtime, status="on_sale")) == (400, "invalid", "status")


@pytest.mark.parametrize(
    ("field", "value"),
    [("movie", None), ("starts_at", "2099-11-22T18:30:00"), ("price", {}), ("format", None), ("status", "sold_out")],
)
def test_what_cannot_be_changed_is_named(manager, showtime, field, value):
    assert refused(patch(manager, showtime, **{field: value})) == (400, "invalid", field)


def test_a_move_onto_another_showing_is_refused(theatre, manager, wish, showtime, evening):
    other = evening + timedelta(hours=5)
    assert post(manager, theatre, wish | {"starts_at": rfc3339(other)}).status_code == 201
    assert refused(patch(manager, showtime, starts_at=rfc3339(other)))[:2] == (409, "screen_busy")


# ---- Deleting


def test_only_managers_delete(theatre, showtime):
    allowed = {"manager": 204, "owner": 404}  # the manager was faster
    assert statuses("delete", path(theatre, showtime.pk), theatre) == OUTSIDERS | MANAGERS | allowed
    assert not Showtime.objects.exists()


def test_a_showing_that_was_booked_is_not_deleted(theatre, manager, showtime):
    hold(showtime, ["C4"], now=database_now())
    assert refused(manager.delete(path(theatre, showtime.pk))) == (409, "showtime_has_bookings", None)


def test_a_manager_reads_the_own_drafts_with_the_prices_that_can_be_sent(manager, theatre, wish):
    sent = wish | {"status": "draft", "price": {"standard": {"adult": 350_000}}}
    made = manager.post(path(theatre), sent, content_type="application/json").json()["showtime"]
    read = manager.get(path(theatre, made["id"])).json()
    assert (read["status"], read["price"]) == ("draft", sent["price"])
    assert read == made | {"price": sent["price"]}
    assert manager.get(path(theatre)).json()["results"] == [read]
    assert Client().get(f"/api/v1/showtimes/{made['id']}").status_code == 404


def test_the_list_is_of_one_day_when_asked(manager, theatre, showtime, evening):
    on, off = (evening.date(), evening.date() + timedelta(days=1))
    assert [row["id"] for row in manager.get(f"{path(theatre)}?date={on}").json()["results"]] == [showtime.pk]
    assert manager.get(f"{path(theatre)}?date={off}").json()["results"] == []
    assert manager.get(f"{path(theatre)}?date=tomorrow").status_code == 400


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"tickets": 1, "category": "sofa"}, "category"),
        ({"tickets": 1, "ticket_types": {"dog": 1}}, "ticket_types"),
    ],
)
def test_best_seats_of_a_kind_that_is_not_there_name_the_field(showtime, theatre, wish, field):
    answer = client_of("buyer", theatre).post(f"/api/v1/booking/{showtime.pk}", wish, content_type="application/json")
    assert answer.status_code == 400
    assert [row["field"] for row in answer.json()["errors"]] == [field]


def test_only_an_unpaid_booking_has_an_end(showtime, theatre):
    booking = hold(showtime, ["C4"], now=database_now())
    client = Client(headers={"authorization": f"Bearer {session_token_issue(booking.user)}"})
    assert client.get(f"/api/v1/bookings/{booking.reference}").json()["hold_expires_at"]
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=database_now())
    assert client.get(f"/api/v1/bookings/{booking.reference}").json()["hold_expires_at"] is None
