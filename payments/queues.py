"""The reconciliation desk's five queues: which money needs a person, asked of bookings, payments and refunds, and of
what only Paystack's side can tell (Finding). docs/money.md says what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import User
from bookings.models import Booking, BookingStatus
from payments.models import (
    Finding,
    FindingKind,
    Payment,
    PaymentStatus,
    Refund,
    RefundReason,
    RefundStatus,
)
from theatres.models import Theatre
from theatres.querysets import OfTheatreQuerySet

LOOK_BACK = timedelta(days=30)
"""How long a payment that was not what was asked for is shown, whose money goes back by itself; and how long after the
show a ticket without money is."""

NEWEST = 10_000
"""How many bookings are looked through for tickets without money where all theatres are looked at together."""

FINDINGS = {  # which queue shows which findings
    "paid-without-ticket": (FindingKind.UNSETTLED, FindingKind.STRANGER),
    "ticket-without-money": (FindingKind.UNPAID, FindingKind.TAKEN_BACK),
    "mismatch": (FindingKind.DIFFERS,),
    "refunds": (FindingKind.OVER_REFUNDED,),
}


@dataclass(frozen=True)
class Whose:
    """Whose money is looked at: of all theatres that `viewer` may see, or of one of them. Without a viewer the caller
    has found the theatre to be visible."""

    viewer: User | None = None
    theatre: Theatre | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether this is the money of all theatres there are."""
        return self.theatre is None and self.viewer is not None and self.viewer.is_superuser

    def own(self, rows: OfTheatreQuerySet) -> QuerySet[Any]:
        """Return those of the rows that are this person's to see."""
        seen = rows.visible_to(self.viewer) if self.viewer else rows
        return seen if self.theatre is None else seen.filter(**{rows.theatre_path: self.theatre})


def paid_without_ticket(whose: Whose) -> QuerySet[Payment]:
    """Charges that confirm nothing and don't go back in full. Movy asks for that by itself, so there should be none."""
    paid = Payment.objects.filter(status=PaymentStatus.PAID, confirms=None, refunded_minor__lt=F("charged_minor"))
    return whose.own(paid)


def ticket_without_money(whose: Whose, now: datetime) -> QuerySet[Booking]:
    """Confirmed bookings without a paid payment, and those of which somebody gave all money back at Paystack: of shows
    to come and of the last weeks, or each look would read all that was ever sold; where all theatres are looked at
    together, among the newest bookings, which is one query here. The audit finds the others."""
    unpaid = Q(confirming_payment=None) | ~Q(confirming_payment__status=PaymentStatus.PAID)
    back = Q(confirming_payment__refunded_minor=F("confirming_payment__charged_minor"), is_from_paystack=True)
    there = Refund.objects.filter(payment__confirms=OuterRef("pk"), reason=RefundReason.AT_PAYSTACK)
    put_away = _put_away("confirming_payment__reference", FindingKind.TAKEN_BACK)
    confirmed = Booking.objects.filter(status=BookingStatus.CONFIRMED, total_minor__gt=0)
    if whose.is_everybody:
        newest = Booking.objects.aggregate(pk=Max("pk"))["pk"] or 0
        confirmed = confirmed.filter(pk__gt=newest - NEWEST)
    else:
        confirmed = confirmed.filter(showtime__starts_at__gte=now - LOOK_BACK)
    return whose.own(confirmed.annotate(is_from_paystack=Exists(there)).filter(unpaid | (back & ~Q(put_away))))


def paid_twice(whose: Whose) -> QuerySet[Refund]:
    """Second charges of one booking whose money is not back yet."""
    return whose.own(Refund.objects.filter(reason=RefundReason.PAID_TWICE).exclude(status=RefundStatus.PROCESSED))


def mismatches(whose: Whose, now: datetime) -> QuerySet[Payment]:
    """Payments of the last weeks that were not what was asked for."""
    odd = Payment.objects.filter(mismatch__gt="", created_at__gte=now - LOOK_BACK)
    return whose.own(odd).exclude(_put_away("reference", FindingKind.DIFFERS))


def stuck_refunds(whose: Whose) -> QuerySet[Refund]:
    """Refunds that need bank details, or failed."""
    return whose.own(Refund.objects.filter(status__in=[RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED]))


def findings(whose: Whose) -> QuerySet[Finding]:
    """What was found at Paystack and is still so. About tickets only while there are some."""
    about_tickets = Q(kind__in=FINDINGS["ticket-without-money"])
    return whose.own(Finding.objects.open()).exclude(
        about_tickets & ~Q(payment__confirms__status=BookingStatus.CONFIRMED)
    )


def _put_away(reference: str, kind: FindingKind) -> Exists:
    return Exists(Finding.objects.filter(kind=kind, reference=OuterRef(reference)).exclude(why=""))
