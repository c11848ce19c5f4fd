"""The real Movy, spoken to in the words of the model (tests/model/cinema.py): its flows, its webhook, its database, and
a real stand-in for Paystack. Rows are named by their number, in the order in which they were made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import requests
from django.db.models import QuerySet
from django.test import Client

from accounts.tests.factories import user_make
from bookings.calling_off import showtime_call_off
from bookings.drafts import booking_draft, desk_draft
from bookings.flows import seats_hold, ticket_check_in
from bookings.models import Booking, Buyer, ShowtimeSeat, Ticket
from bookings.pricing import SeatPick
from bookings.tests.factories import showtime_on_sale
from bookings.tickets import ticket_code
from movy.lib.db import again, run_in_transaction
from movy.lib.http import forget_failures
from movy.outbox.models import Mail
from payments.flows import (
    booking_give_back,
    booking_pay,
    booking_refund_at_office,
    callings_off_go_on,
    desk_sell,
    holds_release_overdue,
    payment_look,
    payments_poll,
    refund_again,
    refund_paid_out,
    refunds_follow,
)
from payments.gateway import paystack as gateway
from payments.models import Channel, Payment, Refund
from payments.tests.factories import webhook
from standins.paystack import PaystackServer

FAULTS = {"lost": "reset", "refused": "error_500"}  # how the stand-in doesn't answer


class Movy:
    """One showing of its own. `now`: what its database says the time is, by the fixture `clock` of test_model.py."""

    def __init__(self, seats: tuple[str, ...], *, now: datetime, starts_at: datetime, paystack: PaystackServer) -> None:
        self.now = now
        self.showtime = showtime_on_sale(seats, starts_at=starts_at)
        self.theatre_id = self.showtime.screen.theatre_id
        self.staff = user_make()
        self.paystack = paystack
        paystack.account.clear()

    def bookings(self) -> QuerySet[Booking]:
        return Booking.objects.filter(showtime=self.showtime).order_by("pk")

    def attempts(self) -> QuerySet[Payment]:
        return Payment.objects.filter(booking__showtime=self.showtime).order_by("pk")

    def refunds(self) -> QuerySet[Refund]:
        return Refund.objects.filter(payment__booking__showtime=self.showtime).order_by("pk")

    # ---- What people do

    def hold(self, seats: tuple[str, ...]) -> None:
        who = Buyer(email="ada@example.test")
        draft = booking_draft(showtime_id=self.showtime.pk, seats=_picks(seats), buyer=who, now=self.now)
        seats_hold(draft, now=self.now)

    def sell_at_desk(self, seats: tuple[str, ...]) -> None:
        draft = desk_draft(
            theatre_id=self.theatre_id,
            showtime_id=self.showtime.pk,
            seats=_picks(seats),
            buyer=Buyer(email=""),
            now=self.now,
        )
        desk_sell(draft, channel=Channel.CASH, sold_by_id=self.staff.pk, now=self.now)

    def pay(self, number: int, channel: str, *, answer: str) -> None:
        with _Fault(self.paystack, "initialize", answer):
            address = "http://testserver/verify-payment"
            booking_pay(self.bookings()[number], channel=Channel(channel), callback_url=address, cancel_url=address)

    def charge(self, number: int, amount: int, currency: str) -> None:
        self._at_paystack(number, status="success", amount=amount, currency=currency)

    def decline(self, number: int) -> None:
        self._at_paystack(number, status="failed")

    def hear(self, number: int, by: str) -> None:
        attempt = self.attempts()[number]
        match by:
            case "office":
                payment_look(attempt.reference, via=gateway.WORKER)
            case "browser":
                page = Client().get("/verify-payment", {"reference": attempt.reference})
                assert page.status_code == 200
            case "webhook":
                for _time in range(2):
                    assert webhook(Client(), attempt) == 200
            case _:  # about a refund that there may not be, or what nobody has told us of yet
                assert webhook(Client(), attempt, event=by) == 200

    def cancel(self, number: int, seats: tuple[str, ...]) -> None:
        booking_give_back(self.bookings()[number].reference, labels=seats or None, actor_id=None)

    def admit(self, number: int, seat: str) -> None:
        ticket = Ticket.objects.get(booked_seat__booking=self.bookings()[number], booked_seat__label=seat)
        ticket_check_in(
            ticket_code(ticket.serial),
            theatre_id=self.theatre_id,
            showtime_id=self.showtime.pk,
            admitted_by_id=self.staff.pk,
            now=self.now,
        )

    def refund_at_office(self, number: int, seats: tuple[str, ...], amount: int) -> None:
        reference = self.bookings()[number].reference
        booking_refund_at_office(reference, labels=seats, amount_minor=amount, why="", actor_id=self.staff.pk)

    def ask_again(self, number: int) -> None:
        refund_again(self.refunds()[number].reference, actor_id=self.staff.pk)

    def pay_out(self, number: int) -> None:
        refund_paid_out(self.refunds()[number].reference, actor_id=self.staff.pk)

    def call_off(self) -> None:
        wish = {"theatre_id": self.theatre_id, "showtime_id": self.showtime.pk, "actor_id": self.staff.pk}
        run_in_transaction(lambda: showtime_call_off(**wish, now=self.now), find=again)

    # ---- What the worker does, as if its pauses were over

    def poll(self) -> None:
        for place, attempt in enumerate(self.attempts().exclude(next_check_at=None)):
            due_at = self.now - timedelta(minutes=1) + timedelta(milliseconds=place)  # it asks the longest due first
            Payment.objects.filter(pk=attempt.pk).update(next_check_at=due_at)
        payments_poll()

    def sweep(self) -> None:
        holds_release_overdue()

    def follow(self, *, answer: str) -> None:
        for place, refund in enumerate(self.refunds().exclude(next_check_at=None)):
            due_at = self.now - timedelta(minutes=1) + timedelta(milliseconds=place)
            Refund.objects.filter(pk=refund.pk).update(next_check_at=due_at)
        with _Fault(self.paystack, "refund", answer):
            refunds_follow()

    def go_on_calling_off(self) -> None:
        callings_off_go_on()

    # ---- Paystack

    def move_refund(self, number: int, status: str) -> None:
        """Let Paystack move a refund that it has made, by the note that it came with."""
        reference = self.refunds()[number].reference
        made = next(row for row in self._refunds_made() if row["merchant_note"] == reference)
        control = f"{self.paystack.base_url}/_standin/refunds/{made['id']}"
        assert requests.patch(control, json={"status": status}, timeout=5).ok

    def refunds_made(self) -> list[str]:
        """Return the note of each refund that Paystack was ever asked for."""
        return sorted(row["merchant_note"] for row in self._refunds_made())

    def _refunds_made(self) -> list[dict[str, Any]]:
        return requests.get(f"{self.paystack.base_url}/_standin/refunds", timeout=5).json()

    def _at_paystack(self, number: int, **changes: Any) -> None:
        control = f"{self.paystack.base_url}/_standin/transactions/{self.attempts()[number].reference}"
        assert requests.patch(control, json=changes | {"webhook": False}, timeout=5).ok

    # ---- What stands in the database

    def seen(self) -> dict[str, Any]:
        """Return what tests/model/test_model.py compares."""
        bookings = list(self.bookings().prefetch_related("seats__ticket"))
        numbers = {booking.reference: number for number, booking in enumerate(bookings)}
        mails = Mail.objects.filter(about__in=numbers).values_list("about", flat=True)
        told = [numbers[about] for about in mails]
        rows = ShowtimeSeat.objects.filter(showtime=self.showtime).select_related("seat")
        taken = [row for row in rows if row.status != "free" and not (row.held_until and row.held_until <= self.now)]
        return {
            "seats": {f"{row.seat.row}{row.seat.number}": (row.status, numbers[row.booking_id]) for row in taken},
            "bookings": [
                (booking.status_at(self.now).value, _kept(booking), _tickets(booking), told.count(number))
                for number, booking in enumerate(bookings)
            ],
            "attempts": [_attempt(row) for row in self.attempts().prefetch_related("refunds")],
            "back": [row.refunded_minor for row in self.attempts()],
        }


class _Fault:
    """The stand-in does not answer the calls of a kind while this lasts; Movy would leave it alone afterwards."""

    def __init__(self, paystack: PaystackServer, operation: str, answer: str) -> None:
        self._faults, self._operation, self._fault = paystack.account.faults, operation, FAULTS.get(answer)

    def __enter__(self) -> None:
        if self._fault:
            self._faults.add(self._fault, operation=self._operation)

    def __exit__(self, *_: object) -> None:
        if self._fault:
            self._faults.remove()
            forget_failures()


def _picks(seats: tuple[str, ...]) -> list[SeatPick]:
    return [SeatPick(label) for label in seats]


def _kept(booking: Booking) -> list[str]:
    return sorted(line.label for line in booking.seats.all() if line.cancelled_at is None)


def _tickets(booking: Booking) -> dict[str, str]:
    def state(ticket: Ticket) -> str:
        return "admitted" if ticket.admitted_at else "void" if ticket.cancelled_at else "valid"

    return {line.label: state(line.ticket) for line in booking.seats.all() if hasattr(line, "ticket")}


def _attempt(payment: Payment) -> tuple[Any, ...]:
    charged = payment.charged
    return (
        payment.status,
        (charged.amount_minor, charged.currency) if charged else None,
        payment.confirms_id is not None,
        [
            (row.amount_minor, row.currency, row.reason, row.status)
            for row in sorted(payment.refunds.all(), key=lambda row: row.pk)
        ],
    )
