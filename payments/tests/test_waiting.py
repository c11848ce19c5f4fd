"""The status page of a payment: it tells the truth in every state, and what to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, BookingStatus, ShowtimeSeat
from bookings.tests.factories import buyer, hold
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import database_now
from payments.constants import CHANNELS
from payments.flows import booking_give_back
from payments.models import Channel, Payment, Refund, RefundStatus
from payments.telling import LOOKS_LATER, Stage, payment_stage, wait_seconds
from payments.templatetags.payments import pay_panel
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, lapse, says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.fixture
def booking(client) -> Booking:
    """Ada's two seats, held; Ada is signed in."""
    booking = held_booking(labels=("C4", "C5"))
    client.force_login(booking.user)
    return booking


def look(client: Client, payment: Payment) -> str:
    answer = client.get(f"/verify-payment?reference={payment.reference}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def local(instant, booking: Booking) -> str:
    return instant.astimezone(booking.showtime.screen.theatre.zone).strftime("%H:%M")


# ---- Before choosing


@pytest.mark.parametrize("currency", CHANNELS)
@pytest.mark.parametrize("sales_end_in", [None, 12])
def test_how_long_each_way_keeps_the_seats_is_said_before_choosing_and_is_true(client, currency, sales_end_in):
    for channel in CHANNELS[currency]:
        booking = held_booking(coming_showtime())
        Booking.objects.filter(pk=booking.pk).update(currency=currency)
        now = database_now()
        if sales_end_in:
            ends_at = now + timedelta(minutes=sales_end_in)
            Showtime.objects.filter(pk=booking.showtime_id).update(sales_close_at=ends_at)
        booking = Booking.objects.get(pk=booking.pk)
        said = {row["code"]: row["held_until"] for row in pay_panel({}, booking, now)["channels"]}
        booking.showtime.screen.theatre.currency = currency
        attempt(booking, channel)
        kept_until = Booking.objects.get(pk=booking.pk).hold_expires_at
        assert kept_until is not None
        assert abs(kept_until - said[channel]) < timedelta(seconds=10)
        client.force_login(booking.user)
        assert f"kept until {local(kept_until, booking)}" in client.get(booking.get_absolute_url()).content.decode()


# ---- Waiting


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (Channel.CARD, "a tap in its app"),
        (Channel.USSD, "enter your PIN on your phone"),
        (Channel.BANK_TRANSFER, "Transfer exactly ₦7,000"),
    ],
)
def test_who_waits_reads_what_for_whose_the_seats_are_and_that_the_page_may_be_closed(client, booking, channel, told):
    payment = attempt(booking, channel)
    page = look(client, payment)
    booking.refresh_from_db()
    assert told in page
    assert f"Seats C4, C5 are yours until {local(booking.hold_expires_at, booking)}." in page
    assert "You can close this page" in page
    assert booking.email in page
    assert "We asked Paystack at" in page
    assert "all of it back if not" in page
    assert payment.authorization_url in page
    assert "Pay in another way" in page


def test_a_page_looks_again_less_often_as_time_passes_also_without_javascript(client, booking):
    payment = attempt(booking)
    for age, seconds in [(0, 5), (3, 15), (11, LOOKS_LATER)]:
        Payment.objects.update(created_at=database_now() - timedelta(minutes=age))
        payment.refresh_from_db()
        assert wait_seconds(payment, database_now()) == seconds
        page = look(client, payment)
        assert f'<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>' in page
        assert f'data-seconds="{seconds}"' in page


def test_paystack_away_is_said_plainly(client, booking, paystack):
    payment = attempt(booking)
    paystack.account.faults.add("error_502", operation="verify")
    page = look(client, payment)
    assert "did not answer at" in page
    assert "That says nothing about your money" in page
    assert "We asked Paystack" not in page


def test_after_the_time_it_says_what_happens_to_who_has_paid_and_who_has_not(client, booking):
    payment = attempt(booking)
    ended_at = lapse(booking)
    page = look(client, payment)
    assert f"Seats C4, C5 were yours until {local(ended_at, booking)}" in page
    assert "Then don't pay again" in page.replace("&#x27;", "'")
    assert "Then nothing is charged" in page
    assert f"/booking/{booking.showtime_id}?seats=C4&amp;seats=C5" in page


