"""One Paystack account: everything the stand-in is made of, wired together."""

from standins.http import Request
from standins.paystack import inputs
from standins.paystack.config import Config
from standins.paystack.payments import Payments
from standins.paystack.refunds import Refunds
from standins.paystack.rules import Faults
from standins.paystack.schedule import Scheduler
from standins.paystack.store import Refund, Store, Transaction
from standins.paystack.webhooks import Webhooks


class Account:
    """Hold `store.lock` while calling `payments`, `refunds` or `webhooks`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.state_path)
        self.faults = Faults()
        self.scheduler = Scheduler()
        self.webhooks = Webhooks(config, self.store, self.faults, self.scheduler)
        self.payments = Payments(config, self.store, self.faults, self.webhooks, self.scheduler)
        self.refunds = Refunds(config, self.store, self.faults, self.webhooks, self.scheduler, self.payments)
        with self.store.lock:
            self.payments.resume()
            self.refunds.resume()
            self.webhooks.resume()

    def reference_named(self, request: Request, arguments: dict[str, str]) -> str:
        """Return the reference of the transaction that a call is about, or "": faults are switched on by it."""
        body = inputs.body_of(request)
        if "reference" in arguments or "reference" in body:
            return str(arguments.get("reference") or body.get("reference"))
        refund = self.store.get(Refund, arguments.get("refund_id", ""))
        if refund:
            return refund.reference
        named = str(arguments.get("transaction_id") or body.get("transaction") or request.arg("transaction"))
        transaction: Transaction | None = self.payments.find(named) if named else None
        return transaction.reference if transaction else ""

    def clear(self) -> None:
        """Forget every record, fault and plan."""
        with self.store.lock:
            self.scheduler.clear()
            self.faults.remove()
            self.store.clear()

    def close(self) -> None:
        self.scheduler.stop()
        self.store.close()
