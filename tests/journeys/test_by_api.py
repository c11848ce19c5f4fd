"""A whole evening through the API alone: nothing but an HTTP client, a web process, the worker and the stand-ins.

A theatre gets its film and its showing, a moviegoer signs up, books, pays and is let in; a second booking is cancelled
and its money followed home.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.conf import settings as movy_settings

from accounts.tests.factories import PASSWORD, user_make
from movy.lib.clock import database_now, rfc3339
from tests.running import wait_for
from tests.site import Site
from theatres.models import Role, Screen
from theatres.tests.factories import MembershipFactory, ScreenFactory

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("audited", "paystack", "tmdb")]

METROPOLIS = 9000001  # its number at the stand-in of TMDb
SEATS = ["C1", "C2", "C3", "C4", "C5", "C6"]


class Api:
    """A client of one person. What is not answered as expected fails the test with the answer in its message."""

    def __init__(self, site: Site, token: str = "") -> None:
        self.site, self.token = site, token

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.site.call(method, f"/api/v1{path}", body=body, token=self.token, headers=headers)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json() if answer.body else None


@pytest.fixture
def screen(settings) -> Screen:
    """A theatre with a hall and its people; signing them up for their work is the office's business."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # the web process has no cheap one
    screen = ScreenFactory(seats=SEATS)
    for role in Role:
        MembershipFactory(user=user_make(email=f"{role}@movy.test"), theatre=screen.theatre, role=role)
    return screen


@pytest.fixture
def site():
    with Site() as site:
        yield site


def sign_in(site: Site, email: str) -> Api:
    body = {"email": email, "password": PASSWORD}
    return Api(site, Api(site)("POST", "/auth/user/login", body)["access_token"])


def pay(reference: str) -> None:
    """Do what a person does on Paystack's page."""
    control = f"{movy_settings.PAYSTACK_BASE_URL}/_standin/transactions/{reference}/pay"
    assert requests.post(control, json={"card": "4084084084084081"}, timeout=10).ok


def work(site: Site) -> None:
    """Let the worker do what is due now."""
    assert site.manage("worker", "--once").returncode == 0


def test_from_an_empty_list_of_films_to_a_ticket_at_the_door_and_from_a_cancelled_one_to_its_refund(site, screen):
    theatre = f"/theatre/{screen.theatre_id}"
    showtime = schedule(sign_in(site, "manager@movy.test"), theatre, screen)
    [film] = Api(site)("GET", "/movies?search=metropolis")["results"]
    assert film["next_showtime"]["id"] == showtime["id"]

    person = {"email": "efe@movy.test", "password": PASSWORD, "first_name": "Efe", "last_name": "Adeleke"}
    tokens = Api(site)("POST", "/auth/user/signup", person, status=201)
    tokens = Api(site)("POST", "/auth/user/refresh", {"refresh_token": tokens["refresh_token"]})
    efe = Api(site, tokens["access_token"])

    code = book_and_pay(efe, showtime["id"])
    admit(sign_in(site, "door@movy.test"), theatre, showtime["id"], code)
    cancel_and_follow(site, efe, showtime["id"])
    sell_at_the_desk(sign_in(site, "box_office@movy.test"), theatre, showtime["id"])

    efe("POST", "/auth/user/logout", status=204)
    assert efe("GET", "/bookings", status=401)["code"]


def schedule(manager: Api, theatre: str, screen: Screen) -> Any:
    """Put a film on the list and a showing of it on sale."""
    found = manager("GET", f"{theatre}/search-movies?query=metropolis")["results"]
    assert METROPOLIS in [row["tmdb_id"] for row in found]
    movie = manager("POST", f"{theatre}/add-movie", {"tmdb_id": METROPOLIS}, status=201)["movie"]
    [hall] = manager("GET", f"{theatre}/screens")["results"]
    assert (hall["id"], hall["seats_total"]) == (screen.pk, len(SEATS))
    starts_at = rfc3339(database_now() + timedelta(hours=5))  # after the last moment with money back
    wish = {"movie": movie["id"], "screen": hall["id"], "starts_at": starts_at, "price": 350000}
    showtime = manager("POST", f"{theatre}/showtimes", wish, status=201)["showtime"]
    assert manager("POST", f"{theatre}/showtimes", wish, status=409)["code"] == "screen_busy"
    return showtime


def book_and_pay(efe: Api, showtime_id: int) -> str:
    """Take two seats, pay for them and return the code of the first one's ticket."""
    seats = efe("GET", f"/booking/{showtime_id}")["seats"]
    assert {seat["status"] for seat in seats} == {"free"}
    wish = {"showtime": showtime_id, "seats": ["C1", "C2"]}
    booking = efe("POST", "/booking", wish, status=201, key="evening")["booking"]
    assert efe("POST", "/booking", wish, status=201, key="evening")["booking"] == booking
    payment = efe("POST", "/booking/pay", {"booking": booking["reference"]})
    pay(payment["reference"])
    told = efe("GET", f"/verify-payment?reference={payment['reference']}")
    assert (told["payment"]["status"], told["booking"]["status"]) == ("paid", "confirmed")
    assert [booking["reference"] for booking in efe("GET", "/bookings?when=upcoming")["results"]] == [
        told["booking"]["reference"]
    ]
    return str(told["booking"]["tickets"][0]["code"])


def admit(door: Api, theatre: str, showtime_id: int, code: str) -> None:
    """Let somebody in, once."""
    wish = {"code": code, "showtime": showtime_id}
    assert door("POST", f"{theatre}/check-in", {"code": code}, status=409)["code"] == "wrong_showtime"  # in five hours
    assert door("POST", f"{theatre}/check-in", wish)["result"] == "admitted"
    assert door("POST", f"{theatre}/check-in", wish, status=409)["code"] == "already_admitted"


def cancel_and_follow(site: Site, efe: Api, showtime_id: int) -> None:
    """Book the best seats, pay, give them back and see the money on its way to the end."""
    booking = efe("POST", f"/booking/{showtime_id}", {"tickets": 2}, status=201)["booking"]
    payment = efe("POST", "/booking/pay", {"booking": booking["reference"]})
    pay(payment["reference"])
    efe("GET", f"/verify-payment?reference={payment['reference']}")
    back = efe("POST", f"/cancel-booking/{booking['reference']}", {})
    assert (back["booking"]["status"], back["refund"]["amount"]) == ("cancelled", booking["total"])

    def refunded() -> bool:
        work(site)
        return bool(efe("GET", f"/bookings/{booking['reference']}")["payment"]["status"] == "refunded")

    wait_for(refunded, what="the refund", seconds=60)


def sell_at_the_desk(desk: Api, theatre: str, showtime_id: int) -> None:
    wish = {"showtime": showtime_id, "seats": ["C6"], "paid_by": "cash"}
    booking = desk("POST", f"{theatre}/box-office", wish, status=201)["booking"]
    assert (booking["status"], booking["payment"]["channel"]) == ("confirmed", "cash")
