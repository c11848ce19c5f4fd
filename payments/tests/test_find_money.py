"""The page for whoever has paid and sees no ticket: it asks Paystack, settles, and tells strangers nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingStatus, Ticket
from bookings.tests.factories import buyer, hold
from movy.lib import limits
from movy.lib.clock import database_now
from movy.lib.references import ALPHABET
from movy.outbox.models import Mail
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundStatus
from payments.tests.factories import attempt, charge, held_booking, lapse, says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]

PAGE = "/find-my-money"


@pytest.fixture
def booking() -> Booking:
    """Ada's two seats, held. Nobody is signed in."""
    return held_booking(labels=("C4", "C5"))


def find(client: Client, reference: str, email: str = "ada@example.test", **more: Any) -> HttpResponse:
    return client.post(PAGE, {"reference": reference, "email": email} | more)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("named", ["payment", "booking", "as people copy it"])
def test_a_payment_that_nobody_told_us_of_becomes_the_ticket(client, booking, named):
    payment = attempt(booking)
    charge(payment)
    reference = {
        "payment": payment.reference,
        "booking": booking.reference,
        "as people copy it": f"  {payment.reference[:6].lower()} {payment.reference[6:].lower()} ",
    }[named]
    answer = find(client, reference, " ADA@example.test ")
    assert answer.status_code == 200
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert "is paid and confirmed" in text(answer)
    assert "Mail me the tickets again" in text(answer)


def test_the_buyer_is_led_to_the_tickets(client, booking):
    charge(attempt(booking))
    client.force_login(booking.user)
    answer = find(client, booking.reference)
    assert "Show my tickets" in text(answer)
    assert booking.get_absolute_url() in text(answer)


def test_all_attempts_of_a_booking_are_asked_about(client, booking):
    card, ussd = attempt(booking), attempt(booking, Channel.USSD)
    charge(card)
    charge(ussd)
    answer = find(client, booking.reference)
    assert {row.status for row in Payment.objects.all()} == {PaymentStatus.PAID}
    assert Refund.objects.get().payment.booking == booking
    assert card.reference in text(answer)
    assert ussd.reference in text(answer)


def test_an_attempt_that_nobody_watches_any_more_is_asked_about(client, booking):
    payment = attempt(booking)
    lapse(booking, ago=timedelta(days=3))
    Payment.objects.update(next_check_at=None)
    charge(payment)
    find(client, payment.reference)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED  # late, and its seats were still free


def test_money_that_came_too_late_is_told_with_why_and_where_it_goes(client, booking):
    payment = attempt(booking)
    lapse(booking)
    hold(booking.showtime, ["C4"], who=buyer("kofi"), now=database_now())
    charge(payment)
    answer = find(client, payment.reference)
    assert Refund.objects.get().money == booking.total
    assert f"{booking.total} asked back" in text(answer)
    assert "have been taken since" in text(answer)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RefundStatus.PENDING, "It can take up to 10 working days"),
        (RefundStatus.PROCESSED, "your bank shows it within 10 working days"),
        (RefundStatus.NEEDS_ATTENTION, "an account of yours that the money can go to"),
        (RefundStatus.FAILED, "The money is not lost"),
    ],
)
def test_each_state_of_a_refund_says_where_the_money_is_and_what_to_do(client, booking, state, told):
    payment = attempt(booking)
    lapse(booking)
    hold(booking.showtime, ["C4"], who=buyer("kofi"), now=database_now())
    charge(payment)
    find(client, payment.reference)
    Refund.objects.update(status=state, settled_at=database_now())
    assert told in text(find(client, payment.reference))


def test_a_payment_that_failed_is_told_as_not_taken(client, booking):
    charge(attempt(booking), status="failed")
    assert "not taken" in text(find(client, booking.reference))


def test_a_payment_that_has_not_arrived_says_until_when_we_ask(client, booking):
    attempt(booking, Channel.BANK_TRANSFER)
    assert "bank transfer: not arrived" in text(find(client, booking.reference))
    lapse(booking)
    assert "We go on asking until" in text(find(client, booking.reference))


def test_a_charge_under_a_reference_that_we_never_made_stays_unknown(client, booking, paystack):
    """The reference alone would be good, and Paystack has money for it: it belongs to nobody's booking."""
    stray = attempt(booking)
    charge(stray)
    Payment.objects.filter(pk=stray.pk).update(reference=UNKNOWN)
    assert find(client, stray.reference).status_code == 404


