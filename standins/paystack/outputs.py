"""The JSON bodies of transactions, refunds, subaccounts, splits and banks.

Paystack's shapes differ from call to call; each function names the call that it is for.
"""

from datetime import datetime
from typing import Any

from standins.paystack.data import BANKS, CHANNELS, COUNTRIES, COUNTRY_CODES, Bank, fee
from standins.paystack.store import Customer, Refund, Split, Store, Subaccount, Transaction

INTEGRATION = 412829  # the account's number, the same in every body


def customer_output(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "first_name": None,
        "last_name": None,
        "email": customer.email,
        "customer_code": customer.customer_code,
        "phone": None,
        "metadata": None,
        "risk_action": "default",
        "international_format_phone": None,
    }


def log_output(transaction: Transaction) -> dict[str, Any] | None:
    """What the payer did on the checkout page; None before the first visit. Times in it are whole seconds."""
    if not transaction.history:
        return None
    start = int(datetime.fromisoformat(transaction.history[0]["at"]).timestamp())
    history = [
        {
            "type": entry["type"],
            "message": entry["message"],
            "time": int(datetime.fromisoformat(entry["at"]).timestamp()) - start,
        }
        for entry in transaction.history
    ]
    return {
        "start_time": start,
        "time_spent": history[-1]["time"],
        "attempts": transaction.attempts,
        "errors": transaction.errors,
        "success": transaction.paid_at is not None,
        "mobile": False,
        "input": [],
        "history": history,
    }


def transaction_output(transaction: Transaction, store: Store) -> dict[str, Any]:
    """What all bodies of a transaction have in common, which is all of charge.success."""
    customer = store.one(Customer, transaction.email.lower())
    subaccount = store.get(Subaccount, transaction.subaccount) if transaction.subaccount else None
    fees = transaction.fees
    source = {
        "type": "api",
        "source": "merchant_api",
        "entry_point": "transaction_initialize",
        "identifier": None,
    }
    return {
        "id": transaction.id,
        "domain": transaction.domain,
        "status": transaction.status,
        "reference": transaction.reference,
        "amount": transaction.amount,
        "message": transaction.message,
        "gateway_response": transaction.gateway_response,
        "paid_at": transaction.paid_at,
        "created_at": transaction.created_at,
        "channel": transaction.channel,
        "currency": transaction.currency,
        "ip_address": transaction.ip_address,
        "metadata": transaction.metadata,
        "fees_breakdown": None,
        "log": log_output(transaction),
        "fees": fees,
        "fees_split": fees_split(transaction, subaccount, fees) if subaccount and fees is not None else None,
        "authorization": transaction.authorization,
        "customer": customer_output(customer),
        "plan": {},
        "subaccount": transaction_subaccount_output(subaccount) if subaccount else {},
        "split": split_shares(transaction, store),
        "order_id": None,
        "paidAt": transaction.paid_at,
        "requested_amount": transaction.requested_amount,
        "pos_transaction_data": None,
        "source": source,
    }


def verify_output(transaction: Transaction, store: Store) -> dict[str, Any]:
    return transaction_output(transaction, store) | {
        "receipt_number": None,
        "plan": None,
        "plan_object": {},
        "connect": None,
        "createdAt": transaction.created_at,
        "transaction_date": transaction.created_at,
    }


def fetch_output(transaction: Transaction, store: Store) -> dict[str, Any]:
    return transaction_output(transaction, store) | {
        "receipt_number": None,
        "helpdesk_link": None,
        "connect": None,
        "createdAt": transaction.created_at,
    }


def list_output(transaction: Transaction, store: Store) -> dict[str, Any]:
    return transaction_output(transaction, store) | {"connect": None, "createdAt": transaction.created_at}


def transaction_subaccount_output(subaccount: Subaccount) -> dict[str, Any]:
    return {
        "id": subaccount.id,
        "subaccount_code": subaccount.subaccount_code,
        "business_name": subaccount.business_name,
        "description": subaccount.description,
        "primary_contact_name": subaccount.primary_contact_name,
        "primary_contact_email": subaccount.primary_contact_email,
        "primary_contact_phone": subaccount.primary_contact_phone,
        "metadata": subaccount.metadata,
        "percentage_charge": subaccount.percentage_charge,
        "settlement_bank": bank_name(subaccount.bank_code),
        "bank_id": bank_id(subaccount.bank_code),
        "account_number": subaccount.account_number,
        "currency": subaccount.currency,
    }


