"""What changes payments and refunds, by noun. Every function runs inside its door's transaction, takes the database's
`now`, and never calls Paystack: payments/flows does, between transactions."""

from payments.services.attempts import payment_address_store, payment_begin, payment_give_up
from payments.services.charges import charge_settle
from payments.services.desk import desk_sale
from payments.services.moves import payment_event_add, payment_move, refund_move
from payments.services.office import booking_refund, booking_refund_called_off
from payments.services.refunds import refund_ask_again, refund_pay_out, refund_request, refund_settle

__all__ = [
    "booking_refund",
    "booking_refund_called_off",
    "charge_settle",
    "desk_sale",
    "payment_address_store",
    "payment_begin",
    "payment_event_add",
    "payment_give_up",
    "payment_move",
    "refund_ask_again",
    "refund_move",
    "refund_pay_out",
    "refund_request",
    "refund_settle",
]
