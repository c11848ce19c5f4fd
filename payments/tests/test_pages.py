"""The pages and endpoints of paying, of coming back and of cancelling."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model

from accounts.services import session_token_issue
from bookings.models import Booking, BookingStatus
from bookings.tests.factories import buyer
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import database_now, rfc3339
from payments.models import Channel, Payment, PaymentStatus
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, lapse, says, webhook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.fixture
def booking(client):
    """Ada's two seats, held; Ada is signed in."""
    booking = held_booking(labels=("C4", "C5"))
    client.force_login(booking.user)
    return booking


def bearer(booking: Booking) -> dict[str, str]:
    return {"authorization": f"Bearer {session_token_issue(booking.user)}"}


def call(client, path: str, body: dict, booking: Booking):
    return client.post(path, body, content_type="application/json", headers=bearer(booking))


# ---- Paying


def test_paying_leads_to_paystack_and_a_second_click_to_the_same_page(client, booking):
    first = client.post("/booking/pay", {"booking": booking.reference, "channel": "card"})
    second = client.post("/booking/pay", {"booking": booking.reference, "channel": "card"})
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert urlsplit(first["Location"]).path == urlsplit(Payment.objects.get().authorization_url).path


def test_another_channel_is_another_attempt_and_the_first_stays_watched(client, booking):
    for channel in ("card", "ussd"):
        client.post("/booking/pay", {"booking": booking.reference, "channel": channel})
    first, second = Payment.objects.order_by("pk")
    assert first.reference != second.reference
    assert first.next_check_at is not None


@pytest.mark.parametrize(("channel", "minutes"), [("card", 10), ("ussd", 20), ("bank_transfer", 35)])
def test_the_first_channel_sets_how_long_the_hold_lives(client, booking, channel, minutes):
    before = database_now()
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference, "channel": channel}, booking).json()
    held_until = Booking.objects.get().hold_expires_at
    assert timedelta(0) <= held_until - before - timedelta(minutes=minutes) < timedelta(seconds=30)
    assert answer["hold_expires_at"] == rfc3339(held_until)
    call(client, "/api/v1/booking/pay", {"booking": booking.reference, "channel": "bank_transfer"}, booking)
    assert Booking.objects.get().hold_expires_at == held_until  # lengthened once at most


def test_a_channel_that_the_currency_does_not_have_is_refused(client, booking):
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference, "channel": "mobile_money"}, booking)
    assert (answer.status_code, answer.json()["code"]) == (400, "channel_not_available")
    page = client.post("/booking/pay", {"booking": booking.reference, "channel": "mobile_money"})
    assert page.status_code == 400
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("callback", "status"),
    [
        ("http://testserver/done", 200),
        ("https://app.example/paid?x=1", 200),
        ("https://evil.example/", 400),
        ("//evil.example/", 400),
        ("http://testserver\\@evil.example/", 400),
        ("javascript:alert(1)", 400),
        ("http://testserver.evil.example/", 400),
        ("http://user@testserver/", 400),
    ],
)
def test_a_callback_leads_here_or_where_the_operator_allowed(client, booking, settings, callback, status):
    settings.CALLBACK_ORIGINS = ["https://app.example"]
    wish = {"booking": booking.reference, "callback_url": callback}
    assert call(client, "/api/v1/booking/pay", wish, booking).status_code == status


def test_paystack_away_is_a_502_that_keeps_the_hold_and_a_new_attempt_works(client, booking, paystack):
    paystack.account.faults.add("error_502", operation="initialize", times=2)
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference}, booking)
    assert (answer.status_code, answer.json()["code"]) == (502, "payment_provider_unavailable")
    page = client.post("/booking/pay", {"booking": booking.reference})
    assert page.status_code == 502
    assert "Your seats stay held" in page.content.decode()
    assert client.post("/booking/pay", {"booking": booking.reference}).status_code == 303
    assert Booking.objects.get().status_at(database_now()) == BookingStatus.HELD
    assert Payment.objects.filter(status=PaymentStatus.PENDING, next_check_at__isnull=False).count() == 3