def test_a_stranger_with_both_sees_no_seat_name_or_code(client, booking):
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    page = text(find(client, payment.reference))
    for secret in ("C4", "C5", "Ada", *(ticket.serial for ticket in Ticket.objects.all())):
        assert not says(page, secret)
    client.force_login(held_booking(who=buyer("kofi")).user)
    assert not says(text(find(client, payment.reference)), "C5")


UNKNOWN = "MV-AAAAAAAAAAAAAAAA"


def bare(answer: HttpResponse, reference: str) -> str:
    """Return a page without what differs from one to the next anyway: what was typed, and the form's token."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", text(answer))
    return page.replace(reference, UNKNOWN)


def test_an_unknown_reference_and_one_of_another_e_mail_are_answered_alike(client, booking, paystack):
    """The same status, the same body, the same queries, and nobody outside is asked: there is nothing to time."""
    payment = attempt(booking)
    charge(payment)
    paystack.router.requests.clear()
    answers, queries = {}, set()
    for reference in (payment.reference, booking.reference, UNKNOWN):
        with CaptureQueriesContext(connection) as counted:
            answers[reference] = find(client, reference, "kofi@example.test")
        queries.add(tuple(query["sql"].replace(reference, UNKNOWN) for query in counted))
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({bare(answer, reference) for reference, answer in answers.items()}) == 1
    assert len(queries) == 1
    assert not paystack.router.requests
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_what_was_typed_is_kept_and_what_is_wrong_is_said(client):
    answer = find(client, "MV-1", "not an address")
    assert answer.status_code == 400
    assert "MV-1" in text(answer)
    assert "not an address" in text(answer)
    assert find(client, "", "").status_code == 400
    assert find(client, "x" * 5000).status_code == 400
    assert find(client, "\x00").status_code == 400
    assert find(client, "%' OR 1=1 --").status_code == 400
    assert 'value="MV-AAAAAAAAAAAAAAAA"' in text(find(client, UNKNOWN))


def test_paystack_away_is_a_sentence_and_nothing_is_lost(client, booking, paystack):
    payment = attempt(booking)
    charge(payment)
    paystack.account.faults.add("error_502", operation="verify")
    answer = find(client, payment.reference)
    assert answer.status_code == 200
    assert "does not answer" in text(answer)
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_a_booking_that_nobody_began_to_pay_says_so(client, booking):
    assert "Nobody has begun to pay" in text(find(client, booking.reference))


def test_the_tickets_are_sent_again_to_the_bookings_e_mail_once(client, booking):
    charge(attempt(booking))
    find(client, booking.reference)
    assert Mail.objects.count() == 1
    Mail.objects.all().delete()
    answer = find(client, booking.reference, send_tickets="1")
    assert "The tickets are on their way to ada@example.test" in text(answer)
    assert Mail.objects.get().recipients == ["ada@example.test"]
    assert "sent a moment ago" in text(find(client, booking.reference, send_tickets="1"))
    assert Mail.objects.count() == 1


def test_a_stranger_cannot_have_tickets_sent(client, booking):
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    Mail.objects.all().delete()
    assert find(client, booking.reference, "kofi@example.test", send_tickets="1").status_code == 404
    assert not Mail.objects.exists()


def test_one_reference_and_one_address_are_asked_for_so_often_and_no_more(client, booking, monkeypatch):
    """Whether there is such a booking changes nothing about that."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 6_000_040.5))  # no new minute begins meanwhile
    for reference in (booking.reference, UNKNOWN):
        assert [find(client, reference, "kofi@example.test").status_code for _time in range(7)] == [404] * 6 + [429]
    last = find(client, booking.reference)
    assert last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 60
    assert booking.reference in text(last)
    others = [find(client, f"MV-{'A' * 15}{sign}", "kofi@example.test").status_code for sign in ALPHABET * 2]
    assert others[-1] == 429


def test_without_limits_nobody_is_told_to_wait(client, booking, settings):
    settings.RATE_LIMITS = False
    assert {find(client, UNKNOWN).status_code for _time in range(8)} == {404}


def test_the_form_knows_who_is_signed_in_and_what_the_address_names(client, booking):
    client.force_login(booking.user)
    page = text(client.get(PAGE, {"reference": "MV-ABC"}))
    assert "MV-ABC" in page
    assert booking.user.email in page
    assert "no-store" in client.get(PAGE)["Cache-Control"]
