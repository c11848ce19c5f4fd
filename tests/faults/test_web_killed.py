"""A web process is killed at every step of holding, paying, settling and cancelling. The client asks again, as clients
do: what was begun is done once and whole, whatever the step."""

from __future__ import annotations

import http.client
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.services import session_token_issue
from bookings.models import BookedSeat, Booking, BookingEvent, BookingStatus, Buyer, SeatStatus, ShowtimeSeat, Ticket
from movy.idempotency.models import FirstAnswer
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.audit import violations
from payments.flows import payment_look, payments_poll, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Payment, PaymentEvent, PaymentStatus, Refund, RefundReason
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from scripts.supervisor import Part
from standins.paystack.store import Refund as TheirRefund
from standins.paystack.store import Transaction
from tests.site import Answer, Site

pytestmark = [pytest.mark.mariadb, pytest.mark.slow]

SEATS = ("C4", "C5")
SOME_STEPS = 5

some_or_all = pytest.mark.parametrize(
    "is_all", [pytest.param(False, id="some-steps"), pytest.param(True, id="every-step", marks=pytest.mark.long)]
)
numbers = itertools.count(1)


class DyingSite(Site):
    """A Movy whose web process dies at the step that a request names (dying_web.py)."""

    def __init__(self) -> None:
        super().__init__(RATE_LIMITS="off")
        self._part = Part("web", [sys.executable, "-m", "tests.faults.dying_web", str(self.port)])


@pytest.fixture
def site(transactional_db: None, paystack) -> Iterator[DyingSite]:
    with DyingSite() as site:
        yield site


@dataclass
class Person:
    user: User
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Idempotency-Key": f"key-{self.user.pk}"}

    def holds(self) -> Booking:
        who = Buyer(email=self.user.email, name="Ada", user_id=self.user.pk)
        return held_booking(coming_showtime(seats=SEATS), SEATS, who=who)


def person_new() -> Person:
    user = User.objects.create(email=f"buyer{next(numbers)}@example.test")
    return Person(user, session_token_issue(user))


Ask = Callable[[dict[str, str]], Answer]
"""Send a request of a scene, with these headers too."""

Scene = Callable[[Site], tuple[Ask, Callable[[Answer], None]]]
"""Set everything up for one request; return it, and what looks at the world once it has been answered."""


