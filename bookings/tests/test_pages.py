"""The pages of choosing seats and of one's bookings: what they do, and whom they refuse."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model

from accounts.services import session_token_issue
from bookings.models import Booking, BookingStatus, ShowtimeSeat
from bookings.services import booking_confirm
from bookings.tests.factories import buyer, hold, showtime_on_sale
from bookings.tickets import ticket_code
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from theatres.models import TicketType

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    return showtime_on_sale(["C4", "C5", "C6", "C7"], starts_at=database_now() + timedelta(days=3))


@pytest.fixture
def ada(client):
    user = get_user_model().objects.get(pk=buyer().user_id)
    client.force_login(user)
    return user


def take(showtime, labels, **kwargs) -> Booking:
    return hold(showtime, labels, now=database_now(), **kwargs)


# ---- The map


def test_a_seats_name_begins_with_its_label_and_says_what_it_is(client, showtime):
    take(showtime, ["C5"])
    page = client.get(f"/booking/{showtime.pk}").content.decode()
    assert 'value="C4" data-category="standard" aria-label="C4, Standard, ₦3,500">' in page
    assert 'aria-label="C5, Standard, ₦3,500, held by somebody" disabled>' in page


def test_picks_in_the_address_are_ticked_if_they_are_free(client, showtime):
    take(showtime, ["C5"])
    page = client.get(f"/booking/{showtime.pk}?seats=C4&seats=C5&seats=Z9").content.decode()
    assert page.count(" checked") == 1


def test_markup_in_names_is_shown_as_text(client):
    theatre_words = "<b>Best</b>"
    showtime = showtime_on_sale(["C4"], starts_at=database_now() + timedelta(days=3))
    showtime.screen.theatre.categories.update(name=theatre_words)
    page = client.get(f"/booking/{showtime.pk}").content.decode()
    assert theatre_words not in page
    assert "&lt;b&gt;Best&lt;/b&gt;" in page


@pytest.mark.parametrize("path", ["/booking/999", "/api/v1/booking/999"])
def test_a_showing_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_draft_is_not_there(client):
    draft = ShowtimeFactory()
    assert client.get(f"/booking/{draft.pk}").status_code == 404
    assert client.get(f"/api/v1/booking/{draft.pk}").status_code == 404


# ---- Holding


def test_who_has_the_longest_name_books_like_everybody(client, ada, showtime):
    """SQLite would take any length; MariaDB refused the booking."""
    get_user_model().objects.filter(pk=ada.pk).update(first_name="A" * 150, last_name="B" * 150)
    client.post("/booking", {"showtime": showtime.pk, "seats": ["C4"]})
    booking = Booking.objects.get()
    booking.full_clean(exclude=["user", "phone"])
    assert booking.name == f"{'A' * 150} {'B' * 150}"


def test_a_hold_leads_to_its_booking_by_303(client, ada, showtime):
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["C4", "C5"]})
    booking = Booking.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/bookings/{booking.reference}")
    assert (booking.user, booking.email) == (ada, ada.email)


def test_ticket_types_are_named_by_seat(client, ada, showtime):
    child = TicketType.objects.create(theatre=showtime.screen.theatre, code="child", name="Child")
    showtime.prices.create(category=showtime.screen.theatre.categories.get(), ticket_type=child, amount_minor=100_000)
    client.post("/booking", {"showtime": showtime.pk, "seats": ["C4", "C5"], "ticket_type.C5": "child"})
    assert Booking.objects.get().total_minor == 450_000


def test_status_user_price_and_total_sent_along_are_ignored(client, ada, showtime):
    sent = {"status": "confirmed", "user": 1, "total_minor": 1, "price": 1, "hold_expires_at": "2030-01-01"}
    client.post("/booking", {"showtime": showtime.pk, "seats": ["C4"], **sent})
    booking = Booking.objects.get()
    assert (booking.status, booking.user, booking.total_minor) == (BookingStatus.HELD, ada, 350_000)


def test_picks_survive_a_sign_in_on_the_way(client, showtime):
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["C4", "C5"], "ticket_type.C5": "child"})
    assert answer.status_code == 303
    login = urlsplit(answer["Location"])
    assert login.path == "/auth/user/login"
    [back] = parse_qs(login.query)["next"]
    assert parse_qs(urlsplit(back).query) == {"seats": ["C4", "C5"], "ticket_type.C5": ["child"]}
    assert client.get(back).content.decode().count(" checked") == 2


def test_a_map_says_which_picked_seats_have_gone_and_keeps_the_others(client, showtime):
    take(showtime, ["C4"], who=buyer("kofi"))
    page = client.get(f"/booking/{showtime.pk}?seats=C4&seats=C5&seats=Z99").content.decode()
    assert "Seat C4 is not free any more." in page
    assert page.count(" checked") == 1
    assert "Z99" not in page


def test_a_refusal_keeps_the_other_picks_and_says_what_is_gone(client, ada, showtime):
    take(showtime, ["C5"], who=buyer("kofi"))
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["C4", "C5"]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Seat C5 has just been taken" in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"seats": []}, 400), ({"seats": ["C" * 40]}, 400), ({"seats": ["Z9"]}, 400), ({"seats": ["C4", "C4"]}, 400)],
)
def test_a_wish_that_makes_no_sense_is_refused_on_the_map(client, ada, showtime, sent, status):
    answer = client.post("/booking", {"showtime": showtime.pk, **sent})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize("showtime_id", ["", "x", "-1", "9" * 40, "\x00"])
def test_a_showing_that_cannot_be_read_leads_to_the_films(client, ada, showtime_id):
    assert client.post("/booking", {"showtime": showtime_id, "seats": ["C4"]}).status_code == 302


def test_the_best_seats_together_are_held(client, ada, showtime):
    take(showtime, ["C5"], who=buyer("kofi"))
    answer = client.post(f"/booking/{showtime.pk}", {"tickets": "2"})
    assert answer.status_code == 303
    assert sorted(Booking.objects.get(user=ada).seats.values_list("label", flat=True)) == ["C6", "C7"]
    refused = client.post(f"/booking/{showtime.pk}", {"tickets": "3"})
    assert refused.status_code == 409
    assert client.post(f"/booking/{showtime.pk}", {"tickets": "99"}).status_code == 400


def test_a_get_of_a_form_leads_to_where_it_is(client, showtime):
    assert client.get(f"/booking?showtime={showtime.pk}")["Location"] == f"/booking/{showtime.pk}"
    assert client.get("/booking").status_code == 302


# ---- My bookings


def test_somebody_elses_booking_is_not_found_in_every_way(client, ada, showtime):
    theirs = take(showtime, ["C4"], who=buyer("kofi")).reference
    for path in (f"/bookings/{theirs}", f"/bookings/{theirs}/ticket", f"/cancel-booking/{theirs}"):
        assert client.get(path).status_code == 404
    assert client.post(f"/cancel-booking/{theirs}").status_code == 404
    assert client.post("/booking/pay", {"booking": theirs}).status_code == 404
    assert theirs not in client.get("/bookings").content.decode()


@pytest.mark.parametrize("path", ["/bookings", "/bookings/AAAAAAAAAA", "/cancel-booking/AAAAAAAAAA", "/booking/pay"])
def test_nobody_is_led_to_sign_in_and_back(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/auth/user/login?next={path}"


def test_a_held_booking_shows_until_when_and_an_expired_one_says_so(client, ada, showtime):
    booking = take(showtime, ["C4"])
    assert "Your seats are held until" in client.get(f"/bookings/{booking.reference}").content.decode()
    Booking.objects.update(hold_expires_at=database_now())
    assert "The time to pay ran out" in client.get(f"/bookings/{booking.reference}").content.decode()


def test_mine_are_listed_newest_first_and_by_time(client, ada, showtime):
    first, second = take(showtime, ["C4"]).reference, take(showtime, ["C5"]).reference
    page = client.get("/bookings").content.decode()
    assert 0 < page.index(second) < page.index(first)
    assert first in client.get("/bookings?when=upcoming").content.decode()
    assert first not in client.get("/bookings?when=past").content.decode()


# ---- Tickets


@pytest.fixture
def ticket(showtime):
    booking = take(showtime, ["C4"])
    assert booking_confirm(booking.reference, now=database_now())
    return booking.seats.get().ticket


def test_whoever_has_a_tickets_code_sees_that_one_ticket(client, ticket):
    code = ticket_code(ticket.serial)
    page = client.get(f"/tickets/{code}").content.decode()
    assert code in page
    assert ticket.booked_seat.booking.reference not in page
    assert ticket.booked_seat.booking.email not in page
    assert client.get(f"/tickets/{code[:-1]}A").status_code == 404 or code.endswith("A")


def test_the_qr_code_is_a_picture_of_its_own(client, ticket):
    answer = client.get(f"/tickets/{ticket_code(ticket.serial)}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


# ---- The map as JSON


def test_the_map_as_json_is_what_the_contract_says(client, showtime):
    take(showtime, ["C5"])
    answer = client.get(f"/api/v1/booking/{showtime.pk}")
    body = json.loads(answer.content)
    assert set(body) == {"showtime", "categories", "ticket_types", "seats", "version"}
    assert body["categories"] == [
        {"code": "standard", "name": "Standard", "price": {"amount": 350_000, "currency": "NGN"}}
    ]
    assert body["ticket_types"][0]["price_by_category"] == {"standard": {"amount": 350_000, "currency": "NGN"}}
    assert {seat["label"]: seat["status"] for seat in body["seats"]} == {
        "C4": "free",
        "C5": "held",
        "C6": "free",
        "C7": "free",
    }
    assert body["showtime"]["seats_free"] == 3
    assert 0 <= body["version"] < 2**53
    assert answer["ETag"] == f'"{body["version"]}"'
    assert "Authorization" in answer["Vary"]


def test_an_unchanged_map_is_a_304_and_every_change_another_version(client, showtime):
    path = f"/api/v1/booking/{showtime.pk}"

    def etag() -> str:
        return client.get(path)["ETag"]

    first = etag()
    assert client.get(path, headers={"if-none-match": first}).status_code == 304
    booking = take(showtime, ["C5"])
    held = etag()
    Booking.objects.update(hold_expires_at=database_now())
    ShowtimeSeat.objects.filter(booking=booking.reference).update(held_until=database_now())
    lapsed = etag()
    assert len({first, held}) == 2
    assert lapsed == first  # the same map again


def test_another_price_is_another_map(client, showtime):
    path = f"/api/v1/booking/{showtime.pk}"
    before = client.get(path)["ETag"]
    showtime.prices.update(amount_minor=400_000)
    assert client.get(path)["ETag"] != before


def test_the_holder_sees_their_own_seats_as_theirs(client, ada, showtime):
    take(showtime, ["C5"])
    bearer = {"authorization": f"Bearer {session_token_issue(ada)}"}
    body = client.get(f"/api/v1/booking/{showtime.pk}", headers=bearer).json()
    assert {seat["label"] for seat in body["seats"] if seat["status"] == "mine"} == {"C5"}


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_cookies_do_not_authenticate_the_api(client, ada, showtime, method):
    answer = getattr(client, method)("/api/v1/booking", {"showtime": showtime.pk, "seats": ["C4"]}, "application/json")
    assert answer.status_code in (401, 405)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("seat", [4, ["C4"], {}, {"label": None}, "", "C" * 9, "C4\n5"])
def test_a_seat_that_cannot_be_read_is_a_400_that_says_how_to_write_it(client, ada, showtime, seat):
    bearer = {"authorization": f"Bearer {session_token_issue(ada)}"}
    wish = {"showtime": showtime.pk, "seats": [seat]}
    answer = client.post("/api/v1/booking", wish, content_type="application/json", headers=bearer)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert 'as {"label": "C4"' in error["message"]
