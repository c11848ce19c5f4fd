"""Reads and checks what a caller sends; every refusal is Paystack's own, as far as it is known."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from standins.http import BadRequest, Request
from standins.paystack.data import CHANNELS, CURRENCIES
from standins.paystack.errors import Refused, invalid, missing
from standins.paystack.store import Store, Subaccount, iso

EMAIL_FORM = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
REFERENCE_FORM = re.compile(r"[A-Za-z0-9.=_-]+")
LARGEST_AMOUNT = 2**53
PER_PAGE = 50


def body_of(request: Request) -> dict[str, Any]:
    """Return the fields of a JSON or form body; an empty body has none."""
    if not request.body:
        return {}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {name: values[-1] for name, values in request.form.items()}
    body = request.json()
    if not isinstance(body, dict):
        raise BadRequest("The body must be an object")
    return body


def text(body: dict[str, Any], name: str, default: str = "") -> str:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise invalid(f'"{name}" must be a string')
    return value


def integer(value: Any, name: str) -> int:
    """Return a whole number. Numeric strings and whole floats pass, as they do at Paystack."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f'"{name}" must be an integer')
    return value


def email(body: dict[str, Any]) -> str:
    value = text(body, "email")
    if not value:
        raise missing("Email Address is required")
    if not EMAIL_FORM.fullmatch(value):
        raise Refused(400, "Invalid Email Address Passed", code="invalid_email_address")
    return value


def currency(body: dict[str, Any], default: str) -> str:
    value = text(body, "currency", default)
    if value not in CURRENCIES:
        raise Refused(400, "Currency not supported by merchant", code="unsupported_currency")
    return value


def amount(body: dict[str, Any], currency: str) -> int:
    if body.get("amount") in (None, ""):
        raise missing("Amount is required")
    value = integer(body["amount"], "amount")
    rules = CURRENCIES[currency]
    if not rules.minimum <= value <= LARGEST_AMOUNT or value % rules.smallest_step:
        next_step = f"The smallest amount in {currency} is {rules.minimum}, in steps of {rules.smallest_step}"
        raise Refused(400, "Invalid Amount Sent", code="invalid_params", next_step=next_step)
    return value


def reference(body: dict[str, Any]) -> str:
    value = text(body, "reference")
    if value and not REFERENCE_FORM.fullmatch(value):
        raise invalid("Only -, ., = and alphanumeric characters are allowed in the reference")
    return value


def web_address(value: str, name: str) -> str:
    """Return an absolute http(s) address or ""; raises Refused for anything else."""
    if value and not is_web_address(value):
        raise invalid(f'"{name}" must be a valid uri')
    return value


def is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s\"'<>;,]", parts.netloc)


def channels(body: dict[str, Any]) -> list[str]:
    value = body.get("channels") or []
    if not isinstance(value, list) or not all(isinstance(channel, str) for channel in value):
        raise invalid('"channels" must be an array')
    if unknown := [channel for channel in value if channel not in CHANNELS]:
        raise invalid(f'"channels" has an unknown one: {unknown[0]}')
    return value


def metadata(body: dict[str, Any]) -> Any:
    """Return the metadata as verify will show it.

    Sent as a string of JSON it keeps its types; sent as an object its numbers come back as strings.
    """
    value = body.get("metadata")
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return _stringified(value)


def _stringified(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stringified(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_stringified(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def cancel_action(metadata: Any) -> str:
    """Return the address for a payer who cancels, or "" when there is none that a browser may follow."""
    value = metadata.get("cancel_action") if isinstance(metadata, dict) else None
    return value if isinstance(value, str) and is_web_address(value) else ""


def period(request: Request) -> tuple[str, str]:
    """Return the bounds of `from` and `to` as sortable strings; a missing one is open."""
    return _moment(request, "from") or "0", _moment(request, "to") or "9"


def _moment(request: Request, name: str) -> str:
    value = request.arg(name)
    return moment(value, name) if value else ""


def moment(value: Any, name: str) -> str:
    """Return an ISO date or time as a sortable string; without a zone it is UTC."""
    try:
        parsed = datetime.fromisoformat(value)
        return iso(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
    except (TypeError, ValueError, OverflowError):
        raise invalid(f'"{name}" must be a valid date') from None


def page_of(request: Request) -> tuple[int, int]:
    """Return (page, per page). The guides write perPage, the OpenAPI file per_page: both are heard."""
    per_page = request.arg("perPage") or request.arg("per_page") or str(PER_PAGE)
    page = max(1, integer(request.arg("page") or "1", "page"))
    return page, min(1000, max(1, integer(per_page, "perPage")))


def choice(body: dict[str, Any], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(body, name, default)
    if value not in allowed:
        raise invalid(f'"{name}" must be one of [{", ".join(allowed)}]')
    return value


def percentage(body: dict[str, Any], name: str) -> float:
    value = body.get(name)
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise invalid(f'"{name}" must be a number from 0 to 100')
    return number


def split_parts(value: Any, store: Store) -> dict[str, Any]:
    """Return the type and shares of a split. Raises Refused for an unknown subaccount or percentages above 100."""
    if not isinstance(value, dict) or not isinstance(value.get("subaccounts"), list) or not value["subaccounts"]:
        raise missing("A split needs its subaccounts")
    parts: list[dict[str, Any]] = []
    for part in value["subaccounts"]:
        subaccount_code = text(part, "subaccount") if isinstance(part, dict) else ""
        if store.get(Subaccount, subaccount_code) is None:
            raise invalid("Invalid Subaccount")
        share = integer(part.get("share"), "share")
        if share <= 0:
            raise invalid('"share" must be larger than 0')
        parts.append({"subaccount": subaccount_code, "share": share})
    kind = choice(value, "type", ("percentage", "flat"), "percentage")
    if kind == "percentage" and sum(part["share"] for part in parts) > 100:
        raise invalid("The percentages add up to more than 100")
    return {"type": kind, "subaccounts": parts}


def is_future_expiry(value: str, today: datetime | None = None) -> bool:
    """Tell whether a card's MM/YY (or MM/YYYY) is this month or later."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*/?\s*(?:20)?(\d{2})\s*", value)
    if not match:
        return False
    month, year = int(match[1]), 2000 + int(match[2])
    today = today or datetime.now(UTC)
    return 1 <= month <= 12 and (year, month) >= (today.year, today.month)
