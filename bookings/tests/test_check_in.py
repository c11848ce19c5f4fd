"""Letting people in: only with a ticket of this theatre and this show, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from bookings.checkin import ticket_admit
from bookings.errors import AlreadyAdmitted, WrongShowtime
from bookings.models import Booking, BookingEvent, Ticket
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import NOW, hold, showtime_on_sale
from bookings.tickets import serial_new, ticket_code
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now, rfc3339
from theatres.tests.factories import MembershipFactory
from theatres.tests.people import OUTSIDERS, client_of, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    """A show that begins in an hour."""
    return showtime_on_sale(["C4", "C5"], starts_at=database_now() + timedelta(hours=1))


@pytest.fixture
def theatre(showtime):
    return showtime.screen.theatre


@pytest.fixture
def door(theatre):
    return client_of("door", theatre)


def sold(showtime, *labels: str) -> Booking:
    booking = hold(showtime, labels or ["C4"], now=database_now())
    assert booking_confirm(booking.reference, now=database_now())
    return booking


def code_of(booking: Booking, label: str = "C4") -> str:
    return ticket_code(Ticket.objects.get(booked_seat__booking=booking, booked_seat__label=label).serial)


def check_in_path(theatre) -> str:
    return f"/api/v1/theatre/{theatre.pk}/check-in"


def check_in(client: Client, theatre, code: object, /, **more: object) -> HttpResponse:
    return client.post(check_in_path(theatre), {"code": code, **more}, content_type="application/json")


def refusal(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_ticket_lets_its_bearer_in(door, showtime, theatre):
    booking = sold(showtime, "C4", "C5")
    before = database_now()
    response = check_in(door, theatre, code_of(booking, "C5"))
    assert response.status_code == 200
    told = response.json()
    assert told.keys() == {"result", "seat", "showtime", "ticket_type"}
    assert (told["result"], told["seat"], told["ticket_type"]) == ("admitted", "C5", "adult")
    assert (told["showtime"]["id"], told["showtime"]["movie"]["title"]) == (showtime.pk, showtime.movie.title)
    ticket = Ticket.objects.get(booked_seat__label="C5")
    assert before <= ticket.admitted_at <= database_now()
    assert Ticket.objects.get(booked_seat__label="C4").admitted_at is None
    event = BookingEvent.objects.get(kind="admitted")
    assert (event.booking, event.at, event.detail) == (booking, ticket.admitted_at, {"seat": "C5"})
    assert event.actor_id == ticket.admitted_by_id == theatre.memberships.get().user_id


def test_door_manager_and_owner_check_in_and_nobody_else(theatre):
    request = {"data": {"code": "nothing"}, "content_type": "application/json"}
    staff = {"door": 404, "manager": 404, "owner": 404, "box_office": 403}
    assert statuses("post", check_in_path(theatre), theatre, **request) == OUTSIDERS | staff


def test_shown_again_it_lets_nobody_in_and_says_who_came_when(showtime, theatre):
    halima = user_make(first_name="Halima", last_name="Danjuma")
    MembershipFactory(user=halima, theatre=theatre, role="door")
    first = Client(headers={"authorization": f"Bearer {session_token_issue(halima)}"})
    code = code_of(sold(showtime))
    assert check_in(first, theatre, code).status_code == 200
    admitted_at = Ticket.objects.get().admitted_at
    again = check_in(client_of("door", theatre), theatre, code)
    assert refusal(again) == (409, "already_admitted")
    told = again.json()
    assert (told["admitted_at"], told["admitted_by"]) == (rfc3339(admitted_at), "Halima Danjuma")
    assert Ticket.objects.get().admitted_at == admitted_at
    assert BookingEvent.objects.filter(kind="admitted").count() == 1


def test_who_let_somebody_in_may_be_gone(door, showtime, theatre):
    code = code_of(sold(showtime))
    check_in(door, theatre, code)
    Ticket.objects.update(admitted_by=None)
    again = check_in(door, theatre, code)
    assert (*refusal(again), again.json()["admitted_by"]) == (409, "already_admitted", "")


def test_of_another_theatres_ticket_nothing_else_is_told(door, showtime, theatre):
    elsewhere = showtime_on_sale(starts_at=showtime.starts_at)
    code = code_of(sold(elsewhere))
    response = check_in(door, theatre, code)
    assert refusal(response) == (409, "other_theatre")
    assert response.json().keys() == {"type", "title", "status", "detail", "code"}
    for fact in (elsewhere.movie.title, elsewhere.screen.theatre.name, elsewhere.screen.name, "C4"):
        assert fact not in response.content.decode()
    booking_cancel(Booking.objects.get().reference, actor_id=None, now=elsewhere.starts_at - timedelta(hours=3))
    assert refusal(check_in(door, theatre, code)) == (409, "other_theatre")


def test_a_ticket_that_was_given_back_lets_nobody_in(door, showtime, theatre):
    booking = sold(showtime, "C4", "C5")
    given_back, kept = code_of(booking, "C4"), code_of(booking, "C5")
    booking_cancel(booking.reference, labels=["C4"], actor_id=None, now=showtime.starts_at - timedelta(hours=3))
    assert refusal(check_in(door, theatre, given_back)) == (409, "cancelled")
    assert check_in(door, theatre, kept).status_code == 200


def test_a_show_called_off_lets_nobody_in(door, showtime, theatre):
    code = code_of(sold(showtime))
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    assert refusal(check_in(door, theatre, code)) == (409, "cancelled")
    assert refusal(check_in(door, theatre, code, showtime=showtime.pk)) == (409, "cancelled")


def test_who_has_come_in_cannot_give_the_ticket_back(door, showtime, theatre):
    booking = sold(showtime)
    check_in(door, theatre, code_of(booking))
    with pytest.raises(AlreadyAdmitted):
        booking_cancel(booking.reference, actor_id=None, now=showtime.starts_at - timedelta(hours=3))


# ---- When


@pytest.mark.parametrize(
    ("minutes_from_start", "is_open"), [(-120.01, False), (-120, True), (0, True), (100, True), (100.01, False)]
)
def test_without_a_chosen_show_the_doors_open_two_hours_before_and_close_at_the_end(minutes_from_start, is_open):
    showtime = showtime_on_sale()
    booking = hold(showtime, ["C4"])
    assert booking_confirm(booking.reference, now=NOW)
    at = showtime.starts_at + timedelta(minutes=minutes_from_start)
    scan = {"theatre_id": showtime.screen.theatre_id, "showtime_id": None, "admitted_by_id": booking.user_id, "now": at}
    if is_open:
        assert ticket_admit(code_of(booking), **scan).booked_seat.label == "C4"
    else:
        with pytest.raises(WrongShowtime):
            ticket_admit(code_of(booking), **scan)
    assert Ticket.objects.filter(admitted_at=at).exists() == is_open


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(hours=-3)])
def test_the_show_that_the_door_has_chosen_may_be_any_time(door, showtime, theatre, ahead):
    code = code_of(sold(showtime))
    starts_at = database_now() + ahead
    ends_at = starts_at + timedelta(hours=1)
    Showtime.objects.update(starts_at=starts_at, ends_at=ends_at, free_at=ends_at)
    assert refusal(check_in(door, theatre, code, showtime=None)) == (409, "wrong_showtime")
    assert check_in(door, theatre, code, showtime=showtime.pk).status_code == 200


def test_a_ticket_for_another_show_says_for_which(door, showtime, theatre):
    code = code_of(sold(showtime))
    other = ShowtimeFactory(screen=showtime.screen)
    response = check_in(door, theatre, code, showtime=other.pk)
    assert refusal(response) == (409, "wrong_showtime")
    told = response.json()
    starts_at = rfc3339(showtime.starts_at)
    assert told["showtime"] == {"id": showtime.pk, "title": showtime.movie.title, "starts_at": starts_at}
    assert showtime.movie.title in told["detail"]
    assert Ticket.objects.get().admitted_at is None


def test_a_chosen_show_that_is_not_the_theatres_is_not_found(door, showtime, theatre):
    code = code_of(sold(showtime))
    for foreign in (ShowtimeFactory().pk, 10_000):
        assert refusal(check_in(door, theatre, code, showtime=foreign)) == (404, "not_found")
    assert Ticket.objects.get().admitted_at is None


# ---- What a scanner reads


@pytest.mark.parametrize(
    "read",
    [
        "{code}",
        "  {lower}\n",
        "{code:.8}-{lower}",
        "https://movy.example/tickets/{code}",
        "HTTPS://MOVY.EXAMPLE/tickets/{lower}/qr.svg",
        "/tickets/{code}?utm=mail#top",
    ],
)
def test_a_code_is_read_as_it_is_printed_typed_or_linked(door, showtime, theatre, read):
    code = code_of(sold(showtime))
    typed = (
        f"{code[:8]}-{code[8:].lower()}" if read == "{code:.8}-{lower}" else read.format(code=code, lower=code.lower())
    )
    assert check_in(door, theatre, typed).status_code == 200


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "0",
        "٣" * 32,
        "Ａ" * 32,
        "é" * 32,
        "ﬁ" * 16,
        "A" * 10_000,
        "A" * 31,
        "' OR 1=1 --",
        "%s%s",
        "https://movy.example/tickets/",
        "/tickets/" * 1000,
        "\u202e\u200b😀",
    ],
)
def test_what_is_no_ticket_is_unknown(door, theatre, code):
    assert refusal(check_in(door, theatre, code)) == (404, "unknown_ticket")


def test_a_code_that_was_altered_or_made_up_is_unknown(door, showtime, theatre):
    code = code_of(sold(showtime))
    altered = ("B" if code[0] == "A" else "A") + code[1:]
    never_sold = ticket_code(serial_new())  # rightly signed, but in no table
    for wrong in (altered, never_sold, code + code, code[:-1], code[16:] + code[:16]):
        assert refusal(check_in(door, theatre, wrong)) == (404, "unknown_ticket")
    assert Ticket.objects.get().admitted_at is None


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        '{"code": null}',
        '{"code": 5}',
        '{"code": ["A"]}',
        '{"code": {"code": "A"}}',
        '{"code": "\\u0000"}',
        '{"code": "\\ud800"}',
        '{"code": "A", "showtime": "1"}',
        '{"code": "A", "showtime": 1.5}',
        '{"code": "A", "showtime": true}',
        '{"code": "A", "showtime": 0}',
        '{"code": "A", "showtime": 9223372036854775808}',
        '{"code": "A"',
    ],
)
def test_a_body_that_cannot_be_read_is_a_400(door, theatre, body):
    response = door.post(check_in_path(theatre), body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_status_and_admitted_at_sent_along_are_ignored(door, showtime, theatre):
    code = code_of(sold(showtime))
    response = check_in(door, theatre, code, result="admitted", admitted_at=None, admitted_by=1, theatre=1)
    assert response.status_code == 200
    assert refusal(check_in(door, theatre, code, admitted_at=None, force=True)) == (409, "already_admitted")
