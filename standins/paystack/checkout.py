"""The hosted page where a payer pays, declines, cancels or walks away. Plain forms: it works without JavaScript."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from standins.http import Request, Response, Router, redirect_response
from standins.pages import page
from standins.paystack.account import Account
from standins.paystack.data import OFFERED_CHANNELS, TEST_CARDS, TEST_PHONES, TestCard
from standins.paystack.errors import Refused
from standins.paystack.payments import OPEN
from standins.paystack.store import Setting, Transaction

NOTICE = "Paystack stand-in: a rehearsal. No real money moves; never type a real card."
STEPS = {  # what a card may ask for: label, kind of input
    "pin": ("Card PIN", "numeric"),
    "phone": ("Phone number on the account", "tel"),
    "otp": ("One-time password", "numeric"),
}


def money(amount: int, currency: str) -> str:
    return f"{currency} {amount // 100:,}.{amount % 100:02}"


def with_reference(callback_url: str, reference: str) -> str:
    """Return the callback address with trxref and reference merged into the query it has."""
    parts = urlsplit(callback_url)
    query = parse_qsl(parts.query, keep_blank_values=True) + [("trxref", reference), ("reference", reference)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def faults_url(reference: str) -> str:
    """Return where the faults of one payment are switched."""
    return f"/faults?{urlencode({'reference': reference})}"


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Checkout:
    def __init__(self, router: Router, account: Account) -> None:
        self.account = account
        self.payments = account.payments
        for path in ("/checkout/{access_code}", "/{access_code}"):
            router.route("GET", path)(self.show)
            router.route("POST", path)(self.act)

    def show(self, request: Request, access_code: str) -> Response:
        with self.account.store.lock:
            transaction = self.payments.by_access_code(access_code)
            if transaction is None:
                return page("Not found", "<h1>There is no such checkout.</h1>", notice=NOTICE, status=404)
            self.payments.visit(transaction)
            return self._page(transaction, request.arg("channel"))

    def act(self, request: Request, access_code: str) -> Response:
        with self.account.store.lock:
            transaction = self.payments.by_access_code(access_code)
            if transaction is None:
                return page("Not found", "<h1>There is no such checkout.</h1>", notice=NOTICE, status=404)
            return self._act(transaction, request)

    def _act(self, transaction: Transaction, request: Request) -> Response:
        channel, action = request.field("channel"), request.field("action")
        if action == "cancel" and transaction.cancel_action:
            return redirect_response(transaction.cancel_action)
        if action in ("cancel", "leave"):
            return self._message(
                transaction, "Nothing was paid", "You may close this page, or come back to it and pay."
            )
        if transaction.status in OPEN and not self._is_expired(transaction) and channel in self._channels(transaction):
            try:
                self._try_to_pay(transaction, request, channel=channel, action=action)
            except Refused as refusal:
                return self._page(transaction, channel, error=refusal.message, status=400)
        if transaction.status == "success" and transaction.callback_url:
            return self._send_back(transaction)
        was_declined = transaction.history[-1:] and transaction.history[-1]["type"] == "error"
        return self._page(transaction, channel, error=transaction.gateway_response if was_declined else "")

    def _try_to_pay(self, transaction: Transaction, request: Request, *, channel: str, action: str) -> None:
        if action == "fail":
            self.payments.fail(transaction, channel=channel)
        elif action == "decline":
            self.payments.decline(transaction, "Declined", channel=channel)
        elif action == "wait":
            self.payments.wait(transaction, channel=channel)
        elif channel == "card":
            names = ("number", "expiry", "cvv", "pin", "phone", "otp", "bank")
            self.payments.enter(transaction, {name: request.field(name).strip()[:40] for name in names})
        elif action == "paid":
            self.payments.pay(transaction, channel=channel)

    def _send_back(self, transaction: Transaction) -> Response:
        """Lead the payer's browser back to the shop, unless a fault has other plans for it."""
        faults, webhooks, reference = self.account.faults, self.account.webhooks, transaction.reference
        if faults.is_on("return_lost", reference=reference):
            return self._message(transaction, "Paid", "And here the payer closed the tab: nothing leads back.")
        shown = faults.value("return_reference", reference=reference, default=reference)
        response = redirect_response(with_reference(transaction.callback_url, shown))
        patience = faults.value("return_after_webhook", reference=reference, default=None)
        if patience is not None:
            response = replace(response, sender=webhooks.once_told(reference, seconds=patience))
        webhooks.release_after_return(reference)
        return response

    def _is_expired(self, transaction: Transaction) -> bool:
        setting = self.account.store.get(Setting, "payment_session_timeout")
        if setting is None or setting.value == 0:
            return False
        age = datetime.now(UTC) - datetime.fromisoformat(transaction.created_at)
        return age > timedelta(seconds=setting.value)

    def _channels(self, transaction: Transaction) -> list[str]:
        """Return what the merchant asked for and this page can play; without a wish, all of it."""
        return [name for name in OFFERED_CHANNELS if name in (transaction.channels or OFFERED_CHANNELS)] or ["card"]

    def _page(self, transaction: Transaction, channel: str, *, error: str = "", status: int = 200) -> Response:
        if transaction.status not in OPEN:
            return self._finished(transaction)
        if transaction.arrival and transaction.status in OPEN[1:]:
            return self._on_its_way(transaction)
        if self._is_expired(transaction):
            return self._message(transaction, "This payment has expired", "Go back to the shop and start again.")
        channels = self._channels(transaction)
        channel = channel if channel in channels else channels[0]
        parts = [_head(transaction), _tabs(channels, channel)]
        if error:
            parts.append(f'<p class="bad" role="alert">{escape(error)}</p>')
        parts.append(_card_forms(transaction) if channel == "card" else _transfer_form(transaction, channel))
        parts.append(
            '<form method="post">'
            '<button class="plain" name="action" value="cancel">Cancel</button>'
            '<button class="plain" name="action" value="leave">Leave it open</button></form>'
        )
        parts.append(f'<p><a href="{escape(faults_url(transaction.reference))}">Faults of this payment</a></p>')
        return self._whole(transaction, "Pay", "".join(parts), status=status)

    def _finished(self, transaction: Transaction) -> Response:
        if transaction.paid_at is None:
            return self._message(transaction, "This payment failed", "Go back to the shop to try again.")
        if not transaction.callback_url:
            return self._message(transaction, "Paid", "Thank you. You may close this page.")
        back = with_reference(transaction.callback_url, transaction.reference)
        link = f'<a class="button" href="{escape(back)}">Back to the shop</a>'
        return self._whole(transaction, "Paid", f"{_head(transaction)}<h2>Paid already</h2>{link}")

    def _on_its_way(self, transaction: Transaction) -> Response:
        at = datetime.fromisoformat(transaction.arrival["at"])
        link = ""
        if transaction.callback_url:
            back = with_reference(transaction.callback_url, transaction.reference)
            link = f'<a class="button" href="{escape(back)}">Back to the shop</a>'
        return self._whole(
            transaction,
            "On its way",
            f"{_head(transaction)}<h2>We are waiting for your bank</h2>"
            f'<p role="status">The money arrives at {at:%H:%M:%S} UTC. You may close this page.</p>{link}',
        )

    def _message(self, transaction: Transaction, title: str, text: str) -> Response:
        link = ""
        if transaction.cancel_action and transaction.paid_at is None:
            link = f'<a class="button plain" href="{escape(transaction.cancel_action)}">Back to the shop</a>'
        if transaction.status in OPEN and not self._is_expired(transaction):
            link += f'<a class="button plain" href="{escape(f"/checkout/{transaction.access_code}")}">Pay after all</a>'
        return self._whole(
            transaction, title, f"{_head(transaction)}<h2>{escape(title)}</h2><p>{escape(text)}</p>{link}"
        )

    def _whole(self, transaction: Transaction, title: str, body: str, *, status: int = 200) -> Response:
        targets = {origin(url) for url in (transaction.callback_url, transaction.cancel_action) if url}
        return page(
            f"{title} – {money(transaction.amount, transaction.currency)}",
            body,
            notice=NOTICE,
            status=status,
            form_targets=tuple(sorted(targets)),
        )


