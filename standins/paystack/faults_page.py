"""The page at /faults: what is on, and every fault with what it does, to switch on for all payments or for one."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from standins.http import Request, Response, Router, redirect_response
from standins.pages import page
from standins.paystack.account import Account
from standins.paystack.checkout import NOTICE, faults_url
from standins.paystack.faults import FAULTS, Fault, Stage
from standins.paystack.inputs import REFERENCE_FORM
from standins.paystack.values import JSON, Kind

SHOWN_LENGTH = 40  # of a value that is on: a signature has 128 signs


class FaultsPage:
    def __init__(self, router: Router, account: Account) -> None:
        self.account = account
        router.route("GET", "/faults")(self.show)
        router.route("POST", "/faults")(self.switch_on)
        router.route("POST", "/faults/off")(self.switch_off)

    def show(self, request: Request) -> Response:
        return self._page(request.arg("reference"))

    def switch_on(self, request: Request) -> Response:
        """Switch a fault on, or show the form again with what was typed and a sentence that says what is wrong."""
        typed = {name: request.field(name).strip() for name in ("fault", "value", "times", "operation", "reference")}
        name, reference = typed["fault"], typed["reference"]
        if name not in FAULTS:
            return self._page(request.arg("reference"), error="There is no such fault.", status=400)
        try:
            if reference and not REFERENCE_FORM.fullmatch(reference):
                raise ValueError("Reference: letters, digits and - . = alone.")
            self.account.faults.add(
                name,
                value=FAULTS[name].kind.read(typed["value"]),
                reference=reference,
                operation=typed["operation"],
                times=_times(typed["times"]),
            )
        except ValueError as error:
            return self._page(request.arg("reference"), typed=typed, error=str(error), status=400)
        return redirect_response(f"/faults{_query(request.arg('reference'))}#on", 303)

    def switch_off(self, request: Request) -> Response:
        """Switch one off, by its `rule`, or with `rule=all` everything."""
        rule = request.field("rule")
        if rule == "all":
            self.account.faults.remove()
        elif rule.isascii() and rule.isdigit() and len(rule) < 10:
            self.account.faults.remove(int(rule))
        return redirect_response(f"/faults{_query(request.arg('reference'))}#on", 303)

    def _page(
        self, reference: str, *, typed: Mapping[str, str] | None = None, error: str = "", status: int = 200
    ) -> Response:
        """typed: what a form was sent with, when it was refused because of `error`."""
        parts = [_head(reference), self._on(reference)]
        if error and typed is None:
            parts.append(f'<p class="bad" role="alert">{escape(error)}</p>')
        for stage in Stage:
            parts.append(f"<h2>{escape(stage)}</h2>")
            for name, fault in FAULTS.items():
                if fault.stage == stage:
                    sent = typed if typed and typed["fault"] == name else None
                    parts.append(_form(name, fault, sent, reference=reference, error=error if sent else ""))
        return page("Faults – Paystack stand-in", "".join(parts), notice=NOTICE, width="middle", status=status)

    def _on(self, reference: str) -> str:
        """Return what is on: everything, or what strikes one reference."""
        rules = [row for row in self.account.faults.rows() if not reference or row["reference"] in ("", reference)]
        if not rules:
            return '<section class="card" id="on"><h2>On now</h2><p>Nothing: all goes well.</p></section>'
        action = escape(f"/faults/off{_query(reference)}")
        lines = "".join(
            f"<li><span><strong>{row['fault']}</strong><br>{escape(_told(row))}</span>"
            f'<form method="post" action="{action}"><button class="plain" name="rule" value="{row["id"]}">'
            f'Switch off<span class="hidden"> {row["fault"]}</span></button></form></li>'
            for row in rules
        )
        return (
            f'<section class="card" id="on"><h2>On now</h2><ul class="rows">{lines}</ul>'
            f'<form method="post" action="{action}"><button name="rule" value="all">Switch everything off</button>'
            "</form></section>"
        )


def _query(reference: str) -> str:
    """Return what keeps the page at one payment, or "" for all."""
    return faults_url(reference).removeprefix("/faults") if reference else ""


def _times(typed: str) -> int | None:
    try:
        return int(typed) if typed else None
    except ValueError:
        raise ValueError("Times: a whole number above 0, or nothing for as long as it is on.") from None


def _told(row: Mapping[str, Any]) -> str:
    """Return what a rule does, in words: its value, and what it is narrowed to."""
    kind, times = FAULTS[row["fault"]].kind, row["times"]
    value = [f"{kind.label}: {_typed(kind, row['value'])[:SHOWN_LENGTH]}"] if kind.label else []
    where = f"payment {row['reference']}" if row["reference"] else "every payment"
    operation = [f"only {row['operation']}"] if row["operation"] else []
    often = "until it is switched off" if times is None else "once more" if times == 1 else f"{times} more times"
    return "; ".join([*value, where, *operation, often])


def _head(reference: str) -> str:
    links = '<a class="button plain" href="/">Payments</a>'
    if not reference:
        return (
            f"<h1>Faults</h1><nav>{links}</nav><p>What is switched on here strikes every payment, or the one named.</p>"
        )
    links += '<a class="button plain" href="/faults">Faults of all payments</a>'
    return f'<h1>Faults of <span class="code">{escape(reference)}</span></h1><nav>{links}</nav>'


def _form(name: str, fault: Fault, typed: Mapping[str, str] | None, *, reference: str, error: str = "") -> str:
    """Return one fault with the form that switches it on; open, and as it was typed, when it was refused."""
    shown = typed or {"value": _typed(fault.kind, fault.default), "times": "", "operation": "", "reference": reference}
    fields = [_value_field(fault, shown["value"]) if fault.kind.label else ""]
    fields.append(
        '<label>Times (empty: until it is switched off) <input name="times" inputmode="numeric" autocomplete="off" '
        f'value="{escape(shown["times"])}"></label>'
    )
    if fault.operations:
        fields.append(f"<label>Only for {_select('operation', ('', *fault.operations), shown['operation'])}</label>")
    fields.append(
        '<label>Reference (empty: every payment) <input name="reference" autocomplete="off" '
        f'value="{escape(shown["reference"])}"></label>'
    )
    told = f'<p class="bad" role="alert">{escape(error)}</p>' if error else ""
    return (
        f'<details class="card" id="{name}"{" open" if error else ""}>'
        f"<summary><strong>{name}</strong> {escape(fault.about)}</summary>"
        f'{told}<form method="post" action="{escape(f"/faults{_query(reference)}#{name}")}">'
        f'<input type="hidden" name="fault" value="{name}"><div class="fields">{"".join(fields)}</div>'
        f'<button>Switch on<span class="hidden"> {name}</span></button></form></details>'
    )


def _typed(kind: Kind, value: Any) -> str:
    """Return a value as a person would type it."""
    return json.dumps(value) if kind == JSON else str(value)


def _value_field(fault: Fault, typed: str) -> str:
    if fault.kind.choices:
        return f"<label>{fault.kind.label} {_select('value', tuple(map(str, fault.kind.choices)), typed)}</label>"
    return f'<label>{fault.kind.label} <input name="value" autocomplete="off" value="{escape(typed)}"></label>'


def _select(name: str, choices: tuple[str, ...], chosen: str) -> str:
    options = "".join(
        f'<option value="{choice}"{" selected" if choice == chosen else ""}>{choice or "anything"}</option>'
        for choice in choices
    )
    return f'<select name="{name}">{options}</select>'
