"""Two at one payment, one booking: the second waits for the first to commit, and finds out what it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import bookings.services
import payments.services.charges
from bookings.errors import AlreadyCancelled
from bookings.models import Booking, BookingStatus
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look
from payments.gateway import paystack as gateway
from payments.models import PaymentStatus, Refund
from payments.tests.factories import attempt, charge, held_booking
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("paystack", "audited")]

DAWDLE_SECONDS = 0.4  # less than a lock is waited for


def one_after_the_other(
    call: Callable[[], Any], module: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, Any]:
    """Make a call, and once it has come to `step` in the middle of its transaction, and dawdles there, the same call
    once more; return what each of them returns, or its refusal."""
    first_is_amid_it, real = threading.Event(), getattr(module, step)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        first_is_amid_it.set()
        time.sleep(DAWDLE_SECONDS)
        return real(*args, **kwargs)

    def second() -> Any:
        first_is_amid_it.wait(10)
        return call()

    monkeypatch.setattr(module, step, slowly)
    done, done_second = together(call, second)
    return done, done_second


def test_who_settles_a_charge_second_finds_it_settled(monkeypatch):
    payment = attempt(held_booking())
    charge(payment)
    look = partial(payment_look, payment.reference, via=gateway.WORKER)
    looks = one_after_the_other(look, payments.services.charges, "booking_confirm_locked", monkeypatch)
    assert [settled.status for settled in looks] == [PaymentStatus.PAID] * 2
    assert (Mail.objects.count(), Refund.objects.count()) == (1, 0)


def test_who_lets_a_hold_go_second_is_told_that_it_is_gone(monkeypatch):
    booking = held_booking()
    let_go = partial(booking_give_back, booking.reference, labels=None, actor_id=booking.user_id)
    _first, second = one_after_the_other(let_go, bookings.services, "seats_free", monkeypatch)
    assert isinstance(second, AlreadyCancelled)
    assert Booking.objects.get().status == BookingStatus.CANCELLED
