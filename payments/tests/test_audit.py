"""The audit finds what is broken: each promise, broken by hand, is named; unbroken books are silent."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bookings.models import BookedSeat, Booking, BookingStatus, SeatStatus, ShowtimeSeat, Ticket
from bookings.services import booking_confirm
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale
from catalog.models import Showtime
from catalog.tests.factories import ShowtimeFactory
from payments.audit import violations
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking() -> Booking:
    """A confirmed and paid booking of C4, beside a held one of C5."""
    showtime = showtime_on_sale(["C4", "C5", "C6"])
    booking = hold(showtime, ["C4"])
    hold(showtime, ["C5"], who=buyer("kofi"))
    assert booking_confirm(booking.reference, now=NOW)
    Payment.objects.create(
        reference="MV-PAID",
        booking=booking,
        confirms=booking,
        amount_minor=booking.total_minor,
        currency="NGN",
        channel=Channel.CARD,
        status=PaymentStatus.PAID,
        created_at=NOW,
        deadline_at=NOW,
        paid_at=NOW,
        charged_minor=booking.total_minor,
        charged_currency="NGN",
    )
    assert list(violations(NOW)) == []
    return booking


def refund(amount_minor: int, reason: RefundReason = RefundReason.CANCELLED) -> Refund:
    return Refund.objects.create(
        reference="RF-1",
        payment=Payment.objects.get(),
        amount_minor=amount_minor,
        currency="NGN",
        reason=reason,
        created_at=NOW,
    )


def second_owner(booking: Booking) -> None:
    other = Booking.objects.exclude(pk=booking.pk).get()
    line = booking.seats.get()
    BookedSeat.objects.create(
        booking=other, seat=line.seat, label="C4", category="standard", ticket_type="adult", price_minor=0
    )


BREAKS = {
    "live bookings": second_owner,
    "but its seat C4 is free": lambda booking: ShowtimeSeat.objects.filter(seat__label="C4").update(
        status=SeatStatus.FREE, booking=None
    ),
    "which has no such live line": lambda booking: ShowtimeSeat.objects.filter(seat__label="C6").update(
        status=SeatStatus.SOLD, booking_id=booking.reference
    ),
    "its 1 lines": lambda booking: Booking.objects.filter(pk=booking.pk).update(total_minor=1),
    "not paid in full": lambda booking: Payment.objects.update(charged_minor=349_999),
    "confirms nothing and gave back": lambda booking: Payment.objects.update(confirms=None),
    "and gave back 350001": lambda booking: refund(350_001),
    "for a payment that took nothing": lambda booking: (refund(1), Payment.objects.update(status="pending")),
    "confirms a booking that is held": lambda booking: Booking.objects.filter(pk=booking.pk).update(
        status=BookingStatus.HELD
    ),
    "given back by seats": lambda booking: refund(1),
    "in refunds, and 0 noted": lambda booking: refund(1, RefundReason.OFFICE),
    "payment MV-PAID is in another theatre's books": lambda booking: Payment.objects.update(theatre=TheatreFactory()),
    "refund RF-1 is in another theatre's books": lambda booking: (
        refund(1),
        Refund.objects.update(theatre=TheatreFactory()),
    ),
    "has no ticket that lets in": lambda booking: Ticket.objects.update(cancelled_at=NOW),
    "lets in for a seat that was given back": lambda booking: BookedSeat.objects.update(cancelled_at=NOW),
    "at once": lambda booking: ShowtimeFactory(
        screen=booking.showtime.screen, starts_at=booking.showtime.starts_at + timedelta(minutes=30)
    ),
}


@pytest.mark.parametrize("said", BREAKS)
def test_what_is_broken_is_named(booking, said):
    BREAKS[said](booking)
    assert any(said in sentence for sentence in violations(NOW)), list(violations(NOW))


def test_a_lapsed_hold_that_nobody_swept_is_no_violation(booking):
    assert list(violations(NOW + timedelta(hours=1))) == []


def test_the_command_counts_and_fails(booking):
    out = StringIO()
    call_command("audit", stdout=out)
    assert out.getvalue().splitlines()[-1] == "violations=0"
    Showtime.objects.update(free_at=NOW + timedelta(days=9))
    Payment.objects.update(charged_minor=1)
    with pytest.raises(SystemExit):
        call_command("audit", stdout=out)
    assert out.getvalue().splitlines()[-1] != "violations=0"
