"""Browser, webhook and worker tell of one charge, in all six orders and at once: one confirmation, one mail, one set of
tickets, one set of events."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

import payments.flows.asking
import payments.services.charges
from bookings.models import Booking, BookingEvent, Ticket
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import payments_poll
from payments.models import Payment, PaymentEvent, PaymentStatus, Refund
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, webhook
from tests.proof import Proof
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("paystack", "transactional_db")]

ORDERS = list(itertools.permutations(["browser", "webhook", "worker"]))
WAIT_SECONDS = 20
QUEUE_SECONDS = 0.01  # what a statement needs to get as far as the lock that another one has

often = pytest.mark.parametrize("times", [pytest.param(4), pytest.param(200, marks=pytest.mark.long)])
in_all_orders = pytest.mark.parametrize("order", ORDERS, ids="-".join)

Door = Callable[[], Any]
Way = Callable[[list[Door]], list[Any]]


class Relay:
    """Three doors that are gone through in an order, where the steps of payment_look are held open.

    Each has a number, its place in the order, which its thread carries through Movy's code.
    """

    def __init__(self) -> None:
        self.asked, self.done = ([threading.Event() for _door in range(3)] for _events in range(2))
        self.first_has_lock = threading.Event()
        self._here = threading.local()

    @property
    def number(self) -> int:
        return self._here.number

    def has_asked(self) -> None:
        """Paystack has told this door of the charge; the next one may come in. Go on when all three know."""
        self.asked[self.number].set()
        for event in self.asked:
            wait(event)

    def run(self, doors: list[Door], *, start: list[threading.Event]) -> list[Any]:
        """Go through the doors, each in a thread of its own, the second and third when the `start` of the one before
        is set."""

        def go(number: int) -> Any:
            self._here.number = number
            try:
                if number:
                    wait(start[number - 1])
                return doors[number]()
            finally:
                self.done[number].set()
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(go, range(3)))


def wait(event: threading.Event) -> None:
    assert event.wait(WAIT_SECONDS), "a door did not get as far as it should"


def one_after_another(doors: list[Door]) -> list[Any]:
    relay = Relay()
    return relay.run(doors, start=relay.done)


def each_has_asked_before_the_first_settles(doors: list[Door]) -> list[Any]:
    """All three hold a success in their hands and have read that the payment is unpaid; then they settle in order."""
    relay = Relay()

    def hold_open() -> None:
        relay.has_asked()
        if relay.number:
            wait(relay.done[relay.number - 1])

    with after_asking(hold_open):
        return relay.run(doors, start=relay.asked)


def two_wait_at_the_lock_of_the_first(doors: list[Door]) -> list[Any]:
    """The first is in the middle of settling, uncommitted, when the two others want to settle too."""
    relay = Relay()
    locked = payments.services.charges.payment_locked

    def hold_open() -> None:
        relay.has_asked()
        if relay.number:
            wait(relay.first_has_lock)

    def lock_and_dawdle(reference: str) -> Payment:
        payment = locked(reference)
        if not relay.number:
            relay.first_has_lock.set()
            time.sleep(QUEUE_SECONDS)
        return payment

    with after_asking(hold_open), pytest.MonkeyPatch.context() as patched:
        patched.setattr(payments.services.charges, "payment_locked", lock_and_dawdle)
        return relay.run(doors, start=relay.asked)


@contextmanager
def after_asking(step: Callable[[], None]) -> Iterator[None]:
    """Do `step` between Paystack's answer and the transaction that records it."""
    fetch = payments.flows.asking.charge_fetch

    def fetch_and_wait(*args: Any, **kwargs: Any) -> Any:
        told = fetch(*args, **kwargs)
        step()
        return told

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(payments.flows.asking, "charge_fetch", fetch_and_wait)
        yield


