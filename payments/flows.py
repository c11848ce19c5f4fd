"""What takes several steps: transactions of their own, with calls to Paystack between them, never inside. Pages, API,
webhook, worker and office are doors to these."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bookings.drafts import BookingDraft
from bookings.models import BookedSeat, Booking
from bookings.selectors import booking_full, bookings_full
from bookings.services import Cancelled, booking_cancel, booking_confirm, booking_expire
from movy.lib.batch import one_by_one
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import NotFound
from movy.lib.http import Outside, OutsideBusy, OutsideUnavailable, outside_place
from movy.lib.money import Money
from movy.lib.references import reference_new
from payments.constants import INITIALIZE_WAIT_SECONDS, RECONCILE_SPAN, REFUND_LOOK_AGAIN
from payments.errors import ProviderUnavailable
from payments.gateway import paystack
from payments.locks import payment_locked
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from payments.services import (
    charge_settle,
    desk_sale,
    payment_address_store,
    payment_begin,
    payment_give_up,
    refund_move,
    refund_request,
    refund_settle,
)
from payments.services.charges import next_look_at

logger = logging.getLogger(__name__)


# ---- Paying


def booking_pay(
    booking: Booking,
    *,
    channel: Channel,
    callback_url: str,
    cancel_url: str,
    also: Callable[[Payment], None] | None = None,
) -> Payment | None:
    """Return the attempt to lead the buyer to; None when nothing was to pay and the booking is confirmed.

    `also` is done in the transaction that stores where to pay. Raises as payment_begin does, and ProviderUnavailable:
    the hold is kept, and the next click makes a new attempt.
    """
    now = database_now()
    if booking.total_minor == 0:
        run_in_transaction(lambda: booking_confirm(booking.reference, now=now), find=again)
        return None
    reference = f"MV-{reference_new(16)}"
    payment = run_in_transaction(
        lambda: payment_begin(reference=reference, booking_reference=booking.reference, channel=channel, now=now),
        find=lambda: Payment.objects.filter(reference=reference).first(),
    )
    if payment.reference != reference:
        return payment if payment.authorization_url else _address_of_the_other_click(payment)
    try:
        checkout = paystack.initialize(
            reference=payment.reference,
            email=booking.email,
            money=payment.money,
            channel=channel,
            callback_url=callback_url,
            cancel_url=cancel_url,
            subaccount=booking.showtime.screen.theatre.paystack_subaccount,
        )
    except OutsideUnavailable as error:
        # Paystack may have opened it all the same: it stays watched under its reference, the next click makes another.
        note = error.reason
        run_in_transaction(lambda: _watch_without_address(reference, note), find=again)
        raise ProviderUnavailable from error
    except paystack.Refused as error:
        logger.error("initialize refused: %s", error.message)
        note = error.message
        run_in_transaction(lambda: payment_give_up(reference, note=note, now=now), find=again)
        raise ProviderUnavailable from error

    def store() -> Payment:
        opened = payment_address_store(
            reference, authorization_url=checkout.authorization_url, access_code=checkout.access_code
        )
        if also:
            also(opened)
        return opened

    return run_in_transaction(store, find=again)


def _watch_without_address(reference: str, note: str) -> None:
    """Let the next click start anew at once, instead of waiting for an address that won't come."""
    Payment.objects.filter(reference=reference).update(provider_note=note[:200], is_opening=False)


def _address_of_the_other_click(payment: Payment) -> Payment:
    """Wait for the address that another request is fetching this very moment. Raises ProviderUnavailable."""
    with suppress(OutsideBusy), outside_place():  # who clicks twice while Paystack is silent holds no more threads
        for _attempt in range(INITIALIZE_WAIT_SECONDS * 10):
            time.sleep(0.1)
            payment.refresh_from_db()
            if payment.authorization_url:
                return payment
    raise ProviderUnavailable


# ---- Asking


def charge_fetch(reference: str, *, via: Outside) -> paystack.Charge | None:
    """Ask Paystack about an attempt of ours; None when it has never heard of it. Raises OutsideUnavailable."""
    try:
        return paystack.verify(reference, via=via)
    except paystack.Refused as error:
        logger.error("verify refused: %s", error.message)
        raise OutsideUnavailable(f"refused: {error.message}", status=error.status) from error


