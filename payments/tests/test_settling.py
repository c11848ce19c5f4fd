"""What a charge does: the outcomes that hold whatever messages come, through the doors and with a real stand-in."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from bookings.models import Booking, BookingStatus, Ticket
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import holds_release_overdue, payment_look, payments_poll, payments_reconcile
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason, WebhookMessage
from payments.services.charges import next_look_at
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, lapse, signed, webhook
from payments.webhooks import inbox_handle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


@pytest.fixture
def booking():
    return held_booking(labels=("C4", "C5"))


def reload(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def test_a_paid_booking_is_confirmed_by_the_webhook(client, booking):
    payment = attempt(booking)
    charge(payment)
    assert webhook(client, payment) == 200
    payment.refresh_from_db()
    assert (payment.status, payment.confirms_id, payment.mismatch) == (PaymentStatus.PAID, booking.pk, "")
    assert reload(booking).status == BookingStatus.CONFIRMED
    assert Ticket.objects.count() == 2
    assert Mail.objects.count() == 1


def test_a_hundred_messages_change_nothing_after_the_first(client, booking):
    payment = attempt(booking)
    charge(payment)
    for _time in range(100):
        assert webhook(client, payment) == 200
    message = WebhookMessage.objects.get()
    assert (message.times, message.handled_at is not None) == (100, True)
    assert (Ticket.objects.count(), Mail.objects.count(), Refund.objects.count()) == (2, 1, 0)


def test_a_message_alone_is_never_believed(client, booking):
    payment = attempt(booking)
    assert webhook(client, payment, status="success", amount=payment.amount_minor) == 200
    assert reload(booking).status == BookingStatus.HELD


def test_unsigned_and_forged_messages_are_refused_and_leave_nothing(client, booking):
    payment = attempt(booking)
    charge(payment)
    body = b'{"event": "charge.success", "data": {"reference": "%s"}}' % payment.reference.encode()
    assert client.post("/webhooks/paystack", data=body, content_type="application/json").status_code == 401
    assert signed(client, body, key="sk_test_another") == 401
    assert signed(client, body, algorithm=hashlib.sha256) == 401
    header = {"x-paystack-signature": "0" * 128}
    altered = client.post("/webhooks/paystack", data=body + b" ", content_type="application/json", headers=header)
    assert altered.status_code == 401
    assert not WebhookMessage.objects.exists()
    assert reload(booking).status == BookingStatus.HELD


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"event": 1, "data": [1]}', b"\xff\xfe", b'{"data": null}'])
def test_a_signed_message_that_says_nothing_is_kept_and_answered(client, body):
    assert signed(client, body) == 200
    assert WebhookMessage.objects.get().handled_at is not None


def test_an_oversized_message_is_refused(client):
    assert signed(client, b" " * 1024 * 1024) == 413


def test_paystack_away_the_message_waits_and_the_worker_catches_up(client, booking, paystack):
    payment = attempt(booking)
    charge(payment)
    paystack.account.faults.add("error_502", operation="verify", times=1)
    assert webhook(client, payment) == 200
    assert reload(booking).status == BookingStatus.HELD
    assert inbox_handle() == 1
    assert reload(booking).status == BookingStatus.CONFIRMED


def test_without_any_message_the_poller_finds_it(booking):
    payment = attempt(booking)
    charge(payment)
    Payment.objects.update(next_check_at=database_now())
    assert payments_poll() == 1
    assert reload(booking).status == BookingStatus.CONFIRMED
    assert payments_poll() == 0


def test_what_was_charged_long_after_anybody_watched_is_found_by_walking_through_paystacks_list(booking):
    payment = attempt(booking)
    Payment.objects.update(next_check_at=None)
    charge(payment)
    assert payments_reconcile() == 1
    assert reload(booking).status == BookingStatus.CONFIRMED
    assert payments_reconcile() == 0


def test_just_before_a_hold_is_let_go_its_attempt_is_asked_about(booking):
    charge(attempt(booking))
    lapse(booking)
    assert holds_release_overdue() == 0
    assert reload(booking).status == BookingStatus.CONFIRMED


def test_late_with_the_seats_free_it_is_confirmed(client, booking):
    payment = attempt(booking)
    lapse(booking)
    assert holds_release_overdue() == 1
    assert reload(booking).status == BookingStatus.EXPIRED
    charge(payment)
    assert webhook(client, payment) == 200
    assert reload(booking).status == BookingStatus.CONFIRMED
    assert not Refund.objects.exists()


def test_late_with_the_seats_gone_all_of_it_goes_back_once(client, booking):
    payment = attempt(booking)
    lapse(booking)
    held_booking(booking.showtime, ("C5",), who=buyer("kofi"))
    charge(payment)
    for _time in range(3):
        assert webhook(client, payment) == 200
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.reason) == (booking.total_minor, RefundReason.SEATS_GONE)
    assert reload(booking).status_at(database_now()) == BookingStatus.EXPIRED
    assert [mail.recipients for mail in Mail.objects.all()] == [["ada@example.test"]]


def test_after_cancelling_a_charge_goes_back(client, booking):
    payment = attempt(booking)
    client.force_login(booking.user)
    assert client.post(f"/cancel-booking/{booking.reference}").status_code == 303
    charge(payment)
    assert webhook(client, payment) == 200
    assert Refund.objects.get().reason == RefundReason.CANCELLED
    assert reload(booking).status == BookingStatus.CANCELLED


@pytest.mark.parametrize(
    ("changes", "mismatch"),
    [
        ({"amount": 699_999}, "amount"),
        ({"amount": 700_001}, "amount"),
        ({"currency": "GHS"}, "currency"),
        ({"domain": "live"}, "mode"),
    ],
)
def test_another_sum_currency_or_mode_confirms_nothing_and_goes_back(client, booking, changes, mismatch):
    payment = attempt(booking)
    charge(payment, **changes)
    assert webhook(client, payment) == 200
    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert (payment.status, payment.mismatch, refund.reason) == (PaymentStatus.PAID, mismatch, RefundReason.MISMATCH)
    assert refund.amount_minor == changes.get("amount", 700_000)
    assert refund.currency == changes.get("currency", "NGN")
    assert reload(booking).status == BookingStatus.HELD
    assert not Ticket.objects.exists()


def test_the_charge_of_another_booking_confirms_only_that_one(client, booking, paystack):
    other = held_booking(coming_showtime(), who=buyer("kofi"))
    theirs, mine = attempt(other), attempt(booking)
    charge(theirs)
    charge(mine)
    paystack.account.faults.add("wrong_reference", value=theirs.reference, reference=mine.reference, operation="verify")
    assert webhook(client, mine) == 200
    mine.refresh_from_db()
    assert (mine.status, "reference" in mine.mismatch) == (PaymentStatus.PENDING, True)
    assert reload(booking).status == BookingStatus.HELD
    assert not Refund.objects.exists()


def test_a_number_that_paystack_gave_before_stops_nothing(client, booking):
    """Our reference is what identifies a charge: after a change of accounts Paystack's own numbers may come again."""
    first, second = attempt(held_booking(who=buyer("kofi"))), attempt(booking)
    charge(second)
    Payment.objects.filter(pk=first.pk).update(
        provider_id=payment_look(second.reference, via=gateway.WORKER).provider_id
    )
    charge(first)
    assert webhook(client, first) == 200
    assert Payment.objects.filter(status=PaymentStatus.PAID).count() == 2