def main_share(transaction: Transaction, subaccount: Subaccount) -> int:
    """Return what the main account keeps of a payment with a subaccount, before the fee."""
    if transaction.transaction_charge is not None:
        return transaction.transaction_charge
    return int(transaction.amount * round(subaccount.percentage_charge * 100) // 10_000)


def fees_split(transaction: Transaction, subaccount: Subaccount, fees: int) -> dict[str, Any]:
    """Return who gets what of a payment that a subaccount shares; the shares add up to the amount."""
    main = main_share(transaction, subaccount)
    main_bears = transaction.bearer == "account"
    return {
        "paystack": fees,
        "integration": main - (fees if main_bears else 0),
        "subaccount": transaction.amount - main - (0 if main_bears else fees),
        "params": {
            "bearer": transaction.bearer,
            "transaction_charge": "" if transaction.transaction_charge is None else str(transaction.transaction_charge),
            "percentage_charge": f"{subaccount.percentage_charge:g}",
        },
    }


def split_shares(transaction: Transaction, store: Store) -> dict[str, Any]:
    """Return who gets what of a payment with a split; the shares add up to the amount."""
    split = transaction.split
    if not split:
        return {}
    amounts = split_amounts(split, transaction.amount)
    parts = []
    for part in split["subaccounts"]:
        subaccount = store.one(Subaccount, part["subaccount"])
        parts.append(
            {
                "share": part["share"],
                "subaccount_code": part["subaccount"],
                "id": subaccount.id,
                "name": subaccount.business_name,
            }
        )
    paystack = fee(transaction.amount, transaction.currency)
    return {
        "id": split["id"],
        "name": split["name"],
        "split_code": split["split_code"],
        "formula": {"type": split["type"], "subaccounts": parts, "integration": None},
        "shares": {
            "paystack": paystack,
            "subaccounts": [
                {"amount": amount, "subaccount_code": part["subaccount_code"], "id": part["id"]}
                for amount, part in zip(amounts, parts, strict=True)
            ],
            "integration": transaction.amount - sum(amounts) - paystack,
        },
    }


def split_amounts(split: dict[str, Any], amount: int) -> list[int]:
    if split["type"] == "flat":
        return [part["share"] for part in split["subaccounts"]]
    return [amount * part["share"] // 100 for part in split["subaccounts"]]


def refund_list_output(refund: Refund, transaction: Transaction, store: Store) -> dict[str, Any]:
    """A refund as list and fetch show it: its transaction is a number and fully_deducted too."""
    settled = refund.status == "processed"
    return {
        "id": refund.id,
        "integration": INTEGRATION,
        "domain": transaction.domain,
        "transaction": transaction.id,
        "dispute": None,
        "settlement": None,
        "currency": refund.currency,
        "amount": refund.amount,
        "status": refund.status,
        "refunded_at": refund.refunded_at,
        "refunded_by": "movy@standin.test",
        "expected_at": refund.expected_at,
        "channel": transaction.channel,
        "customer_note": refund.customer_note,
        "merchant_note": refund.merchant_note,
        "deducted_amount": refund.amount if settled else 0,
        "fully_deducted": int(settled),
        "createdAt": refund.created_at,
        "updatedAt": refund.updated_at,
        "bank_reference": None,
        "transaction_reference": transaction.reference,
        "reason": "CUSTOMER_REQUESTED",
        "customer": customer_output(store.one(Customer, transaction.email.lower())),
        "refund_type": "full" if refund.amount == transaction.amount else "partial",
        "transaction_amount": transaction.amount,
        "initiated_by": "movy@standin.test",
        "refund_channel": "bank_transfer" if refund.account_details else transaction.channel,
        "session_id": None,
        "collect_account_number": refund.status == "needs-attention",
    }


def refund_create_output(refund: Refund, transaction: Transaction) -> dict[str, Any]:
    """A refund as its creation answers it: its transaction is an object."""
    return {
        "transaction": {
            "id": transaction.id,
            "domain": transaction.domain,
            "reference": transaction.reference,
            "amount": transaction.amount,
            "paid_at": transaction.paid_at,
            "channel": transaction.channel,
            "currency": transaction.currency,
            "authorization": {"exp_month": None, "exp_year": None, "account_name": None},
            "customer": {"international_format_phone": None},
            "plan": {},
            "subaccount": {"currency": None},
            "split": {},
            "order_id": None,
            "paidAt": transaction.paid_at,
            "pos_transaction_data": None,
            "source": None,
            "fees_breakdown": None,
        },
        "integration": INTEGRATION,
        "deducted_amount": 0,
        "channel": None,
        "merchant_note": refund.merchant_note,
        "customer_note": refund.customer_note,
        "status": refund.status,
        "refunded_by": "movy@standin.test",
        "expected_at": refund.expected_at,
        "currency": refund.currency,
        "domain": transaction.domain,
        "amount": refund.amount,
        "fully_deducted": False,
        "id": refund.id,
        "createdAt": refund.created_at,
        "updatedAt": refund.updated_at,
    }


def refund_event_data(refund: Refund, transaction: Transaction) -> dict[str, Any]:
    """The `data` of a refund event: no id and a string amount, except when the refund needs attention."""
    data = {
        "status": refund.status,
        "transaction_reference": refund.reference,
        "refund_reference": refund.refund_reference,
        "amount": str(refund.amount),
        "currency": refund.currency,
        "processor": "mpgs_zen",
        "customer": {"first_name": None, "last_name": None, "email": transaction.email},
        "integration": INTEGRATION,
        "domain": transaction.domain,
    }
    if refund.status == "needs-attention":
        data |= {
            "amount": refund.amount,
            "id": str(refund.id),
            "customer_note": refund.customer_note,
            "merchant_note": refund.merchant_note,
        }
    return data


def subaccount_output(subaccount: Subaccount) -> dict[str, Any]:
    return transaction_subaccount_output(subaccount) | {
        "account_name": f"{subaccount.business_name} (test)",
        "integration": INTEGRATION,
        "bank": bank_id(subaccount.bank_code),
        "managed_by_integration": INTEGRATION,
        "domain": "test",
        "product": "collection",
        "is_verified": False,
        "settlement_schedule": subaccount.settlement_schedule,
        "active": subaccount.active,
        "migrate": False,
        "createdAt": subaccount.created_at,
        "updatedAt": subaccount.updated_at,
    }


def subaccount_list_output(subaccount: Subaccount) -> dict[str, Any]:
    """A subaccount in a list: `active` is a number there."""
    return transaction_subaccount_output(subaccount) | {"active": int(subaccount.active), "is_verified": False}


def split_output(split: Split, store: Store) -> dict[str, Any]:
    bearer = store.get(Subaccount, split.bearer_subaccount) if split.bearer_subaccount else None
    return {
        "id": split.id,
        "name": split.name,
        "type": split.type,
        "currency": split.currency,
        "integration": INTEGRATION,
        "domain": "test",
        "split_code": split.split_code,
        "active": split.active,
        "bearer_type": split.bearer_type,
        "bearer_subaccount": bearer.id if bearer else None,
        "createdAt": split.created_at,
        "updatedAt": split.updated_at,
        "is_dynamic": split.is_dynamic,
        "subaccounts": [
            {
                "subaccount": transaction_subaccount_output(store.one(Subaccount, part["subaccount"])),
                "share": part["share"],
            }
            for part in split.subaccounts
        ],
        "total_subaccounts": len(split.subaccounts),
    }


def bank_output(bank: Bank) -> dict[str, Any]:
    return {
        "id": bank.id,
        "name": bank.name,
        "slug": bank.name.lower().replace(",", "").replace(" ", "-"),
        "code": bank.code,
        "longcode": "",
        "gateway": None,
        "pay_with_bank": False,
        "supports_transfer": True,
        "available_for_direct_debit": False,
        "active": True,
        "is_deleted": False,
        "country": COUNTRIES[bank.currency],
        "currency": bank.currency,
        "type": bank.type,
        "createdAt": "2016-07-14T10:04:29.000Z",
        "updatedAt": "2024-01-05T10:04:29.000Z",
    }


def bank_name(code: str) -> str:
    return next((bank.name for bank in BANKS if bank.code == code), code)


def bank_id(code: str) -> int:
    return next((bank.id for bank in BANKS if bank.code == code), 0)


def authorization_output(channel: str, currency: str, code: str, card: Any = None) -> dict[str, Any]:
    """What is known of the payer's means. Only a card may be charged again."""
    plain = {
        "authorization_code": f"AUTH_{code}",
        "bin": "000000",
        "last4": "0000",
        "exp_month": "12",
        "exp_year": "2030",
        "channel": channel,
        "card_type": channel if channel in CHANNELS else "",
        "bank": "TEST BANK",
        "country_code": COUNTRY_CODES[currency],
        "brand": channel,
        "reusable": False,
        "signature": None,
        "account_name": None,
    }
    if card is None:
        return plain
    return plain | {
        "bin": card.number[:6],
        "last4": card.number[-4:],
        "card_type": f"{card.brand} ",  # the space is Paystack's
        "brand": card.brand,
        "reusable": card.reusable,
        "signature": f"SIG_{code}",
    }
