"""The desk's pages: the same sale as the API's, once for each page that was drawn, and tickets to hand over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.tests.factories import user_make
from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.services import booking_confirm
from bookings.tests.factories import hold, showtime_on_sale
from bookings.tickets import ticket_code
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import database_now, local_day
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments.audit import violations
from payments.desk_forms import seats_typed
from payments.models import Channel, Payment, PaymentStatus
from payments.till import GivenTooLittle, change_due, takings_today
from theatres.models import Membership, TicketType
from theatres.tests.people import PAGE_OUTSIDERS, browser_of, page_statuses

pytestmark = pytest.mark.django_db

LABELS = [f"C{number}" for number in range(1, 13)]


@pytest.fixture
def showtime():
    """A show that began a minute ago, and so belongs to today whenever the test runs. ₦3,500 a seat."""
    return showtime_on_sale(LABELS, starts_at=database_now() - timedelta(minutes=1))


@pytest.fixture
def theatre(showtime):
    return showtime.screen.theatre


@pytest.fixture
def desk(theatre):
    return browser_of("box_office", theatre)


def desk_path(theatre, *more: str) -> str:
    return "/".join([f"/theatre/{theatre.pk}/box-office", *more])


def sell(client: Client, showtime, *labels: str, **more: object) -> HttpResponse:
    wish = {"showtime": showtime.pk, "seats": list(labels), "paid_by": "cash", **more}
    return client.post(desk_path(showtime.screen.theatre), wish)


def ticked(response: HttpResponse) -> set[str]:
    return set(re.findall(r'value="(\w+)" data-category="[^"]*" aria-label="[^"]*" checked', response.content.decode()))


def alert(response: HttpResponse) -> str:
    return response.context["error"]


# ---- Selling


@pytest.mark.parametrize("paid_by", ["cash", "card_terminal"])
def test_a_sale_leads_to_its_tickets(desk, showtime, theatre, paid_by):
    response = sell(desk, showtime, "C4", "C5", paid_by=paid_by)
    booking, payment = Booking.objects.get(), Payment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/theatre/{theatre.id_slug}/box-office/{booking.reference}?sold=1"
    assert (booking.status, booking.sold_by) == (BookingStatus.CONFIRMED, Membership.objects.get().user)
    assert (payment.status, payment.channel, payment.charged_minor) == (PaymentStatus.PAID, paid_by, 700_000)
    page = desk.get(response["Location"]).content.decode()
    for ticket in Ticket.objects.all():
        assert f"/tickets/{ticket_code(ticket.serial)}/qr.svg" in page
    assert list(violations(database_now())) == []


def test_ticket_types_are_sold_at_their_price(desk, showtime, theatre):
    child = TicketType.objects.create(theatre=theatre, code="child", name="Child")
    showtime.prices.create(category=theatre.categories.get(), ticket_type=child, amount_minor=100_000)
    sell(desk, showtime, "C4", "C5", **{"ticket_type.C5": "child"})
    assert Booking.objects.get().total_minor == 450_000


def test_the_page_proposes_the_days_next_showing(desk, showtime):
    page = desk.get(desk_path(showtime.screen.theatre))
    assert page.context["showtime"] == showtime
    assert [row["left"].free for row in page.context["rows"]] == [12]


def test_another_day_can_be_sold_for(desk, showtime, theatre):
    tomorrow = showtime_on_sale(starts_at=showtime.starts_at + timedelta(days=1), screen=showtime.screen, seats=())
    day = local_day(tomorrow.starts_at, theatre.timezone).isoformat()
    page = desk.get(desk_path(theatre), {"date": day})
    assert page.context["showtime"] == tomorrow
    assert desk.get(desk_path(theatre), {"showtime": tomorrow.pk}).context["day"].isoformat() == day
    for nonsense in ("x", "2020-01-01", "9999-12-31", "10000-01-01"):
        assert desk.get(desk_path(theatre), {"date": nonsense}).context["showtime"] == showtime


def test_a_day_without_a_showing_says_so(desk, showtime, theatre):
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    page = desk.get(desk_path(theatre))
    assert "Nothing is left to sell today" in page.content.decode()


def test_a_buyer_who_leaves_an_e_mail_is_sent_the_tickets(desk, showtime):
    sell(desk, showtime, "C4", email="Ngozi@Example.test", name="Ngozi\r\nOkoye")
    booking = Booking.objects.get()
    assert (booking.email, booking.name) == ("ngozi@example.test", "Ngozi Okoye")
    assert Mail.objects.get().recipients == ["ngozi@example.test"]


# ---- Typing


def test_a_telephone_number_is_kept_as_all_the_world_writes_it(desk, showtime):
    assert sell(desk, showtime, "C4", phone="0803 123 4567").status_code == 303
    assert Booking.objects.get().phone == "+2348031234567"


def test_what_is_no_telephone_number_sells_nothing_and_stays_to_be_mended(desk, showtime):
    answer = sell(desk, showtime, "C4", phone="ask Bisi")
    assert answer.status_code == 400
    assert "no telephone number" in alert(answer)
    assert "ask Bisi" in answer.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("c4 c5", ["C4", "C5"]),
        ("C4,c5", ["C4", "C5"]),
        ("c4-7", ["C4", "C5", "C6", "C7"]),
        ("aa12", ["AA12"]),
        ("c7-4", ["C4", "C5", "C6", "C7"]),
        ("c4-99999", ["C4-99999"]),
        ("c4-", ["C4-"]),
        ("½", ["½"]),
        ("", []),
    ],
)
def test_a_line_of_words_names_seats(line, labels):
    assert [pick.label for pick in seats_typed(line)] == labels


def test_a_word_may_say_who_the_seat_is_for():
    assert [(pick.label, pick.ticket_type) for pick in seats_typed("c4 c5-6/child")] == [
        ("C4", "adult"),
        ("C5", "child"),
        ("C6", "child"),
    ]
    assert len(seats_typed("c1-9999")) == 50


def test_typed_seats_are_sold_with_the_ticked_ones(desk, showtime):
    sell(desk, showtime, "C4", typed="c4 c6")
    assert [line.label for line in Booking.objects.get().seats.order_by("seat_id")] == ["C4", "C6"]


def test_without_a_script_the_sum_comes_before_the_sale(desk, showtime):
    page = sell(desk, showtime, "C4", typed="c6", choose_types="1")
    assert (page.status_code, page.context["total"]) == (200, Money(700_000, "NGN"))
    assert ticked(page) == {"C4", "C6"}
    assert not Booking.objects.exists()


# ---- Change


def test_change_is_what_was_given_less_what_it_costs(desk, showtime):
    assert change_due(Money(700_000, "NGN"), given_minor=1_000_000) == Money(300_000, "NGN")
    response = sell(desk, showtime, "C4", "C5", given="10,000.50")
    page = desk.get(response["Location"])
    assert page.context["change"] == Money(300_050, "NGN")
    assert "₦3,000.50" in page.content.decode()


def test_too_little_sells_nothing_and_keeps_everything(desk, showtime):
    with pytest.raises(GivenTooLittle):
        change_due(Money(1, "NGN"), given_minor=0)
    page = sell(desk, showtime, "C4", "C5", given="6000", name="Ngozi")
    assert (page.status_code, alert(page)) == (400, "₦1,000 is missing. Nothing has been sold yet.")
    assert ticked(page) == {"C4", "C5"}
    for kept in ('value="6000"', 'value="Ngozi"'):
        assert kept in page.content.decode()
    assert not Booking.objects.exists()


def test_what_is_given_does_not_matter_to_a_card_terminal(desk, showtime):
    response = sell(desk, showtime, "C4", given="1", paid_by="card_terminal")
    assert response["Location"].endswith("?sold=1")


@pytest.mark.parametrize("given", ["45,50", "x", "-5", "1e9", "NaN", "1.234", "9" * 10, "٣"])
def test_an_amount_that_cannot_be_read_sells_nothing(desk, showtime, given):
    assert sell(desk, showtime, "C4", given=given).status_code == 400
    assert not Booking.objects.exists()


@pytest.mark.parametrize("given", ["x", "1", "9" * 13, "²", "-1"])
def test_an_address_with_nonsense_shows_no_change(desk, showtime, given):
    address = sell(desk, showtime, "C4")["Location"]
    assert desk.get(f"{address}&given={given}").context["change"] is None


# ---- Once for each page


def test_the_same_page_sent_twice_sells_once(desk, showtime):
    first, second = (sell(desk, showtime, "C4", sale="page-1", given="5000") for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (second.status_code, Booking.objects.count(), Payment.objects.count()) == (303, 1, 1)


def test_an_old_page_with_another_wish_sells_nothing_until_it_is_looked_at(desk, showtime):
    sell(desk, showtime, "C4", sale="page-1")
    page = sell(desk, showtime, "C5", sale="page-1")
    assert (page.status_code, ticked(page)) == (409, {"C5"})
    assert Booking.objects.count() == 1
    assert sell(desk, showtime, "C5", sale=page.context["sale"]).status_code == 303


def test_a_refused_page_can_be_sent_again(desk, showtime):
    assert sell(desk, showtime, "C4", sale="page-1", given="1").status_code == 400
    assert sell(desk, showtime, "C4", sale="page-1", given="5000").status_code == 303


# ---- What is refused


def test_seats_that_are_gone_are_named_and_the_others_stay_picked(desk, showtime, theatre):
    sell(browser_of("box_office", theatre), showtime, "C5")
    page = sell(desk, showtime, "C4", "C5", "C6")
    assert (page.status_code, ticked(page)) == (409, {"C4", "C6"})
    assert "C5" in alert(page)
    assert [row["label"] for row in page.context["picks"]] == ["C4", "C6"]
    assert Payment.objects.count() == 1


def test_house_seats_are_there_for_the_desk_and_blocked_ones_are_not(desk, showtime, theatre):
    house, blocked = (ShowtimeSeat.objects.filter(seat__label=label) for label in ("C5", "C6"))
    house.update(status=SeatStatus.BLOCKED, held_until=database_now() + timedelta(hours=1))
    blocked.update(status=SeatStatus.BLOCKED)
    page = desk.get(desk_path(theatre)).content.decode()
    seats = dict(re.findall(r'name="seats" value="(\w+)"[^>]*?aria-label="([^"]*"[^>]*)>', page))
    assert "kept for the house" in seats["C5"]
    assert "disabled" not in seats["C5"]
    assert "disabled" in seats["C6"]
    assert sell(desk, showtime, "C5").status_code == 303
    assert sell(desk, showtime, "C6").status_code == 409


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"typed": "Z9"}, 400),
        ({"paid_by": "card"}, 400),
        ({"paid_by": ""}, 400),
        ({"email": "nobody"}, 400),
        ({"name": "\x00"}, 400),
        ({"sale": "\u00e9"}, 400),
        ({"ticket_type.C4": "dog"}, 400),
        ({"seats": []}, 400),
        ({"seats": ["C" * 9]}, 400),
        ({"showtime": "x"}, 400),
        ({"showtime": 2**63}, 400),
        ({"showtime": 10_000}, 404),
    ],
)
def test_a_wish_that_makes_no_sense_sells_nothing(desk, showtime, theatre, more, status):
    wish = {"showtime": showtime.pk, "seats": ["C4"], "paid_by": "cash"} | more
    assert desk.post(desk_path(theatre), wish).status_code == status
    assert not Booking.objects.exists()


def test_another_theatres_showing_is_not_there(desk, theatre):
    elsewhere = showtime_on_sale(starts_at=database_now() + timedelta(hours=1))
    for showtime_id in (elsewhere.pk, 10_000, 2**63 - 1):
        assert desk.get(desk_path(theatre), {"showtime": showtime_id}).status_code == 404
        wish = {"showtime": showtime_id, "seats": ["C4"], "paid_by": "cash"}
        assert desk.post(desk_path(theatre), wish).status_code == 404
    assert not Booking.objects.exists()


def test_box_office_manager_and_owner_have_the_desk_and_nobody_else(desk, showtime, theatre):
    sell(desk, showtime, "C4")
    staff = {"box_office": 200, "manager": 200, "owner": 200, "door": 403}
    for path in (desk_path(theatre), desk_path(theatre, Booking.objects.get().reference)):
        assert page_statuses("get", path, theatre) == PAGE_OUTSIDERS | staff
    refused = {"box_office": 400, "manager": 400, "owner": 400, "door": 403}
    wish = {"showtime": showtime.pk}
    assert page_statuses("post", desk_path(theatre), theatre, data=wish) == PAGE_OUTSIDERS | refused


def test_a_foreign_form_sells_nothing(showtime, theatre):
    client = Client(enforce_csrf_checks=True)
    client.force_login(theatre.memberships.create(user=user_make(), role="box_office").user)
    assert sell(client, showtime, "C4").status_code == 403
    assert not Booking.objects.exists()


# ---- Finding and printing


def test_a_booking_is_found_by_its_reference_and_by_a_tickets_code(desk, showtime, theatre):
    booking = hold(showtime, ["C4"], now=showtime.starts_at - timedelta(minutes=1))
    assert booking_confirm(booking.reference, now=showtime.starts_at - timedelta(minutes=1))
    code = ticket_code(Ticket.objects.get().serial)
    for find in (booking.reference, booking.reference.lower(), code, f"https://movy.test/tickets/{code}"):
        found = desk.get(desk_path(theatre), {"find": find})
        address = f"/theatre/{theatre.id_slug}/box-office/{booking.reference}"
        assert (found.status_code, found["Location"]) == (302, address)
    assert f"/tickets/{code}/qr.svg" in desk.get(desk_path(theatre, booking.reference)).content.decode()


def test_what_is_not_found_is_said(desk, showtime, theatre):
    elsewhere = hold(showtime_on_sale(), ["C4"])
    for find in (elsewhere.reference, "nothing", "\x00", "<b>"):
        page = desk.get(desk_path(theatre), {"find": find})
        assert (page.status_code, alert(page)[:16]) == (404, "This theatre has")
    assert desk.get(desk_path(theatre, elsewhere.reference)).status_code == 404


def test_a_hold_has_no_tickets_to_print(desk, showtime, theatre):
    booking = hold(showtime, ["C4"], now=showtime.starts_at - timedelta(minutes=1))
    page = desk.get(desk_path(theatre, booking.reference)).content.decode()
    assert "no tickets" in page
    assert "qr.svg" not in page


def test_the_paper_is_remembered_by_the_session(desk, showtime):
    address = sell(desk, showtime, "C4", given="5000")["Location"]
    assert "css/print-roll.css" in desk.get(address).content.decode()
    for paper in ("a4", "parchment"):
        response = desk.post(address, {"paper": paper})
        assert (response.status_code, response["Location"]) == (303, address)
    assert "css/print-a4.css" in desk.get(address).content.decode()


# ---- The end of the shift


def test_takings_are_ones_own_of_today_at_this_theatre(desk, showtime, theatre):
    seller = Membership.objects.get().user
    sell(desk, showtime, "C1", "C2")
    sell(desk, showtime, "C3", paid_by="card_terminal")
    sell(browser_of("box_office", theatre), showtime, "C4")
    sell(desk, showtime, "C5")
    Payment.objects.filter(booking__seats__label="C5").update(paid_at=database_now() - timedelta(days=1))
    told = takings_today(theatre, seller_id=seller.pk, now=database_now())
    assert (told.cash, told.card, told.sales) == (Money(700_000, "NGN"), Money(350_000, "NGN"), 2)
    assert desk.get(desk_path(theatre)).context["takings"] == told
    assert set(Payment.objects.values_list("channel", flat=True)) == {Channel.CASH, Channel.CARD_TERMINAL}
