"""The reconciliation desk with several workers and people at it in the same moment."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from bookings.models import BookingStatus
from movy.lib.clock import database_now
from payments.flows import payment_look
from payments.flows.putting_right import payment_give_back
from payments.flows.walking import walk_go_on
from payments.gateway import paystack as gateway
from payments.models import Channel, Refund, Walk
from payments.services import walk_begin
from payments.tests.factories import attempt, charge, held_booking
from payments.tests.test_reconciling import refunded_there, unwatched
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paystack")]

AT_ONCE = 4
MANY_TIMES = pytest.mark.parametrize("times", [pytest.param(2), pytest.param(20, marks=pytest.mark.long)])


def begin_and_go_on() -> int:
    """What a worker does, and whoever presses "Compare everything now" in that moment."""
    walk = walk_begin(theatre_id=None, days=3, asked_by_id=None, now=database_now())
    return walk_go_on(walk, steps=9)


@MANY_TIMES
def test_workers_that_begin_at_once_walk_once_and_book_each_refund_once(proof, times):
    with proof("four workers walk through Paystack's lists", holds="one refund in the books, one ticket") as count:
        for _time in range(times):
            paid, late = attempt(held_booking()), unwatched(held_booking())
            charge(paid)
            payment_look(paid.reference, via=gateway.WORKER)
            refunded_there(paid, 100_000)
            together(*[begin_and_go_on] * AT_ONCE)
            for walk in Walk.objects.filter(finished_at=None):  # whose claims went from hand to hand
                walk_go_on(walk, steps=9)
            assert not Walk.objects.filter(finished_at=None).exists()
            assert Refund.objects.get(payment=paid).amount_minor == 100_000
            late.booking.refresh_from_db()
            assert late.booking.status == BookingStatus.CONFIRMED
            count.times += 1


@MANY_TIMES
def test_two_people_who_give_the_same_money_back_do_it_once(proof, times):
    people = [user_make().pk for _person in range(AT_ONCE)]
    with proof("four people press “Give the money back”", holds="one refund of the whole") as count:
        for _time in range(times):
            booking = held_booking()
            first, second = attempt(booking), attempt(booking, Channel.USSD)
            for payment in (first, second):
                charge(payment)
                payment_look(payment.reference, via=gateway.WORKER)
            Refund.objects.filter(payment=second).delete()
            type(second).objects.filter(pk=second.pk).update(refunded_minor=0)  # as no code of ours leaves it
            presses = [
                lambda actor_id=actor_id, reference=second.reference: payment_give_back(reference, actor_id=actor_id)
                for actor_id in people
            ]
            done = [each for each in together(*presses) if isinstance(each, Refund)]
            assert [refund.amount_minor for refund in done] == [second.amount_minor]
            count.times += 1
