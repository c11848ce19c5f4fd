"""/bookings/…/refunds/…: the buyer says where the money is to go that the bank could not take back."""

from __future__ import annotations

import pytest
import requests
from django.test import Client

from accounts.models import User
from accounts.tests.factories import user_make
from bookings.models import Booking
from payments.gateway import paystack as gateway
from payments.models import PaymentEvent, Refund, RefundStatus
from payments.tests.factories import held_booking
from payments.tests.test_reconciliation_desk import paid_out_of_order, signed_in
from payments.tests.test_reconciling import paid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]

NUMBER = "0123456789"


@pytest.fixture
def booking(showtime) -> Booking:
    return held_booking(showtime, ("A1",))


@pytest.fixture
def refund(paystack, booking) -> Refund:
    paystack.account.faults.add("refund_stuck")
    return paid_out_of_order(paid(booking))


@pytest.fixture
def ada(booking) -> Client:
    return signed_in(User.objects.get(pk=booking.user_id))


def page_of(refund: Refund) -> str:
    return f"/bookings/{refund.payment.booking.reference}/refunds/{refund.reference}"


def details(name: str = "Zenith Bank") -> dict[str, str]:
    bank = next(bank for bank in gateway.banks("NGN") if bank.name == name)
    return {"bank": bank.bank_id, "account_number": NUMBER}


def test_the_booking_leads_to_the_page_and_its_answer_reaches_paystack_once(ada, refund, paystack):
    booking = refund.payment.booking
    assert page_of(refund) in ada.get(booking.get_absolute_url()).content.decode()
    assert "Zenith Bank" in ada.get(page_of(refund)).content.decode()
    response = ada.post(page_of(refund), details())
    assert (response.status_code, response["Location"]) == (303, booking.get_absolute_url())
    assert "is on its way to that account" in ada.get(booking.get_absolute_url()).content.decode()
    ada.post(page_of(refund), details())
    told = requests.get(f"{paystack.base_url}/_standin/refunds", timeout=5).json()
    assert [each["account_details"]["account_number"] for each in told] == [NUMBER]
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING
    assert NUMBER not in str(list(PaymentEvent.objects.values_list("detail", flat=True)))


def test_what_was_typed_wrong_is_said_and_kept(ada, refund):
    response = ada.post(page_of(refund), details() | {"account_number": "12 34"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "6 to 20 digits" in page
    assert 'value="12 34"' in page
    assert "selected>Zenith Bank" in page


def test_it_waits_for_paystack_with_a_sentence(ada, refund, paystack):
    paystack.account.faults.add("error_500", operation="bank_list")
    response = ada.get(page_of(refund))
    assert response.status_code == 502
    assert "reach Paystack" in response.content.decode()


def test_nobody_elses_refund_is_found(refund):
    stranger = signed_in(user_make())
    assert stranger.get(page_of(refund)).status_code == 404
    assert stranger.post(page_of(refund), details()).status_code == 404
    refund.refresh_from_db()
    assert refund.status == RefundStatus.NEEDS_ATTENTION


def test_a_refund_of_another_booking_is_not_found(ada, refund, booking):
    other = held_booking(booking.showtime, ("A2",))
    assert other.user_id == booking.user_id
    assert ada.get(f"/bookings/{other.reference}/refunds/{refund.reference}").status_code == 404


def test_tries_are_counted(ada, refund):
    answers = [ada.post(page_of(refund), {}).status_code for _ in range(7)]
    assert answers[-1] == 429
    assert set(answers[:5]) == {400}
