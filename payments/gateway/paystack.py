"""Paystack's API, typed: https://paystack.com/docs/api. Requests and answers, no models, no decisions.

Everything here may raise movy.lib.http.OutsideUnavailable: then nobody knows what Paystack did. Never call it from
inside a transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from movy.lib.clock import rfc3339
from movy.lib.http import JsonAnswer, Outside, OutsideUnavailable
from movy.lib.money import Money

logger = logging.getLogger(__name__)

PAGE_SIZE = 100  # rows of a list; more than about a thousand is not to be asked for

PERSON_WAITS = Outside(connect_seconds=3, read_seconds=6, deadline_seconds=9)
WORKER = Outside(connect_seconds=3, read_seconds=20, deadline_seconds=30)
WEBHOOK = Outside(connect_seconds=1, read_seconds=2, deadline_seconds=3)
"""How long who waits: a person, nobody, Paystack itself, which counts our answer as failed after a while."""


class Refused(Exception):
    """Paystack understood and said no. `code` and `status` are Paystack's; the text is its message, for the office."""

    def __init__(self, message: str, *, code: str = "", status: int) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Checkout:
    """Where a buyer pays."""

    authorization_url: str
    access_code: str


@dataclass(frozen=True)
class Charge:
    """What verify says of a transaction. `status` as Paystack writes it; only "success" is money taken."""

    reference: str
    status: str
    money: Money
    is_test: bool
    provider_id: str
    channel: str
    note: str
    fees_minor: int | None
    paid_at: datetime | None

    @property
    def succeeded(self) -> bool:
        return self.status == "success"

    @property
    def failed(self) -> bool:
        return self.status == "failed"


@dataclass(frozen=True)
class ProviderRefund:
    """A refund as Paystack tells it. `status`: pending, processing, processed, failed or needs-attention."""

    provider_id: str
    status: str
    money: Money
    merchant_note: str


def initialize(
    *, reference: str, email: str, money: Money, channel: str, callback_url: str, cancel_url: str, subaccount: str
) -> Checkout:
    """Open a transaction. Raises Refused; a reference is refused for ever once Paystack has seen it."""
    metadata = {"cancel_action": cancel_url}
    body: dict[str, Any] = {
        "email": email,
        "amount": money.amount_minor,
        "currency": money.currency,
        "reference": reference,
        "callback_url": callback_url,
        "channels": [channel],
        "metadata": json.dumps(metadata),  # as a string, or numbers in it come back as strings
    }
    if subaccount:
        body["subaccount"] = subaccount
    data = _data(_call(PERSON_WAITS, "POST", "/transaction/initialize", body=body))
    url, access_code = data.get("authorization_url"), data.get("access_code")
    if not isinstance(url, str) or not isinstance(access_code, str) or data.get("reference") != reference:
        raise OutsideUnavailable("initialize answered without an address")
    return Checkout(authorization_url=url, access_code=access_code)


def verify(reference: str, *, via: Outside) -> Charge | None:
    """Ask what became of a transaction; None when Paystack has never heard of it. Raises Refused for other refusals."""
    try:
        data = _data(_call(via, "GET", f"/transaction/verify/{quote(reference, safe='')}"))
    except Refused as error:
        if error.code == "transaction_not_found" or error.status == 404:  # 400 or 404, it has been seen with both
            return None
        raise
    return Charge(
        reference=str(data.get("reference") or ""),
        status=str(data.get("status") or ""),
        money=Money(_integer(data.get("amount")), str(data.get("currency") or "").upper()),
        is_test=data.get("domain") != "live",
        provider_id=str(_integer(data.get("id"))),
        channel=str(data.get("channel") or ""),
        note=str(data.get("gateway_response") or data.get("message") or "")[:200],
        fees_minor=None if data.get("fees") is None else _integer(data.get("fees")),
        paid_at=_instant(data.get("paid_at")),
    )


