"""Telephone numbers: stored in the international form E.164, found by what people type."""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

DIGITS_MIN = 6  # fewer are a price or a seat, no number that anybody has
_LOOKS_LIKE_ONE = re.compile(r"[+(]?[\d\s().\-/+]+")


def phone_normal(text: str, *, country: str) -> str:
    """Return a number in E.164: phone_normal("0803 123 4567", country="NG") == "+2348031234567".

    country: ISO 3166 code whose local forms are understood. Raises ValueError for what is no number.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phones_meant(text: str, *, countries: Iterable[str]) -> set[str]:
    """Return the numbers that somebody may mean who types this, by the local forms of several countries."""
    if not _LOOKS_LIKE_ONE.fullmatch(text) or sum(sign.isdigit() for sign in text) < DIGITS_MIN:
        return set()
    meant = set()
    for country in countries:
        try:
            meant.add(phone_normal(text, country=country))
        except ValueError:
            continue
    return meant
