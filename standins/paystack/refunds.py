"""Refunds: pending, processing, then processed, failed or needs-attention, step by step in time.

Call every method while holding the store's lock.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from standins.paystack import inputs
from standins.paystack.config import Config
from standins.paystack.data import CURRENCIES
from standins.paystack.errors import Refused, invalid, missing
from standins.paystack.outputs import refund_event_data
from standins.paystack.payments import Payments
from standins.paystack.rules import Faults
from standins.paystack.schedule import Scheduler
from standins.paystack.store import Refund, Store, Transaction, iso, now
from standins.paystack.webhooks import Webhooks

PAYOUT_DAYS = 10  # the longest a payer waits for the money, as Paystack says
MOVING = ("pending", "processing")
UNDONE_BY_REFUND = ("success", "reversal-pending", "reversed")  # what a transaction that was paid can be


class Refunds:
    def __init__(
        self,
        config: Config,
        store: Store,
        faults: Faults,
        webhooks: Webhooks,
        scheduler: Scheduler,
        payments: Payments,
    ) -> None:
        self._config = config
        self._store = store
        self._faults = faults
        self._webhooks = webhooks
        self._scheduler = scheduler
        self._payments = payments

    def create(self, body: dict[str, Any]) -> Refund:
        """Begin a refund, of the whole amount unless told. Raises Refused; all refunds that have not failed count."""
        if body.get("transaction") in (None, ""):
            raise missing("Transaction is required")
        transaction = self._payments.find(str(body["transaction"]))
        if transaction is None:
            raise Refused(404, "Transaction not found", code="transaction_not_found")
        if transaction.status not in UNDONE_BY_REFUND:
            raise invalid("Transaction has not been paid")
        currency = inputs.text(body, "currency", transaction.currency)
        if currency != transaction.currency:
            raise invalid("Transaction currency must match refund currency")
        amount = transaction.amount
        if body.get("amount") not in (None, ""):
            amount = inputs.integer(body["amount"], "amount")
        floor = CURRENCIES[currency].refund_minimum
        if amount < floor:
            raise invalid(
                "The minimum amount you may send in a single refund at this time is: "
                f"{currency}{floor // 100}.{floor % 100:02}"
            )
        if self.taken(transaction) + amount > transaction.amount:
            raise invalid("Total refund amount cannot exceed original transaction amount")
        note = f"Refund for transaction {transaction.reference}"
        refund = Refund(
            id=self._store.next_id(),
            reference=transaction.reference,
            amount=amount,
            currency=currency,
            customer_note=inputs.text(body, "customer_note", note),
            merchant_note=inputs.text(body, "merchant_note", note),
            expected_at=iso(datetime.now(UTC) + timedelta(days=PAYOUT_DAYS)),
        )
        self.move(refund, "pending")
        return refund

    def retry(self, refund: Refund, body: dict[str, Any]) -> None:
        """Take the payer's bank details for a refund that needs them. Raises Refused in any other state."""
        if refund.status != "needs-attention":
            raise invalid('Invalid Refund state, refund status should be "needs-attention"', status=422)
        details = body.get("refund_account_details")
        if not isinstance(details, dict):
            raise missing("Refund account details are required")
        for name in ("currency", "account_number", "bank_id"):
            if not details.get(name):
                raise missing(f"{name} is required")
        if details["currency"] != refund.currency:
            raise invalid("Transaction currency must match refund currency")
        refund.account_details = details
        self.move(refund, "processing")

    def move(self, refund: Refund, status: str) -> None:
        """Set a refund's status with all that follows: its event, its transaction's status, its next step."""
        refund.status = status
        refund.updated_at = now()
        if status not in MOVING:
            refund.refund_reference = refund.refund_reference or f"TRF_{refund.id}"
        if status == "processed":
            refund.refunded_at = refund.updated_at
        self._store.save(refund)
        transaction = self._store.one(Transaction, refund.reference)
        transaction.status = self.status_after(transaction)
        self._store.save(transaction)
        self._webhooks.emit(f"refund.{status}", refund_event_data(refund, transaction), reference=refund.reference)
        if status not in MOVING:
            self._webhooks.release_after_refund(refund.reference)
        self._step_later(refund)

    def resume(self) -> None:
        """After a restart: go on with the refunds that were under way."""
        for refund in self._store.all(Refund):
            self._step_later(refund)

    def of(self, transaction: Transaction) -> list[Refund]:
        return [refund for refund in self._store.all(Refund) if refund.reference == transaction.reference]

    def taken(self, transaction: Transaction) -> int:
        """Return the sum of refunds that are done or may still be."""
        return sum(refund.amount for refund in self.of(transaction) if refund.status != "failed")

    def status_after(self, transaction: Transaction) -> str:
        statuses = {refund.status for refund in self.of(transaction)}
        if statuses & {*MOVING, "needs-attention"}:
            return "reversal-pending"
        if "processed" not in statuses:
            return "success"
        return "reversed" if self.taken(transaction) == transaction.amount else self._config.partial_refund_leaves

    def _step_later(self, refund: Refund) -> None:
        if refund.status in MOVING:
            status = refund.status
            self._scheduler.after(self._config.refund_step_seconds, lambda: self._step(refund, status))

    def _step(self, refund: Refund, status: str) -> None:
        with self._store.lock:
            if self._store.get(Refund, refund.key) is not refund or refund.status != status:
                return  # a test moved it by hand, or cleared everything
            if self._faults.is_on("refund_stuck", reference=refund.reference):
                self._step_later(refund)  # looks again, for when the fault is switched off
            elif status == "pending":
                self.move(refund, "processing")
            else:
                self.move(refund, self._outcome(refund))

    def _outcome(self, refund: Refund) -> str:
        transaction = self._store.one(Transaction, refund.reference)
        outcome = "processed" if refund.account_details else transaction.refund_outcome
        return self._faults.value("refund_outcome", reference=refund.reference, default=outcome)
