"""One ticket at two doors at once, and at a door while its buyer gives it back: one legal outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

import bookings.checkin
from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from bookings.drafts import desk_draft
from bookings.errors import AlreadyAdmitted, TicketAdmitted, TicketCancelled
from bookings.flows import ticket_check_in
from bookings.models import Booking, BookingEvent, BookingStatus, Buyer, Ticket
from bookings.pricing import SeatPick
from bookings.tests.factories import showtime_on_sale
from bookings.tickets import ticket_code
from catalog.models import Showtime
from movy.lib.clock import database_now
from payments.flows import booking_give_back, desk_sell, payment_look
from payments.gateway import paystack as gateway
from payments.models import Channel, Refund
from payments.tests.factories import attempt, charge, held_booking
from tests.races.test_paying import together
from tests.site import Site, all_at_once, form_headers
from theatres.tests.people import browser_of, person

pytestmark = pytest.mark.usefixtures("paystack", "audited")

DOORS = 8

several_times = pytest.mark.parametrize("time", range(4))


def paid_booking() -> Booking:
    """A booking of one seat that its buyer may still give back; the doors let it in early."""
    booking = held_booking()
    payment = attempt(booking)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    return booking


def door(booking: Booking) -> Callable[[], Ticket]:
    """Return what a person at a door does with the booking's ticket."""
    code = ticket_code(Ticket.objects.get(booked_seat__booking=booking).serial)
    showtime, user = booking.showtime, user_make()
    return lambda: ticket_check_in(
        code,
        theatre_id=showtime.screen.theatre_id,
        showtime_id=showtime.pk,
        admitted_by_id=user.pk,
        now=database_now(),
    )


def give_back(booking: Booking) -> Callable[[], Any]:
    return lambda: booking_give_back(booking.reference, labels=None, actor_id=booking.user_id)


def elsewhere(call: Callable[[], Any]) -> Any:
    """Make the call on another connection, and wait for its end."""

    def run() -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def between_look_and_change(monkeypatch: pytest.MonkeyPatch, call: Callable[[], Any]) -> None:
    """Have the next check-in find its ticket good, and everything of `call` happen before it goes on."""
    look = bookings.checkin._showtime_check

    def look_and_let_others(*args: Any, **kwargs: Any) -> None:
        look(*args, **kwargs)
        monkeypatch.undo()
        elsewhere(call)

    monkeypatch.setattr(bookings.checkin, "_showtime_check", look_and_let_others)


