"""Paying: an attempt is written, then Paystack is asked for the address where the buyer pays."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from bookings.models import Booking
from bookings.services import booking_confirm
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.http import OutsideBusy, OutsideUnavailable, outside_place
from movy.lib.references import reference_new
from payments.constants import INITIALIZE_WAIT_SECONDS
from payments.errors import ProviderUnavailable
from payments.gateway import paystack
from payments.models import Channel, Payment
from payments.services import payment_address_store, payment_begin, payment_give_up

logger = logging.getLogger(__name__)


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