def killed_at_each_step(site: Site, scene: Scene, *, is_all: bool) -> int:
    """Play the scene for each step, with a death there and one more try; return how many deaths there were."""
    ask, look = scene(site)
    answer = ask({})
    look(answer)
    steps = int(answer.headers["x-steps"])
    assert steps > SOME_STEPS
    chosen = (
        range(1, steps + 1) if is_all else sorted({1 + steps * n // SOME_STEPS for n in range(SOME_STEPS)} | {steps})
    )
    for step in chosen:
        ask, look = scene(site)
        with pytest.raises((http.client.HTTPException, OSError)):
            ask({"X-Die-At": str(step)})
        assert (step, list(violations(database_now()))) == (step, [])
        half_a_minute_passes()
        look(ask({}))
        assert (step, list(violations(database_now()))) == (step, [])
    return len(chosen)


def half_a_minute_passes() -> None:
    """The dead one's claims run out: on the key, and on asking Paystack for an address."""
    ago = database_now() - timedelta(seconds=30)
    FirstAnswer.objects.filter(status=None).update(claimed_until=ago)
    Payment.objects.filter(is_opening=True).update(created_at=ago)


def holding(site: Site) -> tuple[Ask, Callable[[Answer], None]]:
    person, showtime = person_new(), coming_showtime(seats=SEATS)
    wish = {"showtime": showtime.pk, "seats": list(SEATS)}

    def ask(headers: dict[str, str]) -> Answer:
        return site.call("POST", "/api/v1/booking", body=wish, token=person.token, headers=person.headers | headers)

    def look(answer: Answer) -> None:
        assert answer.status == 201
        booking = Booking.objects.get(showtime=showtime)
        assert booking.reference == answer.json()["booking"]["reference"]
        assert sorted(BookedSeat.objects.filter(booking=booking).values_list("label", flat=True)) == list(SEATS)
        assert ShowtimeSeat.objects.filter(showtime=showtime, booking_id=booking.reference).count() == len(SEATS)
        assert BookingEvent.objects.filter(booking=booking).count() == 1

    return ask, look


def paying(site: Site) -> tuple[Ask, Callable[[Answer], None]]:
    person = person_new()
    booking = person.holds()

    def ask(headers: dict[str, str]) -> Answer:
        wish = {"booking": booking.reference}
        return site.call("POST", "/api/v1/booking/pay", body=wish, token=person.token, headers=person.headers | headers)

    def look(answer: Answer) -> None:
        """Whatever could be paid is paid: one attempt confirms, of the others all goes back."""
        if (
            answer.status == 502
        ):  # the dead try is still asking Paystack, as far as anybody knows: the next makes another
            answer = ask({"Idempotency-Key": "another"})
        assert answer.status == 200
        booking.refresh_from_db()
        assert booking.status_at(database_now()) == BookingStatus.HELD
        for payment in Payment.objects.filter(booking=booking):
            if is_known_to_paystack(payment):
                charge(payment)
        Payment.objects.filter(booking=booking, next_check_at__isnull=False).update(next_check_at=database_now())
        payments_poll()
        booking.refresh_from_db()
        assert booking.status == BookingStatus.CONFIRMED
        paid = Payment.objects.filter(booking=booking, status=PaymentStatus.PAID)
        assert {payment.reference for payment in paid} == {
            payment.reference for payment in Payment.objects.filter(booking=booking) if is_known_to_paystack(payment)
        }
        refunds = Refund.objects.filter(payment__booking=booking)
        assert {refund.payment for refund in refunds} == {payment for payment in paid if payment.confirms_id is None}

    def is_known_to_paystack(payment: Payment) -> bool:
        return gateway.verify(payment.reference, via=gateway.WORKER) is not None

    return ask, look


def _paid_at_paystack(person: Person) -> tuple[Booking, Payment]:
    booking = person.holds()
    payment = attempt(booking)
    charge(payment)
    return booking, payment


def _confirmed_once(booking: Booking) -> None:
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    payment = Payment.objects.get(booking=booking)
    assert payment.status == PaymentStatus.PAID
    assert list(PaymentEvent.objects.filter(payment=payment, kind="paid").values_list("kind", flat=True)) == ["paid"]
    assert Ticket.objects.filter(booked_seat__booking=booking).count() == len(SEATS)
    assert Mail.objects.filter(about=booking.reference).count() == 1
    sold = ShowtimeSeat.objects.filter(showtime=booking.showtime_id, status=SeatStatus.SOLD)
    assert sold.count() == len(SEATS)


def coming_back_from_paystack(site: Site) -> tuple[Ask, Callable[[Answer], None]]:
    person = person_new()
    booking, payment = _paid_at_paystack(person)

    def ask(headers: dict[str, str]) -> Answer:
        path = f"/api/v1/verify-payment?reference={payment.reference}"
        return site.call("GET", path, token=person.token, headers=headers)

    def look(answer: Answer) -> None:
        assert (answer.status, answer.json()["payment"]["status"]) == (200, "paid")
        _confirmed_once(booking)

    return ask, look


def being_told_by_paystack(site: Site) -> tuple[Ask, Callable[[Answer], None]]:
    booking, payment = _paid_at_paystack(person_new())
    message = json.dumps({"event": "charge.success", "data": {"reference": payment.reference}}).encode()

    def ask(headers: dict[str, str]) -> Answer:
        return site.webhook(message, headers=headers)

    def look(answer: Answer) -> None:
        assert answer.status == 200
        _confirmed_once(booking)

    return ask, look


def cancelling(site: Site) -> tuple[Ask, Callable[[Answer], None]]:
    person = person_new()
    booking, payment = _paid_at_paystack(person)
    payment_look(payment.reference, via=gateway.WORKER)
    path = f"/api/v1/cancel-booking/{booking.reference}"

    def ask(headers: dict[str, str]) -> Answer:
        return site.call("POST", path, body={}, token=person.token, headers=person.headers | headers)

    def look(answer: Answer) -> None:
        assert answer.status == 200
        assert answer.json()["refund"]["amount"] == booking.total.as_json()
        booking.refresh_from_db()
        assert booking.status == BookingStatus.CANCELLED
        refund = Refund.objects.get(payment=payment)
        assert (refund.reason, refund.money) == (RefundReason.CANCELLED, booking.total)
        assert Mail.objects.filter(about=booking.reference).count() == 2  # your tickets; cancelled
        assert not ShowtimeSeat.objects.filter(showtime=booking.showtime_id).exclude(status=SeatStatus.FREE).exists()

    return ask, look


@some_or_all
@pytest.mark.parametrize("scene", [holding, paying, coming_back_from_paystack, being_told_by_paystack, cancelling])
def test_whatever_the_step_it_is_done_once_and_whole(site, proof, paystack, scene, is_all):
    fault = f"kill -9 of a web process while {scene.__name__.replace('_', ' ')}"
    with proof(fault, holds="all or nothing, and once when asked again") as count:
        count.times = killed_at_each_step(site, scene, is_all=is_all)
        if scene is cancelling:
            refunds_follow(limit=1000)
            with paystack.account.store.lock:
                asked = [row.merchant_note for row in paystack.account.store.all(TheirRefund)]
            assert sorted(asked) == sorted(Refund.objects.values_list("reference", flat=True))
    assert paystack.account.store.all(Transaction) or scene is holding
