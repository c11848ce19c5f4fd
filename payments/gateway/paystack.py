"""Paystack's API, typed: https://paystack.com/docs/api. Requests and answers, no models, no decisions.

Everything here may raise movy.lib.http.OutsideUnavailable: then nobody knows what Paystack did. Never call it from
inside a transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from django.conf import settings

from movy.lib.clock import rfc3339
from movy.lib.http import JsonAnswer, Outside, OutsideUnavailable
from movy.lib.money import Money

logger = logging.getLogger(__name__)
Item = TypeVar("Item")

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
class Split:
    """Who gets what of a charge, in its smallest unit. With Paystack's fee they add up to it; the platform's part is
    below nothing where it bears the fee and keeps no share."""

    theatre_minor: int
    platform_minor: int


@dataclass(frozen=True)
class Charge:
    """What Paystack says of a transaction. `status` as Paystack writes it; only "success" is money taken. `split`: None
    while Paystack hasn't told, or when its parts are not the whole."""

    reference: str
    status: str
    money: Money
    is_test: bool
    provider_id: str
    channel: str
    note: str
    fees_minor: int | None
    split: Split | None
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
    transaction_id: str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, newest first. `total`: of all pages, 0 where Paystack doesn't say."""

    items: list[Item]
    is_last: bool
    total: int


@dataclass(frozen=True)
class Bank:
    """A bank or wallet that money can be sent to."""

    bank_id: str
    name: str


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
    return _charge(data)


def charges_page(number: int, *, since: datetime) -> Page[Charge]:
    """Read one page, from 1, of the transactions opened since then, whatever became of them: a list by state would
    lose rows to who turns its pages, while one that only grows shows some twice. Raises Refused."""
    return _page("/transaction", {"from": rfc3339(since)}, number, _charge)


def refunds_page(number: int, *, since: datetime) -> Page[ProviderRefund]:
    """Read one page, from 1, of the refunds made since then, by whomever. Raises Refused."""
    return _page("/refund", {"from": rfc3339(since)}, number, _refund)


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


def refunds_of(transaction_id: str, *, via: Outside = WORKER) -> list[ProviderRefund]:
    """List a transaction's refunds. The filter is undocumented, so the rows are filtered here again. Raises Refused."""
    found: list[ProviderRefund] = []
    number = 1
    while True:
        page = _page("/refund", {"transaction": transaction_id}, number, _refund, via)
        found += [refund for refund in page.items if refund.transaction_id == transaction_id]
        if page.is_last:
            return found
        number += 1


def refund_retry(provider_id: str, *, currency: str, account_number: str, bank_id: str) -> ProviderRefund:
    """Tell where a refund that needs bank details is to go. Raises Refused, with status 422 in any other state."""
    path = f"/refund/retry_with_customer_details/{quote(provider_id, safe='')}"
    details = {"currency": currency, "account_number": account_number, "bank_id": bank_id}
    return _refund(_data(_call(PERSON_WAITS, "POST", path, body={"refund_account_details": details})))


def banks(currency: str) -> list[Bank]:
    """List where money of this currency can be sent, by name. Raises Refused."""
    rows = _call(PERSON_WAITS, "GET", "/bank", params={"currency": currency, "perPage": PAGE_SIZE}).data.get("data")
    if not isinstance(rows, list):
        raise OutsideUnavailable("a list of banks without rows")
    found = [Bank(str(row.get("id")), str(row.get("name"))) for row in rows if isinstance(row, dict)]
    return sorted(found, key=lambda bank: bank.name)


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


def _page(
    path: str, params: dict[str, Any], number: int, read: Callable[[Any], Item], via: Outside = WORKER
) -> Page[Item]:
    """Read one page. A row that can't be read is logged and left out: it must not hide all others."""
    answer = _call(via, "GET", path, params=params | {"perPage": PAGE_SIZE, "page": number})
    rows, meta = answer.data.get("data"), answer.data.get("meta")
    if not isinstance(rows, list):
        raise OutsideUnavailable("a list without rows")
    items = []
    for row in rows:
        try:
            items.append(read(row))
        except OutsideUnavailable as error:
            logger.error("a row of %s can't be read: %s", path, error.reason)
    total = meta.get("total") if isinstance(meta, dict) else None
    return Page(items, is_last=len(rows) < PAGE_SIZE, total=total if isinstance(total, int) else 0)


def _charge(data: Any) -> Charge:
    if not isinstance(data, dict):
        raise OutsideUnavailable("a transaction that is no object")
    money = Money(_integer(data.get("amount")), str(data.get("currency") or "").upper())
    fees_minor = None if data.get("fees") is None else _integer(data.get("fees"))
    return Charge(
        reference=str(data.get("reference") or ""),
        status=str(data.get("status") or ""),
        money=money,
        is_test=data.get("domain") != "live",
        provider_id=str(_integer(data.get("id"))),
        channel=str(data.get("channel") or ""),
        note=str(data.get("gateway_response") or data.get("message") or "")[:200],
        fees_minor=fees_minor,
        split=None if fees_minor is None else _split(data, money, fees_minor),
        paid_at=_instant(data.get("paid_at")),
    )


def _split(data: dict[str, Any], money: Money, fees_minor: int) -> Split | None:
    """Return who gets what. Without a subaccount all but the fee is the platform's. Parts that don't add up are
    none."""
    if data.get("subaccount") == {}:
        return Split(theatre_minor=0, platform_minor=money.amount_minor - fees_minor)
    told = data.get("fees_split")
    parts = [told.get(name) for name in ("subaccount", "integration")] if isinstance(told, dict) else []
    theatre_minor, platform_minor = [part if isinstance(part, int) else None for part in parts] or (None, None)
    if theatre_minor is None or platform_minor is None:
        return None
    if fees_minor + theatre_minor + platform_minor != money.amount_minor:
        logger.warning("the parts of transaction %s are not its amount", data.get("id"))
        return None
    return Split(theatre_minor, platform_minor)


def _refund(data: Any) -> ProviderRefund:
    if not isinstance(data, dict):
        raise OutsideUnavailable("a refund that is no object")
    return ProviderRefund(
        provider_id=str(_integer(data.get("id"))),
        status=str(data.get("status") or ""),
        money=Money(_integer(data.get("amount")), str(data.get("currency") or "").upper()),
        merchant_note=str(data.get("merchant_note") or ""),
        transaction_id=_transaction_of(data),
    )


def _transaction_of(row: dict[str, Any]) -> str:
    """A refund's transaction is an object where it is made and a number where it is read."""
    transaction = row.get("transaction")
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