def test_two_attempts_paid_one_confirms_and_the_other_goes_back(client, booking):
    first, second = attempt(booking), attempt(booking, Channel.USSD)
    assert first.reference != second.reference
    charge(first)
    charge(second)
    assert webhook(client, second) == 200
    assert webhook(client, first) == 200
    assert reload(booking).confirming_payment == second
    assert (Refund.objects.get().payment, Refund.objects.get().reason) == (first, RefundReason.PAID_TWICE)
    assert Mail.objects.count() == 2


def test_success_beats_failure(client, booking):
    payment = attempt(booking)
    charge(payment, status="failed")
    payment_look(payment.reference, via=gateway.WORKER)
    assert Payment.objects.get().status == PaymentStatus.FAILED
    assert reload(booking).status == BookingStatus.HELD
    charge(payment)
    assert webhook(client, payment) == 200
    assert reload(booking).status == BookingStatus.CONFIRMED


@pytest.mark.parametrize("status", ["abandoned", "ongoing", "pending", "processing", "queued", "reversal-pending"])
def test_what_is_not_final_changes_nothing_and_is_asked_again(booking, status):
    payment = attempt(booking)
    charge(payment, status=status)
    payment = payment_look(payment.reference, via=gateway.WORKER)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.PENDING
    assert payment.next_check_at > database_now()


def test_a_state_that_nobody_knows_confirms_nothing(booking, paystack):
    payment = attempt(booking)
    charge(payment)
    paystack.account.faults.add("wrong_status", value="brand-new", reference=payment.reference)
    assert payment_look(payment.reference, via=gateway.WORKER).status == PaymentStatus.PENDING


def test_asking_goes_on_for_a_day_after_the_deadline_and_then_ends(booking):
    payment = attempt(booking)
    looks = 0
    now = payment.deadline_at
    while (look := next_look_at(payment, now)) is not None:
        looks, now = looks + 1, look
    assert (looks, now - payment.deadline_at) == (27, timedelta(hours=24))
