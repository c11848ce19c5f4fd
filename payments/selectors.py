"""What the office reads about money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from bookings.history import Told
from bookings.models import BookedSeat, Booking, BookingStatus, CallOff
from bookings.selectors import bookings_full, kept_lines
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments.history import history_of
from payments.models import Payment, PaymentStatus, Refund, RefundReason, RefundStatus


@dataclass(frozen=True)
class Dossier:
    """Everything about one booking. `left`: what could still go back of what was paid."""

    booking: Booking
    status: BookingStatus
    lines: Sequence[BookedSeat]
    kept: Sequence[BookedSeat]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    mails: Sequence[Mail]
    history: Sequence[Told]
    left: Money

    @property
    def can_move(self) -> bool:
        return self.status == BookingStatus.CONFIRMED

    @property
    def can_send(self) -> bool:
        return self.status == BookingStatus.CONFIRMED and bool(self.booking.email)

    @property
    def can_give_back(self) -> bool:
        """Whether there are seats or money to give back."""
        return self.status == BookingStatus.CONFIRMED or self.left.amount_minor > 0


def booking_dossier(pk: int, *, now: datetime) -> Dossier:
    """Return all that the office is shown of a booking. A fixed number of queries. The caller checks whose it is."""
    booking = bookings_full().select_related("user", "sold_by").get(pk=pk)
    lines = list(BookedSeat.objects.filter(booking=booking).select_related("ticket__admitted_by").order_by("seat_id"))
    payments = sorted(booking.payments.all(), key=lambda payment: payment.prominence, reverse=True)
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    for payment in payments:
        for refund in payment.refunds.all():
            refund.payment = payment  # as fetched: saves a query each
    confirming = next((payment for payment in payments if payment.confirms_id == booking.pk), None)
    return Dossier(
        booking=booking,
        status=booking.status_at(now),
        lines=lines,
        kept=kept_lines(booking),
        payments=payments,
        refunds=sorted(refunds, key=lambda refund: refund.pk),
        mails=list(Mail.objects.filter(about=booking.reference).defer("content").order_by("-pk")),
        history=history_of(booking),
        left=Money(confirming.left_minor if confirming else 0, booking.currency),
    )


@dataclass(frozen=True)
class CallingOff:
    """How far a calling off has come. Counts of bookings that were paid: `waiting` still have their seats, `refunded`
    have their money back, `on_the_way` are at Paystack, and the refunds `by_hand` and `stuck` wait for a person."""

    call_off: CallOff
    waiting: int
    refunded: int
    on_the_way: int
    by_hand: Sequence[Refund]
    stuck: Sequence[Refund]
    money_back: Money

    @property
    def total(self) -> int:
        return self.waiting + self.refunded + self.on_the_way + self.needs_a_hand

    @property
    def needs_a_hand(self) -> int:
        return len(self.by_hand) + len(self.stuck)

    @property
    def goes_on(self) -> bool:
        """Whether it changes by itself: the page looks again."""
        return self.call_off.finished_at is None or self.on_the_way > 0


def calling_off(call_off: CallOff) -> CallingOff:
    """Return how far a calling off has come. Three queries."""
    paid = Booking.objects.filter(showtime=call_off.showtime_id, status=BookingStatus.CONFIRMED, total_minor__gt=0)
    refunds = Refund.objects.filter(
        payment__booking__showtime=call_off.showtime_id, payment__status=PaymentStatus.PAID
    ).filter(reason=RefundReason.CALLED_OFF)
    hand = list(refunds.for_a_person().select_related("payment__booking").order_by("pk"))
    counts = refunds.aggregate(
        refunded=Count("pk", filter=Q(status=RefundStatus.PROCESSED)),
        pending=Count("pk", filter=Q(status=RefundStatus.PENDING)),
        minor=Sum("amount_minor", filter=Q(status=RefundStatus.PROCESSED), default=0),
    )
    by_hand = [refund for refund in hand if refund.status == RefundStatus.PENDING]
    return CallingOff(
        call_off=call_off,
        waiting=paid.count(),
        refunded=counts["refunded"],
        on_the_way=counts["pending"] - len(by_hand),
        by_hand=by_hand,
        stuck=[refund for refund in hand if refund.status != RefundStatus.PENDING],
        money_back=Money(counts["minor"], call_off.showtime.currency),
    )