def _head(transaction: Transaction) -> str:
    return (
        '<header class="card"><h1>Checkout</h1>'
        f'<p class="amount">{escape(money(transaction.amount, transaction.currency))}</p>'
        f'<p class="quiet">{escape(transaction.label or transaction.email)}<br>{escape(transaction.reference)}</p>'
        "</header>"
    )


def _tabs(channels: list[str], chosen: str) -> str:
    if len(channels) == 1:
        return ""
    links = "".join(
        f'<a class="button plain" href="?channel={name}"{" aria-current=page" if name == chosen else ""}>'
        f"{OFFERED_CHANNELS[name]}</a>"
        for name in channels
    )
    return f'<nav aria-label="Ways to pay">{links}</nav>'


def _card_forms(transaction: Transaction) -> str:
    asked = _asked(transaction)
    if asked:
        return _step_form(asked)
    tests = "".join(_test_card_button(card) for card in TEST_CARDS.values())
    return f"""
<form method="post" class="card">
<h2>Card</h2>
<input type="hidden" name="channel" value="card">
<label>Card number
<input name="number" inputmode="numeric" autocomplete="off" required placeholder="4084 0840 8408 4081"></label>
<div class="pair">
<label>Expiry (MM/YY) <input name="expiry" inputmode="numeric" autocomplete="off" required placeholder="12/30"></label>
<label>CVV <input name="cvv" inputmode="numeric" autocomplete="off" required placeholder="408"></label>
</div>
<button name="action" value="pay">Pay {escape(money(transaction.amount, transaction.currency))}</button>
<button class="plain" name="action" value="decline" formnovalidate>Be declined</button>
</form>
<section class="card">
<h2>Or press a test card</h2>
{tests}
</section>"""


