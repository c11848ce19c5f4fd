"""The queues' rows as the office reads them: who, what, how much, what has been done, what to do, and one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from payments.models import Finding, FindingKind, Payment, PaymentStatus, Refund, RefundStatus
from payments.queues import (
    FINDINGS,
    Whose,
    findings,
    mismatches,
    paid_twice,
    paid_without_ticket,
    stuck_refunds,
    ticket_without_money,
)


class Step(StrEnum):
    """What a row's button does."""

    CHECK = "check"
    GIVE_BACK = "give-back"
    AGAIN = "again"
    DETAILS = "bank-details"
    SEATS = "seats"


LABELS = {
    Step.CHECK: _("Check again with Paystack"),
    Step.GIVE_BACK: _("Give the money back"),
    Step.AGAIN: _("Ask for the refund again"),
    Step.DETAILS: _("Enter bank details"),
    Step.SEATS: _("Take the seats back"),
}


_ADDRESSES = {  # (whether it is a refund's, step) -> the page's name
    (False, Step.CHECK): "check",
    (False, Step.GIVE_BACK): "give_back",
    (True, Step.CHECK): "refund_check",
    (True, Step.AGAIN): "refund_again",
    (True, Step.DETAILS): "refund_details",
}


@dataclass(frozen=True)
class QueueRow:
    """One matter. `reference`: the payment's, or the refund's where `is_refund`; `step`: what its button does.
    `put_away`: the kind and reference by which it can be put away with a reason, None when it must not be."""

    reference: str
    booking: Booking | None
    who: str
    what: Any
    money: Any
    since: datetime
    done: Any
    todo: Any
    step: Step | None
    is_refund: bool = False
    put_away: tuple[str, str] | None = None

    @property
    def label(self) -> Any:
        return LABELS[self.step] if self.step else ""

    @property
    def address(self) -> str:
        """Where its button leads."""
        if self.step == Step.SEATS and self.booking:
            return reverse("admin:bookings_booking_refund", args=[self.booking.pk])
        name = _ADDRESSES[self.is_refund, self.step] if self.step else ""
        return reverse(f"admin:reconciliation_{name}", args=[self.reference]) if name else ""

    @property
    def is_page(self) -> bool:
        """Whether the button leads to a page that asks for more."""
        return self.step in (Step.DETAILS, Step.SEATS)


@dataclass(frozen=True)
class Queue:
    name: str
    title: Any
    about: Any
    calm: Any
    rows: list[QueueRow]


ROWS_MAX = 100
"""Rows of one queue on the page, the oldest first."""


def queues(whose: Whose, now: datetime) -> list[Queue]:
    """Return the five queues with their rows. Six queries; one more where all theatres are looked at together, and four
    for the shows of tickets without money, where there are any."""
    found: dict[str, list[QueueRow]] = {name: [] for name in FINDINGS}
    open_findings = findings(whose).select_related(*_of_booking("payment__booking"), "payment")
    for finding in open_findings.order_by("found_at", "pk")[: 2 * ROWS_MAX]:
        queue = next(name for name, kinds in FINDINGS.items() if finding.kind in kinds)
        found[queue].append(_finding_row(finding))
    return [
        Queue(name, title, about, calm, [*_rows(rows, make), *found.get(name, [])])
        for (name, title, about, calm), (rows, make) in zip(_TITLES, _sources(whose, now), strict=True)
    ]


def _sources(whose: Whose, now: datetime) -> list[tuple[QuerySet[Any], Callable[[Any], QueueRow]]]:
    of_payment, of_refund = _of_booking("booking"), _of_booking("payment__booking")
    # Their shows beside them: of a join with the few theatres the planner begins there, and reads all bookings.
    tickets = ticket_without_money(whose, now).prefetch_related("showtime__movie", "showtime__screen__theatre")
    return [
        (paid_without_ticket(whose).select_related(*of_payment), _unbacked_row),
        (tickets.select_related("confirming_payment"), _ticket_row),
        (paid_twice(whose).select_related(*of_refund), _refund_row),
        (mismatches(whose, now).select_related(*of_payment).prefetch_related("refunds"), _mismatch_row),
        (stuck_refunds(whose).select_related(*of_refund), _refund_row),
    ]


def _of_booking(path: str) -> tuple[str, ...]:
    """What a row shows of its booking: the show, and the theatre's zone."""
    return (f"{path}__showtime__movie", f"{path}__showtime__screen__theatre")


def _rows(rows: QuerySet[Any], make: Callable[[Any], QueueRow]) -> list[QueueRow]:
    return [make(row) for row in rows.order_by("pk")[:ROWS_MAX]]


def _who(booking: Booking) -> str:
    return booking.name or booking.email or booking.phone


def _unbacked_row(payment: Payment) -> QueueRow:
    return QueueRow(
        payment.reference,
        payment.booking,
        _who(payment.booking),
        _("Paid, but it bought no ticket, and not all of it goes back"),
        payment.charged,
        payment.paid_at or payment.created_at,
        _("Nothing yet"),
        _("Give the rest back. It goes the way it came."),
        Step.GIVE_BACK,
    )


def _ticket_row(booking: Booking) -> QueueRow:
    payment: Payment | None = getattr(booking, "confirming_payment", None)
    back = payment is not None and payment.status == PaymentStatus.PAID
    return QueueRow(
        payment.reference if payment else "",
        booking,
        _who(booking),
        _("All of its money was given back in Paystack's dashboard") if back else _("Confirmed without a paid payment"),
        booking.total,
        booking.confirmed_at or booking.created_at,
        _("The refund is in the books. The tickets still let in.") if back else _("Nothing yet"),
        _("Take the seats back, with an amount of 0. Or put this away, if the customer may keep them.")
        if back
        else _("Take the seats back, with an amount of 0."),
        Step.SEATS,
        put_away=(FindingKind.TAKEN_BACK, payment.reference) if payment and back else None,
    )


