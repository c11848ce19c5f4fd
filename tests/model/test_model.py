"""Everything in any order: hold, pay, be charged, be told, lapse, cancel, be refunded, come in, be called off. After
each step the database says what the model says (tests/model/cinema.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import bookings.services
import movy.lib.clock
import standins.paystack
from bookings.tests.factories import NOW
from movy.lib.errors import DomainError
from movy.lib.http import forget_failures
from payments.audit import violations
from payments.models import RefundReason
from standins.paystack import PaystackServer
from tests.model.cinema import CURRENCY, HOLD, PRICE, Attempt, Booking, Cinema, Refund, Refused
from tests.model.movy import Movy
from tests.proof import Proof

SEATS = ("C1", "C2", "C3", "C4")
RUNTIME = timedelta(minutes=100)
STEPS = 50  # of one walk, which begins with an empty hall
CALLING_OFF_AFTER = 40  # steps: it ends nearly everything
LOOK_INTO_BOOKS_EVERY = 25  # steps

some = st.integers(0, 30)  # which of the bookings, attempts or refunds there are, counted round and round
picks = st.lists(st.sampled_from(SEATS), min_size=1, max_size=2, unique=True).map(tuple)
answers = st.sampled_from(["given", "given", "given", "lost", "refused"])
tellers = st.sampled_from(
    ["browser", "webhook", "office", "charge.dispute.create", "refund.processed", "transfer.success"]
)


def has(what: str) -> Callable[[Any], Any]:
    """A rule that needs a booking, an attempt or a refund."""
    return precondition(lambda walk: bool(getattr(walk.model, what)))


class Walk(RuleBasedStateMachine):
    """A random walk of the model and of the real thing, side by side. `ends`: how steps ended, by refusal; `reasons`:
    for which money went back."""

    paystack: PaystackServer
    clock: dict[str, Any]
    ends: Counter[str]
    reasons: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.world = ExitStack()
        self.world.enter_context(taken_back())

    @initialize(hours=st.sampled_from([1, 3, 100]))
    def open(self, hours: int) -> None:
        starts_at = NOW + timedelta(hours=hours)
        self.clock["now"] = NOW
        self.model = Cinema(SEATS, now=NOW, starts_at=starts_at, ends_at=starts_at + RUNTIME)
        self.real = Movy(SEATS, now=NOW, starts_at=starts_at, paystack=self.paystack)
        self.begin_in_the_middle()

    def begin_in_the_middle(self) -> None:
        """One booking is paid, of one the money is taken and nobody has told us, one has an attempt that is open."""
        for number, seat in enumerate(SEATS[:3]):
            self.hold((seat,))
            self.pay(number, "card", "given")
        for number in (0, 1):
            self.money_is_taken(0, "")
            if not number:
                self.somebody_tells(0, "browser")

    def both(self, in_model: Callable[[], Any], in_real: Callable[[], Any]) -> None:
        """Take a step in both; they agree whether it is allowed, and about everything afterwards."""
        expected, got = refusal(in_model), refusal(in_real)
        assert got == expected
        self.ends[expected] += 1
        self.steps += 1
        assert self.real.seen() == seen(self.model)
        if not self.steps % LOOK_INTO_BOOKS_EVERY:
            self.audit()

    def audit(self) -> None:
        assert list(violations(self.model.now)) == []
        assert_asked_once(self.model, self.real)

    def teardown(self) -> None:
        with self.world:
            if self.steps:
                self.audit()
                self.reasons.update(refund.reason for refund in self.model.refunds)

    # ---- Time

    @rule(minutes=st.sampled_from([1, 5, 10, 20, 60]))
    def time_passes(self, minutes: int) -> None:
        self.time_goes_to(timedelta(minutes=minutes))

    @rule()
    def the_next_hold_lapses(self) -> None:
        """To the very instant."""
        coming = [row.until - self.model.now for row in self.model.bookings if row.until > self.model.now]
        self.time_goes_to(min(coming, default=timedelta()))

    def time_goes_to(self, later: timedelta) -> None:
        self.clock["now"] = self.real.now = self.model.now = self.model.now + later
        self.both(lambda: None, lambda: None)

    # ---- Buyers

    @rule(seats=picks)
    def hold(self, seats: tuple[str, ...]) -> None:
        self.both(lambda: self.model.hold(seats), lambda: self.real.hold(seats))

    @has("held")
    @rule(some=some, channel=st.sampled_from(sorted(HOLD)), answer=answers)
    def pay(self, some: int, channel: str, answer: str) -> None:
        self.press_pay("held", some, channel, answer)

    @has("bookings")
    @rule(some=some, channel=st.sampled_from(sorted(HOLD)))
    def pay_for_anything(self, some: int, channel: str) -> None:
        self.press_pay("bookings", some, channel, "given")

    def press_pay(self, what: str, some: int, channel: str, answer: str) -> None:
        number, booking = self.pick(what, some)
        self.both(
            lambda: self.model.pay(booking, channel, answer=answer),
            lambda: self.real.pay(number, channel, answer=answer),
        )

    @has("payable")
    @rule(some=some, wrong=st.sampled_from(["", "", "", "", "a kobo short", "a kobo over", "another currency"]))
    def money_is_taken(self, some: int, wrong: str) -> None:
        number, attempt = self.pick("payable", some)
        amount = PRICE * len(attempt.booking.seats) + {"a kobo short": -1, "a kobo over": 1}.get(wrong, 0)
        currency = "GHS" if wrong == "another currency" else CURRENCY
        self.both(
            lambda: self.model.charge(attempt, amount, currency), lambda: self.real.charge(number, amount, currency)
        )

    @has("payable")
    @rule(some=some)
    def card_is_declined(self, some: int) -> None:
        number, attempt = self.pick("payable", some)
        self.both(lambda: self.model.decline(attempt), lambda: self.real.decline(number))

    @has("attempts")
    @rule(some=some, by=tellers)
    def somebody_tells(self, some: int, by: str) -> None:
        number, attempt = self.pick("attempts", some)
        is_about_charge = not by.startswith("refund.") and not attempt.is_by_hand
        self.both(
            lambda: self.model.hear(attempt) if is_about_charge else None,
            lambda: self.real.hear(number, by),
        )

    @has("bookings")
    @rule(some=some, seats=st.one_of(st.just(()), picks))
    def cancel(self, some: int, seats: tuple[str, ...]) -> None:
        number, booking = self.pick("bookings", some)
        self.both(lambda: self.model.cancel(booking, seats), lambda: self.real.cancel(number, seats))

    # ---- The theatre

    @rule(seats=picks)
    def desk_sells(self, seats: tuple[str, ...]) -> None:
        self.both(lambda: self.model.sell_at_desk(seats), lambda: self.real.sell_at_desk(seats))

    @precondition(lambda walk: any(row.tickets for row in walk.model.bookings))
    @rule(some=some)
    def door_reads_a_ticket(self, some: int) -> None:
        tickets = [(n, row, seat) for n, row in enumerate(self.model.bookings) for seat in sorted(row.tickets)]
        number, booking, seat = tickets[some % len(tickets)]
        self.both(lambda: self.model.admit(booking, seat), lambda: self.real.admit(number, seat))

    @has("bookings")
    @rule(some=some, seats=st.one_of(st.just(()), picks), amount=st.sampled_from([0, 100_00, PRICE, 3 * PRICE]))
    def office_gives_back(self, some: int, seats: tuple[str, ...], amount: int) -> None:
        number, booking = self.pick("bookings", some)
        self.both(
            lambda: self.model.refund_at_office(booking, seats, amount),
            lambda: self.real.refund_at_office(number, seats, amount),
        )

    @has("refunds")
    @rule(some=some)
    def office_asks_again(self, some: int) -> None:
        number, refund = self.pick("refunds", some)
        self.both(lambda: self.model.ask_again(refund), lambda: self.real.ask_again(number))

    @has("refunds")
    @rule(some=some)
    def desk_pays_out(self, some: int) -> None:
        number, refund = self.pick("refunds", some)
        self.both(lambda: self.model.pay_out(refund), lambda: self.real.pay_out(number))

    @precondition(lambda walk: walk.steps >= CALLING_OFF_AFTER)
    @rule()
    def show_is_called_off(self) -> None:
        self.both(self.model.call_off, self.real.call_off)

    # ---- The worker

    @has("attempts")
    @rule()
    def worker_polls(self) -> None:
        self.both(lambda: [self.model.hear(row) for row in self.model.attempts], self.real.poll)

    @has("bookings")
    @rule()
    def worker_sweeps(self) -> None:
        self.both(self.model.sweep, self.real.sweep)

    @has("refunds")
    @rule(answer=st.sampled_from(["given", "given", "lost"]))
    def worker_follows_refunds(self, answer: str) -> None:
        self.both(lambda: self.model.follow(answer=answer), lambda: self.real.follow(answer=answer))

    @precondition(lambda walk: walk.model.is_called_off)
    @rule()
    def worker_goes_on_calling_off(self) -> None:
        self.both(self.model.go_on_calling_off, self.real.go_on_calling_off)

    # ---- Paystack

    @has("moving")
    @rule(some=some, status=st.sampled_from(["processing", "processed", "needs-attention", "failed"]))
    def paystack_moves_a_refund(self, some: int, status: str) -> None:
        number, refund = self.pick("moving", some)
        self.both(lambda: setattr(refund, "at_paystack", status), lambda: self.real.move_refund(number, status))

    def pick(self, what: str, some: int) -> tuple[int, Any]:
        """Return one of those rows of the model, and its number in the real one."""
        rows = getattr(self.model, what)
        chosen = rows[some % len(rows)]
        every = {Booking: self.model.bookings, Attempt: self.model.attempts, Refund: self.model.refunds}[type(chosen)]
        return number_in(every, chosen), chosen


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back what is written in this block, as the fixture `db` does around a test."""
    block = transaction.atomic()
    block._from_testcase = True  # Movy's own transactions may begin in it
    with block:
        yield
        transaction.set_rollback(True)