def successful_references(*, since: datetime) -> Iterator[list[str]]:
    """List the references of what was charged since then, a page at a time. Raises Refused."""
    page = 1
    while True:
        params = {"status": "success", "from": rfc3339(since), "perPage": PAGE_SIZE, "page": page}
        rows = _call(WORKER, "GET", "/transaction", params=params).data.get("data")
        if not isinstance(rows, list):
            raise OutsideUnavailable("a list of transactions without rows")
        yield [str(row.get("reference")) for row in rows if isinstance(row, dict)]
        if len(rows) < PAGE_SIZE:
            return
        page += 1


def refund_create(*, transaction_id: str, money: Money, merchant_note: str) -> ProviderRefund:
    """Ask for money back. The amount is always named: without it Paystack takes the whole. Raises Refused."""
    body = {
        "transaction": transaction_id,
        "amount": money.amount_minor,
        "currency": money.currency,
        "merchant_note": merchant_note,
    }
    return _refund(_data(_call(WORKER, "POST", "/refund", body=body)))


def refund_fetch(provider_id: str) -> ProviderRefund:
    """Read one refund. Raises Refused when there is none."""
    return _refund(_data(_call(WORKER, "GET", f"/refund/{quote(provider_id, safe='')}")))


def refunds_of(transaction_id: str) -> list[ProviderRefund]:
    """List a transaction's refunds. The filter is undocumented, so the rows are filtered here again. Raises Refused."""
    found: list[ProviderRefund] = []
    page = 1
    while True:
        params = {"transaction": transaction_id, "perPage": PAGE_SIZE, "page": page}
        answer = _call(WORKER, "GET", "/refund", params=params)
        rows = answer.data.get("data")
        if not isinstance(rows, list):
            raise OutsideUnavailable("a list of refunds without rows")
        found += [_refund(row) for row in rows if _transaction_of(row) == transaction_id]
        if len(rows) < PAGE_SIZE:
            return found
        page += 1


def signature_is_valid(body: bytes, signature: str) -> bool:
    """Whether a webhook's bytes were signed with our key: lower-case hex HMAC-SHA512, compared in constant time."""
    expected = hmac.new(settings.PAYSTACK_SECRET_KEY.encode(), body, hashlib.sha512).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _call(
    via: Outside, method: str, path: str, *, body: dict[str, Any] | None = None, params: dict[str, Any] | None = None
) -> JsonAnswer:
    headers = {"Authorization": f"Bearer {settings.PAYSTACK_SECRET_KEY}"}
    answer = via.fetch_json(method, settings.PAYSTACK_BASE_URL + path, json=body, params=params, headers=headers)
    if not isinstance(answer.data, dict):
        raise OutsideUnavailable("not an object", status=answer.status)
    if answer.status == 401:  # our key: that is for the operator to mend, and says nothing about this payment or refund
        logger.error("Paystack refuses our key")
        raise OutsideUnavailable("our key is refused", status=answer.status)
    if answer.status >= 400 or answer.data.get("status") is not True:
        code = str(answer.data.get("code") or "")
        raise Refused(str(answer.data.get("message") or "")[:200], code=code, status=answer.status)
    return answer


def _data(answer: JsonAnswer) -> dict[str, Any]:
    data = answer.data.get("data")
    if not isinstance(data, dict):
        raise OutsideUnavailable("an answer without data", status=answer.status)
    return data


def _refund(data: Any) -> ProviderRefund:
    if not isinstance(data, dict):
        raise OutsideUnavailable("a refund that is no object")
    return ProviderRefund(
        provider_id=str(_integer(data.get("id"))),
        status=str(data.get("status") or ""),
        money=Money(_integer(data.get("amount")), str(data.get("currency") or "").upper()),
        merchant_note=str(data.get("merchant_note") or ""),
    )


def _transaction_of(row: Any) -> str:
    """A refund's transaction is an object where it is made and a number where it is read."""
    transaction = row.get("transaction") if isinstance(row, dict) else None
    return str(transaction.get("id") if isinstance(transaction, dict) else transaction)


def _integer(value: Any) -> int:
    """Return a whole number that may come as a string. Raises OutsideUnavailable for anything else."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise OutsideUnavailable("an answer with a number that is none")


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
