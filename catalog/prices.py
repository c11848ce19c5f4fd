"""Price cards: what a showing costs unless somebody says otherwise.

A card's prices are copied into a showing when it is scheduled. A card that changes later changes nothing by itself: the
office asks (catalog/repricing.py), and a showing that somebody has booked keeps what it had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.errors import InvalidShowtime
from catalog.models import CardPrice, PriceCard
from catalog.services import price_check
from movy.lib.money import EXPONENTS, Money, major_to_minor
from theatres.models import Theatre

AMOUNT_LENGTH = 16


@dataclass(frozen=True)
class PricedCard:
    """A card with its prices: {category code: {ticket type code: minor units}}."""

    card: PriceCard
    prices: Mapping[str, Mapping[str, int]]

    def prices_in(self, categories: Collection[str]) -> dict[str, Mapping[str, int]]:
        """Return the prices of the categories that a hall has; another one's would never be charged there."""
        return {category: row for category, row in self.prices.items() if category in categories}


@dataclass(frozen=True)
class PriceBook:
    """A theatre's cards as they are now, in the order in which they count."""

    timezone: str
    cards: list[PricedCard]

    def fitting(self, starts_at: datetime, *, format: str) -> PricedCard | None:
        """Return the card of a showing of this format that starts then."""
        fitting = (one for one in self.cards if one.card.fits(starts_at, format=format, timezone=self.timezone))
        return next(fitting, None)

    def card(self, pk: int) -> PricedCard | None:
        return next((one for one in self.cards if one.card.pk == pk), None)


def price_book(theatre: Theatre) -> PriceBook:
    """Return a theatre's cards. Two queries."""
    by_card: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    prices = CardPrice.objects.filter(card__theatre=theatre, ticket_type__is_retired=False)
    for price in prices.select_related("category", "ticket_type"):
        by_card[price.card_id][price.category.code][price.ticket_type.code] = price.amount_minor
    cards = PriceCard.objects.filter(theatre=theatre).order_by("position", "pk")
    return PriceBook(theatre.timezone, [PricedCard(card, by_card[card.pk]) for card in cards])


def card_prices_store(card: PriceCard, amounts: Mapping[tuple[int, int], int]) -> None:
    """Make {(category, ticket type): minor units} the card's prices. Runs inside the door's transaction."""
    CardPrice.objects.filter(card=card).delete()
    CardPrice.objects.bulk_create(
        CardPrice(card=card, category_id=category_id, ticket_type_id=type_id, amount_minor=amount_minor)
        for (category_id, type_id), amount_minor in amounts.items()
    )


def amount_read(text: str, currency: str) -> int:
    """Return the minor units of a price as people type it: amount_read("3,500", "NGN") == 350000, "3500.00" likewise.

    Thousands may be parted by commas or spaces, in groups of three only, so that "3,50" is not read as 350. Raises
    InvalidShowtime for what is no such number, for a fraction of the smallest unit, for what Paystack doesn't charge.
    """
    cleaned = text.strip().replace("\u00a0", " ").replace("\u202f", " ").replace(" ", ",")
    whole, _point, decimals = cleaned.partition(".")
    first, *groups = whole.split(",")
    digits = "".join((first, *groups))
    is_grouped = not groups or (len(first) <= 3 and all(len(group) == 3 for group in groups))
    is_plain = digits.isascii() and digits.isdigit() and (not decimals or (decimals.isascii() and decimals.isdigit()))
    if not (is_grouped and is_plain) or len(cleaned) > AMOUNT_LENGTH:
        raise InvalidShowtime("price", _("Write a price as 3500 or 3,500.00."))
    try:
        amount_minor = major_to_minor(Decimal(f"{digits}.{decimals or 0}"), currency)
    except (ValueError, InvalidOperation) as error:
        raise InvalidShowtime(
            "price", _("%(currency)s has %(digits)d decimals.") % {"currency": currency, "digits": EXPONENTS[currency]}
        ) from error
    price_check(Money(amount_minor, currency))
    return amount_minor
