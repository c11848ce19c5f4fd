"""Refunds while Paystack does not answer, workers relieve each other, and messages come as they like: each is asked for
once, and followed to its end."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.test import Client

from bookings.models import Booking
from movy.lib.clock import database_now
from movy.lib.http import Outside, forget_failures
from movy.outbox.models import Mail
from payments.flows import booking_give_back, payment_look, refunds_follow
from payments.gateway import paystack as gateway
from payments.models import Payment, PaymentEvent, Refund, RefundStatus
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, webhook
from standins.paystack import PaystackServer
from tests.proof import Proof

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_paystack")]

Step = Callable[[], Any]

LOST = ["reset", "truncated_json", "cut_short", "timeout"]  # done, and not answered
SEATS = [f"{row}{number}" for row in "ABCDE" for number in range(1, 41)]

often = pytest.mark.parametrize("times", [pytest.param(4), pytest.param(100, marks=pytest.mark.long)])


@pytest.fixture
def still_paystack(paystack: PaystackServer, settings, monkeypatch) -> PaystackServer:
    """The stand-in, whose refunds move when the test moves them. Nobody waits for it longer than half a second."""
    settings.RATE_LIMITS = False
    paystack.account.faults.add("refund_stuck")
    monkeypatch.setattr(gateway, "WORKER", Outside(deadline_seconds=0.5))
    return paystack


def paid_bookings(times: int) -> list[Booking]:
    """Return so many paid bookings of two seats each."""
    showtime = coming_showtime(seats=SEATS)
    pairs = itertools.islice(zip(SEATS[::2], SEATS[1::2], strict=True), times)
    bookings = [held_booking(showtime, pair) for pair in pairs]
    for booking in bookings:
        payment = attempt(booking)
        charge(payment)
        payment_look(payment.reference, via=gateway.WORKER)
    Mail.objects.all().delete()
    return bookings


def given_back(booking: Booking, *labels: str) -> Refund:
    _booking, refund = booking_give_back(booking.reference, labels=list(labels) or None, actor_id=None)
    return refund


def pauses_end() -> None:
    """A minute later: the claims have run out, and all that is not at its end is due."""
    Refund.objects.exclude(next_check_at=None).update(next_check_at=database_now() - timedelta(seconds=1))


def made(paystack: PaystackServer, refund: Refund) -> list[dict[str, Any]]:
    """Return what Paystack has made of a refund: nothing, or one, and never two."""
    rows = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    return [row for row in rows if row["merchant_note"] == refund.reference]


def moved(paystack: PaystackServer, refund: Refund, status: str) -> None:
    [row] = made(paystack, refund)
    control = f"{paystack.base_url}/_standin/refunds/{row['id']}"
    assert requests.patch(control, json={"status": status}, timeout=5).ok


def followed_to_its_end(paystack: PaystackServer, refund: Refund) -> None:
    """Paystack pays it back, and we learn of it: one request, one mail, one event for each state."""
    moved(paystack, refund, "processed")
    for _look in range(2):
        pauses_end()
        refunds_follow()
    refund.refresh_from_db()
    assert (refund.status, refund.next_check_at) == (RefundStatus.PROCESSED, None)
    assert len(made(paystack, refund)) == 1
    events = PaymentEvent.objects.filter(payment=refund.payment, detail__refund=refund.reference)
    assert list(events.values_list("kind", flat=True)) == ["refund_pending", "refund_processed"]


@often
def test_what_was_done_without_an_answer_is_found_again_and_followed_to_its_end(still_paystack, times, proof: Proof):
    with proof("a refund is made, its answer lost", holds="asked for once, followed to its end") as count:
        for booking, fault in zip(paid_bookings(times), itertools.cycle(LOST), strict=False):
            refund = given_back(booking)
            rule = still_paystack.account.faults.add(fault, operation="refund", times=1)
            refunds_follow()
            still_paystack.account.faults.remove(rule.id)
            forget_failures()
            refund.refresh_from_db()
            assert (refund.provider_id, len(made(still_paystack, refund))) == ("", 1)
            refunds_follow()
            assert not Refund.objects.get(
                pk=refund.pk
            ).provider_id  # claimed: nobody asks before Paystack's list can know
            followed_to_its_end(still_paystack, refund)
            count.times += 1


def nothing() -> None:
    pass


def once(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    before: Step = nothing,
    after: Step = nothing,
) -> None:
    """Do something before or after the worker's next call of a function of the gateway."""
    call = getattr(gateway, name)

    def call_and_step(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(gateway, name, call)
        before()
        result = call(*args, **kwargs)
        after()
        return result

    monkeypatch.setattr(gateway, name, call_and_step)


def another_worker() -> None:
    pauses_end()
    refunds_follow()


@often
def test_a_worker_whose_look_at_the_list_outlasts_its_claim_asks_for_nothing(
    still_paystack, times, monkeypatch, proof: Proof
):
    holds = "the second asks, the first finds its claim gone"
    with proof("a worker is relieved between Paystack's list and its request", holds=holds) as count:
        for booking in paid_bookings(times):
            refund = given_back(booking)
            once(monkeypatch, "refunds_of", after=another_worker)
            refunds_follow()
            assert len(made(still_paystack, refund)) == 1
            followed_to_its_end(still_paystack, refund)
            count.times += 1


@often
def test_a_message_about_one_part_has_nobody_ask_for_the_other_a_second_time(
    still_paystack, times, monkeypatch, proof: Proof
):
    holds = "each part is asked for once"
    with proof("Paystack tells of one half of the money while the other is asked for", holds=holds) as count:
        for booking in paid_bookings(times):
            first, second = (line.label for line in booking.seats.all())
            known = given_back(booking, first)
            refunds_follow()
            refund = given_back(booking, second)

            def told_and_looked_at(payment: Payment = refund.payment) -> None:
                about = {"transaction_reference": payment.reference}
                assert webhook(Client(), payment, event="refund.pending", **about) == 200
                refunds_follow()

            once(monkeypatch, "refund_create", before=told_and_looked_at)
            refunds_follow()
            for part in (known, refund):
                followed_to_its_end(still_paystack, part)
            count.times += 1


@pytest.mark.parametrize("times", [2, pytest.param(40, marks=pytest.mark.long)])
@pytest.mark.parametrize(("told", "becomes"), [("failed", "failed"), ("needs-attention", "needs_attention")])
def test_what_fails_or_needs_bank_details_is_not_asked_for_again_by_itself(
    still_paystack, told, becomes, times, proof: Proof
):
    with proof(f"a refund is {told}", holds="a person is told once, nothing is asked for again") as count:
        for booking in paid_bookings(times):
            refund = given_back(booking)
            refunds_follow()
            moved(still_paystack, refund, told)
            for _look in range(3):
                pauses_end()
                refunds_follow()
            refund.refresh_from_db()
            assert (refund.status, len(made(still_paystack, refund))) == (becomes, 1)
            assert Mail.objects.filter(about=booking.reference).count() == 2  # cancelled; and where the money is
            count.times += 1


def test_what_paystack_tells_of_a_refund_in_any_order_ends_the_same(still_paystack, proof: Proof):
    events = ("refund.pending", "refund.processing", "refund.processed")
    with proof("a refund's messages in any order, again, and of a kind that nobody knows", holds="one end") as count:
        orders = list(itertools.permutations(events))
        for booking, order in zip(paid_bookings(len(orders)), orders, strict=True):
            refund = given_back(booking)
            refunds_follow()
            moved(still_paystack, refund, "processed")
            for event in (*order, "refund.celebrated", *order):
                tells = {"transaction_reference": refund.payment.reference, "status": event.partition(".")[2]}
                assert webhook(Client(), refund.payment, event=event, **tells) == 200
                refunds_follow()
            refund.refresh_from_db()
            assert refund.status == RefundStatus.PROCESSED
            assert Mail.objects.filter(about=booking.reference).count() == 2  # cancelled; sent back
            assert len(made(still_paystack, refund)) == 1
            count.times += 1
