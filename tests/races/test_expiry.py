"""The hold lapses between Paystack's answer and our recording it, and at that very moment another buyer takes a seat,
the worker sweeps, or the buyer cancels. Each moment is held open from inside: confirmed or refunded, never both, never
neither.

Time is an argument: all holds of a test lapse at one instant, which the clock of the wall is far from.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

import bookings.services
import payments.services.charges
from bookings.drafts import BookingDraft
from bookings.errors import AlreadyCancelled, SeatsUnavailable
from bookings.flows import seats_hold
from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.services import booking_expire
from bookings.tests.factories import buyer, draft_of
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from payments.audit import violations
from payments.flows import booking_give_back, payment_look
from payments.gateway import paystack as gateway
from payments.models import Payment, PaymentStatus, RefundReason
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from tests.proof import Proof
from tests.races.test_settle_orders import QUEUE_SECONDS, after_asking, wait

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("paystack", "transactional_db")]

A_MOMENT = timedelta(milliseconds=1)
IN_TIME, LATE = -A_MOMENT, A_MOMENT  # when Movy learns of the charge, counted from the end of the hold
CONFIRMED, REFUNDED, EITHER = {"confirmed"}, {"refunded"}, {"confirmed", "refunded"}


class WentAway(Exception):
    """The rival's connection is lost after the seat was taken and before the commit."""


@dataclass
class Race:
    """A buyer of two seats, who has paid, and a rival who wants the second one."""

    booking: Booking
    payment: Payment
    rival: BookingDraft
    ends_at: datetime
    learned_at: datetime

    def settle(self) -> Payment:
        return payment_look(self.payment.reference, via=gateway.WORKER)

    def take(self) -> Booking:
        return seats_hold(self.rival, now=self.ends_at)

    def take_and_go_away(self) -> Booking:
        def leave(_booking: Booking) -> None:
            raise WentAway

        return seats_hold(self.rival, now=self.ends_at, also=leave)

    def sweep(self) -> bool:
        ends_at = self.ends_at
        return run_in_transaction(lambda: booking_expire(self.booking.reference, now=ends_at), find=again)

    def cancel(self) -> Any:
        return booking_give_back(self.booking.reference, labels=None, actor_id=self.booking.user_id)

    def outcome(self) -> str:
        """Return "confirmed" or "refunded", having looked whether it is all of the one and nothing of the other."""
        booking, payment = Booking.objects.get(pk=self.booking.pk), Payment.objects.get(pk=self.payment.pk)
        seats = ShowtimeSeat.objects.filter(showtime_id=booking.showtime_id, booking_id=booking.reference)
        valid = Ticket.objects.filter(booked_seat__booking=booking, cancelled_at=None).count()
        assert payment.status == PaymentStatus.PAID
        if booking.status == BookingStatus.CONFIRMED:
            assert (payment.confirms_id, payment.refunds.count(), valid) == (booking.pk, 0, 2)
            assert list(seats.values_list("status", flat=True)) == [SeatStatus.SOLD] * 2
            return "confirmed"
        refund = payment.refunds.get()
        assert (refund.money, valid) == (booking.total, 0)
        assert not seats.filter(status=SeatStatus.SOLD).exists()
        return "refunded"


