"""What the value of a fault may be, and how a person types it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 200
DAY_SECONDS = 86_400


def _as_typed(typed: str) -> str:
    return typed


@dataclass(frozen=True)
class Kind:
    """label: what a page calls the value, with its unit; "" when the fault takes none. choices: all there are, if few.

    check(value) raises ValueError with a sentence, and so does read(typed), which makes a value of what was typed.
    """

    label: str
    check: Callable[[Any], None]
    read: Callable[[str], Any] = _as_typed
    choices: tuple[Any, ...] = ()


def number(label: str, lowest: float, highest: float, *, whole: bool = False) -> Kind:
    needed = f"{label}: {'a whole number' if whole else 'a number'} from {lowest:,} to {highest:,}."

    def check(value: Any) -> None:
        is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not is_number or not lowest <= value <= highest:
            raise ValueError(needed)

    def read(typed: str) -> float:
        try:
            return int(typed) if whole else float(typed)
        except ValueError:
            raise ValueError(needed) from None

    return Kind(label, check, read)


def choice(label: str, *choices: Any) -> Kind:
    needed = f"{label}: one of {', '.join(map(str, choices))}."

    def check(value: Any) -> None:
        if value not in choices:
            raise ValueError(needed)

    return Kind(label, check, lambda typed: next((one for one in choices if str(one) == typed), typed), choices)


def text(label: str) -> Kind:
    def check(value: Any) -> None:
        fits = isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isascii() and value.isprintable()
        if not fits:  # it may end up in a header
            raise ValueError(f"{label}: from 1 to {LONGEST_TEXT} printable ASCII characters.")

    return Kind(label, check)


def _check_nothing(value: Any) -> None:
    if value is not None:
        raise ValueError("This fault takes no value.")


def _check_anything(value: Any) -> None:
    """Whatever JSON can say is allowed."""


def _read_json(typed: str) -> Any:
    try:
        return json.loads(typed)
    except (ValueError, RecursionError):
        raise ValueError('Value in JSON: such as "", 0, null or "{\\"order\\": 1}".') from None


NOTHING = Kind("", _check_nothing, lambda typed: None)
JSON = Kind("Value in JSON", _check_anything, _read_json)
SECONDS = number("Seconds", 0, DAY_SECONDS)
WHOLE_SECONDS = number("Seconds", 0, DAY_SECONDS, whole=True)
COPIES = number("How many times", 1, 1_000, whole=True)
SUBUNITS = number("Amount in kobo, pesewas or cents", 0, 2**53, whole=True)