class Buyers:
    """People who pay for two seats each, and the three doors by which Movy hears of it."""

    def __init__(self, count: int) -> None:
        labels = [f"{row}{number}" for row in "ABCDEFGHIJ" for number in range(1, 41)]
        self._pairs = zip(labels[: 2 * count : 2], labels[1 : 2 * count : 2], strict=True)
        self._showtime = coming_showtime(seats=labels[: 2 * count])
        self._browser = Client()
        self._browser.force_login(held_booking(coming_showtime()).user)

    def pay(self) -> tuple[Booking, dict[str, Door]]:
        """Let the next buyer pay; return the booking, and what tells Movy of it."""
        booking = held_booking(self._showtime, next(self._pairs), who=buyer())
        payment = attempt(booking)
        charge(payment)
        Payment.objects.filter(pk=payment.pk).update(next_check_at=database_now())
        back = "/verify-payment", {"reference": payment.reference}
        return booking, {
            "browser": lambda: self._browser.get(*back).status_code,
            "webhook": lambda: webhook(Client(), payment),
            "worker": payments_poll,
        }


@pytest.fixture
def buyers(settings, times) -> Buyers:
    settings.RATE_LIMITS = False  # one person buys it all
    return Buyers(times)


def traces(booking: Booking) -> dict[str, Any]:
    """Return what a booking has become, and everything that was written about it."""
    return {
        "status": Booking.objects.get(pk=booking.pk).status,
        "of the booking": Counter(BookingEvent.objects.filter(booking=booking).values_list("kind", flat=True)),
        "of the payment": Counter(PaymentEvent.objects.filter(payment__booking=booking).values_list("kind", flat=True)),
        "tickets": Ticket.objects.filter(booked_seat__booking=booking, cancelled_at=None).count(),
        "mails": Mail.objects.filter(about=booking.reference).count(),
        "refunds": Refund.objects.filter(payment__booking=booking).count(),
    }


ONE_CONFIRMATION = {
    "status": "confirmed",
    "of the booking": {"held": 1, "confirmed": 1},
    "of the payment": {"pending": 1, "paid": 1},
    "tickets": 2,
    "mails": 1,
    "refunds": 0,
}
HELD = "one confirmation, one mail, one set of tickets and events"


@in_all_orders
@pytest.mark.parametrize("times", [4])
def test_one_after_the_other_in_any_order_they_confirm_once(buyers, order, times, proof: Proof):
    confirms_once(one_after_another, buyers, order, times, proof)


@often
@in_all_orders
@pytest.mark.parametrize("way", [each_has_asked_before_the_first_settles, two_wait_at_the_lock_of_the_first])
def test_overlapping_in_any_order_they_confirm_once(buyers, way, order, times, proof: Proof):
    confirms_once(way, buyers, order, times, proof)


def confirms_once(way: Way, buyers: Buyers, order: tuple[str, ...], times: int, proof: Proof) -> None:
    with proof(f"{', '.join(order)}: {way.__name__.replace('_', ' ')}", holds=HELD) as count:
        for count.times in range(1, times + 1):  # noqa: B007 - the count that the row tells
            booking, doors = buyers.pay()
            answers = dict(zip(order, way([doors[name] for name in order]), strict=True))
            assert (answers["browser"], answers["webhook"]) == (303, 200)
            assert traces(booking) == ONE_CONFIRMATION


@often
def test_all_three_at_once_confirm_once(buyers, times, proof: Proof):
    with proof("browser, webhook and worker at once", holds=HELD) as count:
        for count.times in range(1, times + 1):  # noqa: B007
            booking, doors = buyers.pay()
            answers = together(*doors.values())
            assert answers[:2] == [303, 200]
            assert traces(booking) == ONE_CONFIRMATION


@pytest.mark.parametrize("times", [1])
def test_without_the_look_under_the_lock_whoever_comes_second_settles_again(buyers, monkeypatch, caplog):
    """The guard taken out: the second one believes what it read before it asked, and the state that it moves the
    payment from has to stop it. The doors of Paystack and the worker keep it to the log, and try again."""

    def as_read_before(reference: str) -> Payment:
        payment = Payment.objects.get(reference=reference)
        payment.status = PaymentStatus.PENDING
        return payment

    monkeypatch.setattr(payments.services.charges, "payment_locked", as_read_before)
    _booking, doors = buyers.pay()
    each_has_asked_before_the_first_settles(list(doors.values()))
    assert "was moved under its lock" in caplog.text
