"""Paying, being told of it and cancelling at the same moment: one legal outcome, whoever comes first."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bookings.errors import AlreadyCancelled
from bookings.models import Booking, BookingEvent, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from movy.lib.clock import database_now
from movy.lib.errors import DomainError
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look, payments_poll
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, PaymentEvent, PaymentStatus, Refund, RefundReason
from payments.tests.factories import attempt, charge, held_booking, webhook

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("paystack", "audited")]

several_times = pytest.mark.parametrize("time", range(4))


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Make the calls at one moment, each on a connection of its own; return what they return, or their refusals."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def look(payment: Payment) -> Callable[[], Payment]:
    return lambda: payment_look(payment.reference, via=gateway.WORKER)


def give_back(booking: Booking) -> Callable[[], Any]:
    return lambda: booking_give_back(booking.reference, labels=None, actor_id=booking.user_id)


@several_times
def test_two_tabs_pay_one_booking_and_one_is_refunded(time):
    booking = held_booking()
    card, ussd = attempt(booking), attempt(booking, Channel.USSD)
    charge(card)
    charge(ussd)
    together(look(card), look(ussd))
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    refund = Refund.objects.get()
    assert {booking.confirming_payment, refund.payment} == {card, ussd}
    assert (refund.reason, refund.money) == (RefundReason.PAID_TWICE, booking.total)
    assert Ticket.objects.count() == 1


@several_times
def test_two_clicks_on_pay_are_one_attempt(time):
    booking = held_booking()
    first, second = together(lambda: attempt(booking), lambda: attempt(booking))
    assert first == second == Payment.objects.get()
    assert first.authorization_url == second.authorization_url


@several_times
def test_cancelled_and_paid_at_once_the_money_goes_back_once(time):
    booking = held_booking()
    payment = attempt(booking)
    charge(payment)
    together(look(payment), give_back(booking))
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.status, payment.status) == (BookingStatus.CANCELLED, PaymentStatus.PAID)
    refund = Refund.objects.get()
    assert (refund.reason, refund.money) == (RefundReason.CANCELLED, booking.total)
    assert ShowtimeSeat.objects.get(seat__label="C4").status == SeatStatus.FREE
    assert not Ticket.objects.filter(cancelled_at=None).exists()


@several_times
def test_cancelled_twice_at_once_it_is_refunded_once(time):
    booking = held_booking()
    payment = attempt(booking)
    charge(payment)
    look(payment)()
    results = together(give_back(booking), give_back(booking))
    assert Counter(type(result) for result in results) == {tuple: 1, AlreadyCancelled: 1}
    assert Refund.objects.get().money == booking.total
    assert Counter(BookingEvent.objects.values_list("kind", flat=True)) == {"held": 1, "confirmed": 1, "cancelled": 1}
    assert Mail.objects.count() == 2  # your tickets; cancelled


@several_times
def test_browser_webhook_and_poller_at_one_moment_confirm_once(time):
    booking = held_booking(labels=("C4", "C5"))
    payment = attempt(booking)
    charge(payment)
    Payment.objects.update(next_check_at=database_now())
    came_back = Client()
    came_back.force_login(booking.user)
    answers = together(
        lambda: came_back.get("/verify-payment", {"reference": payment.reference}).status_code,
        lambda: webhook(Client(), payment),
        payments_poll,
    )
    assert answers[:2] == [303, 200]
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert Counter(PaymentEvent.objects.values_list("kind", flat=True)) == {"pending": 1, "paid": 1}
    assert (Ticket.objects.count(), Mail.objects.count(), Refund.objects.count()) == (2, 1, 0)


def test_without_the_lock_on_the_payment_it_is_not_one_outcome(monkeypatch):
    """The guard taken out: both find the payment unpaid, and the state that they move it from has to stop one."""
    booking = held_booking()
    payment = attempt(booking)
    charge(payment)
    both_have_read = threading.Barrier(2)

    def not_locked(reference: str) -> Payment:
        found = Payment.objects.get(reference=reference)
        both_have_read.wait(10)
        return found

    monkeypatch.setattr("payments.services.charges.payment_locked", not_locked)
    with pytest.raises(RuntimeError, match="was moved under its lock"):
        together(look(payment), look(payment))
