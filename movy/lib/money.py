"""Money: integers in a currency's smallest unit as Paystack counts it, shown to people through Babel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import get_language, to_locale

EXPONENTS = {"NGN": 2, "GHS": 2, "KES": 2, "ZAR": 2, "USD": 2, "XOF": 2}
"""Decimals per currency as Paystack counts: XOF has no coins, yet Paystack counts it in hundredths too."""

MINIMUM_CHARGE_MINOR = {"NGN": 5000, "GHS": 10, "KES": 300, "ZAR": 100, "USD": 200, "XOF": 100}
"""The smallest charge Paystack takes, in minor units. Source: Paystack's currency table."""

SYMBOLS = {"NGN": "₦", "GHS": "GH₵", "KES": "KSh", "ZAR": "R", "USD": "US$", "XOF": "F\u202fCFA"}
"""What people in these countries write; CLDR's English symbols are codes for most of them."""


class MoneyJSON(TypedDict):
    amount: int
    currency: str


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units of one currency. Amounts of two currencies are never equal."""

    amount_minor: int
    currency: str

    def __str__(self) -> str:
        return money_text(self.amount_minor, self.currency)

    def as_json(self) -> MoneyJSON:
        return {"amount": self.amount_minor, "currency": self.currency}


def minor_to_major(amount_minor: int, currency: str) -> Decimal:
    """Return an amount for display: minor_to_major(350000, "NGN") == Decimal("3500.00").

    amount_minor: kobo, pesewas, cents. Raises KeyError for a currency we do not sell in.
    """
    return Decimal(amount_minor).scaleb(-EXPONENTS[currency])


def major_to_minor(amount: Decimal, currency: str) -> int:
    """Return minor units: major_to_minor(Decimal("3500.00"), "NGN") == 350000.

    Raises ValueError for a fraction of the smallest unit, KeyError for a currency we do not sell in.
    """
    minor = amount.scaleb(EXPONENTS[currency])
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of the smallest unit")
    return int(minor)


def money_text(amount_minor: int, currency: str) -> str:
    """Return "₦3,500" or "GH₵45.50", in French "3 500 ₦": local symbol, the rest as the active language writes it, no
    empty decimals."""
    major = minor_to_major(amount_minor, currency)
    digits = "#,##0" if major == major.to_integral_value() else "#,##0.00"
    number = format_decimal(abs(major), format=digits, locale=to_locale(get_language() or "en"))
    sign = "−" if amount_minor < 0 else ""
    return sign + money_pattern(currency).replace("{amount}", number)


def money_pattern(currency: str) -> str:
    """Return how the active language puts symbol and number together, "₦{amount}" or "{amount} ₦": for scripts, which
    write sums by it as money_text does."""
    pattern = Locale.parse(to_locale(get_language() or "en")).currency_formats["standard"].pattern
    before, _digits, after = re.split(r"([#0,.]+)", pattern.partition(";")[0])
    return f"{before}{{amount}}{after}".replace("¤", SYMBOLS[currency])
