"""What takes several steps, by noun: transactions of their own, with calls to Paystack between them, never inside.
Pages, API, webhook, worker and office are doors to these."""

from payments.flows.asking import charge_fetch, holds_release_overdue, payment_look, payments_poll
from payments.flows.calling_off import callings_off_go_on
from payments.flows.cancelling import booking_give_back
from payments.flows.desk import desk_sell
from payments.flows.office import booking_refund_at_office, refund_again, refund_paid_out
from payments.flows.paying import booking_pay
from payments.flows.refunds import refund_follow, refunds_follow
from payments.flows.walking import payments_reconcile, walk_go_on

__all__ = [
    "booking_give_back",
    "booking_pay",
    "booking_refund_at_office",
    "callings_off_go_on",
    "charge_fetch",
    "desk_sell",
    "holds_release_overdue",
    "payment_look",
    "payments_poll",
    "payments_reconcile",
    "refund_again",
    "refund_follow",
    "refund_paid_out",
    "refunds_follow",
    "walk_go_on",
]