def take_out_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Admit whatever the ticket has become since it was looked at."""

    def take(ticket: Ticket, **admitted: Any) -> bool:
        at, by = admitted["now"], admitted["admitted_by_id"]
        return bool(Ticket.objects.filter(pk=ticket.pk).update(admitted_at=at, admitted_by_id=by))

    monkeypatch.setattr(bookings.checkin, "_ticket_take", take)


@several_times
def test_of_many_doors_at_once_one_admits(time):
    booking = paid_booking()
    outcomes = together(*[door(booking) for _number in range(DOORS)])
    assert Counter(type(outcome) for outcome in outcomes) == {Ticket: 1, TicketAdmitted: DOORS - 1}
    [admitted] = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    event = BookingEvent.objects.get(kind="admitted")
    ticket = Ticket.objects.get()
    told = [(row.admitted_at, row.admitted_by_id) for row in (admitted, ticket)]
    assert told == [(event.at, event.actor_id)] * 2


@several_times
def test_checked_in_and_given_back_at_once_there_is_one_outcome(time):
    booking = paid_booking()
    came_in, gave_back = together(door(booking), give_back(booking))
    booking.refresh_from_db()
    ticket = Ticket.objects.get()
    if isinstance(came_in, Ticket):
        assert isinstance(gave_back, AlreadyAdmitted)
        assert (booking.status, ticket.cancelled_at, Refund.objects.count()) == (BookingStatus.CONFIRMED, None, 0)
    else:
        assert isinstance(came_in, TicketCancelled)
        assert (booking.status, ticket.admitted_at) == (BookingStatus.CANCELLED, None)
        assert Refund.objects.get().money == booking.total


@pytest.mark.mariadb
def test_a_door_that_was_slower_than_another_admits_nobody(monkeypatch):
    booking = paid_booking()
    slow, fast = door(booking), door(booking)
    between_look_and_change(monkeypatch, fast)
    with pytest.raises(TicketAdmitted):
        slow()
    assert BookingEvent.objects.filter(kind="admitted").count() == 1


@pytest.mark.mariadb
def test_a_door_that_was_slower_than_the_buyer_admits_nobody(monkeypatch):
    booking = paid_booking()
    slow = door(booking)
    between_look_and_change(monkeypatch, give_back(booking))
    with pytest.raises(TicketCancelled):
        slow()
    assert Ticket.objects.get().admitted_at is None


@pytest.mark.mariadb
def test_without_the_guard_both_doors_admit(monkeypatch):
    booking = paid_booking()
    slow, fast = door(booking), door(booking)
    with monkeypatch.context() as unguarded:
        take_out_the_guard(unguarded)
        between_look_and_change(monkeypatch, fast)
        slow()
    assert BookingEvent.objects.filter(kind="admitted").count() == 2


@pytest.mark.mariadb
def test_without_the_guard_the_database_itself_refuses_a_ticket_that_was_given_back(monkeypatch):
    booking = paid_booking()
    slow = door(booking)
    with monkeypatch.context() as unguarded:
        take_out_the_guard(unguarded)
        between_look_and_change(monkeypatch, give_back(booking))
        with pytest.raises(IntegrityError, match="ticket_admitted_or_cancelled"):
            slow()
    assert Ticket.objects.get().admitted_at is None


@pytest.mark.mariadb
def test_door_and_buyer_wait_for_each_other_in_one_order(monkeypatch, caplog):
    """The booking's row before the ticket's, or this would be a deadlock: tried again, but slower than need be."""
    booking = paid_booking()
    take, coming = bookings.checkin._ticket_take, give_back(booking)

    with ThreadPoolExecutor(1) as buyer:
        waiting = []

        def take_while_the_buyer_waits(*args: Any, **kwargs: Any) -> bool:
            taken = take(*args, **kwargs)
            waiting.append(buyer.submit(lambda: together(coming)))
            with pytest.raises(TimeoutError):
                waiting[0].result(timeout=0.3)
            return taken

        monkeypatch.setattr(bookings.checkin, "_ticket_take", take_while_the_buyer_waits)
        assert door(booking)().admitted_at
        [outcome] = waiting[0].result(timeout=10)
    assert isinstance(outcome, AlreadyAdmitted)
    assert "transaction failed" not in caplog.messages


TICKETS = 100


@pytest.mark.mariadb
@pytest.mark.slow
def test_a_hundred_tickets_are_each_read_at_two_doors_at_once_and_one_admits():
    """Over HTTP, two web processes: one door has the page, the other an app."""
    labels = [f"C{number}" for number in range(1, TICKETS + 1)]
    showtime = showtime_on_sale(labels, starts_at=database_now() + timedelta(hours=1))
    theatre = showtime.screen.theatre
    booking = sell_at_desk(showtime, labels)
    codes = [ticket_code(ticket.serial) for ticket in Ticket.objects.filter(booked_seat__booking=booking)]
    path = f"/theatre/{theatre.pk}/check-in"
    token = session_token_issue(person("door", theatre))
    page = browser_of("door", theatre)
    assert page.get(path).status_code == 200
    by_page = form_headers(page) | {"HX-Request": "true"}
    with Site(workers=2, RATE_LIMITS="off") as site:
        pairs = [
            all_at_once(
                2,
                [
                    lambda code=code: site.call("POST", path, body=f"code={code}".encode(), headers=by_page),
                    lambda code=code: site.call("POST", f"/api/v1{path}", body={"code": code}, token=token),
                ],
            )
            for code in codes
        ]
    assert [sorted(answer.status for answer in pair) for pair in pairs] == [[200, 409]] * TICKETS
    assert all((b'data-look="in"' in answer.body) == (answer.status == 200) for answer, _app in pairs)
    assert BookingEvent.objects.filter(kind="admitted").count() == TICKETS
    assert not Ticket.objects.filter(admitted_at=None).exists()


def sell_at_desk(showtime: Showtime, labels: list[str]) -> Booking:
    draft = desk_draft(
        theatre_id=showtime.screen.theatre_id,
        showtime_id=showtime.pk,
        seats=[SeatPick(label) for label in labels],
        buyer=Buyer(email=""),
        now=database_now(),
    )
    return desk_sell(draft, channel=Channel.CASH, sold_by_id=user_make().pk, now=draft.created_at)