def test_a_refused_attempt_is_closed(client):
    booking = held_booking(coming_showtime(prices=100))  # one naira: Paystack takes fifty at least
    client.force_login(booking.user)
    assert client.post("/booking/pay", {"booking": booking.reference}).status_code == 502
    payment = Payment.objects.get()
    assert (payment.status, payment.next_check_at) == (PaymentStatus.FAILED, None)


def test_a_key_that_paystack_refuses_closes_nothing(client, booking, paystack):
    paystack.account.faults.add("bad_key", times=1)
    assert client.post("/booking/pay", {"booking": booking.reference}).status_code == 502
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_after_the_hold_nothing_can_be_paid(client, booking):
    lapse(booking)
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference}, booking)
    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")
    assert client.post("/booking/pay", {"booking": booking.reference}).status_code == 409


def test_nobody_pays_for_a_showing_that_was_called_off(client, booking):
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference}, booking)
    assert (answer.status_code, answer.json()["code"]) == (409, "sales_closed")
    assert not Payment.objects.exists()


def test_what_is_paid_is_not_paid_again(client, booking):
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    answer = call(client, "/api/v1/booking/pay", {"booking": booking.reference}, booking)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_paid")
    assert client.post("/booking/pay", {"booking": booking.reference})["Location"] == booking.get_absolute_url()


# ---- Coming back


def test_coming_back_from_a_good_payment_leads_to_the_tickets(client, booking):
    payment = attempt(booking)
    charge(payment)
    answer = client.get(f"/verify-payment?trxref={payment.reference}&reference={payment.reference}")
    assert (answer.status_code, answer["Location"]) == (303, booking.get_absolute_url())
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


def test_waiting_is_told_truthfully_and_works_without_javascript(client, booking):
    payment = attempt(booking)
    page = client.get(f"/verify-payment?reference={payment.reference}").content.decode()
    assert "Waiting for your bank" in page
    assert "C4, C5" in page
    assert '<meta http-equiv="refresh" content="5">' in page


def test_a_forged_return_confirms_nothing(client, booking):
    payment = attempt(booking)
    client.get(f"/verify-payment?reference={payment.reference}&status=success&amount=700000")
    assert Booking.objects.get().status == BookingStatus.HELD


@pytest.mark.parametrize("reference", ["", "MV-NOTOURS", "'; --", "\x00", "é"])
def test_an_unknown_reference_is_not_found(client, booking, reference):
    assert client.get("/verify-payment", {"reference": reference}).status_code == 404
    answer = client.get("/api/v1/verify-payment", {"reference": reference}, headers=bearer(booking))
    assert answer.status_code == 404


def test_a_stranger_sees_the_state_alone(client, booking):
    payment = attempt(booking)
    charge(payment)
    client.logout()
    page = client.get(f"/verify-payment?reference={payment.reference}").content.decode()
    assert "Paid. The seats are booked." in page
    for secret in (booking.reference, booking.email, "C4", booking.showtime.movie.title):
        assert not says(page, secret)
    stranger = session_token_issue(get_user_model().objects.get(pk=buyer("kofi").user_id))
    path = f"/api/v1/verify-payment?reference={payment.reference}"
    assert client.get(path, headers={"authorization": f"Bearer {stranger}"}).status_code == 404
    assert client.get(path).status_code == 401


def test_the_buyer_is_told_of_payment_and_booking(client, booking):
    payment = attempt(booking)
    charge(payment)
    answer = client.get(f"/api/v1/verify-payment?reference={payment.reference}", headers=bearer(booking)).json()
    assert answer["payment"]["status"] == "paid"
    assert answer["payment"]["amount"] == {"amount": 700_000, "currency": "NGN"}
    assert answer["booking"]["status"] == "confirmed"
    assert [ticket["seat"] for ticket in answer["booking"]["tickets"]] == ["C4", "C5"]


