"""Money is exact, and written as people in each country write it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from movy.lib.fields import Currency
from movy.lib.money import (
    EXPONENTS,
    MINIMUM_CHARGE_MINOR,
    SYMBOLS,
    Money,
    major_to_minor,
    minor_to_major,
    money_pattern,
    money_text,
)


def test_every_currency_that_we_sell_in_is_known_everywhere():
    assert set(EXPONENTS) == set(SYMBOLS) == set(MINIMUM_CHARGE_MINOR) == set(Currency.values)


def test_units_are_exact_both_ways():
    assert minor_to_major(350_000, "NGN") == Decimal("3500.00")
    assert major_to_minor(Decimal("19.99"), "GHS") == 1999
    assert minor_to_major(100, "XOF") == 1  # Paystack counts it in hundredths too


def test_a_fraction_of_the_smallest_unit_is_refused():
    with pytest.raises(ValueError, match="whole number"):
        major_to_minor(Decimal("0.001"), "NGN")


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (350_000, "NGN", "₦3,500"),
        (4550, "GHS", "GH₵45.50"),
        (160_000, "KES", "KSh1,600"),
        (0, "NGN", "₦0"),
        (-5000, "ZAR", "−R50"),
        (123_456_789_00, "NGN", "₦123,456,789"),
    ],
)
def test_money_is_written_as_people_write_it(amount_minor, currency, text):
    assert money_text(amount_minor, currency) == text
    assert str(Money(amount_minor, currency)) == text


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (350_000, "NGN", "3\u202f500\u00a0₦"),
        (4550, "GHS", "45,50\u00a0GH₵"),
        (350_000, "XOF", "3\u202f500\u00a0F\u202fCFA"),
        (-5000, "ZAR", "−50\u00a0R"),
    ],
)
def test_the_french_write_the_symbol_behind_and_never_break_a_price(amount_minor, currency, text):
    with override("fr"):
        assert money_text(amount_minor, currency) == text


def test_scripts_learn_where_the_symbol_stands():
    with override("en"):
        assert money_pattern("NGN") == "₦{amount}"
    with override("fr"):
        assert money_pattern("NGN") == "{amount}\u00a0₦"


def test_amounts_of_two_currencies_are_never_equal():
    assert Money(100, "NGN") != Money(100, "GHS")