class Overlap:
    """Two at once: the first has done its step and not committed when the second comes to its own."""

    def __init__(self) -> None:
        self._inside, self._arrived = threading.Event(), threading.Event()
        self._role = threading.local()

    def run(
        self, first: Callable[[], Any], does: str, second: Callable[[], Any], comes_to: str, *, in_money: bool = False
    ) -> list[Any]:
        """`does` and `comes_to`: functions that bookings.services calls; the second, if `in_money`, the one that
        settles charges."""
        module = payments.services.charges if in_money else bookings.services
        with pytest.MonkeyPatch.context() as patched:
            self._wrap(patched, bookings.services, does, after={"first": self._dawdle})
            self._wrap(patched, module, comes_to, before={"second": self._arrived.set})
            return at_once(self._as("first", first), self._as("second", second))

    def _dawdle(self) -> None:
        self._inside.set()
        wait(self._arrived)
        time.sleep(QUEUE_SECONDS)

    def _as(self, role: str, call: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            self._role.name = role
            if role == "second":
                wait(self._inside)
            return call()

        return run

    def _wrap(
        self, patched: pytest.MonkeyPatch, module: ModuleType, name: str, **steps: dict[str, Callable[[], None]]
    ) -> None:
        function = getattr(module, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            steps.get("before", {}).get(self._role.name, _nothing)()
            result = function(*args, **kwargs)
            steps.get("after", {}).get(self._role.name, _nothing)()
            return result

        patched.setattr(module, name, wrapped)


def _nothing() -> None:
    """Whoever is not waited for goes on."""


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run each call in a thread of its own; return what they return, or why not."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (DomainError, WentAway) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


# ---- The moments. Each returns what became of the other one.


def done_before_we_record(race: Race, other: Callable[[], Any]) -> Any:
    """Between Paystack's answer and our transaction."""
    results: list[Any] = []
    with after_asking(lambda: results.extend(at_once(other))):
        race.settle()
    return results[0]


def done_before_our_update(race: Race, other: Callable[[], Any]) -> Any:
    """We have locked payment and booking and believe that the seats are ours."""
    sell, results = bookings.services.seats_sell, []

    def sell_after_the_other(**seats: Any) -> int:
        results.extend(at_once(other))
        return sell(**seats)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bookings.services, "seats_sell", sell_after_the_other)
        race.settle()
    return results[0]


def amid_it_when_we_come(
    does: str, comes_to: str, *, in_money: bool = False
) -> Callable[[Race, Callable[[], Any]], Any]:
    """The other one has done its step, uncommitted, when we come to ours."""

    def moment(race: Race, other: Callable[[], Any]) -> Any:
        return Overlap().run(other, does, race.settle, comes_to, in_money=in_money)[0]

    return moment


def comes_when_we_are_amid_it(comes_to: str) -> Callable[[Race, Callable[[], Any]], Any]:
    """We have sold the seats, uncommitted, when the other one comes."""

    def moment(race: Race, other: Callable[[], Any]) -> Any:
        return Overlap().run(race.settle, "seats_sell", other, comes_to)[1]

    return moment


def at_one_moment(race: Race, other: Callable[[], Any]) -> Any:
    return at_once(race.settle, other)[1]


RIVALS = [  # how they meet, when we learn, what the rival does, what must come of it
    (done_before_we_record, IN_TIME, Race.take, REFUNDED),
    (done_before_we_record, LATE, Race.take, REFUNDED),
    (done_before_our_update, IN_TIME, Race.take, REFUNDED),
    (amid_it_when_we_come("seats_take", "seats_sell"), IN_TIME, Race.take, REFUNDED),
    (amid_it_when_we_come("seats_take", "showtime_locked"), LATE, Race.take, REFUNDED),
    (amid_it_when_we_come("seats_take", "seats_sell"), IN_TIME, Race.take_and_go_away, CONFIRMED),
    (amid_it_when_we_come("seats_take", "showtime_locked"), LATE, Race.take_and_go_away, CONFIRMED),
    (comes_when_we_are_amid_it("seats_take"), IN_TIME, Race.take, CONFIRMED),
    (comes_when_we_are_amid_it("seats_take"), LATE, Race.take, CONFIRMED),
    (at_one_moment, IN_TIME, Race.take, EITHER),
    (at_one_moment, LATE, Race.take, EITHER),
]
SWEEPS = [
    (done_before_we_record, IN_TIME),
    (done_before_we_record, LATE),
    (amid_it_when_we_come("seats_free", "booking_locked_by_id", in_money=True), IN_TIME),
    (amid_it_when_we_come("seats_free", "booking_locked_by_id", in_money=True), LATE),
    (comes_when_we_are_amid_it("booking_locked"), IN_TIME),
    (comes_when_we_are_amid_it("booking_locked"), LATE),
    (at_one_moment, LATE),
]
CANCELS = [
    (done_before_we_record, IN_TIME),
    (amid_it_when_we_come("seats_free", "booking_locked_by_id", in_money=True), IN_TIME),
    (comes_when_we_are_amid_it("booking_locked"), IN_TIME),
    (at_one_moment, IN_TIME),
    (done_before_we_record, LATE),
    (comes_when_we_are_amid_it("booking_locked"), LATE),
    (at_one_moment, LATE),
]


@pytest.fixture
def ends_at(settings, monkeypatch) -> datetime:
    """When all holds of the test lapse."""
    settings.RATE_LIMITS = False
    return database_now() + timedelta(hours=1)


@pytest.fixture
def races(ends_at, monkeypatch) -> Callable[[timedelta], Race]:
    """Make the next race, in which Movy learns of the charge so long after the hold has lapsed."""
    labels = itertools.cycle([(f"{row}{seat}", f"{row}{seat + 1}") for row in "ABCDEFGHIJ" for seat in range(1, 40, 2)])
    numbers, showtimes = itertools.count(), []

    def race(learned_after: timedelta) -> Race:
        if next(numbers) % 200 == 0:
            showtimes.append(coming_showtime(seats=[f"{row}{seat}" for row in "ABCDEFGHIJ" for seat in range(1, 41)]))
        seats, learned_at = next(labels), ends_at + learned_after
        booking = held_booking(showtimes[-1], seats, who=buyer())
        payment = attempt(booking)
        charge(payment)
        Booking.objects.filter(pk=booking.pk).update(hold_expires_at=ends_at)
        ShowtimeSeat.objects.filter(showtime=showtimes[-1], booking_id=booking.reference).update(held_until=ends_at)
        Payment.objects.filter(pk=payment.pk).update(deadline_at=ends_at)
        for module in ("asking", "cancelling"):
            monkeypatch.setattr(f"payments.flows.{module}.database_now", lambda: learned_at)
        rival = draft_of(showtimes[-1], seats[1:], who=buyer("kofi"), now=ends_at)
        return Race(booking, payment, rival, ends_at, learned_at)

    return race


@contextmanager
def proven(proof: Proof, fault: str, holds: str, ends_at: datetime) -> Iterator[Any]:
    """The audit looks at the books as they are when the holds have lapsed."""
    with proof(fault, holds=holds, audit=lambda: violations(ends_at + timedelta(minutes=1))) as count:
        yield count


often = pytest.mark.parametrize("times", [pytest.param(22), pytest.param(1000, marks=pytest.mark.long)])
less_often = pytest.mark.parametrize("times", [pytest.param(7), pytest.param(105, marks=pytest.mark.long)])


@often
def test_the_hold_lapses_and_a_rival_takes_the_seat_between_verify_and_confirm(races, ends_at, times, proof):
    holds = "confirmed or refunded, never both, never neither; the rival has the seat or a clean refusal"
    with proven(proof, "the hold lapses between verify and confirm, a rival takes the seat", holds, ends_at) as count:
        for meet, learned_after, wish, expected in itertools.islice(itertools.cycle(RIVALS), times):
            race = races(learned_after)
            got = meet(race, lambda race=race, wish=wish: wish(race))
            assert (outcome := race.outcome()) in expected
            if outcome == "refunded":
                assert race.payment.refunds.get().reason == RefundReason.SEATS_GONE
                assert Booking.objects.get(reference=race.rival.reference) == got
            else:
                assert isinstance(got, SeatsUnavailable | WentAway)
                assert not Booking.objects.filter(reference=race.rival.reference).exists()
            count.times += 1


@less_often
def test_the_worker_sweeps_the_hold_between_verify_and_confirm(races, ends_at, times, proof):
    with proven(proof, "the worker sweeps the hold between verify and confirm", "confirmed", ends_at) as count:
        for meet, learned_after in itertools.islice(itertools.cycle(SWEEPS), times):
            race = races(learned_after)
            meet(race, race.sweep)
            assert race.outcome() == "confirmed"  # nobody else wanted the seats
            assert not race.sweep()
            assert race.outcome() == "confirmed"
            count.times += 1


@less_often
def test_the_worker_sweeps_and_a_rival_takes_the_seat_between_verify_and_confirm(races, ends_at, times, proof):
    holds = "confirmed or refunded, and the rival has the seat or a clean refusal"
    with proven(proof, "swept and taken by a rival between verify and confirm", holds, ends_at) as count:
        for meet, learned_after in itertools.islice(itertools.cycle(SWEEPS), times):
            race = races(learned_after)
            got = meet(race, lambda race=race: (race.sweep(), race.take())[1])
            assert isinstance(got, SeatsUnavailable if race.outcome() == "confirmed" else Booking)
            count.times += 1


@less_often
def test_the_buyer_cancels_between_verify_and_confirm(races, ends_at, times, proof):
    with proven(proof, "cancelled between verify and confirm", "cancelled and refunded, or refused", ends_at) as count:
        for meet, learned_after in itertools.islice(itertools.cycle(CANCELS), times):
            race = races(learned_after)
            got = meet(race, race.cancel)
            assert race.outcome() == ("confirmed" if isinstance(got, AlreadyCancelled) else "refunded")
            if race.outcome() == "refunded":
                assert race.payment.refunds.get().reason == RefundReason.CANCELLED
            count.times += 1


def test_without_the_row_count_a_seat_would_be_confirmed_that_the_rival_has(races, ends_at, monkeypatch):
    """The guard taken out: whatever the UPDATE matched, we believe that it was all."""
    sell = bookings.services.seats_sell

    def sell_and_believe(**seats: Any) -> int:
        sell(**seats)
        return len(seats["seat_ids"])

    monkeypatch.setattr(bookings.services, "seats_sell", sell_and_believe)
    race = races(IN_TIME)
    done_before_we_record(race, race.take)
    assert Booking.objects.get(pk=race.booking.pk).status == BookingStatus.CONFIRMED
    assert any("has 2 live bookings" in line for line in violations(ends_at))


def test_without_the_lock_on_the_booking_a_sweep_would_end_what_was_paid_for(races, monkeypatch):
    """The guard taken out: the worker reads a hold that is being confirmed, and the state that it moves has to stop
    it."""
    race = races(LATE)
    found = Booking.objects.get(pk=race.booking.pk)
    race.settle()
    monkeypatch.setattr(bookings.services, "booking_locked", lambda reference: found)
    with pytest.raises(RuntimeError, match="was moved under its lock"):
        race.sweep()