def test_a_paid_booking_shows_its_receipt(client, booking):
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    client.post(f"/cancel-booking/{booking.reference}", {"seats": ["C5"]})
    page = client.get(booking.get_absolute_url()).content.decode()
    receipt = page[page.index(">Receipt<") :]
    rows = [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", receipt, re.DOTALL)]
    assert rows[1:3] == ["C4 Adult, Standard ₦3,500", "C5 Adult, Standard · given back ₦3,500"]
    assert rows[3] == "Total ₦7,000"
    assert re.fullmatch(rf"Paid by card \w+ \d+ \w+ \d{{4}}, \d\d:\d\d · {payment.reference} ₦7,000", rows[4])
    assert re.fullmatch(r"Refund on its way · .* −₦3,500", rows[5])
    assert booking.showtime.screen.theatre.address in receipt


def test_an_unpaid_booking_has_no_receipt(client, booking):
    attempt(booking)
    page = client.get(booking.get_absolute_url()).content.decode()
    assert "Your seats" in page
    assert "Receipt" not in page


# ---- Cancelling


def test_what_comes_back_is_said_before_the_click(client, booking):
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    path = f"/cancel-booking/{booking.reference}"
    assert "For C4, C5 you get ₦7,000 back" in client.get(path).content.decode()
    looked = client.post(path, {"picked": "1", "look": "1", "seats": ["C5"]})  # without JavaScript, by a button
    assert "For C5 you get ₦3,500 back" in looked.content.decode()
    ticked = re.findall(r'value="(C\d)"( checked)?', looked.content.decode())
    assert ticked == [("C4", ""), ("C5", " checked")]
    part = client.post(path, {"picked": "1", "look": "1", "seats": ["C4"]}, headers={"HX-Request": "true"})
    assert "For C4 you get ₦3,500 back" in part.content.decode()
    assert "<form" not in part.content.decode()
    assert not Payment.objects.get().refunds.exists()  # so far it was only asked
    answer = client.post(path, {"picked": "1", "seats": ["C5"]})
    assert (answer.status_code, answer["Location"]) == (303, booking.get_absolute_url())
    assert [refund.amount_minor for refund in Payment.objects.get().refunds.all()] == [350_000]


def test_whoever_unticks_all_seats_loses_none(client, booking):
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    answer = client.post(f"/cancel-booking/{booking.reference}", {"picked": "1"})
    assert answer.status_code == 400
    assert "Tick the seats that you give back." in answer.content.decode()
    assert Booking.objects.get().status == BookingStatus.CONFIRMED


def test_the_part_that_the_rule_gives_back_is_told_and_given(client, booking):
    Booking.objects.update(refund_steps=[[2, 50]])
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    page = client.get(f"/cancel-booking/{booking.reference}").content.decode()
    assert "50 % of the price comes back now" in page
    assert "For C4, C5 you get ₦3,500 back" in page
    client.post(f"/cancel-booking/{booking.reference}")
    assert [refund.amount_minor for refund in Payment.objects.get().refunds.all()] == [350_000]


def test_cancelling_over_the_api(client, booking):
    payment = attempt(booking)
    charge(payment)
    webhook(client, payment)
    path = f"/api/v1/cancel-booking/{booking.reference}"
    assert call(client, path, {"seats": ["Z9"]}, booking).json()["code"] == "unknown_seats"
    answer = call(client, path, {}, booking)
    assert answer.status_code == 200
    assert answer.json()["refund"] == {"amount": {"amount": 700_000, "currency": "NGN"}, "status": "pending"}
    assert answer.json()["booking"]["payment"]["status"] == "refund_pending"
    assert call(client, path, {}, booking).json()["code"] == "already_cancelled"


def test_letting_go_gives_nothing_back(client, booking):
    answer = call(client, f"/api/v1/cancel-booking/{booking.reference}", {}, booking)
    assert (answer.json()["refund"], answer.json()["booking"]["status"]) == (None, "cancelled")


def test_too_late_is_said_on_the_page_and_by_code(client):
    soon = coming_showtime()
    booking = held_booking(soon)
    client.force_login(booking.user)
    payment = attempt(booking, Channel.CARD)
    charge(payment)
    webhook(client, payment)
    starts_at = database_now() + timedelta(hours=1)
    type(soon).objects.filter(pk=soon.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    answer = call(client, f"/api/v1/cancel-booking/{booking.reference}", {}, booking)
    assert (answer.status_code, answer.json()["code"]) == (409, "cancellation_closed")
    assert client.post(f"/cancel-booking/{booking.reference}").status_code == 409
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
