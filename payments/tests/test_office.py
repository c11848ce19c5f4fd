"""What a person at the office does about a booking's money: by pages, each once, never more than was paid."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import (
    Booking,
    BookingEvent,
    BookingStatus,
    CallOff,
    SeatStatus,
    ShowtimeEvent,
    ShowtimeSeat,
    Ticket,
)
from bookings.tests.factories import buyer
from bookings.tickets import ticket_code
from catalog.models import ShowtimeStatus
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import callings_off_go_on, payment_look, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Payment, Refund, RefundReason, RefundStatus
from payments.tests.factories import SEATS, attempt, charge, held_booking
from payments.tests.test_calling_off import desk_sale_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


@pytest.fixture
def office(manager) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def booking(showtime) -> Booking:
    """Two seats for 7,000 naira, paid by card."""
    booking = held_booking(showtime, ("A1", "A2"))
    pay(booking)
    Mail.objects.all().delete()
    return booking


def pay(booking: Booking) -> Payment:
    payment = attempt(booking)
    charge(payment)
    return payment_look(payment.reference, via=gateway.WORKER)


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:bookings_booking_{name}", args=args)


def give_back(office: Client, booking: Booking, **wish: Any) -> Any:
    sent = {"seats": [], "amount": "0", "why": "the seat was wet", "confirmed": "on"} | wish
    return office.post(page("refund", booking.pk), sent, follow=True)


# ---- Giving back


def test_nothing_moves_before_the_page_that_sums_it_up(office, booking):
    wish = {"seats": ["A2"], "amount": "3500", "why": "the seat was wet"}
    summed = office.post(page("refund", booking.pk), wish).content.decode()
    assert "₦3,500" in summed
    assert "A2 is taken back" in summed
    assert not Refund.objects.exists()
    assert office.post(page("refund", booking.pk), wish | {"confirmed": "on"}).status_code == 303
    assert Refund.objects.get().amount_minor == 350_000


def test_some_seats_go_back_with_their_money_after_the_deadline_too(office, booking, manager):
    Booking.objects.update(refund_steps=[])  # the rule gives nothing
    give_back(office, booking, seats=["A2"], amount="3500")
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor, refund.status) == (RefundReason.OFFICE, 350_000, RefundStatus.PENDING)
    assert [line.label for line in booking.seats.kept()] == ["A1"]
    assert ShowtimeSeat.objects.get(seat__label="A2").status == SeatStatus.FREE
    asked = refund.payment.events.get(kind="refund_pending")
    assert (asked.actor, asked.detail["why"]) == (manager, "the seat was wet")
    assert Mail.objects.get().subject.endswith("was changed")
    refunds_follow()
    refund.refresh_from_db()
    assert refund.provider_id


def test_money_goes_back_and_the_seats_stay(office, booking):
    give_back(office, booking, amount="1000.50")
    assert Refund.objects.get().amount_minor == 100_050
    assert booking.seats.kept().count() == 2
    assert "Your seats stay yours" in bytes(Mail.objects.get().content).decode()


def test_seats_go_back_without_money(office, booking):
    give_back(office, booking, seats=["A1", "A2"])
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED
    assert not Refund.objects.exists()
    assert not Ticket.objects.filter(cancelled_at=None).exists()


def test_never_more_goes_back_than_was_paid(office, booking):
    give_back(office, booking, amount="4000")
    answer = give_back(office, booking, amount="3000.01")
    assert answer.status_code == 400
    assert "At most ₦3,000 is left" in answer.content.decode()
    give_back(office, booking, amount="3000")
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 700_000


def test_the_database_itself_refuses_to_give_back_more_than_was_taken(booking):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(refunded_minor=700_001)


@pytest.mark.parametrize(
    "wish", [{}, {"amount": "-1"}, {"amount": "x"}, {"amount": "1", "why": ""}, {"amount": "1", "seats": ["Z9"]}]
)
def test_what_makes_no_sense_is_refused_with_what_was_typed_kept(office, booking, wish):
    answer = give_back(office, booking, **wish)
    assert answer.status_code == 400
    assert "errornote" in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_ticket_that_let_somebody_in_is_not_taken_back(office, booking):
    Ticket.objects.filter(booked_seat__label="A1").update(admitted_at=database_now())
    answer = give_back(office, booking, seats=["A1"], amount="3500")
    assert (answer.status_code, Refund.objects.count()) == (409, 0)
    give_back(office, booking, amount="3500")  # the money alone can
    assert Refund.objects.count() == 1


def test_what_the_desk_took_is_paid_out_by_a_person(office, showtime, manager):
    booking = desk_sale_of(showtime, "A3")
    give_back(office, booking, seats=["A3"], amount="3500")
    refund = Refund.objects.get()
    assert (refund.status, refund.next_check_at) == (RefundStatus.PENDING, None)
    assert refunds_follow() == 0
    paid_out = page("refund_paid_out", booking.pk, refund.reference)
    assert "Has ₦3,500 been paid out?" in office.get(paid_out).content.decode()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING
    assert "noted as paid out" in office.post(paid_out, follow=True).content.decode()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PROCESSED
    assert refund.payment.events.get(kind="refund_processed").actor == manager


def test_what_paystack_took_is_not_paid_out_at_the_desk(office, booking):
    give_back(office, booking, amount="1")
    refund = Refund.objects.get()
    answer = office.post(page("refund_paid_out", booking.pk, refund.reference), follow=True)
    assert "goes back the same way" in answer.content.decode()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING


# ---- A refund that failed


def failed_refund(office: Client, booking: Booking, paystack: Any) -> Refund:
    paystack.account.faults.add("refund_stuck")
    give_back(office, booking, amount="3500")
    follow()
    refund = Refund.objects.get()
    set_state(paystack, refund, "failed")
    follow()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.FAILED
    return refund


def set_state(paystack: Any, refund: Refund, status: str) -> None:
    control = f"{paystack.base_url}/_standin/refunds/{refund.provider_id}"
    assert requests.patch(control, json={"status": status}, timeout=5).ok


def follow() -> None:
    Refund.objects.filter(next_check_at__isnull=False).update(next_check_at=database_now())
    refunds_follow()


def test_a_refund_that_failed_is_asked_for_again_and_paid(office, booking, paystack, manager):
    failed = failed_refund(office, booking, paystack)
    assert office.post(page("refund_again", booking.pk, failed.reference)).status_code == 303
    follow()
    again = Refund.objects.get()
    assert again.provider_id not in ("", failed.provider_id)
    assert again.reference != failed.reference  # or Paystack's list would show the one that failed
    assert again.payment.events.filter(kind="refund_pending").last().actor == manager
    assert again.payment.refunded_minor == 350_000


def test_a_refund_that_paystack_never_told_us_of_is_looked_for_before_it_is_asked_again(office, booking, paystack):
    give_back(office, booking, amount="3500")
    paystack.account.faults.add("truncated_json", operation="refund", times=1)
    follow()  # done at Paystack, though its answer was lost
    refund = Refund.objects.get()
    assert refund.provider_id == ""
    Refund.objects.update(status=RefundStatus.FAILED, next_check_at=None)
    office.post(page("refund_again", booking.pk, refund.reference))
    follow()
    asked = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    assert len([row for row in asked if row["merchant_note"] == refund.reference]) == 1


def test_a_refund_that_runs_is_not_asked_for_again(office, booking):
    give_back(office, booking, amount="1")
    refund = Refund.objects.get()
    answer = office.post(page("refund_again", booking.pk, refund.reference), follow=True)
    assert "has not failed" in answer.content.decode()
    assert Refund.objects.get().reference == refund.reference


# ---- The booking's page and its other buttons


def test_all_about_a_booking_stands_on_one_page(office, booking, manager):
    give_back(office, booking, seats=["A2"], amount="3500")
    text = office.get(page("change", booking.pk)).content.decode()
    payment, refund = Payment.objects.get(), Refund.objects.get()
    told = ["A1", "not used", "given back", payment.reference, payment.provider_id, refund.reference, "on its way"]
    told += ["Your booking for", "Temi Okoro", "Given back: A2 (the seat was wet)", "Confirmed, tickets made"]
    assert [words for words in told if words not in text] == []
    assert ticket_code(Ticket.objects.first().serial) not in text


def test_tickets_are_sent_again_once_a_click(office, booking):
    for _click in range(2):
        office.post(page("resend", booking.pk))
    assert Mail.objects.filter(subject__startswith="Your tickets").count() == 1
    assert BookingEvent.objects.filter(kind="tickets_resent").count() == 1
    BookingEvent.objects.update(at=database_now().replace(year=2020))
    office.post(page("resend", booking.pk))
    assert Mail.objects.count() == 2


def test_there_is_nobody_to_send_a_desk_sale_to(office, showtime):
    answer = office.post(page("resend", desk_sale_of(showtime, "A3").pk), follow=True)
    assert "no e-mail to send them to" in answer.content.decode()
    assert not Mail.objects.exists()


def test_a_payment_is_checked_again_and_settled(office, showtime):
    held = held_booking(showtime, ("A4",), who=buyer("kofi"))
    payment = attempt(held)
    charge(payment)
    answer = office.post(page("check", held.pk), {"payment": payment.reference}, follow=True)
    assert f"{payment.reference} is paid" in answer.content.decode()
    held.refresh_from_db()
    assert held.status == BookingStatus.CONFIRMED


def test_seats_are_changed_on_the_map(office, booking):
    shown = office.get(page("move", booking.pk)).content.decode()
    assert 'name="leave" value="A1"' in shown
    office.post(page("move", booking.pk), {"leave": ["A1"], "seats": ["A5"]})
    assert sorted(booking.seats.kept().values_list("label", flat=True)) == ["A2", "A5"]
    refused = office.post(page("move", booking.pk), {"leave": ["A2"], "seats": ["A3", "A4"]})
    assert refused.status_code == 400
    assert "as many new seats" in refused.content.decode()


@pytest.mark.parametrize("seats", [("A1",), tuple(SEATS)])
def test_the_page_takes_the_same_queries_for_one_seat_as_for_many(office, showtime, seats):
    booking = held_booking(showtime, seats)
    pay(booking)
    ContentType.objects.get_for_model(Booking)  # read once by a process, whichever test is its first
    with CaptureQueriesContext(connection) as queries:
        office.get(page("change", booking.pk))
    assert len(queries) == 19


# ---- A showing's pages


def test_seats_are_kept_blocked_and_released_on_the_map(office, showtime, booking):
    seats = reverse("admin:catalog_showtime_seats", args=[showtime.pk])
    wish = {"reason": "press", "minutes_before": "30"}
    assert office.post(seats, wish | {"wish": "keep", "seats": ["A3", "A4"]}).status_code == 303
    assert office.post(seats, wish | {"wish": "block", "seats": ["A5"]}).status_code == 303
    assert office.post(seats, wish | {"wish": "free", "seats": ["A4"]}).status_code == 303
    states = dict(ShowtimeSeat.objects.values_list("seat__label", "status"))
    assert states == {"A1": "sold", "A2": "sold", "A3": "blocked", "A4": "free", "A5": "blocked", "A6": "free"}
    assert list(ShowtimeEvent.objects.values_list("kind", flat=True)) == [
        "seats_kept",
        "seats_blocked",
        "seats_released",
    ]
    text = office.get(seats).content.decode()
    assert "Kept A3, A4 for the house (press)" in text
    taken = office.post(seats, wish | {"wish": "block", "seats": ["A1", "A6"]})
    assert (taken.status_code, "A1" in taken.content.decode()) == (409, True)
    assert 'value="A6" data-category="standard" aria-label' in taken.content.decode()
    assert ShowtimeSeat.objects.get(seat__label="A6").status == SeatStatus.FREE


@pytest.mark.parametrize(
    "wish", [{}, {"wish": "keep", "reason": "x"}, {"wish": "block", "seats": ["A6"]}, {"wish": "x"}]
)
def test_a_wish_about_seats_that_cannot_be_read_changes_nothing(office, showtime, wish):
    seats = reverse("admin:catalog_showtime_seats", args=[showtime.pk])
    assert office.post(seats, wish).status_code == 400
    assert not ShowtimeEvent.objects.exists()


def test_a_showing_is_called_off_after_a_yes_and_its_page_tells_how_far_it_is(office, showtime, booking, paystack):
    desk_sale_of(showtime, "A3")
    ask = reverse("admin:catalog_showtime_call_off", args=[showtime.pk])
    assert "₦10,500" in office.get(ask).content.decode()
    assert office.post(ask, {"note": "no power"}).status_code == 400
    showtime.refresh_from_db()
    assert showtime.status == ShowtimeStatus.ON_SALE
    progress = office.post(ask, {"note": "no power", "sure": "on"})["Location"]
    assert progress == reverse("admin:bookings_calloff_change", args=[CallOff.objects.get().pk])
    part = office.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>0</strong> of 2 refunded" in part
    assert "hx-get" in part
    assert "<html" not in part
    callings_off_go_on()
    follow()
    set_state(paystack, Refund.objects.exclude(provider_id="").get(), "processed")
    follow()
    text = office.get(progress).content.decode()
    assert "<strong>1</strong> of 2 refunded" in text
    assert "1 needs a hand" in text
    assert "hx-get" not in text  # nothing goes on by itself any more
    assert office.get(ask)["Location"] == progress


# ---- Finding


@pytest.mark.parametrize("term", ["0803 123 4567", "+234 803 123 4567", "234-803-123-4567", "08031234567"])
def test_a_booking_is_found_by_its_phone_in_any_form(office, booking, term):
    Booking.objects.update(phone="+2348031234567")
    assert found(office, term) == [booking]


def test_a_booking_is_found_by_a_ticket_a_payment_a_refund_and_paystacks_numbers(office, booking):
    give_back(office, booking, amount="3500")
    follow()
    payment, refund, ticket = Payment.objects.get(), Refund.objects.get(), Ticket.objects.first()
    code = ticket_code(ticket.serial)
    terms = [code, code.lower(), f"https://movy.test/tickets/{code}", booking.reference.lower(), "ADA@example"]
    terms += [payment.reference, payment.provider_id, refund.reference, refund.provider_id, "Ada"]
    assert [term for term in terms if found(office, term) != [booking]] == []
    assert found(office, "Nobody") == []


def found(office: Client, term: str) -> list[Booking]:
    return list(office.get(page("changelist"), {"q": term}).context["cl"].result_list)
