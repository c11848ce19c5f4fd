"""The page at /: transactions, refunds and webhook messages, newest first. A message can be sent again, or let go."""

from collections.abc import Iterable
from html import escape
from itertools import islice

from standins.http import Request, Response, Router, redirect_response
from standins.pages import page
from standins.paystack.account import Account
from standins.paystack.checkout import NOTICE, faults_url, money
from standins.paystack.store import Delivery, Refund, Transaction

ROWS = 50


class Dashboard:
    def __init__(self, router: Router, account: Account) -> None:
        self.account = account
        self.store = account.store
        router.route("GET", "/")(self.show)
        router.route("POST", "/_standin/dashboard/resend")(self.resend)
        router.route("POST", "/_standin/dashboard/release")(self.release)

    def show(self, request: Request) -> Response:
        on = len(self.account.faults.rows())
        with self.store.lock:
            body = "".join(
                [
                    "<h1>Paystack stand-in</h1>",
                    f'<nav><a class="button plain" href="/faults">Faults ({on} on)</a></nav>',
                    _table(
                        "Transactions",
                        ("Made", "Reference", "Amount", "Status", "Channel", "Payer", "Checkout", "Faults"),
                        (_transaction_cells(row) for row in islice(self.store.newest(Transaction), ROWS)),
                    ),
                    _table(
                        "Refunds",
                        ("Made", "Reference", "Amount", "Status", "Id"),
                        (_refund_cells(row) for row in islice(self.store.newest(Refund), ROWS)),
                    ),
                    _table(
                        "Webhooks",
                        ("Made", "Event", "Reference", "Status", "Tries", "Again"),
                        (_delivery_cells(row) for row in islice(self.store.newest(Delivery), ROWS)),
                    ),
                    _release_form(len(self.account.webhooks.held())),
                ]
            )
        return page("Paystack stand-in", body, notice=NOTICE, width="wide")

    def resend(self, request: Request) -> Response:
        with self.store.lock:
            delivery = self.store.get(Delivery, request.field("delivery"))
            if delivery:
                self.account.webhooks.resend(delivery)
        return redirect_response("/", 303)

    def release(self, request: Request) -> Response:
        with self.store.lock:
            self.account.webhooks.release()
        return redirect_response("/", 303)


def _transaction_cells(row: Transaction) -> tuple[str, ...]:
    links = (
        f'<a href="/checkout/{escape(row.access_code)}">open</a>',
        f'<a href="{escape(faults_url(row.reference))}">switch</a>',
    )
    amount = money(row.amount, row.currency)
    return (*map(escape, (row.created_at, row.reference, amount, row.status, row.channel, row.email)), *links)


def _refund_cells(row: Refund) -> tuple[str, ...]:
    return tuple(map(escape, (row.created_at, row.reference, money(row.amount, row.currency), row.status, str(row.id))))


def _delivery_cells(row: Delivery) -> tuple[str, ...]:
    tries = ", ".join(str(one["response_code"] or one["error"]) for one in row.tries)
    again = (
        '<form method="post" action="/_standin/dashboard/resend">'
        f'<button class="plain" name="delivery" value="{row.id}">Send again</button></form>'
    )
    return (*map(escape, (row.created_at, row.event, row.reference, row.status, tries or "–")), again)


def _release_form(held: int) -> str:
    if not held:
        return ""
    return (
        '<form method="post" action="/_standin/dashboard/release">'
        f"<button>Send what is held back ({held})</button></form>"
    )


def _table(title: str, heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a section with a table; cells are HTML."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    table = f'<div class="scroll"><table><tr>{head}</tr>{lines}</table></div>' if lines else "<p>None yet.</p>"
    return f'<section class="card"><h2>{title}</h2>{table}</section>'