def refusal(step: Callable[[], Any]) -> str:
    """Take a step and return the code of its refusal, empty where it was none."""
    try:
        step()
    except (Refused, DomainError) as error:
        return error.code
    return ""


def seen(model: Cinema) -> dict[str, Any]:
    """Return the model in the words of Movy.seen."""
    owners = {seat: model.owner(seat) for seat in SEATS}
    return {
        "seats": {
            seat: ("sold" if owner.status == "confirmed" else "held", number_in(model.bookings, owner))
            for seat, owner in owners.items()
            if owner
        },
        "bookings": [(model.status(row), sorted(row.kept), row.tickets, row.mails) for row in model.bookings],
        "attempts": [
            (
                row.status,
                row.charged,
                row.confirms,
                [(refund.amount, refund.currency, refund.reason, refund.status) for refund in row.refunds],
            )
            for row in model.attempts
        ],
        "back": [sum(refund.amount for refund in row.refunds) for row in model.attempts],
    }


def number_in(rows: list[Any], wanted: Any) -> int:
    return next(number for number, row in enumerate(rows) if row is wanted)


def assert_asked_once(model: Cinema, real: Movy) -> None:
    """Paystack has made those refunds that the model says it has, and none of them twice."""
    made = real.refunds_made()
    assert len(made) == len(set(made))
    asked = {row.reference for row, refund in zip(real.refunds(), model.refunds, strict=True) if refund.at_paystack}
    assert asked <= set(made)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the database says the time is: `now`, an aware UTC instant."""
    clock = {"now": NOW}
    monkeypatch.setattr(movy.lib.clock, "now_sql", lambda: f"'{clock['now'].replace(tzinfo=None)}'")
    return clock


@pytest.fixture
def still_paystack(settings) -> Iterator[PaystackServer]:
    """A stand-in whose refunds move when the test moves them."""
    server = standins.paystack.start(refund_step_seconds=10**6)
    settings.PAYSTACK_BASE_URL = server.base_url
    forget_failures()
    yield server
    server.stop()


@pytest.fixture
def walker(db, clock, still_paystack, settings) -> type[Walk]:
    settings.RATE_LIMITS = False
    parts = {"paystack": still_paystack, "clock": clock, "ends": Counter(), "reasons": Counter()}
    return type("Walker", (Walk,), parts)


EVERY_REASON = set(RefundReason.values) - {RefundReason.AT_PAYSTACK}  # nobody here uses Paystack's dashboard


@pytest.mark.slow
@pytest.mark.parametrize(
    ("walks", "steps", "met"),
    [
        pytest.param(24, 1_000, {RefundReason.CANCELLED}, id="1,000 steps"),
        pytest.param(260, 10_000, EVERY_REASON, id="10,000 steps", marks=pytest.mark.long),
    ],
)
def test_whatever_happens_in_whatever_order_the_database_says_what_the_model_says(
    walks, steps, met, walker, proof: Proof
):
    with proof("random interleavings of everything, against a plain model", holds="no difference") as count:
        run_state_machine_as_test(walker, settings=repeatable(walks))
        count.times = walker.ends.total()
    assert count.times >= steps
    assert set(walker.reasons) >= met  # or there was little to differ in


def test_a_walk_notices_that_what_was_sold_is_not(walker, monkeypatch):
    """The guard taken out: whether or not the UPDATE matched, we believe that it did."""
    monkeypatch.setattr(bookings.services, "seats_sell", lambda **seats: len(seats["seat_ids"]))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(walker, settings=repeatable(1))


def repeatable(walks: int) -> hypothesis.settings:
    """The same walks each time: a walk that failed once fails again."""
    return hypothesis.settings(
        max_examples=walks,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
