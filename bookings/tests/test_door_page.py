"""The page at the door: the same answers as the API's, in words that a person acts on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.tests.factories import user_make
from bookings.models import Booking, BookingEvent, Ticket
from bookings.selectors import showings_of_day
from bookings.services import booking_confirm
from bookings.tests.factories import buyer, hold, showtime_on_sale
from bookings.tickets import serial_new, ticket_code
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import database_now
from theatres.tests.factories import MembershipFactory
from theatres.tests.people import PAGE_OUTSIDERS, browser_of, page_statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    """A show that begins in an hour."""
    return showtime_on_sale(["C4", "C5", "C6"], starts_at=database_now() + timedelta(hours=1))


@pytest.fixture
def theatre(showtime):
    return showtime.screen.theatre


@pytest.fixture
def door(theatre):
    return browser_of("door", theatre)


def sold(showtime, *labels: str, name: str = "ada") -> Booking:
    booking = hold(showtime, labels or ["C4"], who=buyer(name), now=database_now())
    assert booking_confirm(booking.reference, now=database_now())
    return booking


def code_of(booking: Booking) -> str:
    return ticket_code(Ticket.objects.filter(booked_seat__booking=booking).earliest("pk").serial)


def door_path(theatre, *more: int) -> str:
    return "/".join([f"/theatre/{theatre.pk}/check-in", *map(str, more)])


def scan(client: Client, theatre, code: str, /, **more: object) -> HttpResponse:
    """As the script does it: the verdict alone."""
    return client.post(door_path(theatre), {"code": code, **more}, headers={"hx-request": "true"})


def said(response: HttpResponse) -> tuple[int, str]:
    """Return the status and the look of the verdict."""
    text = response.content.decode()
    return response.status_code, text.partition('data-look="')[2].partition('"')[0]


def test_a_ticket_lets_in_and_says_where_to(door, showtime, theatre):
    response = scan(door, theatre, code_of(sold(showtime)))
    assert said(response) == (200, "in")
    text = response.content.decode()
    assert "<html" not in text
    for word in ("Let in", "C4 · Adult", showtime.movie.title, showtime.screen.name):
        assert word in text
    assert Ticket.objects.get().admitted_by == theatre.memberships.get().user


def test_without_a_script_a_reload_does_not_ask_again(door, showtime, theatre):
    response = door.post(door_path(theatre), {"code": code_of(sold(showtime)), "showtime": showtime.pk})
    assert response.status_code == 303
    for _reload in range(2):
        page = door.get(response["Location"])
        assert said(page) == (200, "in")
        assert f'<option value="{showtime.pk}" selected>' in page.content.decode()
    assert BookingEvent.objects.filter(kind="admitted").count() == 1


def test_the_answer_is_gone_a_moment_later_and_is_nobody_elses(door, showtime, theatre):
    address = door.post(door_path(theatre), {"code": code_of(sold(showtime))})["Location"]
    assert said(browser_of("door", theatre).get(address)) == (200, "")
    Ticket.objects.update(admitted_at=database_now() - timedelta(minutes=1))
    assert said(door.get(address)) == (200, "")
    for nonsense in ("x", "", "9" * 30, "²"):
        assert said(door.get(door_path(theatre), {"admitted": nonsense, "showtime": nonsense})) == (200, "")


def test_read_twice_by_one_door_it_asks_whether_this_is_the_person(door, showtime, theatre):
    code = code_of(sold(showtime))
    scan(door, theatre, code)
    assert said(scan(door, theatre, code)) == (409, "again")
    Ticket.objects.update(admitted_at=database_now() - timedelta(minutes=1))
    assert said(scan(door, theatre, code)) == (409, "stop")


def test_another_door_is_told_at_once_that_somebody_is_in_where_and_by_whom(showtime, theatre):
    halima = user_make(first_name="Halima", last_name="Danjuma")
    MembershipFactory(user=halima, theatre=theatre, role="door")
    first = Client()
    first.force_login(halima)
    code = code_of(sold(showtime))
    scan(first, theatre, code)
    response = scan(browser_of("door", theatre), theatre, code)
    assert said(response) == (409, "stop")
    for word in ("Already in", "C4 · Adult", "by Halima Danjuma"):
        assert word in response.content.decode()


def test_what_lets_nobody_in_is_said_with_its_reason(door, showtime, theatre):
    genuine = code_of(sold(showtime))
    elsewhere = showtime_on_sale(starts_at=database_now() + timedelta(hours=1))
    later = showtime_on_sale(starts_at=database_now() + timedelta(hours=9), screen=showtime.screen, seats=())
    refusals = {
        "": (404, "not a ticket"),
        "K7MR": (404, "not a ticket"),
        genuine[:-1] + ("A" if genuine[-1] != "A" else "B"): (404, "not a ticket"),
        ticket_code(serial_new()): (404, "not a ticket"),
        code_of(sold(elsewhere)): (409, "another theatre"),
    }
    for code, (status, words) in refusals.items():
        response = scan(door, theatre, code)
        assert said(response) == (status, "stop"), code
        assert words in response.content.decode()
    wrong = scan(door, theatre, genuine, showtime=later.pk)
    assert said(wrong) == (409, "stop")
    assert showtime.movie.title in wrong.content.decode()
    Showtime.objects.filter(pk=showtime.pk).update(status=ShowtimeStatus.CALLED_OFF)
    assert said(scan(door, theatre, genuine)) == (409, "stop")
    assert not Ticket.objects.exclude(admitted_at=None).exists()


@pytest.mark.parametrize("more", [{"showtime": "x"}, {"showtime": 2**63}, {"code": "\x00"}])
def test_what_cannot_be_read_lets_nobody_in(door, showtime, theatre, more):
    sent = {"code": code_of(sold(showtime))} | more
    assert said(scan(door, theatre, sent.pop("code"), **sent)) == (400, "stop")
    assert Ticket.objects.get().admitted_at is None


def test_without_a_script_a_refusal_is_on_the_page_itself(door, theatre):
    response = door.post(door_path(theatre), {"code": "K7MR"})
    assert said(response) == (404, "stop")
    assert 'id="code"' in response.content.decode()


def test_a_name_is_text_and_no_markup(door, showtime, theatre):
    showtime.movie.title = "<b>Safety</b> Last"
    showtime.movie.save()
    text = scan(door, theatre, code_of(sold(showtime))).content.decode()
    assert "&lt;b&gt;Safety" in text
    assert "<b>Safety" not in text


def test_the_page_counts_who_is_in(door, showtime, theatre):
    sold(showtime, "C5")
    scan(door, theatre, code_of(sold(showtime, "C4")))
    text = door.get(door_path(theatre)).content.decode()
    assert "<strong>1</strong> of 2 in" in text


def test_who_is_missing_is_listed_by_seat_and_found_by_name(door, showtime, theatre):
    inside = sold(showtime, "C4", name="zainab")
    missing = sold(showtime, "C5", "C6", name="kofi")
    scan(door, theatre, code_of(inside))
    page = door.get(door_path(theatre, showtime.pk)).context
    assert [line.label for line in page["missing"]] == ["C5", "C6"]
    assert [line.label for line in page["admitted"]] == ["C4"]
    Booking.objects.filter(pk=missing.pk).update(reference="QWERTYUPAS")  # one that begins as nothing else here does
    for search, labels in {"kof": ["C5", "C6"], "c6": ["C6"], "qwe": ["C5", "C6"], "x": []}.items():
        found = door.get(door_path(theatre, showtime.pk), {"search": search}).context
        assert [line.label for line in found["missing"]] == labels


def test_another_theatres_list_is_not_there(door, theatre):
    elsewhere = showtime_on_sale(starts_at=database_now() + timedelta(hours=1))
    for showtime_id in (elsewhere.pk, 10_000, 2**63, 10**30):
        assert door.get(door_path(theatre, showtime_id)).status_code == 404


def test_door_manager_and_owner_have_the_door_and_nobody_else(showtime, theatre):
    staff = {"door": 200, "manager": 200, "owner": 200, "box_office": 403}
    for path in (door_path(theatre), door_path(theatre, showtime.pk)):
        assert page_statuses("get", path, theatre) == PAGE_OUTSIDERS | staff
    refused = {"door": 404, "manager": 404, "owner": 404, "box_office": 403}
    assert page_statuses("post", door_path(theatre), theatre, data={"code": "x"}) == PAGE_OUTSIDERS | refused


def test_a_theatre_that_is_not_there_is_told_apart_by_the_owner_alone(theatre):
    assert browser_of("door", theatre).get("/theatre/99999/check-in").status_code == 403
    assert browser_of("owner", theatre).get("/theatre/99999/check-in").status_code == 404


def test_nobody_is_led_to_the_sign_in_and_back(theatre):
    assert Client().get(door_path(theatre))["Location"] == f"/auth/user/login?next={door_path(theatre)}"


def test_a_foreign_form_lets_nobody_in(showtime, theatre):
    code, client = code_of(sold(showtime)), Client(enforce_csrf_checks=True)
    client.force_login(theatre.memberships.create(user=user_make(), role="door").user)
    assert scan(client, theatre, code).status_code == 403
    assert Ticket.objects.get().admitted_at is None


def test_this_page_alone_may_run_webassembly(door, showtime, theatre):
    def policy(path: str) -> str:
        return door.get(path)["Content-Security-Policy"]

    assert "'wasm-unsafe-eval'" in policy(door_path(theatre))
    assert "'wasm-unsafe-eval'" not in policy(door_path(theatre, showtime.pk)) + policy("/")
    assert door.get(door_path(theatre))["Cache-Control"] == "private, no-store"


def test_a_door_may_be_for_a_showing_of_another_day(door, showtime, theatre):
    later = showtime_on_sale(starts_at=database_now() + timedelta(days=3), screen=showtime.screen, seats=())
    page = door.get(door_path(theatre), {"showtime": later.pk})
    assert page.context["chosen"] == later
    assert [count.showtime for count in page.context["attendances"]] == [later]
    elsewhere = showtime_on_sale()
    for showtime_id in (elsewhere.pk, 2**63 - 1):
        assert door.get(door_path(theatre), {"showtime": showtime_id}).context["chosen"] is None


def test_the_theatres_day_ends_at_five_but_no_door_forgets_who_still_sits_there():
    """In Lagos, UTC+1: 05:00 there is 04:00 UTC."""
    ends = datetime(2026, 11, 23, 4, tzinfo=UTC)
    running = showtime_on_sale(starts_at=ends - timedelta(minutes=30))
    screen = running.screen
    soon, later = (
        showtime_on_sale(starts_at=ends + timedelta(hours=hours), screen=screen, seats=()) for hours in (4, 8)
    )

    def shown(day: date, now: datetime) -> list[Showtime]:
        return showings_of_day(screen.theatre, day=day, now=now)

    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    assert shown(sunday, ends - timedelta(minutes=1)) == [running]
    assert shown(monday, ends - timedelta(minutes=1)) == [soon, later]
    assert shown(monday, ends) == [running, soon, later]
    assert shown(sunday, soon.starts_at - timedelta(hours=1)) == [soon]
