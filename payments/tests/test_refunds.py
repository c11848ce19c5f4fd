"""Refunds: asked for once, followed to their end, told to the buyer step by step."""

from __future__ import annotations

import pytest
import requests

from accounts.tests.factories import user_make
from bookings.models import Booking, BookingStatus, SeatStatus, ShowtimeSeat
from bookings.selectors import booking_full, cancellation
from bookings.tests.factories import buyer
from movy.lib.clock import database_now
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments.flows import booking_give_back, booking_refund_at_office, refunds_follow
from payments.models import Payment, PaymentEvent, Refund, RefundReason, RefundStatus
from payments.services import refund_request
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, webhook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


@pytest.fixture
def booking(client):
    """A paid booking of two seats, 3,500 naira each."""
    booking = held_booking(labels=("C4", "C5"))
    payment = attempt(booking)
    charge(payment)
    assert webhook(client, payment) == 200
    Mail.objects.all().delete()
    return booking


def follow(times: int = 1) -> Refund:
    """Let the worker look `times` times, as if its pauses were over."""
    for _time in range(times):
        Refund.objects.filter(next_check_at__isnull=False).update(next_check_at=database_now())
        refunds_follow()
    return Refund.objects.get()


def asked_for(paystack, reference: str) -> list[dict]:
    """Return the refunds that the stand-in was really asked for."""
    rows = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    rows = rows.get("data", rows.get("refunds", rows)) if isinstance(rows, dict) else rows
    return [row for row in rows if row["merchant_note"] == reference]


def set_state(paystack, refund: Refund, status: str) -> None:
    control = f"{paystack.base_url}/_standin/refunds/{refund.provider_id}"
    assert requests.patch(control, json={"status": status}, timeout=5).ok


def test_a_cancelled_booking_is_refunded_to_the_end_with_a_mail_for_each_step(booking, paystack):
    paystack.account.faults.add("refund_stuck")
    booking, refund = booking_give_back(booking.reference, labels=None, actor_id=booking.user_id)
    assert booking.status == BookingStatus.CANCELLED
    assert set(ShowtimeSeat.objects.values_list("status", flat=True)) == {SeatStatus.FREE}
    assert (refund.status, refund.money) == (RefundStatus.PENDING, Money(700_000, "NGN"))
    held_booking(booking.showtime, ("C4",), who=buyer("kofi"))  # free at once
    assert follow().status == RefundStatus.PENDING
    assert booking.payments.get().public_status == "refund_pending"
    set_state(paystack, follow(), "processed")
    assert follow(3).status == RefundStatus.PROCESSED
    assert Payment.objects.get().public_status == "refunded"
    subjects = [mail.subject for mail in Mail.objects.order_by("pk")]
    assert len(subjects) == 2
    assert subjects[0].startswith("Cancelled")
    assert "sent back" in subjects[1]
    kinds = list(PaymentEvent.objects.values_list("kind", flat=True))
    assert kinds == ["pending", "paid", "refund_pending", "refund_processed"]


def test_part_of_a_booking_goes_back_and_the_rest_stays(booking, paystack):
    booking, refund = booking_give_back(booking.reference, labels=["C5"], actor_id=booking.user_id)
    assert (booking.status, refund.amount_minor) == (BookingStatus.CONFIRMED, 350_000)
    follow()
    set_state(paystack, Refund.objects.get(), "processed")
    follow()
    assert Payment.objects.get().public_status == "partly_refunded"


def test_an_unanswered_request_is_found_again_and_not_repeated(booking, paystack):
    _booking, refund = booking_give_back(booking.reference, labels=None, actor_id=None)
    paystack.account.faults.add("truncated_json", operation="refund", times=1)
    assert not follow().provider_id
    assert follow().provider_id
    assert len(asked_for(paystack, refund.reference)) == 1


def test_two_equal_parts_are_two_refunds(booking, paystack):
    for label in ("C4", "C5"):
        booking_give_back(booking.reference, labels=[label], actor_id=None)
    for _time in range(2):
        Refund.objects.update(next_check_at=database_now())
        refunds_follow()
    first, second = Refund.objects.all()
    assert first.provider_id != second.provider_id
    assert [len(asked_for(paystack, refund.reference)) for refund in (first, second)] == [1, 1]


@pytest.mark.parametrize(
    ("told", "status"), [("needs-attention", RefundStatus.NEEDS_ATTENTION), ("failed", RefundStatus.FAILED)]
)
def test_a_refund_that_needs_a_person_says_so(booking, paystack, told, status):
    paystack.account.faults.add("refund_stuck")
    booking_give_back(booking.reference, labels=None, actor_id=None)
    set_state(paystack, follow(), told)
    assert follow(2).status == status
    assert Payment.objects.get().public_status == "refund_needs_attention"
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("fault", ["error_502", "bad_key", "rate_limit", "reset"])
def test_while_paystack_is_away_nothing_is_lost(booking, paystack, fault):
    booking_give_back(booking.reference, labels=None, actor_id=None)
    paystack.account.faults.add(fault, times=1)
    assert follow().status == RefundStatus.PENDING
    assert follow().provider_id


def test_no_more_goes_back_than_came_in(booking):
    payment = Payment.objects.get()
    booking_give_back(booking.reference, labels=["C4"], actor_id=None)
    with pytest.raises(RuntimeError):
        refund_request(payment, money=Money(350_001, "NGN"), reason=RefundReason.OFFICE, now=database_now())
    with pytest.raises(RuntimeError):
        refund_request(payment, money=Money(1, "GHS"), reason=RefundReason.OFFICE, now=database_now())


@pytest.mark.parametrize(("given", "back"), [(100_000, 600_000), (700_000, None)])
def test_what_the_office_gave_back_before_does_not_go_back_again(booking, given, back):
    office = user_make()
    booking_refund_at_office(booking.reference, labels=[], amount_minor=given, why="", actor_id=office.pk)
    promised = cancellation(booking_full(booking.reference), now=database_now()).refund
    booking, refund = booking_give_back(booking.reference, labels=None, actor_id=booking.user_id)
    assert booking.status == BookingStatus.CANCELLED
    assert (refund and refund.money) == promised == (Money(back, "NGN") if back else None)
    assert Payment.objects.get().left_minor == 0


def test_a_free_booking_is_confirmed_without_paystack(client):
    booking = held_booking(coming_showtime(prices=0), who=buyer("kofi"))
    client.force_login(booking.user)
    assert client.post("/booking/pay", {"booking": booking.reference}).headers["Location"] == booking.get_absolute_url()
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED
    assert not Payment.objects.filter(booking=booking).exists()
