"""Transactions from initialize to their end. Call every method while holding the store's lock."""

import random
import secrets
import string
from datetime import UTC, datetime, timedelta
from typing import Any

from standins.paystack import inputs
from standins.paystack.config import Config
from standins.paystack.data import TEST_CARDS, TestCard, fee
from standins.paystack.errors import Refused, invalid
from standins.paystack.faults import Stage
from standins.paystack.outputs import (
    authorization_output,
    fees_split,
    split_amounts,
    split_shares,
    transaction_output,
    verify_output,
)
from standins.paystack.rules import Faults
from standins.paystack.schedule import Scheduler
from standins.paystack.store import Customer, Delivery, Split, Store, Subaccount, Transaction, iso, now
from standins.paystack.webhooks import Webhooks

CODE_LETTERS = string.ascii_lowercase + string.digits
OPEN = ("abandoned", "ongoing", "pending")  # states in which the payer may still pay
WAITING_STATUS = {"bank_transfer": "ongoing", "mobile_money": "ongoing", "ussd": "pending"}


def code(length: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


class Payments:
    def __init__(self, config: Config, store: Store, faults: Faults, webhooks: Webhooks, scheduler: Scheduler) -> None:
        self._config = config
        self._store = store
        self._faults = faults
        self._webhooks = webhooks
        self._scheduler = scheduler

    def initialize(self, body: dict[str, Any], *, client: str) -> Transaction:
        """Make a transaction. Its reference is used up by this, whether or not anybody ever pays. Raises Refused."""
        email = inputs.email(body)
        currency = inputs.currency(body, self._config.home_currency)
        amount = inputs.amount(body, currency)
        reference = inputs.reference(body) or f"T{random.randint(10**14, 10**15)}"  # noqa: S311 - a name, no secret
        if self._store.get(Transaction, reference):
            raise Refused(
                400,
                "Duplicate Transaction Reference",
                code="duplicate_reference",
                next_step="Try and create the Transaction or Charge with a new reference",
            )
        metadata = inputs.metadata(body)
        transaction = Transaction(
            id=self._store.next_id(),
            reference=reference,
            access_code=code(15),
            email=email,
            amount=amount,
            requested_amount=amount,
            currency=currency,
            customer_id=0,
            callback_url=inputs.web_address(inputs.text(body, "callback_url"), "callback_url")
            or self._config.callback_url,
            cancel_action=inputs.cancel_action(metadata),
            channels=inputs.channels(body),
            metadata=metadata,
            label=inputs.text(body, "label"),
            ip_address=client,
        )
        self._share(transaction, body)
        transaction.customer_id = self._customer(email).id
        return self._store.save(transaction)

    def find(self, reference_or_id: str) -> Transaction | None:
        return self._store.get(Transaction, reference_or_id) or self.by_id(reference_or_id)

    def by_id(self, number: str) -> Transaction | None:
        return next((one for one in self._store.all(Transaction) if str(one.id) == number), None)

    def by_access_code(self, access_code: str) -> Transaction | None:
        return next((one for one in self._store.newest(Transaction) if one.access_code == access_code), None)

    def pay(self, transaction: Transaction, *, channel: str, card: TestCard | None = None) -> None:
        """The payer has done all there is to do. The money is here at once, unless a fault keeps it on its way."""
        seconds = self._faults.value("success_late", operation=channel, reference=transaction.reference, default=None)
        if seconds is None:
            self.succeed(transaction, channel=channel, card=card)
            return
        transaction.entered = {}
        self.wait(transaction, channel=channel)
        self._arrive_after(seconds, transaction, channel=channel, card=card)

    def resume(self) -> None:
        """After a restart: go on waiting for money that was on its way."""
        for transaction in self._store.all(Transaction):
            if transaction.arrival and transaction.status in OPEN:
                self._arrive_later(transaction)

    def succeed(self, transaction: Transaction, *, channel: str, card: TestCard | None = None) -> None:
        """Take the money and send charge.success. An attempt that is over already is left alone."""
        if transaction.status not in OPEN:
            return
        transaction.authorization = authorization_output(channel, transaction.currency, code(10), card)
        transaction.refund_outcome = card.refund if card else "processed"
        transaction.attempts += 1
        transaction.entered = {}
        transaction.arrival = {}
        transaction.channel = channel
        self.force(transaction, {"status": "success"}, with_webhook=True)

    def decline(self, transaction: Transaction, reason: str, *, channel: str) -> None:
        """One try did not pay. The transaction stays open: the payer may try again, and no event is sent."""
        if transaction.status not in OPEN:
            return
        transaction.status = "abandoned"
        transaction.channel = channel
        transaction.gateway_response = reason
        transaction.attempts += 1
        transaction.errors += 1
        transaction.entered = {}
        self._note(transaction, "error", f"Error: {reason}")

    def fail(self, transaction: Transaction, *, channel: str) -> None:
        """The attempt is over, unpaid. No event is sent: only verify tells."""
        if transaction.status not in OPEN:
            return
        transaction.status = "failed"
        transaction.channel = channel
        transaction.gateway_response = "Declined"
        transaction.message = "Declined"
        transaction.attempts += 1
        transaction.errors += 1
        self._note(transaction, "error", "Error: Declined")

    def wait(self, transaction: Transaction, *, channel: str) -> None:
        """The payer is in the middle of it: a transfer under way, a prompt on the phone."""
        if transaction.status not in OPEN:
            return
        transaction.status = WAITING_STATUS.get(channel, "ongoing")
        transaction.channel = channel
        transaction.gateway_response = "Pending"
        self._note(transaction, "action", f"Waiting for {channel}")

    def enter(self, transaction: Transaction, fields: dict[str, str]) -> str:
        """Take what the payer typed for a card and return the next thing asked for, or "" when the try is over.

        Raises Refused, for the page to show, when a field cannot be right; that is not a try.
        """
        entered = transaction.entered | {name: value for name, value in fields.items() if value}
        card = TEST_CARDS.get("".join(entered.get("number", "").split()).replace("-", ""))
        if card is None:
            raise invalid("This is none of the test cards. A real card must never be typed in here.")
        if entered.get("cvv", "") != card.cvv:
            raise invalid(f"The CVV of this test card is {card.cvv}.")
        if not inputs.is_future_expiry(entered.get("expiry", "")):
            raise invalid("The expiry must be a month to come, as MM/YY.")
        for name, answer in card.asks:
            if not entered.get(name):
                transaction.entered = entered
                if name in ("otp", "bank"):  # while a PIN is awaited the status is still `abandoned`
                    transaction.status = "ongoing"
                self._note(transaction, "auth", f"Asked for {name}")
                return name
            if answer and entered[name] != answer:
                self.decline(transaction, "Declined" if name == "bank" else f"Incorrect {name.upper()}", channel="card")
                return ""
        if card.decline:
            self.decline(transaction, card.decline, channel="card")
        else:
            self.pay(transaction, channel="card", card=card)
        return ""

    def force(self, transaction: Transaction, changes: dict[str, Any], *, with_webhook: bool) -> None:
        """Set fields as a test wishes; a transaction that becomes `success` gets what a paid one has."""
        became_paid = changes.get("status") == "success" and transaction.paid_at is None
        for name, value in changes.items():
            setattr(transaction, name, value)
        if became_paid:
            transaction.paid_at = changes.get("paid_at") or now()
            transaction.fees = fee(transaction.amount, transaction.currency)
            transaction.gateway_response = changes.get("gateway_response", "Successful")
            transaction.message = None
            if not transaction.authorization:
                transaction.authorization = authorization_output(transaction.channel, transaction.currency, code(10))
            self._note(transaction, "success", f"Successfully paid with {transaction.channel}")
        self._store.save(transaction)
        if with_webhook and transaction.status == "success":
            self.announce(transaction)

    def announce(self, transaction: Transaction) -> list[Delivery]:
        data = self.rendered(transaction_output(transaction, self._store), operation="webhook")
        return self._webhooks.emit("charge.success", data, reference=transaction.reference)

    def rendered(self, data: dict[str, Any], *, operation: str) -> dict[str, Any]:
        """Return a transaction's body with the lies that are switched on for it."""
        for fault, value in self._faults.take(Stage.BODY, operation=operation, reference=data["reference"]):
            fault.act(data, value)
        return data

    def verified(self, transaction: Transaction) -> dict[str, Any]:
        return self.rendered(verify_output(transaction, self._store), operation="verify")

    def visit(self, transaction: Transaction) -> None:
        """The payer opened the checkout page."""
        if transaction.history:
            return
        self._note(transaction, "action", "Opened the checkout page")
        seconds = self._faults.value("paid_after_opening", reference=transaction.reference, default=None)
        if seconds is not None:
            self._arrive_after(seconds, transaction, channel=(transaction.channels or ["card"])[0], card=None)

    def _arrive_after(self, seconds: float, transaction: Transaction, *, channel: str, card: TestCard | None) -> None:
        at = iso(datetime.now(UTC) + timedelta(seconds=seconds))
        transaction.arrival = {"at": at, "channel": channel, "card": card.number if card else ""}
        self._store.save(transaction)
        self._arrive_later(transaction)

    def _arrive_later(self, transaction: Transaction) -> None:
        arrival = transaction.arrival
        wait = datetime.fromisoformat(arrival["at"]) - datetime.now(UTC)
        self._scheduler.after(wait.total_seconds(), lambda: self._arrive(transaction, arrival))

    def _arrive(self, transaction: Transaction, arrival: dict[str, str]) -> None:
        with self._store.lock:
            if self._store.get(Transaction, transaction.key) is transaction:  # not cleared meanwhile
                card = TEST_CARDS.get(arrival["card"])
                self.succeed(transaction, channel=arrival["channel"], card=card)

    def _note(self, transaction: Transaction, type: str, message: str) -> None:
        transaction.history.append({"type": type, "message": message, "at": now()})
        self._store.save(transaction)

    def _customer(self, email: str) -> Customer:
        return self._store.get(Customer, email.lower()) or self._store.save(
            Customer(self._store.next_id(), email, f"CUS_{code(15)}")
        )

    def _share(self, transaction: Transaction, body: dict[str, Any]) -> None:
        """Settle who else is paid. Raises Refused when the shares cannot be right."""
        subaccount_code = inputs.text(body, "subaccount")
        if subaccount_code:
            subaccount = self._store.get(Subaccount, subaccount_code)
            if subaccount is None or not subaccount.active:
                raise invalid("Invalid Subaccount")
            transaction.subaccount = subaccount_code
            transaction.bearer = inputs.choice(body, "bearer", ("account", "subaccount"), "account")
            if body.get("transaction_charge") is not None:
                transaction.transaction_charge = inputs.integer(body["transaction_charge"], "transaction_charge")
            shares = fees_split(transaction, subaccount, fee(transaction.amount, transaction.currency))
            if shares["integration"] < 0 or shares["subaccount"] < 0:
                raise invalid("The share of the bearer does not cover the fees")
        transaction.split = self._split(body)
        if transaction.split:
            if sum(split_amounts(transaction.split, transaction.amount)) > transaction.amount:
                raise invalid("The shares add up to more than the amount")
            if split_shares(transaction, self._store)["shares"]["integration"] < 0:
                raise invalid("The share of the bearer does not cover the fees")

    def _split(self, body: dict[str, Any]) -> dict[str, Any]:
        split_code = inputs.text(body, "split_code")
        if split_code:
            split = self._store.get(Split, split_code)
            if split is None or not split.active:
                raise invalid("Invalid split code")
            return {
                "id": split.id,
                "name": split.name,
                "split_code": split.split_code,
                "type": split.type,
                "subaccounts": split.subaccounts,
            }
        if not body.get("split"):
            return {}
        return {"id": self._store.next_id(), "name": "Dynamic split", "split_code": f"SPL_{code(10)}"} | (
            inputs.split_parts(body["split"], self._store)
        )