def payment_look(reference: str, *, via: Outside) -> Payment:
    """Ask Paystack what became of an attempt and settle it: the one way in which a payment is ever believed.

    Raises OutsideUnavailable, NotFound.
    """
    payment = Payment.objects.filter(reference=reference).first()
    if payment is None:
        raise NotFound
    if payment.status == PaymentStatus.PAID:
        return payment
    charge = charge_fetch(reference, via=via)
    if charge is None:
        return payment
    now = database_now()
    return run_in_transaction(lambda: charge_settle(charge, reference=reference, now=now), find=again)


def payments_poll(*, limit: int = 50) -> int:
    """Ask about the attempts that are due; return how many were asked. Claimed by an UPDATE, so several may run."""
    now = database_now()

    def ask(payment: Payment) -> bool:
        claim = Payment.objects.filter(pk=payment.pk, next_check_at=payment.next_check_at)
        if not claim.update(next_check_at=next_look_at(payment, now)):
            return False
        payment_look(payment.reference, via=paystack.WORKER)
        return True

    return one_by_one(Payment.objects.due(now).order_by("next_check_at")[:limit], ask)


def payments_reconcile() -> int:
    """Walk through what Paystack has charged in the last days and settle what we hold for unpaid; return how much.

    The net under everything else: for a payment whose messages were lost and whose watching has ended.
    """
    since = database_now() - RECONCILE_SPAN
    return sum(
        one_by_one(
            Payment.objects.filter(reference__in=references).exclude(status=PaymentStatus.PAID),
            lambda payment: payment_look(payment.reference, via=paystack.WORKER).status == PaymentStatus.PAID,
        )
        for references in paystack.successful_references(since=since)
    )


def holds_release_overdue(*, limit: int = 200) -> int:
    """End the holds whose time is over; return how many. Their open attempts are asked about once more before.

    If Paystack can't be reached the hold ends all the same: its seats are free since its time, and a success that shows
    later is settled as a late one.
    """
    overdue = Booking.objects.overdue(database_now()).order_by("hold_expires_at").prefetch_related("payments")

    def end(booking: Booking) -> bool:
        attempts = (row for row in booking.payments.all() if row.status != PaymentStatus.PAID and row.next_check_at)
        one_by_one(attempts, lambda row: bool(payment_look(row.reference, via=paystack.WORKER)))
        return _hold_end(booking.reference)

    return one_by_one(overdue[:limit], end)


def _hold_end(reference: str) -> bool:
    now = database_now()
    return run_in_transaction(lambda: booking_expire(reference, now=now), find=again)


# ---- Cancelling


def booking_give_back(
    reference: str,
    *,
    labels: Sequence[str] | None,
    actor_id: int | None,
    also: Callable[[Refund | None], None] | None = None,
) -> tuple[Booking, Refund | None]:
    """Cancel a booking or some of its seats, ask for the refund and do `also`, in one transaction.

    Raises as bookings.services.booking_cancel does.
    """
    now = database_now()

    def give_back() -> tuple[Booking, Refund | None]:
        done = _cancel_and_refund(reference, labels, actor_id, now)
        if also:
            also(done[1])
        return done

    _booking, refund = run_in_transaction(give_back, find=lambda: _cancelled_at(reference, now))
    booking = booking_full(reference)
    if booking is None:
        raise NotFound
    return booking, refund


def _cancel_and_refund(
    reference: str, labels: Sequence[str] | None, actor_id: int | None, now: datetime
) -> tuple[Booking, Refund | None]:
    payment = Payment.objects.filter(confirms__reference=reference).first()
    if payment is not None:
        payment = payment_locked(payment.reference)  # before the booking, as everywhere
    done: Cancelled = booking_cancel(reference, labels=labels, actor_id=actor_id, now=now)
    refund = None
    if done.refund is not None:
        payment = payment or payment_locked(Payment.objects.get(confirms__reference=reference).reference)
        refund = refund_request(payment, money=done.refund, reason=RefundReason.CANCELLED, now=now, actor_id=actor_id)
    return done.booking, refund


