"""Paystack silent, broken or refusing when a checkout is opened: the seats stay held, the next try works, what it did
all the same is settled, and nobody else waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import pytest

from bookings.models import Booking, BookingStatus
from movy.lib.clock import database_now
from payments.flows import payments_poll
from payments.models import Payment, PaymentStatus, Refund, RefundReason
from payments.tests.factories import charge, coming_showtime, held_booking
from tests.races.test_rush import buyers
from tests.site import Answer, Site
from theatres.models import Theatre

THREADS = 4
WITHIN_SECONDS = 10
AT_ONCE_SECONDS = 4  # of the six that a silent Paystack takes, on a busy machine

NOT_DONE = ["refused_reset", "rate_limit", "error_500", "error_502", "bad_key"]
DONE = ["reset", "truncated_json", "cut_short", pytest.param("timeout", marks=pytest.mark.slow)]


def pay(client: Any, booking: Booking) -> Any:
    client.force_login(booking.user)
    return client.post("/booking/pay", {"booking": booking.reference, "channel": "card"})


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize("fault", [*NOT_DONE, *DONE])
def test_a_checkout_that_fails_is_502_keeps_the_seats_and_can_be_tried_again(client, paystack, fault):
    booking = held_booking()
    paystack.account.faults.add(fault, operation="initialize", times=1)
    started = time.monotonic()
    assert pay(client, booking).status_code == 502
    assert time.monotonic() - started < WITHIN_SECONDS
    booking.refresh_from_db()
    assert booking.status_at(database_now()) == BookingStatus.HELD
    assert pay(client, booking).status_code == 303
    second, first = Payment.objects.all()
    assert (first.status, first.next_check_at is not None) == (PaymentStatus.PENDING, True)
    assert second.authorization_url


@pytest.mark.usefixtures("audited")
@pytest.mark.parametrize("fault", DONE)
def test_what_the_failed_checkout_took_all_the_same_is_settled(client, paystack, fault):
    booking = held_booking()
    paystack.account.faults.add(fault, operation="initialize", times=1)
    assert pay(client, booking).status_code == 502
    assert pay(client, booking).status_code == 303
    second, first = Payment.objects.all()
    charge(first)
    Payment.objects.update(next_check_at=database_now())
    payments_poll()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert booking.confirming_payment == first
    charge(second)  # and in the other tab
    Payment.objects.filter(pk=second.pk).update(next_check_at=database_now())
    payments_poll()
    refund = Refund.objects.get()
    assert (refund.payment, refund.reason, refund.money) == (second, RefundReason.PAID_TWICE, booking.total)


@pytest.mark.usefixtures("audited")
def test_a_checkout_that_paystack_refuses_is_502_and_its_attempt_is_closed(client, paystack):
    booking = held_booking()
    theatres = Theatre.objects.all()
    theatres.update(paystack_subaccount="ACCT_nobodys")
    assert pay(client, booking).status_code == 502
    payment = Payment.objects.get()
    assert (payment.status, payment.next_check_at) == (PaymentStatus.FAILED, None)
    assert payment.provider_note
    theatres.update(paystack_subaccount="")
    assert pay(client, booking).status_code == 303


def test_the_api_says_so_in_its_own_words(audited, paystack):
    (token,) = buyers(1)
    showtime = coming_showtime()
    paystack.account.faults.add("error_500", operation="initialize", times=1)
    with Site() as site:
        wish = {"showtime": showtime.pk, "seats": ["C4"]}
        reference = site.call("POST", "/api/v1/booking", body=wish, token=token).json()["booking"]["reference"]
        refused = site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token)
        assert (refused.status, refused.json()["code"]) == (502, "payment_provider_unavailable")
        assert site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token).status == 200


@pytest.mark.mariadb
@pytest.mark.slow
def test_while_paystack_is_silent_the_other_pages_are_as_fast_as_before(audited, paystack):
    """Checkouts hang in half the threads, and their buyers click again."""
    showtime = coming_showtime(seats=("C1", "C2", "C3", "C4"))
    tokens = buyers(4)
    with Site(threads=THREADS) as site, ThreadPoolExecutor(16) as pool:

        def checkout(number: int) -> tuple[float, Answer]:
            return timed(
                lambda: site.call(
                    "POST", "/api/v1/booking/pay", body={"booking": references[number]}, token=tokens[number]
                )
            )

        def page() -> float:
            seconds, answer = timed(lambda: site.call("GET", f"/booking/{showtime.pk}"))
            assert answer.status == 200
            return seconds

        references = [
            site.call(
                "POST", "/api/v1/booking", body={"showtime": showtime.pk, "seats": [f"C{seat}"]}, token=token
            ).json()["booking"]["reference"]
            for seat, token in enumerate(tokens, 1)
        ]
        before = median(page() for _time in range(20))
        paystack.account.faults.add("timeout", value=30, operation="initialize")
        hanging = [pool.submit(checkout, number) for number in range(THREADS // 2)]
        wait_until(lambda: Payment.objects.count() == THREADS // 2)
        clicked_again = [pool.submit(checkout, number % 2) for number in range(4)]
        others = [checkout(number) for number in (2, 3)]
        meanwhile = median(page() for _time in range(20))
        assert not any(call.done() for call in hanging)  # or the pages would have had all threads for themselves
        assert meanwhile < before * 3 + 0.1
        for seconds, answer in [*others, *(call.result() for call in clicked_again)]:
            assert (answer.status, answer.json()["code"]) == (502, "payment_provider_unavailable")
            assert seconds < AT_ONCE_SECONDS
        for seconds, answer in (call.result() for call in hanging):
            assert answer.status == 502
            assert seconds < WITHIN_SECONDS
        paystack.account.faults.remove()
        for number in range(4):
            seconds, answer = checkout(number)
            assert answer.status == 200
    assert {booking.status_at(database_now()) for booking in Booking.objects.all()} == {BookingStatus.HELD}


@pytest.mark.mariadb
@pytest.mark.slow
def test_after_many_failures_nobody_is_kept_waiting_and_paying_works_again_soon(audited, paystack):
    """movy.lib.http leaves Paystack alone for ten seconds after five failures: 502 at once, then all is well."""
    (token,) = buyers(1)
    showtime = coming_showtime()
    with Site() as site:
        wish = {"showtime": showtime.pk, "seats": ["C4"]}
        reference = site.call("POST", "/api/v1/booking", body=wish, token=token).json()["booking"]["reference"]

        def checkout() -> Answer:
            return site.call("POST", "/api/v1/booking/pay", body={"booking": reference}, token=token)

        paystack.account.faults.add("error_502", operation="initialize")
        answers = [timed(checkout) for _try in range(8)]
        assert {answer.status for _seconds, answer in answers} == {502}
        assert max(seconds for seconds, _answer in answers[5:]) < AT_ONCE_SECONDS
        paystack.account.faults.remove()
        wait_until(lambda: checkout().status == 200, seconds=30, pause=0.5)


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    started = time.monotonic()
    answer = call()
    return time.monotonic() - started, answer


def wait_until(condition: Callable[[], bool], *, seconds: float = 5, pause: float = 0.05) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(pause)
