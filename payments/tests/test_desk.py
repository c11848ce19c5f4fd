"""Selling at the desk: seats, tickets and money at once, in this theatre alone."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from bookings.drafts import desk_draft
from bookings.errors import SalesClosed
from bookings.models import Booking, BookingStatus, Buyer, SeatStatus, ShowtimeSeat
from bookings.pricing import SeatPick
from bookings.tests.factories import block, hold, showtime_on_sale
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.audit import violations
from payments.models import Payment, PaymentEvent, PaymentStatus
from theatres.models import Membership, TicketType
from theatres.tests.people import OUTSIDERS, client_of, statuses

pytestmark = pytest.mark.django_db

LABELS = [f"C{number}" for number in range(1, 13)]


@pytest.fixture
def showtime():
    return showtime_on_sale(LABELS, starts_at=database_now() + timedelta(days=3))


@pytest.fixture
def theatre(showtime):
    return showtime.screen.theatre


@pytest.fixture
def desk(theatre):
    return client_of("box_office", theatre)


def sale_path(theatre) -> str:
    return f"/api/v1/theatre/{theatre.pk}/box-office"


def sell(client: Client, showtime, seats, paid_by="cash", **more) -> HttpResponse:
    wish = {"showtime": showtime.pk, "seats": seats, "paid_by": paid_by, **more}
    return client.post(sale_path(showtime.screen.theatre), wish, content_type="application/json")


def signed_in(user: User) -> Client:
    return Client(headers={"authorization": f"Bearer {session_token_issue(user)}"})


def refusal(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("paid_by", ["cash", "card_terminal"])
def test_a_sale_is_confirmed_paid_and_has_its_tickets_at_once(desk, showtime, paid_by):
    response = sell(desk, showtime, ["C4", "C5"], paid_by)
    assert response.status_code == 201
    told = response.json()["booking"]
    booking = Booking.objects.get()
    assert (told["reference"], told["status"]) == (booking.reference, "confirmed")
    assert [seat["label"] for seat in told["seats"]] == ["C4", "C5"]
    assert told["total"] == {"amount": 700_000, "currency": "NGN"}
    payment = Payment.objects.get()
    assert told["payment"] == {
        "reference": payment.reference,
        "status": "paid",
        "channel": paid_by,
        "authorization_url": None,
    }
    assert [ticket["seat"] for ticket in told["tickets"]] == ["C4", "C5"]
    assert told["cancellation"]["allowed"] is False
    seller = Membership.objects.get().user
    assert (booking.user, booking.sold_by) == (None, seller)
    assert (payment.status, payment.confirms, payment.charged_minor) == (PaymentStatus.PAID, booking, 700_000)
    assert PaymentEvent.objects.get().actor == seller
    assert ShowtimeSeat.objects.filter(status=SeatStatus.SOLD, booking_id=booking.reference).count() == 2
    assert list(violations(database_now())) == []


def test_what_was_sold_lets_in(desk, showtime, theatre):
    ticket = sell(desk, showtime, ["C4"]).json()["booking"]["tickets"][0]
    scan = {"code": ticket["code"], "showtime": showtime.pk}
    door = client_of("door", theatre)
    admitted = door.post(f"/api/v1/theatre/{theatre.pk}/check-in", scan, content_type="application/json")
    assert (admitted.status_code, admitted.json()["seat"]) == (200, "C4")


def test_box_office_manager_and_owner_sell_and_nobody_else(theatre):
    request = {"data": {}, "content_type": "application/json"}
    staff = {"box_office": 400, "manager": 400, "owner": 400, "door": 403}
    assert statuses("post", sale_path(theatre), theatre, **request) == OUTSIDERS | staff


def test_the_prices_are_those_of_online(desk, showtime, theatre):
    child = TicketType.objects.create(theatre=theatre, code="child", name="Child")
    showtime.prices.create(category=theatre.categories.get(), ticket_type=child, amount_minor=100_000)
    told = sell(desk, showtime, ["C4", {"label": "C5", "ticket_type": "child"}], price=1, total=1).json()["booking"]
    assert told["total"]["amount"] == 450_000
    assert [line["ticket_type"] for line in told["seats"]] == ["adult", "child"]


def test_a_show_that_costs_nothing_is_sold_too(desk):
    free_show = showtime_on_sale(starts_at=database_now() + timedelta(days=1), prices=0)
    client = client_of("box_office", free_show.screen.theatre)
    assert sell(client, free_show, ["C4"]).json()["booking"]["status"] == "confirmed"
    assert list(violations(database_now())) == []


def test_the_desk_sells_more_than_one_buyer_may_have(desk, showtime):
    assert sell(desk, showtime, LABELS[:11]).status_code == 201
    assert sell(desk, showtime, LABELS[11:]).status_code == 201


# ---- What is refused


def test_all_seats_or_none_and_those_that_are_gone_are_named(desk, showtime):
    hold(showtime, ["C5"], now=database_now())
    block(showtime, ["C6"])
    response = sell(desk, showtime, ["C4", "C5", "C6"])
    assert (*refusal(response), response.json()["seats"]) == (409, "seats_unavailable", ["C5", "C6"])
    assert not Payment.objects.exists()
    assert not Booking.objects.filter(status=BookingStatus.CONFIRMED).exists()
    assert ShowtimeSeat.objects.get(seat__label="C4").status == SeatStatus.FREE


def test_what_the_desk_sold_is_gone_for_everybody(desk, showtime):
    assert sell(desk, showtime, ["C4"]).status_code == 201
    assert refusal(sell(desk, showtime, ["C4"])) == (409, "seats_unavailable")
    wish = {"showtime": showtime.pk, "seats": ["C4"]}
    ada = signed_in(user_make())
    assert refusal(ada.post("/api/v1/booking", wish, content_type="application/json")) == (409, "seats_unavailable")


def test_another_theatres_showtime_is_not_there(desk, theatre):
    elsewhere = showtime_on_sale(starts_at=database_now() + timedelta(days=3))
    draft = ShowtimeFactory(screen=theatre.screens.get())
    for showtime_id in (elsewhere.pk, draft.pk, 10_000, 2**63 - 1):
        wish = {"showtime": showtime_id, "seats": ["C4"], "paid_by": "cash"}
        assert refusal(desk.post(sale_path(theatre), wish, content_type="application/json")) == (404, "not_found")
    assert not Booking.objects.exists()


def test_a_show_called_off_is_not_sold(desk, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(status=ShowtimeStatus.CALLED_OFF)
    assert refusal(sell(desk, showtime, ["C4"])) == (409, "sales_closed")


def test_the_desk_sells_while_the_show_runs(desk):
    running = showtime_on_sale(starts_at=database_now() - timedelta(minutes=30))
    told = sell(client_of("box_office", running.screen.theatre), running, ["C4"])
    assert (told.status_code, told.json()["booking"]["status"]) == (201, "confirmed")


def test_the_desk_stops_at_the_shows_end(showtime):
    wish = {"theatre_id": showtime.screen.theatre_id, "showtime_id": showtime.pk, "seats": [SeatPick("C4")]}
    last_moment = showtime.ends_at - timedelta(microseconds=1)
    assert desk_draft(**wish, buyer=Buyer(email=""), now=last_moment).hold_expires_at > last_moment
    with pytest.raises(SalesClosed):
        desk_draft(**wish, buyer=Buyer(email=""), now=showtime.ends_at)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seats": ["Z9"]}, "unknown_seats"),
        ({"seats": ["C4", "c4"]}, "invalid"),
        ({"seats": [{"label": "C4", "ticket_type": "dog"}]}, "invalid"),
        ({"seats": []}, "invalid"),
        ({"seats": [f"C{number}" for number in range(101)]}, "invalid"),
        ({"seats": "C4"}, "invalid"),
        ({"seats": [None]}, "invalid"),
        ({"seats": ["C4\x00"]}, "invalid"),
        ({"seats": ["\ud800"]}, "invalid"),
        ({"showtime": None}, "invalid"),
        ({"showtime": "1"}, "invalid"),
        ({"showtime": True}, "invalid"),
        ({"showtime": 2**63}, "invalid"),
        ({"paid_by": "card"}, "invalid"),
        ({"paid_by": ["cash"]}, "invalid"),
        ({"paid_by": None}, "invalid"),
        ({"email": "nobody"}, "invalid"),
        ({"email": 5}, "invalid"),
        ({"name": "A" * 151}, "invalid"),
        ({"name": "\x00"}, "invalid"),
    ],
)
def test_a_wish_that_makes_no_sense_is_a_400(desk, showtime, theatre, changes, code):
    wish = {"showtime": showtime.pk, "seats": ["C4"], "paid_by": "cash"} | changes
    assert refusal(desk.post(sale_path(theatre), wish, content_type="application/json")) == (400, code)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("missing", ["showtime", "seats", "paid_by"])
def test_nothing_of_it_may_be_missing(desk, showtime, theatre, missing):
    wish = {"showtime": showtime.pk, "seats": ["C4"], "paid_by": "cash"}
    del wish[missing]
    response = desk.post(sale_path(theatre), wish, content_type="application/json")
    assert refusal(response) == (400, "invalid")
    assert [error["field"] for error in response.json()["errors"]] == [missing]


# ---- Afterwards


def test_a_buyer_who_leaves_an_e_mail_is_sent_the_tickets(desk, showtime):
    told = sell(desk, showtime, ["C4"], email="Ngozi@Example.test", name="Ngozi\r\nOkoye").json()["booking"]
    booking, mail = Booking.objects.get(), Mail.objects.get()
    assert (booking.email, booking.name) == ("ngozi@example.test", "Ngozi Okoye")
    assert mail.recipients == ["ngozi@example.test"]
    parts = message_from_bytes(mail.content, policy=policy.default)
    for text in (parts.get_body([kind]).get_content() for kind in ("plain", "html")):
        assert f"/tickets/{told['tickets'][0]['code']}" in text
        assert f"/bookings/{booking.reference}" not in text  # a page for who has an account, which nobody has here


def test_a_buyer_who_leaves_none_is_sent_nothing(desk, showtime):
    assert sell(desk, showtime, ["C4"]).status_code == 201
    assert not Mail.objects.exists()


def test_nobody_reads_or_cancels_a_desk_sale_online(desk, showtime):
    ada = user_make()
    reference = sell(desk, showtime, ["C4"], email=ada.email).json()["booking"]["reference"]
    for client in (desk, signed_in(ada)):
        assert client.get(f"/api/v1/bookings/{reference}").status_code == 404
        cancel = client.post(f"/api/v1/cancel-booking/{reference}", {}, content_type="application/json")
        assert cancel.status_code == 404
        assert client.get("/api/v1/bookings").json()["results"] == []
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
