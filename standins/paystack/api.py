"""The calls of api.paystack.co that Movy makes, and those a person would try by hand."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from standins.http import BadRequest, Request, Response, Router, json_response
from standins.paystack import inputs
from standins.paystack.account import Account
from standins.paystack.data import BANKS
from standins.paystack.errors import Refused, invalid, missing
from standins.paystack.faults import INVALID_KEY, Stage
from standins.paystack.outputs import (
    bank_output,
    fetch_output,
    list_output,
    log_output,
    refund_create_output,
    refund_list_output,
    split_output,
    subaccount_list_output,
    subaccount_output,
)
from standins.paystack.payments import code
from standins.paystack.store import Refund, Setting, Split, Subaccount, Transaction, now

Row = TypeVar("Row", Transaction, Refund, Subaccount)
Call = Callable[..., Response]
SESSION_TIMEOUT = "payment_session_timeout"


def ok(message: str, data: Any, *, meta: dict[str, Any] | None = None, status: int = 200) -> Response:
    body = {"status": True, "message": message, "data": data}
    return json_response(body | ({"meta": meta} if meta is not None else {}), status)


class Api:
    """Registers every call on a router. Each gets the request and its path's arguments, under the store's lock."""

    def __init__(self, router: Router, account: Account) -> None:
        self.account = account
        self.store = account.store
        self.calls: dict[str, tuple[str, str, Call]] = {
            "initialize": ("POST", "/transaction/initialize", self.initialize),
            "verify": ("GET", "/transaction/verify/{reference}", self.verify),
            "totals": ("GET", "/transaction/totals", self.totals),
            "timeline": ("GET", "/transaction/timeline/{transaction_id}", self.timeline),
            "fetch": ("GET", "/transaction/{transaction_id}", self.fetch),
            "list": ("GET", "/transaction", self.listing),
            "refund": ("POST", "/refund", self.refund),
            "refund_list": ("GET", "/refund", self.refund_list),
            "refund_fetch": ("GET", "/refund/{refund_id}", self.refund_fetch),
            "refund_retry": ("POST", "/refund/retry_with_customer_details/{refund_id}", self.refund_retry),
            "subaccount": ("POST", "/subaccount", self.subaccount),
            "subaccount_list": ("GET", "/subaccount", self.subaccount_list),
            "subaccount_fetch": ("GET", "/subaccount/{code}", self.subaccount_fetch),
            "subaccount_update": ("PUT", "/subaccount/{code}", self.subaccount_update),
            "split": ("POST", "/split", self.split),
            "split_fetch": ("GET", "/split/{split_id}", self.split_fetch),
            "bank_list": ("GET", "/bank", self.bank_list),
            "bank_resolve": ("GET", "/bank/resolve", self.bank_resolve),
            "session_timeout": ("GET", "/integration/payment_session_timeout", self.session_timeout),
            "session_timeout_set": ("PUT", "/integration/payment_session_timeout", self.session_timeout_set),
        }
        for name, (method, path, call) in self.calls.items():
            router.route(method, path)(self._guarded(name, call))

    def _guarded(self, operation: str, call: Call) -> Call:
        """Return the call with the key checked before it and the faults around it."""

        def guarded(request: Request, **arguments: str) -> Response:
            if request.headers.get("authorization") != f"Bearer {self.account.config.secret_key}":
                return INVALID_KEY.response()
            reference = ""
            try:
                with self.store.lock:
                    reference = self.account.reference_named(request, arguments)
                for fault, value in self.account.faults.take(Stage.INSTEAD, operation=operation, reference=reference):
                    return fault.act(value)
                with self.store.lock:
                    response = call(request, **arguments)
            except Refused as refusal:
                response = refusal.response()
            except BadRequest as error:
                response = invalid(str(error)).response()
            for fault, value in self.account.faults.take(Stage.ANSWER, operation=operation, reference=reference):
                response = fault.act(response, value)
            return response

        return guarded

    def initialize(self, request: Request) -> Response:
        transaction = self.account.payments.initialize(inputs.body_of(request), client=request.client)
        data = {
            "authorization_url": f"{request.base_url}/checkout/{transaction.access_code}",
            "access_code": transaction.access_code,
            "reference": transaction.reference,
        }
        response = ok("Authorization URL created", data)
        reference = transaction.reference
        patience = self.account.faults.value("paid_before_answer", reference=reference, default=None)
        if patience is None:
            return response
        self.account.payments.succeed(transaction, channel="card")
        return replace(response, sender=self.account.webhooks.once_told(reference, seconds=patience))

    def verify(self, request: Request, reference: str) -> Response:
        transaction = self.store.get(Transaction, reference)
        if transaction is None:
            default = self.account.config.unknown_reference_status
            status = self.account.faults.value("unknown_reference_status", reference=reference, default=default)
            raise Refused(
                status,
                "Transaction reference not found.",
                code="transaction_not_found",
                next_step="Ensure that you're passing the reference of a transaction that exists on this integration",
            )
        return ok("Verification successful", self.account.payments.verified(transaction))

    def fetch(self, request: Request, transaction_id: str) -> Response:
        transaction = self.account.payments.by_id(transaction_id)
        if transaction is None:
            raise Refused(404, "Transaction not found", code="transaction_not_found")
        data = self.account.payments.rendered(fetch_output(transaction, self.store), operation="fetch")
        return ok("Transaction retrieved", data)

    def timeline(self, request: Request, transaction_id: str) -> Response:
        transaction = self.account.payments.find(transaction_id)
        if transaction is None:
            raise Refused(404, "Transaction not found", code="transaction_not_found")
        return ok("Timeline retrieved", log_output(transaction) or {})

    def listing(self, request: Request) -> Response:
        start, end = inputs.period(request)
        customer, status, amount = request.arg("customer"), request.arg("status"), request.arg("amount")
        rows = [
            row
            for row in self.store.newest(Transaction)
            if start <= row.created_at <= end
            and status in ("", row.status)
            and customer in ("", str(row.customer_id))
            and amount in ("", str(row.amount))
        ]
        shown, meta = self._page(request, rows, prefix="transaction")
        if "total" in meta:  # not a cursor's
            meta["total_volume"] = sum(row.amount for row in rows)
        data = [self.account.payments.rendered(list_output(row, self.store), operation="list") for row in shown]
        return ok("Transactions retrieved", data, meta=meta)

    def totals(self, request: Request) -> Response:
        start, end = inputs.period(request)
        volumes: dict[str, int] = {}
        count = 0
        for row in self.store.all(Transaction):
            if row.paid_at and start <= row.created_at <= end:
                count += 1
                volumes[row.currency] = volumes.get(row.currency, 0) + row.amount
        by_currency = [{"currency": currency, "amount": amount} for currency, amount in volumes.items()]
        data = {
            "total_transactions": count,
            "total_volume": sum(volumes.values()),
            "total_volume_by_currency": by_currency,
            "pending_transfers": sum(volumes.values()),
            "pending_transfers_by_currency": by_currency,
        }
        return ok("Transaction totals", data)

    def refund(self, request: Request) -> Response:
        refund = self.account.refunds.create(inputs.body_of(request))
        transaction = self.store.one(Transaction, refund.reference)
        return ok("Refund has been queued for processing", refund_create_output(refund, transaction))

    def refund_list(self, request: Request) -> Response:
        start, end = inputs.period(request)
        currency, transaction = request.arg("currency"), request.arg("transaction")
        rows = [
            row
            for row in self.store.newest(Refund)
            if start <= row.created_at <= end
            and currency in ("", row.currency)
            # the numeric id alone: a reference finds nothing, as at Paystack
            and transaction in ("", str(self.store.one(Transaction, row.reference).id))
        ]
        shown, meta = self._page(request, rows, prefix="refund")
        meta["failedRefundCount"] = sum(row.status == "failed" for row in rows)
        return ok("Refunds retrieved", [self._refund_row(row) for row in shown], meta=meta)

    def refund_fetch(self, request: Request, refund_id: str) -> Response:
        return ok("Refund retrieved", self._refund_row(self._refund(refund_id)))

    def refund_retry(self, request: Request, refund_id: str) -> Response:
        refund = self._refund(refund_id)
        self.account.refunds.retry(refund, inputs.body_of(request))
        data = self._refund_row(refund) | {
            "dispute": {},
            "settlement": {},
            "fully_deducted": False,
            "reversed_at": None,
        }
        return ok("Refund retried and has been queued for processing", data)

    def subaccount(self, request: Request) -> Response:
        body = inputs.body_of(request)
        bank_code = inputs.text(body, "settlement_bank") or inputs.text(body, "bank_code")
        for name, value in (
            ("business_name", body.get("business_name")),
            ("settlement_bank", bank_code),
            ("account_number", body.get("account_number")),
            ("percentage_charge", body.get("percentage_charge")),
        ):
            if value in (None, ""):
                raise missing(f"{name} is required")
        bank = next((bank for bank in BANKS if bank.code == bank_code), None)
        if bank is None:
            raise invalid("Invalid settlement bank code")
        subaccount = Subaccount(
            id=self.store.next_id(),
            subaccount_code=f"ACCT_{code(15)}",
            business_name="",
            bank_code=bank_code,
            account_number=inputs.text(body, "account_number"),
            percentage_charge=0,
            currency=bank.currency,
        )
        self._subaccount_fill(subaccount, body)
        return ok("Subaccount created", subaccount_output(subaccount), status=201)

    def subaccount_list(self, request: Request) -> Response:
        active = request.arg("active")
        rows = [row for row in self.store.newest(Subaccount) if active in ("", str(row.active).lower())]
        shown, meta = self._page(request, rows, prefix="subaccount")
        return ok("Subaccounts retrieved", [subaccount_list_output(row) for row in shown], meta=meta)

    def subaccount_fetch(self, request: Request, code: str) -> Response:
        return ok("Subaccount retrieved", subaccount_output(self._subaccount(code)))

    def subaccount_update(self, request: Request, code: str) -> Response:
        subaccount, body = self._subaccount(code), inputs.body_of(request)
        if "active" in body:
            subaccount.active = body["active"] in (True, "true", 1, "1")
        self._subaccount_fill(subaccount, body)
        return ok("Subaccount updated", subaccount_output(subaccount))

    def split(self, request: Request) -> Response:
        body = inputs.body_of(request)
        if not inputs.text(body, "name"):
            raise missing("name is required")
        parts = inputs.split_parts(body, self.store)
        bearers = ("subaccount", "account", "all-proportional", "all")
        split = Split(
            id=self.store.next_id(),
            split_code=f"SPL_{code(10)}",
            name=body["name"],
            currency=inputs.currency(body, self.account.config.home_currency),
            bearer_type=inputs.choice(body, "bearer_type", bearers, "all"),
            bearer_subaccount=inputs.text(body, "bearer_subaccount"),
            **parts,
        )
        if split.bearer_subaccount or split.bearer_type == "subaccount":
            self._subaccount(split.bearer_subaccount)
        return ok("Split created", split_output(self.store.save(split), self.store))

    def split_fetch(self, request: Request, split_id: str) -> Response:
        split = next((row for row in self.store.all(Split) if split_id in (str(row.id), row.split_code)), None)
        if split is None:
            raise Refused(404, "Split not found", code="not_found")
        return ok("Split retrieved", split_output(split, self.store))

    def bank_list(self, request: Request) -> Response:
        currency, country, kind = request.arg("currency"), request.arg("country"), request.arg("type")
        banks = [bank_output(bank) for bank in BANKS if currency in ("", bank.currency) and kind in ("", bank.type)]
        data = [bank for bank in banks if country.lower() in ("", bank["country"].lower())]
        return ok("Banks retrieved", data)

    def bank_resolve(self, request: Request) -> Response:
        number, bank_code = request.arg("account_number"), request.arg("bank_code")
        bank = next((bank for bank in BANKS if bank.code == bank_code and bank.currency in ("NGN", "GHS")), None)
        if bank is None:
            raise invalid(f"Unknown bank code: {bank_code}")
        if not (number.isascii() and number.isdigit() and len(number) == 10):
            raise invalid("Could not resolve account name. Check parameters or try again.", status=422)
        data = {"account_number": number, "account_name": f"TEST ACCOUNT {number[-4:]}", "bank_id": bank.id}
        return ok("Account number resolved", data)

    def session_timeout(self, request: Request) -> Response:
        setting = self.store.get(Setting, SESSION_TIMEOUT)
        return ok("Payment session timeout retrieved", {SESSION_TIMEOUT: setting.value if setting else 0})

    def session_timeout_set(self, request: Request) -> Response:
        seconds = inputs.integer(inputs.body_of(request).get("timeout"), "timeout")
        if seconds < 0:
            raise invalid('"timeout" must be larger than or equal to 0')
        self.store.save(Setting(SESSION_TIMEOUT, seconds))
        return ok("Payment session timeout updated", {SESSION_TIMEOUT: seconds})

    def _page(self, request: Request, rows: list[Row], *, prefix: str) -> tuple[list[Row], dict[str, Any]]:
        """Return one page of rows, newest first, and its meta: numbered pages, or a cursor when asked for."""
        page, per_page = inputs.page_of(request)
        if request.arg("use_cursor") == "true":
            return _cursor_page(request, rows, per_page, prefix)
        start = (page - 1) * per_page
        meta = {
            "total": len(rows),
            "skipped": start,
            "perPage": per_page,
            "page": page,
            "pageCount": -(-len(rows) // per_page),
        }
        return rows[start : start + per_page], meta

    def _refund(self, refund_id: str) -> Refund:
        refund = self.store.get(Refund, refund_id)
        if refund is None:
            raise Refused(404, "Refund not found", code="not_found")
        return refund

    def _refund_row(self, refund: Refund) -> dict[str, Any]:
        return refund_list_output(refund, self.store.one(Transaction, refund.reference), self.store)

    def _subaccount(self, code: str) -> Subaccount:
        subaccount = self.store.get(Subaccount, code)
        if subaccount is None:
            raise Refused(404, "Subaccount not found", code="not_found")
        return subaccount

    def _subaccount_fill(self, subaccount: Subaccount, body: dict[str, Any]) -> None:
        """Copy the fields that creating and updating share."""
        for name in ("business_name", "description", "primary_contact_email", "primary_contact_name"):
            setattr(subaccount, name, inputs.text(body, name, getattr(subaccount, name)))
        for name in ("primary_contact_phone", "account_number", "metadata", "settlement_schedule"):
            setattr(subaccount, name, inputs.text(body, name, getattr(subaccount, name)))
        if body.get("percentage_charge") is not None:
            subaccount.percentage_charge = inputs.percentage(body, "percentage_charge")
        subaccount.updated_at = now()
        self.store.save(subaccount)


def _cursor_page(request: Request, rows: list[Row], per_page: int, prefix: str) -> tuple[list[Row], dict[str, Any]]:
    """A cursor is the id of the row beside it, so that new rows shift nothing."""
    after, before = _cursor_id(request.arg("next")), _cursor_id(request.arg("previous"))
    if before:
        shown = [row for row in rows if row.id > before][-per_page:]
    else:
        shown = [row for row in rows if not after or row.id < after][:per_page]
    ids = [row.id for row in rows]
    meta = {
        "next": _cursor(prefix, shown[-1].id) if shown and shown[-1].id != ids[-1] else None,
        "previous": _cursor(prefix, shown[0].id) if shown and shown[0].id != ids[0] else None,
        "perPage": per_page,
    }
    return shown, meta


def _cursor(prefix: str, row_id: int) -> str:
    return base64.b64encode(f"{prefix}:{row_id}".encode()).decode()


def _cursor_id(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor.replace(" ", "+"), validate=True).decode().partition(":")[2])
    except ValueError:
        raise invalid("Invalid cursor") from None
