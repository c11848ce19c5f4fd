"""What changes payments and refunds, by noun. Every function runs inside its door's transaction, takes the database's
`now`, and never calls Paystack: payments/flows does, between transactions."""

from payments.services.attempts import payment_address_store, payment_begin, payment_give_up
from payments.services.charges import charge_give_back, charge_parts_keep, charge_settle
from payments.services.desk import desk_sale
from payments.services.findings import finding_close, finding_open, finding_put_away
from payments.services.moves import payment_event_add, payment_move, refund_move
from payments.services.office import booking_refund, booking_refund_called_off
from payments.services.refunds import (
    refund_adopt,
    refund_ask_again,
    refund_details_refused,
    refund_details_sent,
    refund_pay_out,
    refund_request,
    refund_settle,
)
from payments.services.walks import walk_advance, walk_begin, walk_claim, walk_pause

__all__ = [
    "booking_refund",
    "booking_refund_called_off",
    "charge_give_back",
    "charge_parts_keep",
    "charge_settle",
    "desk_sale",
    "finding_close",
    "finding_open",
    "finding_put_away",
    "payment_address_store",
    "payment_begin",
    "payment_event_add",
    "payment_give_up",
    "payment_move",
    "refund_adopt",
    "refund_ask_again",
    "refund_details_refused",
    "refund_details_sent",
    "refund_move",
    "refund_pay_out",
    "refund_request",
    "refund_settle",
    "walk_advance",
    "walk_begin",
    "walk_claim",
    "walk_pause",
]
