"""The control API under /_standin: what a test does to the stand-in. JSON in and out, no key. See ../README.md."""

from dataclasses import asdict, replace
from typing import Any

from standins.http import BadRequest, Request, Response, Router, json_response
from standins.paystack import inputs
from standins.paystack.account import Account
from standins.paystack.config import CHANGEABLE, Config
from standins.paystack.data import CURRENCIES, TEST_CARDS
from standins.paystack.errors import Refused, invalid
from standins.paystack.faults import FAULTS
from standins.paystack.outputs import verify_output
from standins.paystack.store import Delivery, Refund, Transaction

STATUSES = (
    "abandoned",
    "failed",
    "ongoing",
    "pending",
    "processing",
    "queued",
    "reversed",
    "reversal-pending",
    "success",
)
REFUND_STATUSES = ("pending", "processing", "processed", "failed", "needs-attention")


class Control:
    def __init__(self, router: Router, account: Account) -> None:
        self.router = router
        self.account = account
        self.store = account.store
        for method, path, call in (
            ("GET", "/_standin/health", self.health),
            ("GET", "/_standin/config", self.config),
            ("PATCH", "/_standin/config", self.config_change),
            ("GET", "/_standin/transactions", self.transactions),
            ("GET", "/_standin/transactions/{reference}", self.transaction),
            ("PATCH", "/_standin/transactions/{reference}", self.transaction_force),
            ("POST", "/_standin/transactions/{reference}/pay", self.transaction_pay),
            ("GET", "/_standin/refunds", self.refunds),
            ("PATCH", "/_standin/refunds/{refund_id}", self.refund_force),
            ("GET", "/_standin/faults", self.faults),
            ("POST", "/_standin/faults", self.fault_add),
            ("DELETE", "/_standin/faults", self.faults_remove),
            ("DELETE", "/_standin/faults/{rule_id}", self.faults_remove),
            ("GET", "/_standin/webhooks", self.webhooks),
            ("POST", "/_standin/webhooks", self.webhook_send),
            ("POST", "/_standin/webhooks/release", self.webhooks_release),
            ("POST", "/_standin/webhooks/{delivery_id}/resend", self.webhook_resend),
            ("GET", "/_standin/requests", self.requests),
            ("POST", "/_standin/reset", self.reset),
        ):
            router.route(method, path)(self._locked(call))

    def _locked(self, call: Any) -> Any:
        def locked(request: Request, **arguments: str) -> Response:
            try:
                with self.store.lock:
                    return json_response(call(request, **arguments))
            except Refused as refusal:
                return refusal.response()
            except BadRequest as error:
                return invalid(str(error)).response()

        return locked

    def health(self, request: Request) -> dict[str, Any]:
        return {"ok": True}

    def config(self, request: Request) -> dict[str, Any]:
        return {name: getattr(self.account.config, name) for name in CHANGEABLE}

    def config_change(self, request: Request) -> dict[str, Any]:
        changes = inputs.body_of(request)
        for name, value in changes.items():
            if name not in CHANGEABLE:
                raise invalid(f"{name} cannot be changed; these can: {', '.join(CHANGEABLE)}")
            kind = type(getattr(Config, name))
            if not isinstance(value, (int, float) if kind is float else kind):
                raise invalid(f"{name} must be of the type {kind.__name__}")
        try:
            replace(self.account.config, **changes)
        except ValueError as error:
            raise invalid(str(error)) from None
        for name, value in changes.items():
            setattr(self.account.config, name, value)
        return self.config(request)

    def transactions(self, request: Request) -> list[dict[str, Any]]:
        return [self._shown(row) for row in self.store.newest(Transaction)]

    def transaction(self, request: Request, reference: str) -> dict[str, Any]:
        return self._shown(self._transaction(reference))

    def transaction_force(self, request: Request, reference: str) -> dict[str, Any]:
        """Set what a transaction is. `webhook` (true) says whether a success is announced."""
        transaction, body = self._transaction(reference), inputs.body_of(request)
        with_webhook = body.pop("webhook", True)
        changes: dict[str, Any] = {}
        for name, value in body.items():
            if name == "status":
                changes[name] = inputs.choice(body, name, STATUSES, "")
            elif name == "paid_at":
                changes[name] = inputs.moment(value, name)
            elif name in ("amount", "requested_amount", "fees"):
                changes[name] = inputs.integer(value, name)
            elif name == "currency":
                changes[name] = inputs.choice(body, name, tuple(CURRENCIES), "")
            elif name in ("domain", "channel", "gateway_response", "refund_outcome"):
                changes[name] = inputs.text(body, name)
            elif name == "metadata":
                changes[name] = value
            else:
                raise invalid(f"{name} cannot be set")
        self.account.payments.force(transaction, changes, with_webhook=with_webhook is True)
        return self._shown(transaction)

    def transaction_pay(self, request: Request, reference: str) -> dict[str, Any]:
        """Pay as a payer would, with `card` (a test card's number) or through `channel`."""
        transaction, body = self._transaction(reference), inputs.body_of(request)
        card = TEST_CARDS.get(inputs.text(body, "card", "4084084084084081").replace(" ", ""))
        if card is None:
            raise invalid("This is none of the test cards")
        channel = inputs.text(body, "channel", "card")
        if channel != "card":
            self.account.payments.pay(transaction, channel=channel)
        elif card.decline:
            self.account.payments.decline(transaction, card.decline, channel=channel)
        else:
            self.account.payments.pay(transaction, channel=channel, card=card)
        return self._shown(transaction)

    def refunds(self, request: Request) -> list[dict[str, Any]]:
        return [asdict(row) for row in self.store.newest(Refund)]

    def refund_force(self, request: Request, refund_id: str) -> dict[str, Any]:
        """Move a refund by hand; its event is sent, and the steps after it go on by themselves."""
        refund = self.store.get(Refund, refund_id)
        if refund is None:
            raise invalid("There is no such refund", status=404)
        self.account.refunds.move(refund, inputs.choice(inputs.body_of(request), "status", REFUND_STATUSES, ""))
        return asdict(refund)

    def faults(self, request: Request) -> dict[str, Any]:
        known = {
            name: {
                "stage": fault.stage.name.lower(),
                "default": fault.default,
                "about": fault.about,
                "operations": fault.operations,
            }
            for name, fault in FAULTS.items()
        }
        return {"on": self.account.faults.rows(), "known": known}

    def fault_add(self, request: Request) -> dict[str, Any]:
        body = inputs.body_of(request)
        name = inputs.choice(body, "fault", tuple(FAULTS), "")
        times = None if body.get("times") is None else inputs.integer(body["times"], "times")
        given = {"value": body["value"]} if "value" in body else {}
        try:
            rule = self.account.faults.add(
                name,
                reference=inputs.text(body, "reference"),
                operation=inputs.text(body, "operation"),
                times=times,
                **given,
            )
        except ValueError as error:
            raise invalid(str(error)) from None
        return asdict(rule)

    def faults_remove(self, request: Request, rule_id: str = "") -> dict[str, Any]:
        self.account.faults.remove(inputs.integer(rule_id, "id") if rule_id else None)
        return self.faults(request)

    def webhooks(self, request: Request) -> list[dict[str, Any]]:
        reference, event = request.arg("reference"), request.arg("event")
        return [
            asdict(row)
            for row in self.store.newest(Delivery)
            if reference in ("", row.reference) and event in ("", row.event)
        ]

    def webhook_send(self, request: Request) -> list[dict[str, Any]]:
        """Announce a transaction once more, as it is now: `{"reference": …}`. Or any event: with `event` and `data`."""
        body = inputs.body_of(request)
        reference = inputs.text(body, "reference")
        if "event" not in body:
            return [asdict(row) for row in self.account.payments.announce(self._transaction(reference))]
        event, data = inputs.text(body, "event"), body.get("data", {})
        return [asdict(row) for row in self.account.webhooks.emit(event, data, reference=reference)]

    def webhooks_release(self, request: Request) -> list[dict[str, Any]]:
        return [asdict(row) for row in self.account.webhooks.release()]

    def webhook_resend(self, request: Request, delivery_id: str) -> dict[str, Any]:
        delivery = self.store.get(Delivery, delivery_id)
        if delivery is None:
            raise invalid("There is no such delivery", status=404)
        return asdict(self.account.webhooks.resend(delivery))

    def requests(self, request: Request) -> list[dict[str, Any]]:
        begins = request.arg("path")
        return [row for row in self.router.requests if row["path"].startswith(begins or "/")]

    def reset(self, request: Request) -> dict[str, Any]:
        self.account.clear()
        self.router.requests.clear()
        return {"ok": True}

    def _transaction(self, reference: str) -> Transaction:
        transaction = self.store.get(Transaction, reference)
        if transaction is None:
            raise invalid("There is no such transaction", status=404)
        return transaction

    def _shown(self, transaction: Transaction) -> dict[str, Any]:
        """The truth about a transaction, whatever faults make of it, and what only the payer's browser knows."""
        return verify_output(transaction, self.store) | {
            "access_code": transaction.access_code,
            "callback_url": transaction.callback_url,
            "cancel_action": transaction.cancel_action,
            "channels": transaction.channels,
            "arrival": transaction.arrival,
        }
