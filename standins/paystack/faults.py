"""What can go wrong on purpose: one table, `FAULTS`. rules.py switches its entries on.

A new fault is a new row. Its stage says when it acts:

  INSTEAD   act(value) -> Response          the request is answered at once and nothing is done
  ANSWER    act(response, value) -> Response   the work is done, its answer suffers
  BODY      act(data, value)                changes a transaction's `data`, in answers and in charge.success
  MESSAGE   act(message, value)             changes how a webhook message goes out
  PAYER, RULE   no act of its own: the code of the payer's way, or of the rule, asks for the value
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from standins.paystack.data import OFFERED_CHANNELS
from standins.paystack.errors import Refused
from standins.paystack.values import (
    COPIES,
    JSON,
    NOTHING,
    SECONDS,
    SUBUNITS,
    WHOLE_SECONDS,
    Kind,
    choice,
    text,
)

INVALID_KEY = Refused(
    401,
    "Invalid key",
    code="invalid_Key",  # sic
    next_step="Ensure that you provide the correct authorization key for the request",
)


class Stage(StrEnum):
    """The value is what a page calls the faults of the stage."""

    INSTEAD = "Paystack refuses or breaks, and nothing is done"
    ANSWER = "It is done, and the answer suffers"
    BODY = "A payment is shown as it is not"
    PAYER = "The payer, and the way back to the shop"
    MESSAGE = "Webhooks"
    RULE = "Refunds, and what nobody could tell for sure"


API_CALLS = (
    "initialize",
    "verify",
    "totals",
    "timeline",
    "fetch",
    "list",
    "refund",
    "refund_list",
    "refund_fetch",
    "refund_retry",
    "subaccount",
    "subaccount_list",
    "subaccount_fetch",
    "subaccount_update",
    "split",
    "split_fetch",
    "bank_list",
    "bank_resolve",
    "session_timeout",
    "session_timeout_set",
)
REFUND_EVENTS = ("refund.pending", "refund.processing", "refund.processed", "refund.failed", "refund.needs-attention")
DISPUTE_EVENTS = ("charge.dispute.create", "charge.dispute.remind", "charge.dispute.resolve")
OPERATIONS: dict[Stage, tuple[str, ...]] = {
    Stage.INSTEAD: API_CALLS,
    Stage.ANSWER: API_CALLS,
    Stage.BODY: ("verify", "fetch", "list", "webhook"),
    Stage.PAYER: (),
    Stage.MESSAGE: ("charge.success", *REFUND_EVENTS, *DISPUTE_EVENTS),
    Stage.RULE: (),
}


@dataclass
class Message:
    """A webhook message before it goes out."""

    event: str
    body: bytes
    copies: int = 1
    is_in_turn: bool = False  # each copy once the one before has been answered
    delay_seconds: float = 0
    signature_key: str | None = None  # None: the account's secret
    signature: str | None = None  # None: computed from the body
    body_sent: bytes | None = None  # None: the one that was signed
    status: str = "pending"
    held_until: str = ""


def _asked_for(*_: Any) -> None:
    """A fault that the code asks for does nothing by itself."""


@dataclass(frozen=True)
class Fault:
    """about: what happens, for people. only: the operations it can strike, where these are not all of its stage."""

    stage: Stage
    about: str
    kind: Kind = NOTHING
    default: Any = None
    act: Callable[..., Any] = _asked_for
    only: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[str, ...]:
        """Return what it may be narrowed to."""
        return self.only or OPERATIONS[self.stage]


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


def _lose(message: Message, value: Any) -> None:
    message.status = "lost"


def _hold(until: str) -> Callable[[Message, Any], None]:
    """Keep the message back: until `Webhooks` is told of what it waits for, or "" until somebody releases it."""

    def act(message: Message, value: Any) -> None:
        message.status = "held"
        message.held_until = until
        message.delay_seconds = value or 0

    return act


def _repeat(message: Message, value: Any) -> None:
    message.copies = value
    message.is_in_turn = True


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
    "bad_key": Fault(Stage.INSTEAD, "401: the key is invalid.", act=lambda value: INVALID_KEY.response()),
    "rate_limit": Fault(
        Stage.INSTEAD, "429: too many requests; come back in so many seconds.", WHOLE_SECONDS, 5, _busy
    ),
    "error_500": Fault(Stage.INSTEAD, "500, with a page instead of JSON.", act=_html_error(500)),
    "error_502": Fault(Stage.INSTEAD, "502, with a page instead of JSON.", act=_html_error(502)),
    "refused_reset": Fault(
        Stage.INSTEAD,
        "The connection breaks before anything is done.",
        act=lambda value: Response(sender=send_reset),
    ),
    "delay": Fault(
        Stage.ANSWER,
        "The answer comes so many seconds late.",
        SECONDS,
        3,
        lambda response, value: replace(response, sender=send_after(value)),
    ),
    "timeout": Fault(
        Stage.ANSWER,
        "Nothing is said for so many seconds, then the connection breaks.",
        SECONDS,
        60,
        lambda response, value: replace(response, sender=send_silence(value)),
    ),
    "reset": Fault(
        Stage.ANSWER,
        "The connection breaks at once.",
        act=lambda response, value: replace(response, sender=send_reset),
    ),
    "drip": Fault(
        Stage.ANSWER,
        "The answer trickles: one byte every so many seconds.",
        SECONDS,
        0.2,
        lambda response, value: replace(response, sender=send_drip(value)),
    ),
    "truncated_json": Fault(Stage.ANSWER, "A whole HTTP answer with half of its JSON.", act=_half),
    "cut_short": Fault(Stage.ANSWER, "The answer is cut: its head promises more than comes.", act=_cut_short),
    "wrong_amount": Fault(Stage.BODY, "Another amount was paid.", SUBUNITS, 1_00, _set("amount")),
    "wrong_currency": Fault(Stage.BODY, "It was paid in another currency.", text("Currency"), "USD", _set("currency")),
    "wrong_domain": Fault(
        Stage.BODY, "It was paid in another mode than the key's.", text("Mode"), "live", _set("domain")
    ),
    "wrong_reference": Fault(
        Stage.BODY,
        "The answer is about another reference, such as another customer's.",
        text("Reference shown"),
        "SOMEBODY-ELSES",
        _set("reference"),
    ),
    "wrong_status": Fault(
        Stage.BODY,
        "It has another status, such as abandoned though it is paid; a number of times lets the truth out later.",
        text("Status"),
        "abandoned",
        _set("status"),
    ),
    "metadata": Fault(
        Stage.BODY, 'Its metadata is this: "", 0, null, or a string of JSON.', JSON, "", _set("metadata")
    ),
    "paid_before_answer": Fault(
        Stage.PAYER,
        "It is paid before Paystack answers that it was begun: that answer waits until the webhook was answered, "
        "so many seconds at most.",
        SECONDS,
        5,
    ),
    "paid_after_opening": Fault(
        Stage.PAYER,
        "So many seconds after the checkout page was first opened it is paid, whoever has given up meanwhile.",
        SECONDS,
        60,
    ),
    "success_late": Fault(
        Stage.PAYER,
        "The payer has paid, and the money arrives so many seconds later, even when the hold or the payment's session "
        "has ended. Until then it is ongoing or pending.",
        SECONDS,
        60,
        only=tuple(OFFERED_CHANNELS),
    ),
    "return_after_webhook": Fault(
        Stage.PAYER,
        "The payer comes back to the shop once the webhook was answered, or after so many seconds.",
        SECONDS,
        10,
    ),
    "return_lost": Fault(Stage.PAYER, "The payer pays and does not come back: the tab was closed."),
    "return_reference": Fault(
        Stage.PAYER,
        "The payer comes back with another reference, such as another customer's.",
        text("Reference"),
        "SOMEBODY-ELSES",
    ),
    "webhook_lost": Fault(Stage.MESSAGE, "Never sent.", act=_lose),
    "webhook_held": Fault(Stage.MESSAGE, "Kept back until somebody releases it.", act=_hold("")),
    "webhook_late": Fault(Stage.MESSAGE, "Sent so many seconds later.", SECONDS, 5, _set_message("delay_seconds")),
    "webhook_after_return": Fault(
        Stage.MESSAGE,
        "Sent so many seconds after the payer's browser was sent back to the shop.",
        SECONDS,
        1,
        _hold("return"),
        only=("charge.success",),
    ),
    "webhook_duplicate": Fault(Stage.MESSAGE, "Sent so many times, all at once.", COPIES, 3, _set_message("copies")),
    "webhook_repeated": Fault(
        Stage.MESSAGE, "Sent so many times, each once the one before was answered.", COPIES, 3, _repeat
    ),
    "webhook_wrong_signature": Fault(
        Stage.MESSAGE, "It has this signature.", text("Signature"), "0" * 128, _set_message("signature")
    ),
    "webhook_other_key": Fault(
        Stage.MESSAGE,
        "It is signed with this key.",
        text("Key"),
        "sk_test_somebody_else",
        _set_message("signature_key"),
    ),
    "webhook_tampered": Fault(Stage.MESSAGE, "Its body was changed after it was signed.", act=_tamper),
    "webhook_unknown_event": Fault(
        Stage.MESSAGE, "Its event has a name that nobody knows.", text("Event"), "charge.celebrated", _rename
    ),
    "refund_events_reversed": Fault(
        Stage.MESSAGE,
        "What a refund goes through is told at its end, the last first.",
        act=_hold("refund"),
        only=REFUND_EVENTS,
    ),
    "refund_stuck": Fault(Stage.RULE, "Its refunds stay pending, until this is switched off."),
    "refund_outcome": Fault(
        Stage.RULE, "Its refunds end like this.", choice("End", "processed", "failed", "needs-attention"), "failed"
    ),
    "unknown_reference_status": Fault(
        Stage.RULE,
        "Asked about a reference that it does not know, verify answers this.",
        choice("Status", 400, 404),
        400,
    ),
}