def _asked(transaction: Transaction) -> str:
    """Return the step that a half-entered card waits at, or ""."""
    card = TEST_CARDS.get("".join(transaction.entered.get("number", "").split()).replace("-", ""))
    return next((name for name, _ in card.asks if not transaction.entered.get(name)), "") if card else ""


def _step_form(asked: str) -> str:
    fields = '<input type="hidden" name="channel" value="card">'
    if asked == "bank":
        return (
            f'<form method="post" class="card"><h2>Your bank asks: is this you?</h2>{fields}'
            '<button name="bank" value="approve">Yes, pay</button>'
            '<button class="plain" name="bank" value="refuse">No</button></form>'
        )
    label, kind = STEPS[asked]
    return (
        f'<form method="post" class="card"><h2>One more step</h2>{fields}'
        f'<label>{label} <input name="{asked}" inputmode="{kind}" autocomplete="off" required autofocus></label>'
        "<button>Go on</button>"
        '<button class="plain" name="action" value="decline" formnovalidate>Be declined</button></form>'
    )


def _test_card_button(card: TestCard) -> str:
    """A form that holds the whole card, answers to its questions too, so that one press pays (or doesn't)."""
    year = datetime.now(UTC).year % 100 + 4
    values = {"channel": "card", "number": card.number, "expiry": f"12/{year:02}", "cvv": card.cvv}
    values |= {name: answer or "08000000000" for name, answer in card.asks}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in values.items())
    spaced = " ".join(card.number[i : i + 4] for i in range(0, len(card.number), 4))
    about = f"Is not paid: {card.decline}" if card.decline else card.about
    return (
        f'<form method="post">{hidden}<button class="plain row" name="action" value="pay">'
        f"<span>{spaced}</span><span>{escape(about)}</span></button></form>"
    )


def _transfer_form(transaction: Transaction, channel: str) -> str:
    phone = TEST_PHONES.get(transaction.currency, "08000000000")
    digits = f"{transaction.id % 10**10:010}"
    told = {
        "bank_transfer": f"Send the amount to account {digits}, Test Bank, within 30 minutes.",
        "ussd": f"Dial *737*000*{digits[-4:]}# and confirm the amount.",
        "mobile_money": f"We sent a prompt to {phone}. Confirm it on your phone.",
    }[channel]
    waiting = (
        '<p class="quiet" role="status">We are waiting for your bank.</p>' if transaction.status in OPEN[1:] else ""
    )
    return f"""
<form method="post" class="card">
<h2>{OFFERED_CHANNELS[channel]}</h2>
<p>{escape(told)}</p>
{waiting}
<input type="hidden" name="channel" value="{channel}">
<button name="action" value="paid">I have paid</button>
<button class="plain" name="action" value="fail">Fail</button>
<button class="plain" name="action" value="wait">Leave it waiting</button>
</form>"""
