"""Finding somebody's money by what they have at hand: their e-mail, and a reference out of a mail."""

from __future__ import annotations

import re
import time

from django.db.models import Q

from bookings.models import Booking
from bookings.selectors import booking_full
from movy.lib.http import OutsideUnavailable
from movy.lib.references import ALPHABET
from payments.flows import payment_look
from payments.gateway import paystack
from payments.models import PaymentStatus

BOOKING_SIGNS = 10
PAYMENT_SIGNS = 16
MARK = "MV"  # before a payment's signs
ASK_SECONDS = 9  # for all attempts of a booking together; what was not asked by then is not


def reference_read(typed: str) -> str:
    """Return a payment's or a booking's reference as we write it, from what a person typed: small letters, blanks, a
    dash left out or of another kind. Empty for what can't be one."""
    signs = re.sub(r"[\W_]", "", typed).upper()
    is_payment = signs.startswith(MARK) and len(signs) == len(MARK) + PAYMENT_SIGNS
    bare = signs.removeprefix(MARK) if is_payment else signs
    if set(bare) - set(ALPHABET) or len(bare) != (PAYMENT_SIGNS if is_payment else BOOKING_SIGNS):
        return ""
    return f"{MARK}-{bare}" if is_payment else bare


def booking_meant(*, email: str, reference: str) -> str | None:
    """Return the reference of the booking that both are of; None for an unknown one and for a wrong pair alike.

    One query that knows both, so that the two cases take the same time. `reference`: as reference_read returns it.
    """
    of_pair = Booking.objects.filter(
        Q(reference=reference) | Q(payments__reference=reference), email__iexact=email.strip()
    )
    return of_pair.values_list("reference", flat=True).first()


def booking_money_look(reference: str) -> tuple[Booking | None, bool]:
    """Ask Paystack about all attempts of a booking that are not known to be paid and settle what it says; return the
    booking with all of them, and whether Paystack has answered for each.

    The newest is asked first. An attempt that the desk took is not Paystack's.
    """
    found = booking_full(reference)
    if found is None:
        return None, True
    attempts = sorted(found.payments.all(), key=lambda payment: payment.pk, reverse=True)
    unpaid = [payment for payment in attempts if payment.status != PaymentStatus.PAID and not payment.is_by_hand]
    until = time.monotonic() + ASK_SECONDS
    for payment in unpaid:
        if time.monotonic() > until:
            return booking_full(reference), False
        try:
            payment_look(payment.reference, via=paystack.PERSON_WAITS)
        except OutsideUnavailable:
            return booking_full(reference), False
    return (booking_full(reference) if unpaid else found), True
