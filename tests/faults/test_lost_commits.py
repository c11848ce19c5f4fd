"""A connection cut at COMMIT: nobody knows whether it happened, so it is looked up, and what was done is done once."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from bookings.drafts import booking_draft, desk_draft
from bookings.flows import ticket_check_in
from bookings.models import Booking, BookingEvent, BookingStatus, Buyer, ShowtimeSeat, Ticket
from bookings.pricing import SeatPick
from bookings.services import booking_confirm, booking_hold
from bookings.tests.factories import buyer
from bookings.tickets import ticket_code
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.outbox.models import Mail
from payments.flows import booking_give_back, desk_sell, payment_look
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason
from payments.tests.factories import attempt, charge, coming_showtime, held_booking
from tests.faults.proxy import Cut
from tests.races.test_rush import buyers
from tests.site import Site, database_url

pytestmark = [pytest.mark.mariadb, pytest.mark.usefixtures("audited")]

every_cut = pytest.mark.parametrize("cut", list(Cut))


@every_cut
def test_a_hold_is_made_once(proxied, cut):
    showtime = coming_showtime()
    now = database_now()
    draft = booking_draft(showtime_id=showtime.pk, seats=[SeatPick("C4")], buyer=buyer(), now=now)
    proxied.cut_next(cut)
    held = Booking.objects.filter(reference=draft.reference)
    booking = run_in_transaction(lambda: booking_hold(draft, now=now), find=held.first)
    assert booking.reference == draft.reference
    assert Booking.objects.get().seats.get().label == "C4"
    assert ShowtimeSeat.objects.get(status="held").booking_id == draft.reference
    assert BookingEvent.objects.count() == 1


@every_cut
def test_a_payment_is_begun_once(proxied, paystack, cut):
    booking = held_booking()
    paystack.router.requests.clear()
    proxied.cut_next(cut)
    payment = attempt(booking)
    assert Payment.objects.get() == payment
    assert payment.authorization_url
    assert [request["path"] for request in paystack.router.requests].count("/transaction/initialize") == 1


@every_cut
def test_a_cancellation_is_made_once_and_asks_for_one_refund(proxied, paystack, cut):
    booking = held_booking()
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    proxied.cut_next(cut)
    booking, refund = booking_give_back(booking.reference, labels=None, actor_id=None)
    assert booking.status == BookingStatus.CANCELLED
    assert Refund.objects.get() == refund
    assert (refund.reason, refund.money) == (RefundReason.CANCELLED, booking.total)
    assert Mail.objects.count() == 2  # your tickets; cancelled


@every_cut
def test_a_charge_is_settled_once(proxied, paystack, cut):
    payment = attempt(held_booking())
    charge(payment)
    proxied.cut_next(cut)
    assert payment_look(payment.reference, via=gateway.WORKER).status == PaymentStatus.PAID
    assert Booking.objects.get().status == BookingStatus.CONFIRMED
    assert (Ticket.objects.count(), Mail.objects.count(), Refund.objects.count()) == (1, 1, 0)


@every_cut
def test_somebody_is_let_in_once_and_not_turned_away(proxied, cut):
    showtime = coming_showtime(prices=0)
    booking = held_booking(showtime)
    run_in_transaction(lambda: booking_confirm(booking.reference, now=database_now()), find=again)
    code, door = ticket_code(Ticket.objects.get().serial), user_make()
    scan = {"theatre_id": showtime.screen.theatre_id, "showtime_id": showtime.pk, "admitted_by_id": door.pk}
    now = database_now()
    proxied.cut_next(cut)
    assert ticket_check_in(code, **scan, now=now).admitted_at == now
    assert Ticket.objects.get().admitted_at == now
    assert BookingEvent.objects.filter(kind="admitted").count() == 1


@every_cut
def test_the_desk_sells_once(proxied, cut):
    showtime, seller = coming_showtime(), user_make()
    now = database_now()
    draft = desk_draft(
        theatre_id=showtime.screen.theatre_id,
        showtime_id=showtime.pk,
        seats=[SeatPick("C4")],
        buyer=Buyer(email="ngozi@example.test"),
        now=now,
    )
    proxied.cut_next(cut)
    booking = desk_sell(draft, channel=Channel.CASH, sold_by_id=seller.pk, now=now)
    assert Booking.objects.get() == booking
    assert Payment.objects.get().confirms == booking
    assert (Ticket.objects.count(), Mail.objects.count()) == (1, 1)


def test_without_the_look_up_the_buyer_would_be_refused_the_own_seats(proxied):
    """What find() is for: a repetition meets the first try's seats."""
    showtime = coming_showtime()
    now = database_now()
    draft = booking_draft(showtime_id=showtime.pk, seats=[SeatPick("C4")], buyer=buyer(), now=now)
    proxied.cut_next(Cut.AFTER)
    with pytest.raises(Exception, match="seats_unavailable"):
        run_in_transaction(lambda: booking_hold(draft, now=now), find=lambda: None)
    assert Booking.objects.get().reference == draft.reference


@pytest.mark.slow
def test_over_http_the_buyer_gets_the_booking(proxy):
    showtime = coming_showtime(seats=("C1", "C2", "C3"))
    (token,) = buyers(1)
    through_proxy = database_url(port=proxy.port)
    with Site(DATABASE_URL=through_proxy, RATE_LIMITS="off") as site:
        for cut, label in zip(Cut, ("C1", "C2", "C3"), strict=True):
            proxy.cut_next(cut)
            answer = site.call("POST", "/api/v1/booking", body={"showtime": showtime.pk, "seats": [label]}, token=token)
            assert (cut, answer.status) == (cut, 201)
            booking = Booking.objects.get(reference=answer.json()["booking"]["reference"])
            assert booking.seats.get().label == label
    assert Booking.objects.count() == 3