def _cancelled_at(reference: str, now: datetime) -> tuple[Booking, Refund | None] | None:
    """What a cancellation of that instant did, None when there was none: for a commit whose answer was lost."""
    line = BookedSeat.objects.filter(booking__reference=reference, cancelled_at=now).select_related("booking").first()
    if line is None:
        return None
    return line.booking, Refund.objects.filter(payment__booking=line.booking, created_at=now).first()


# ---- The desk


def desk_sell(
    draft: BookingDraft,
    *,
    channel: Channel,
    sold_by_id: int,
    now: datetime,
    also: Callable[[Booking], None] | None = None,
) -> Booking:
    """Sell the draft's seats at the theatre's desk and do `also`, in one transaction; return the booking in full.

    Raises SeatsUnavailable. A COMMIT whose answer was lost is looked up by the draft's reference: the money is in the
    till once.
    """
    reference = f"MV-{reference_new(16)}"

    def sell() -> Booking:
        booking = desk_sale(draft, reference=reference, channel=channel, sold_by_id=sold_by_id, now=now)
        if also:
            also(booking)
        return booking

    booking = run_in_transaction(
        sell,
        find=lambda: Booking.objects.filter(reference=draft.reference).first(),
    )
    return bookings_full().get(pk=booking.pk)


# ---- Refunds


def refunds_follow(*, limit: int = 50) -> int:
    """Ask for the refunds that are due, or what became of them; return how many were looked at."""
    now = database_now()

    def follow(refund: Refund) -> bool:
        claim = Refund.objects.filter(pk=refund.pk, next_check_at=refund.next_check_at)
        if not claim.update(next_check_at=now + _refund_pause(refund, now)):
            return False
        refund_follow(refund)
        return True

    return one_by_one(Refund.objects.due(now).select_related("payment").order_by("next_check_at")[:limit], follow)


def refund_follow(refund: Refund) -> Refund:
    """Bring one refund a step on. Asked for at most once: Paystack's own list is looked through before asking again.

    Raises OutsideUnavailable; the next look then starts with that list.
    """
    transaction_id = refund.payment.provider_id
    if not transaction_id:
        raise RuntimeError(f"{refund.reference} is for a payment that Paystack has not shown us")
    try:
        if refund.provider_id:
            told = paystack.refund_fetch(refund.provider_id)
        else:
            told = _refund_found(refund, transaction_id) or paystack.refund_create(
                transaction_id=transaction_id,
                money=Money(refund.amount_minor, refund.currency),
                merchant_note=refund.reference,
            )
    except paystack.Refused as error:
        logger.error("refund refused: %s %s", refund.reference, error.message)
        return _refund_refused(refund, error.message)
    now = database_now()
    return run_in_transaction(lambda: refund_settle(refund.pk, told, now=now), find=again)


def _refund_found(refund: Refund, transaction_id: str) -> paystack.ProviderRefund | None:
    """Find our request in Paystack's list by the note that we sent with it."""
    listed = paystack.refunds_of(transaction_id)
    return next((row for row in listed if row.merchant_note == refund.reference), None)


def _refund_refused(refund: Refund, note: str) -> Refund:
    """Paystack said no: a person has to look. Nothing is asked again by itself."""
    now = database_now()
    if refund.status == RefundStatus.PENDING:
        run_in_transaction(lambda: refund_move(refund, RefundStatus.FAILED, at=now, note=note), find=again)
    return refund


def _refund_pause(refund: Refund, now: datetime) -> timedelta:
    """Return how long to wait before the next look: short while it is young, hourly after an hour."""
    if not refund.provider_id:
        return REFUND_LOOK_AGAIN
    age = now - refund.created_at
    if age < timedelta(minutes=2):
        return timedelta(seconds=3)
    if age < timedelta(minutes=10):
        return timedelta(seconds=30)
    if age < timedelta(hours=1):
        return timedelta(minutes=5)
    return timedelta(hours=1)
