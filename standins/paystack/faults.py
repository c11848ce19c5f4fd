"""What can go wrong on purpose: one table, `FAULTS`, and the rules that switch its entries on.

A rule names a fault, and optionally its value, the one reference or operation it holds for, and how often it strikes.
A new fault is a new row. Its stage says when it acts:

  INSTEAD   act(value) -> Response          the request is answered at once and nothing is done
  ANSWER    act(response, value) -> Response   the work is done, its answer suffers
  BODY      act(data, value)                changes a transaction's `data`, in answers and in charge.success
  MESSAGE   act(message, value)             changes how a webhook message goes out
  RULE      no act of its own: the code of the rule asks for the value
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from standins.http import (
    Connection,
    Response,
    html_response,
    json_response,
    send_after,
    send_drip,
    send_reset,
    send_silence,
)
from standins.paystack.errors import Refused

INVALID_KEY = Refused(
    401,
    "Invalid key",
    code="invalid_Key",  # sic
    next_step="Ensure that you provide the correct authorization key for the request",
)


DEFAULT: Any = object()  # stands for the fault's own default


class Stage(StrEnum):
    INSTEAD = "instead"
    ANSWER = "answer"
    BODY = "body"
    MESSAGE = "message"
    RULE = "rule"


@dataclass
class Message:
    """A webhook message before it goes out."""

    event: str
    body: bytes
    copies: int = 1
    delay_seconds: float = 0
    signature_key: str | None = None  # None: the account's secret
    signature: str | None = None  # None: computed from the body
    body_sent: bytes | None = None  # None: the one that was signed
    status: str = "pending"


def _asked_for(*_: Any) -> None:
    """A RULE fault does nothing by itself."""


@dataclass(frozen=True)
class Fault:
    stage: Stage
    default: Any
    about: str
    act: Callable[..., Any] = _asked_for


def _half(response: Response, value: Any) -> Response:
    return replace(response, body=response.body[: len(response.body) // 2])


def _cut_short(response: Response, value: Any) -> Response:
    def sender(connection: Connection, answer: bytes) -> None:
        connection.send(answer[: len(answer) - len(response.body) // 2])
        connection.cut()

    return replace(response, sender=sender)


def _set(name: str) -> Callable[[dict[str, Any], Any], None]:
    def act(data: dict[str, Any], value: Any) -> None:
        data[name] = value

    return act


def _set_message(name: str) -> Callable[[Message, Any], None]:
    def act(message: Message, value: Any) -> None:
        setattr(message, name, value)

    return act


def _tamper(message: Message, value: Any) -> None:
    message.body_sent = message.body.replace(b'"status":"', b'"status":"x', 1)


def _rename(message: Message, value: Any) -> None:
    message.body = message.body.replace(message.event.encode(), str(value).encode(), 1)
    message.event = str(value)


def _busy(value: Any) -> Response:
    body = {"status": False, "message": "Too many requests. Please try again later"}
    return json_response(body, 429, {"x-ratelimit-reset": str(value), "Retry-After": str(value)})


def _html_error(status: int) -> Callable[[Any], Response]:
    html = f"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr>nginx</body></html>"
    return lambda value: html_response(html, status)


FAULTS = {
    # nothing is done
    "bad_key": Fault(Stage.INSTEAD, None, "401 Invalid key.", lambda value: INVALID_KEY.response()),
    "rate_limit": Fault(Stage.INSTEAD, 5, "429; the value is the seconds in its x-ratelimit-reset header.", _busy),
    "error_500": Fault(Stage.INSTEAD, None, "500 with an HTML body.", _html_error(500)),
    "error_502": Fault(Stage.INSTEAD, None, "502 with an HTML body.", _html_error(502)),
    "refused_reset": Fault(
        Stage.INSTEAD, None, "The connection breaks before anything is done.", lambda value: Response(sender=send_reset)
    ),
    # done, but the answer suffers
    "delay": Fault(
        Stage.ANSWER, 3, "The answer comes so many seconds late.", lambda r, value: replace(r, sender=send_after(value))
    ),
    "timeout": Fault(
        Stage.ANSWER,
        60,
        "Done, but nothing is said for so many seconds, then the connection breaks.",
        lambda r, value: replace(r, sender=send_silence(value)),
    ),
    "reset": Fault(
        Stage.ANSWER, None, "Done, but the connection breaks at once.", lambda r, value: replace(r, sender=send_reset)
    ),
    "drip": Fault(
        Stage.ANSWER,
        0.2,
        "The answer trickles, one byte per so many seconds.",
        lambda r, value: replace(r, sender=send_drip(value)),
    ),
    "truncated_json": Fault(Stage.ANSWER, None, "A whole HTTP answer with half of its JSON.", _half),
    "cut_short": Fault(Stage.ANSWER, None, "Content-Length promises more than comes.", _cut_short),
    # what a transaction looks like
    "wrong_amount": Fault(Stage.BODY, 1_00, "`amount` is this many subunits.", _set("amount")),
    "wrong_currency": Fault(Stage.BODY, "USD", "`currency` is this.", _set("currency")),
    "wrong_domain": Fault(Stage.BODY, "live", "`domain` is this.", _set("domain")),
    "wrong_reference": Fault(Stage.BODY, "SOMEBODY-ELSES", "`reference` is this.", _set("reference")),
    "wrong_status": Fault(
        Stage.BODY, "abandoned", "`status` is this; `times` lets the truth out later.", _set("status")
    ),
    "metadata": Fault(Stage.BODY, "", '`metadata` is this: "", 0, null, or a string of JSON.', _set("metadata")),
    # webhooks
    "webhook_lost": Fault(Stage.MESSAGE, "lost", "Never sent.", _set_message("status")),
    "webhook_held": Fault(Stage.MESSAGE, "held", "Kept back until it is released.", _set_message("status")),
    "webhook_late": Fault(Stage.MESSAGE, 5, "Sent so many seconds later.", _set_message("delay_seconds")),
    "webhook_duplicate": Fault(Stage.MESSAGE, 3, "Sent so many times, all at once.", _set_message("copies")),
    "webhook_wrong_signature": Fault(Stage.MESSAGE, "0" * 128, "The signature is this.", _set_message("signature")),
    "webhook_other_key": Fault(
        Stage.MESSAGE, "sk_test_somebody_else", "Signed by this key.", _set_message("signature_key")
    ),
    "webhook_tampered": Fault(Stage.MESSAGE, None, "The body was changed after it was signed.", _tamper),
    "webhook_unknown_event": Fault(Stage.MESSAGE, "charge.celebrated", "The event has this name.", _rename),
    # rules
    "refund_stuck": Fault(Stage.RULE, True, "Its refunds stay pending."),
    "refund_outcome": Fault(Stage.RULE, "failed", "Its refunds end as this: processed, failed or needs-attention."),
    "unknown_reference_status": Fault(Stage.RULE, 400, "Verify answers an unknown reference with this status."),
}


@dataclass
class Rule:
    """A fault that is switched on. `times` counts down and None lasts; empty `reference` and `operation` mean any."""

    id: int
    fault: str
    value: Any
    reference: str = ""
    operation: str = ""
    times: int | None = None


class Faults:
    """The rules that are on. Thread-safe by a lock of its own, held for no longer than a look."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._last_id = 0
        self._lock = threading.Lock()

    def add(
        self, fault: str, *, value: Any = DEFAULT, reference: str = "", operation: str = "", times: int | None = None
    ) -> Rule:
        """Switch a fault on. None is a value like any other. Raises KeyError for a name that is not in FAULTS."""
        if value is DEFAULT:
            value = FAULTS[fault].default
        with self._lock:
            self._last_id += 1
            rule = Rule(self._last_id, fault, value, reference, operation, times)
            self._rules.append(rule)
        return rule

    def remove(self, rule_id: int | None = None) -> None:
        """Switch one rule off, or all of them."""
        with self._lock:
            self._rules = [rule for rule in self._rules if rule_id is not None and rule.id != rule_id]

    def rows(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def take(self, stage: Stage, *, operation: str, reference: str) -> list[tuple[Fault, Any]]:
        """Return the faults of a stage that strike here, in the order they were switched on, and count them."""
        return [(FAULTS[rule.fault], rule.value) for rule in self._strike(operation, reference, stage=stage)]

    def value(self, fault: str, *, operation: str = "", reference: str, default: Any) -> Any:
        """Return the value of a RULE fault that is on here, or else the default."""
        struck = self._strike(operation, reference, fault=fault)
        return struck[-1].value if struck else default

    def _strike(self, operation: str, reference: str, *, stage: Stage | None = None, fault: str = "") -> list[Rule]:
        with self._lock:
            struck = [
                rule
                for rule in self._rules
                if (rule.fault == fault or FAULTS[rule.fault].stage == stage)
                and rule.reference in ("", reference)
                and rule.operation in ("", operation)
                and rule.times != 0
            ]
            for rule in struck:
                if rule.times is not None:
                    rule.times -= 1
        return struck