_REFUND_WORDS: dict[
    RefundStatus, tuple[Any, Any, Step | None]
] = {  # state -> what has been done, what to do, the button
    RefundStatus.PENDING: (
        _("The refund is on its way"),
        _("Nothing. Paystack takes up to ten working days."),
        Step.CHECK,
    ),
    RefundStatus.NEEDS_ATTENTION: (
        _("Asked for the refund; asked the customer by mail for an account"),
        _("Get the customer's bank details and enter them."),
        Step.DETAILS,
    ),
    RefundStatus.FAILED: (
        _("Asked for the refund, and it failed"),
        _("Read what Paystack says, mend it, then ask again."),
        Step.AGAIN,
    ),
    RefundStatus.PROCESSED: (
        _("Everything has gone back"),
        _("Nothing for the customer. Find out how it came about, then put it away."),
        None,
    ),
}


def _refund_row(refund: Refund) -> QueueRow:
    done, todo, step = _REFUND_WORDS[RefundStatus(refund.status)]
    reason = refund.get_reason_display()  # type: ignore[attr-defined]
    return QueueRow(
        refund.reference,
        refund.payment.booking,
        _who(refund.payment.booking),
        (_("Refund, %(reason)s. Paystack says: %(note)s") if refund.provider_note else _("Refund, %(reason)s"))
        % {"reason": reason, "note": refund.provider_note},
        refund.money,
        refund.created_at,
        done,
        todo,
        step,
        is_refund=True,
    )


def _mismatch_row(payment: Payment) -> QueueRow:
    """Its money goes back by itself; where that got stuck, the button is the refund's."""
    refund = max(payment.refunds.all(), key=lambda refund: refund.pk, default=None)
    words = _REFUND_WORDS[RefundStatus(refund.status)] if refund else None
    is_stuck = refund is not None and refund.status in (RefundStatus.NEEDS_ATTENTION, RefundStatus.FAILED)
    return QueueRow(
        refund.reference if refund else payment.reference,
        payment.booking,
        _who(payment.booking),
        _("Asked for %(asked)s, paid %(charged)s: differs in %(what)s")
        % {"asked": payment.money, "charged": payment.charged or "–", "what": payment.mismatch},
        payment.charged or payment.money,
        payment.paid_at or payment.created_at,
        words[0] if words else _("Nothing: this money belongs to another payment"),
        words[1] if words else _("Find out how it came about, then put it away."),
        words[2] if words else None,
        is_refund=refund is not None,
        put_away=None if is_stuck else (FindingKind.DIFFERS, payment.reference),
    )


_FINDING_WORDS = {  # kind -> what it is, what has been done, what to do
    FindingKind.STRANGER: (
        _("Charged at Paystack under a reference that Movy never made"),
        _("Nothing: Movy doesn't know what it was for"),
        _("Find it in Paystack's dashboard. Give it back there, or put it away if it is another shop's."),
    ),
    FindingKind.UNSETTLED: (
        _("Paystack's list says paid, its answer about the payment does not"),
        _("Asked, and will ask again"),
        _("Check again in a few minutes."),
    ),
    FindingKind.UNPAID: (
        _("Paystack has no money for these tickets"),
        _("Nothing: the tickets still let in"),
        _("Check again. If it stays so, take the seats back on the booking's page, with an amount of 0."),
    ),
    FindingKind.TAKEN_BACK: (
        _("Taken back at Paystack, perhaps charged back by the customer's bank"),
        _("Nothing: the tickets still let in"),
        _(
            "See Paystack's dashboard, ask the customer. Take the seats back on the booking's page, with an amount of"
            " 0, or put this away."
        ),
    ),
    FindingKind.DIFFERS: (
        _("Paystack tells another amount now than when it was paid"),
        _("Kept the books as they were"),
        _("Compare with Paystack's dashboard, then put it away."),
    ),
    FindingKind.OVER_REFUNDED: (
        _("A refund in Paystack's dashboard is more than was left of the payment"),
        _("Kept the books as they were"),
        _(
            "Compare with Paystack's dashboard. If a refund of Movy's own is in the way, it will fail, and then this"
            " one takes its place."
        ),
    ),
}


def _finding_row(finding: Finding) -> QueueRow:
    what, done, todo = _FINDING_WORDS[FindingKind(finding.kind)]
    payment = finding.payment
    return QueueRow(
        payment.reference if payment else finding.reference,
        payment.booking if payment else None,
        _who(payment.booking) if payment else "",
        what,
        finding.money,
        finding.found_at,
        done,
        todo,
        Step.CHECK,
        put_away=(finding.kind, finding.reference),
    )


_TITLES = (
    (
        "paid-without-ticket",
        _("Paid, no ticket"),
        _("Money that came in and bought nothing, and isn't on its way back."),
        _("Every charge has its ticket or its refund."),
    ),
    (
        "ticket-without-money",
        _("Ticket, no money"),
        _("Tickets that let somebody in, whose money Paystack does not have or has taken back."),
        _("Every ticket is paid."),
    ),
    (
        "paid-twice",
        _("Paid twice"),
        _("A second charge of one booking. It goes back by itself; here is how far it has come."),
        _("Nobody waits for the money of a second charge."),
    ),
    (
        "mismatch",
        _("Not what was asked for"),
        _("Another amount, currency, reference or mode. It buys no ticket and goes back by itself."),
        _("Every payment of the last 30 days is what was asked for."),
    ),
    (
        "refunds",
        _("Refunds that are stuck"),
        _("Paystack wants bank details, or the refund failed."),
        _("Every refund is done, or on its way."),
    ),
)