def test_a_day_later_nobody_is_promised_that_we_go_on_asking(client, booking):
    payment = attempt(booking)
    lapse(booking, ago=timedelta(hours=25))
    page = look(client, payment)
    assert "We go on asking" not in page
    assert "had not come for a whole day" in page
    assert "for a whole day" in client.get(booking.get_absolute_url()).content.decode()


def test_once_sales_are_over_no_seats_are_offered_again(client, booking):
    payment = attempt(booking)
    lapse(booking)
    Showtime.objects.update(sales_close_at=database_now() - timedelta(minutes=1))
    page = look(client, payment)
    assert "Choose these seats again" not in page
    assert "See other showings" in page


def test_a_payment_that_failed_says_so_and_leads_to_another_try(client, booking):
    payment = attempt(booking)
    charge(payment, status="failed")
    page = look(client, payment)
    assert "No money was taken. Seats C4, C5 are still yours until" in page
    assert "Try again, or pay in another way" in page
    lapse(booking)
    assert "the time for your seats is over" in look(client, payment)


def test_of_two_tabs_the_second_is_told_that_it_is_not_needed_and_then_that_its_money_goes_back(client, booking):
    first, second = attempt(booking), attempt(booking, Channel.USSD)
    charge(first)
    assert client.get(f"/verify-payment?reference={first.reference}").status_code == 303
    assert "Please don't finish this one" in look(client, second).replace("&#x27;", "'")
    charge(second)
    page = look(client, second)
    assert "You paid twice for the same seats" in page
    assert "All of ₦7,000 goes back" in page
    own = client.get(booking.get_absolute_url()).content.decode()
    assert "Your seats are yours" in own
    assert "You paid twice for the same seats" in own


def test_who_let_the_seats_go_and_pays_all_the_same_is_told_twice(client, booking):
    payment = attempt(booking)
    booking_give_back(booking.reference, labels=None, actor_id=None)
    assert "There is nothing to pay any more" in look(client, payment)
    charge(payment)
    assert "after you had let the seats go" in look(client, payment)


def test_a_payment_for_a_show_called_off_says_so(client, booking):
    payment = attempt(booking)
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    Booking.objects.update(status=BookingStatus.CANCELLED)
    ShowtimeSeat.objects.update(status="free", booking=None, held_until=None)
    charge(payment)
    assert "after the show had been called off" in look(client, payment)


def test_another_amount_says_what_was_asked_and_what_came(client, booking):
    payment = attempt(booking)
    charge(payment, amount=600_000)
    page = look(client, payment)
    assert "We had asked for ₦7,000, and ₦6,000 came" in page
    assert "All of ₦6,000 goes back" in page
    assert "still wait for their payment, and are yours until" in page
    own = client.get(booking.get_absolute_url()).content.decode()
    assert "₦6,000 came for this booking" in own
    assert "Pay ₦7,000" in own


def test_tickets_given_back_are_never_called_booked(client, booking):
    payment = attempt(booking)
    charge(payment)
    client.get(f"/verify-payment?reference={payment.reference}")
    booking_give_back(booking.reference, labels=None, actor_id=None)
    assert "You gave seats back" in look(client, payment)
    client.logout()
    page = look(client, payment)
    assert "The seats are booked" not in page
    assert "goes back to how it was paid" in page


@pytest.mark.parametrize("state", RefundStatus)
def test_who_is_not_the_buyer_sees_the_state_alone(client, booking, state):
    payment = attempt(booking)
    client.logout()
    assert "not finished yet" in look(client, payment)
    lapse(booking)
    hold(booking.showtime, ["C4"], who=buyer("kofi"), now=database_now())
    charge(payment)
    look(client, payment)
    Refund.objects.update(status=state, settled_at=database_now())
    page = look(client, payment)
    for secret in (booking.reference, booking.email, "C4", "C5", booking.showtime.movie.title):
        assert not says(page, secret)
    assert "₦" not in page


def test_every_stage_is_one_of_an_open_page_or_of_one_that_stands():
    assert [stage for stage in Stage if stage.is_open] == [Stage.WAITING, Stage.LATE, Stage.NOT_NEEDED, Stage.LET_GO]
    unpaid = Payment(status="pending")
    assert {payment_stage(unpaid, status).is_open for status in BookingStatus} == {True}
