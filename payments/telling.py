"""What a buyer is told of a payment, on pages and in mails: where it stands, and why money goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.models import Booking, BookingStatus
from payments.constants import ASK_AFTER_DEADLINE
from payments.models import Payment, PaymentStatus, Refund, RefundReason

LOOKS = [  # until what age of an attempt its page looks again every so many seconds; later, less often
    (timedelta(minutes=2), 5),
    (timedelta(minutes=10), 15),
]
LOOKS_LATER = 60


class Stage(StrEnum):
    """Where a payment stands for its buyer. The templates have a part for each."""

    WAITING = "waiting"
    """Not paid yet, and the seats are kept."""
    LATE = "late"
    """Not paid yet, and the seats' time is over."""
    NOT_NEEDED = "not_needed"
    """Not paid, and the booking is paid by another attempt."""
    LET_GO = "let_go"
    """Not paid, and the booking is cancelled."""
    FAILED = "failed"
    """Not taken, and the seats are kept."""
    FAILED_OVER = "failed_over"
    """Not taken, and nothing is left to pay for."""
    BOOKED = "booked"
    """Paid, and the seats are the buyer's."""
    GIVEN_BACK = "given_back"
    """Taken, and not for seats that the buyer has: it goes back by its refunds, unless all was used up."""

    @property
    def is_open(self) -> bool:
        """Whether money may still come: the page looks again by itself."""
        return self in (Stage.WAITING, Stage.LATE, Stage.NOT_NEEDED, Stage.LET_GO)


_UNPAID = {
    BookingStatus.HELD: Stage.WAITING,
    BookingStatus.EXPIRED: Stage.LATE,
    BookingStatus.CONFIRMED: Stage.NOT_NEEDED,
    BookingStatus.CANCELLED: Stage.LET_GO,
}


def payment_stage(payment: Payment, status: BookingStatus) -> Stage:
    """Return where a payment stands. `status`: the booking's, as of now."""
    if payment.status == PaymentStatus.PENDING:
        return _UNPAID[status]
    if payment.status == PaymentStatus.FAILED:
        return Stage.FAILED if status == BookingStatus.HELD else Stage.FAILED_OVER
    is_booked = payment.confirms_id == payment.booking_id and status == BookingStatus.CONFIRMED
    return Stage.BOOKED if is_booked else Stage.GIVEN_BACK


def wait_seconds(payment: Payment, now: datetime) -> int:
    """Return after how many seconds a page asks again: soon while a payment is fresh, then less and less often."""
    age = now - payment.created_at
    return next((seconds for until, seconds in LOOKS if age < until), LOOKS_LATER)


def asks_until(payment: Payment, now: datetime) -> datetime | None:
    """Return when we ask Paystack about an unpaid attempt for the last time by ourselves; None once that is over."""
    last = payment.deadline_at + ASK_AFTER_DEADLINE[-1]
    return last if last > now else None


# ---- Why money goes back


def refund_why(refund: Refund) -> str:
    """Return in plain words why this money goes back. In the theatre's time; no query on a payment with its booking."""
    return _WHY[RefundReason(refund.reason)](refund)


def _seats_gone(refund: Refund) -> str:
    """The hold was over. Or the payment was in time, and Paystack could not tell us before it was."""
    payment, booking = refund.payment, refund.payment.booking
    ended_at = booking.hold_expires_at or payment.deadline_at
    paid_at = payment.paid_at or refund.created_at
    words = {
        "paid": _clock(paid_at, booking, beside=ended_at),
        "until": _clock(ended_at, booking, beside=ended_at),
        "told": _clock(refund.created_at, booking, beside=ended_at),
        "began": _clock(booking.showtime.starts_at, booking, beside=ended_at),
    }
    if booking.showtime.starts_at <= refund.created_at:
        return _("Your payment came at %(paid)s; the show had begun at %(began)s, so your seats were gone.") % words
    if paid_at <= ended_at:
        return (
            _(
                "You paid at %(paid)s, but we could learn of it only at %(told)s. Your seats were kept until %(until)s"
                " and have been taken since."
            )
            % words
        )
    return _("Your payment came at %(paid)s; your seats were kept until %(until)s and have been taken since.") % words


def _cancelled(refund: Refund) -> str:
    if refund.payment.confirms_id:
        return _("You gave seats back, and get what the theatre's rule gives for them.")
    return _("Your payment reached us after you had let the seats go.")


def _called_off(refund: Refund) -> str:
    if refund.payment.confirms_id:
        return _("The show does not take place.")
    return _("Your payment reached us after the show had been called off.")


def _mismatch(refund: Refund) -> str:
    payment = refund.payment
    if payment.charged is None or payment.charged == payment.money:
        return _("What Paystack took is not the payment that we had asked for, so it could not pay for your seats.")
    words = {"asked": payment.money, "came": payment.charged}
    return _("We had asked for %(asked)s, and %(came)s came, so it could not pay for your seats.") % words


_WHY: dict[RefundReason, Callable[[Refund], str]] = {
    RefundReason.SEATS_GONE: _seats_gone,
    RefundReason.PAID_TWICE: lambda refund: _(
        "You paid twice for the same seats. They are yours; this second payment goes back."
    ),
    RefundReason.CANCELLED: _cancelled,
    RefundReason.CALLED_OFF: _called_off,
    RefundReason.MISMATCH: _mismatch,
    RefundReason.OFFICE: lambda refund: _("The theatre gives it back."),
    RefundReason.AT_PAYSTACK: lambda refund: _("The theatre gives it back."),
}


def _clock(instant: datetime, booking: Booking, *, beside: datetime) -> str:
    """Return the theatre's time of an instant, with the day where it isn't the day of `beside`."""
    zone = booking.showtime.screen.theatre.zone
    local = instant.astimezone(zone)
    is_same_day = local.date() == beside.astimezone(zone).date()
    return date_format(local, "CLOCK" if is_same_day else "SHORT_DAY_TIME")
