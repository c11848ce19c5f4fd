"""What seats cost: the one place that puts a price on a line. Total = sum of the lines; no fee is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import ShowtimePrice
from theatres.models import TicketType

PriceTable = dict[tuple[str, str], int]
"""(category code, ticket type code) -> minor units of the showtime's currency."""


@dataclass(frozen=True)
class SeatPick:
    """A seat that somebody asks for, by its label, and who it is for."""

    label: str
    ticket_type: str = TicketType.ADULT


@dataclass(frozen=True)
class Line:
    """One seat of a booking with its frozen price."""

    seat_id: int
    label: str
    category: str
    category_name: str
    ticket_type: str
    ticket_type_name: str
    price_minor: int


def price_table(prices: Sequence[ShowtimePrice]) -> PriceTable:
    """Return the prices of one showtime by codes; `prices` come with category and ticket type selected."""
    return {(price.category.code, price.ticket_type.code): price.amount_minor for price in prices}


def total_minor(lines: Sequence[Line]) -> int:
    """Return the sum of the lines."""
    return sum(line.price_minor for line in lines)
