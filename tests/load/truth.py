"""What must be true after everything: people's word, Paystack's books and the mail server's against Movy's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from bookings.models import BookedSeat, Booking, BookingStatus
from movy.idempotency.models import FirstAnswer
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.outbox.models import Mail
from payments.models import Payment, PaymentStatus, Refund, RefundStatus, WebhookMessage
from standins.paystack import PaystackServer
from standins.paystack.store import Refund as TheirRefund
from standins.paystack.store import Transaction
from tests.load.people import Told


def work_left(paystack: PaystackServer) -> list[str]:
    """Return what the worker has still to do: nothing, once all has been caught up with."""
    open_attempts = Payment.objects.filter(reference__in=charged(paystack)).exclude(status=PaymentStatus.PAID)
    left = {
        "holds": Booking.objects.overdue(database_now()),
        "charges": open_attempts,
        "messages": WebhookMessage.objects.exclude(next_try_at=None),
        "refunds": Refund.objects.exclude(status=RefundStatus.PROCESSED),
        "mails": Mail.objects.filter(sent_at=None),
    }
    return [f"{name}: {count}" for name, rows in left.items() if (count := rows.count())]


def time_passes() -> None:
    """Let everything that waits for its time be due: the next looks are minutes or an hour away."""
    now = database_now()
    for rows, column in (
        (Payment.objects, "next_check_at"),
        (Refund.objects, "next_check_at"),
        (WebhookMessage.objects, "next_try_at"),
        (Mail.objects, "next_try_at"),
        (FirstAnswer.objects.filter(status=None), "claimed_until"),
    ):
        ahead = rows.filter(**{f"{column}__gt": now})
        # The worker may be at the same rows in another order, and of a deadlock somebody must be the loser.
        run_in_transaction(lambda: ahead.update(**{column: now}), find=again)  # noqa: B023 - runs at once


def charged(paystack: PaystackServer) -> dict[str, int]:
    """Return what Paystack has taken, by reference: a payment whose money has gone back was taken too."""
    with paystack.account.store.lock:
        return {row.reference: row.amount for row in paystack.account.store.all(Transaction) if row.paid_at}


def broken_promises(told: Told, paystack: PaystackServer) -> Iterator[str]:
    """Yield a sentence for everything that is not as somebody was told, or as Paystack's books say."""
    yield from _people(told)
    yield from _money(told, paystack)
    yield from _mail()


def _people(told: Told) -> Iterator[str]:
    for wish in told.unanswered:
        yield f"never answered: {wish}"
    lines: dict[str, set[str]] = {}
    for reference, label in BookedSeat.objects.values_list("booking__reference", "label"):
        lines.setdefault(reference, set()).add(label)
    status = dict(Booking.objects.values_list("reference", "status"))
    for reference in told.held.keys() | status.keys():
        if told.held.get(reference) != lines.get(reference) or reference not in status:
            yield f"{reference}: told {told.held.get(reference)}, there is {lines.get(reference)}"
    for reference in told.confirmed - told.cancelled.keys():
        if status[reference] != BookingStatus.CONFIRMED:
            yield f"{reference}: was shown as confirmed and is {status[reference]}"
    for reference in told.cancelled:
        if status[reference] != BookingStatus.CANCELLED:
            yield f"{reference}: was told that it is cancelled and is {status[reference]}"


def _money(told: Told, paystack: PaystackServer) -> Iterator[str]:
    with paystack.account.store.lock:
        theirs = Counter(row.merchant_note for row in paystack.account.store.all(TheirRefund))
        back = Counter[str]()
        for row in paystack.account.store.all(TheirRefund):
            back[row.reference] += row.amount
    seats = BookedSeat.objects.filter(ticket__isnull=False, ticket__cancelled_at=None)
    kept = dict(seats.values_list("booking__confirming_payment__reference").annotate(minor=Sum("price_minor")))
    for reference, amount in charged(paystack).items():
        if back[reference] + kept.get(reference, 0) != amount:
            yield f"{reference}: {amount} taken, {back[reference]} sent back, tickets for {kept.get(reference, 0)}"
    for reference, times in theirs.items():
        if times != 1:
            yield f"{reference}: {times} refunds at Paystack"
    for reference in theirs.keys() ^ set(Refund.objects.values_list("reference", flat=True)):
        yield f"{reference}: a refund that only one side knows"
    for reference, amount in told.cancelled.items():
        asked = Refund.objects.filter(payment__confirms__reference=reference)
        refunds = list(asked.values_list("amount_minor", flat=True))
        if refunds != ([amount] if amount else []):
            yield f"{reference}: told that {amount} comes back, refunds {refunds}"


def _mail() -> Iterator[str]:
    """Of one refund and of one booking everybody is told once; who paid twice may be told of two refunds."""
    refunds = Counter(Refund.objects.values_list("payment__booking__reference", flat=True))
    written = Counter(Mail.objects.exclude(about="").values_list("about", "subject"))
    for (reference, subject), times in written.items():
        if times > (refunds[reference] if "back" in subject else 1):
            yield f"{reference}: {times} mails {subject!r} and {refunds[reference]} refunds"
    confirmed = set(Booking.objects.exclude(confirmed_at=None).values_list("reference", flat=True))
    told = set(Mail.objects.filter(subject__startswith="Your tickets").values_list("about", flat=True))
    for reference in confirmed ^ told:
        yield f"{reference}: confirmed and not told, or told and not confirmed"
    sent_back = Counter(Mail.objects.filter(subject__contains="sent back").values_list("about", flat=True))
    for reference in refunds.keys() | sent_back.keys():
        if refunds[reference] != sent_back[reference]:
            yield f"{reference}: {refunds[reference]} refunds were sent back, {sent_back[reference]} mails say so"
