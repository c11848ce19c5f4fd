"""A showing is called off: sales stop, everybody is told and refunded in full, once, whatever state they were in."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.tests.factories import user_make
from bookings.calling_off import showtime_call_off
from bookings.checkin import ticket_admit
from bookings.drafts import booking_draft, desk_draft
from bookings.errors import AlreadyAdmitted, SalesClosed, TicketCancelled
from bookings.models import Booking, BookingStatus, Buyer, CallOff, SeatStatus, ShowtimeEvent, ShowtimeSeat, Ticket
from bookings.pricing import SeatPick
from bookings.services import booking_cancel, booking_hold, booking_sell
from bookings.showtimes import showtime_change
from bookings.tests.factories import buyer
from bookings.tickets import ticket_code
from catalog.errors import InvalidShowtime, ShowtimeChanged
from catalog.models import Showtime, ShowtimeStatus
from catalog.services import ShowtimeChange
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from movy.lib.errors import NotFound
from movy.lib.money import Money
from movy.lib.recent import forget_recent
from movy.outbox.models import Mail
from payments.flows import (
    booking_give_back,
    booking_pay,
    callings_off_go_on,
    desk_sell,
    payment_look,
    refunds_follow,
)
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, Refund, RefundReason, RefundStatus
from payments.services import booking_refund, refund_pay_out
from payments.tests.factories import SEATS, attempt, charge, coming_showtime, held_booking, lapse
from theatres.tests.factories import TheatreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "audit")]


def paid(showtime: Showtime, *labels: str, who: str = "ada") -> Booking:
    booking = held_booking(showtime, labels, who=buyer(who))
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    return booking


def call_off(showtime: Showtime, note: str = "") -> CallOff:
    with transaction.atomic():
        theatre_id = showtime.screen.theatre_id
        return showtime_call_off(
            theatre_id=theatre_id, showtime_id=showtime.pk, note=note, actor_id=user_make().pk, now=database_now()
        )


def desk_sale_of(showtime: Showtime, label: str, *, email: str = "") -> Booking:
    now = database_now()
    draft = desk_draft(
        theatre_id=showtime.screen.theatre_id,
        showtime_id=showtime.pk,
        seats=[SeatPick(label)],
        buyer=Buyer(email=email),
        now=now,
    )
    return desk_sell(draft, channel=Channel.CASH, sold_by_id=user_make().pk, now=now)


def mails() -> list[Mail]:
    return list(Mail.objects.filter(subject__startswith="Called off").order_by("pk"))


def test_everybody_is_told_and_refunded_in_full_and_no_seat_or_ticket_is_left(showtime):
    for label, who in (("A1", "ada"), ("A2", "kofi")):
        paid(showtime, label, who=who)
    off = call_off(showtime, note="The projector is broken.")
    assert callings_off_go_on() == 2
    off.refresh_from_db()
    assert off.finished_at is not None
    assert set(Booking.objects.values_list("status", flat=True)) == {BookingStatus.CANCELLED}
    assert {refund.money for refund in Refund.objects.all()} == {Money(350_000, "NGN")}
    assert set(Refund.objects.values_list("reason", flat=True)) == {RefundReason.CALLED_OFF}
    assert not Ticket.objects.filter(cancelled_at=None).exists()
    assert set(ShowtimeSeat.objects.values_list("status", flat=True)) == {SeatStatus.FREE}
    assert sorted(mail.recipients[0] for mail in mails()) == ["ada@example.test", "kofi@example.test"]
    assert all("The projector is broken." in bytes(mail.content).decode() for mail in mails())


def test_going_on_again_changes_nothing(showtime):
    paid(showtime, "A1")
    call_off(showtime)
    assert [callings_off_go_on() for _round in range(3)] == [1, 0, 0]
    assert (Refund.objects.count(), len(mails())) == (1, 1)


def test_a_round_does_only_so_many_and_the_next_goes_on(showtime):
    for label, who in zip(SEATS[:3], ["ada", "kofi", "wanjiru"], strict=True):
        paid(showtime, label, who=who)
    off = call_off(showtime)
    assert callings_off_go_on(limit=2) == 2
    assert CallOff.objects.unfinished().filter(pk=off.pk).exists()
    assert callings_off_go_on(limit=2) == 1
    assert not CallOff.objects.unfinished().exists()


def test_sales_stop_at_once_for_those_who_have_chosen_already(showtime):
    now = database_now()
    wish = booking_draft(showtime_id=showtime.pk, seats=[SeatPick("A1")], buyer=buyer(), now=now)
    call_off(showtime)
    with pytest.raises(ShowtimeChanged), transaction.atomic():
        booking_hold(wish, now=now)
    with pytest.raises(ShowtimeChanged), transaction.atomic():
        booking_sell(wish, sold_by_id=user_make().pk, now=now)
    forget_recent()
    with pytest.raises(SalesClosed):
        booking_draft(showtime_id=showtime.pk, seats=[SeatPick("A1")], buyer=buyer(), now=now)


@pytest.mark.parametrize("when", ["before the job", "after the job"])
@pytest.mark.parametrize("hold", ["running", "over"])
def test_a_payment_that_arrives_later_confirms_nothing_and_goes_back(showtime, when, hold):
    booking = held_booking(showtime, ("A1",))
    payment = attempt(booking)
    if hold == "over":
        lapse(booking)
    call_off(showtime)
    if when == "after the job":
        callings_off_go_on()
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    callings_off_go_on()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED
    refund = Refund.objects.get()
    assert (refund.reason, refund.money) == (RefundReason.CALLED_OFF, booking.total)
    assert any("called off" in bytes(mail.content).decode() for mail in Mail.objects.filter(subject__contains="money"))


def test_a_hold_that_still_runs_is_let_go_and_its_buyer_told_without_money(showtime):
    held_booking(showtime, ("A1",))
    call_off(showtime)
    callings_off_go_on()
    assert Booking.objects.get().status == BookingStatus.CANCELLED
    assert len(mails()) == 1
    assert "on its way back" not in bytes(mails()[0].content).decode()
    assert not Refund.objects.exists()


def test_who_was_let_in_already_is_refunded_too_and_stays_noted(showtime):
    paid(showtime, "A1")
    ticket = Ticket.objects.get()
    door = {"theatre_id": showtime.screen.theatre_id, "showtime_id": showtime.pk, "admitted_by_id": user_make().pk}
    with transaction.atomic():
        ticket_admit(ticket_code(ticket.serial), **door, now=database_now())
    with pytest.raises(AlreadyAdmitted), transaction.atomic():
        booking_cancel(Booking.objects.get().reference, actor_id=None, now=database_now())
    call_off(showtime)
    callings_off_go_on()
    assert Refund.objects.get().amount_minor == 350_000
    ticket.refresh_from_db()
    assert ticket.admitted_at is not None
    with pytest.raises(TicketCancelled), transaction.atomic():
        ticket_admit(ticket_code(ticket.serial), **door, now=database_now())


def test_seats_given_back_before_are_not_paid_for_again(showtime):
    booking = paid(showtime, "A1", "A2")
    booking_give_back(booking.reference, labels=["A1"], actor_id=None)
    call_off(showtime)
    callings_off_go_on()
    assert sorted(Refund.objects.values_list("amount_minor", "reason")) == [
        (350_000, RefundReason.CALLED_OFF),
        (350_000, RefundReason.CANCELLED),
    ]


def test_what_the_office_gave_back_before_counts(showtime):
    booking = paid(showtime, "A1")
    with transaction.atomic():
        booking_refund(
            booking.reference,
            labels=[],
            amount_minor=100_000,
            why="late start",
            actor_id=user_make().pk,
            now=database_now(),
        )
    call_off(showtime)
    callings_off_go_on()
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 350_000


def test_what_the_desk_sold_waits_for_a_person_to_pay_it_out(showtime):
    desk_sale_of(showtime, "A1", email="walk-in@example.test")
    call_off(showtime)
    callings_off_go_on()
    assert "at our box office" in bytes(mails()[0].content).decode()
    assert refunds_follow() == 0  # Paystack is never asked
    refund = Refund.objects.to_pay_out().get()
    cashier = user_make()
    for _time in range(2):
        with transaction.atomic():
            refund_pay_out(refund.reference, actor_id=cashier.pk, now=database_now())
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PROCESSED
    assert refund.payment.events.get(kind="refund_processed").actor == cashier
    assert Payment.objects.get().public_status == "refunded"


def test_a_free_booking_is_told_and_owes_nothing():
    showtime = coming_showtime(seats=SEATS, prices=0)
    booking = held_booking(showtime, ("A1",))
    assert booking_pay(booking, channel=Channel.CARD, callback_url="http://x/", cancel_url="http://x/") is None
    call_off(showtime)
    callings_off_go_on()
    assert len(mails()) == 1
    assert not Refund.objects.exists()


def test_calling_off_twice_is_calling_off_once(showtime):
    first, second = call_off(showtime), call_off(showtime)
    assert first == second == CallOff.objects.get()
    assert ShowtimeEvent.objects.filter(kind="called_off").count() == 1


def test_a_draft_and_another_theatres_showing_cannot_be_called_off(showtime):
    with pytest.raises(InvalidShowtime):
        call_off(ShowtimeFactory())
    with pytest.raises(NotFound), transaction.atomic():
        showtime_call_off(theatre_id=TheatreFactory().pk, showtime_id=showtime.pk, actor_id=None, now=database_now())
    showtime.refresh_from_db()
    assert showtime.status == ShowtimeStatus.ON_SALE


def test_changing_a_showings_status_to_called_off_is_the_same(showtime):
    paid(showtime, "A1")
    with transaction.atomic():
        showtime_change(
            theatre_id=showtime.screen.theatre_id,
            showtime_id=showtime.pk,
            change=ShowtimeChange(),
            status=ShowtimeStatus.CALLED_OFF,
            now=database_now(),
        )
    assert callings_off_go_on() == 1
    assert Refund.objects.get().reason == RefundReason.CALLED_OFF
