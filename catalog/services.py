"""What changes the catalogue: films on a theatre's list, and what runs when.

Every function runs inside the one transaction that its door opened (movy.lib.db) and takes the database's `now`.
Putting on sale, calling off and whatever touches seats is in bookings.services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from django.utils.translation import gettext as _

from catalog.constants import PRICE_MINOR_MAX, SCHEDULE_AHEAD_MAX
from catalog.errors import InvalidShowtime, MovieHasShowtimes, ScreenBusy
from catalog.imports import FetchedMovie, ImportedMovie, movie_fetch, movie_import
from catalog.locks import listing_locked, screen_locked
from catalog.models import Movie, Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.errors import NotFound
from movy.lib.money import MINIMUM_CHARGE_MINOR, Money
from theatres.models import Screen, SeatCategory, Theatre, TicketType

__all__ = [
    "FetchedMovie",
    "ImportedMovie",
    "Prices",
    "Sellable",
    "ShowtimeChange",
    "ShowtimeDraft",
    "adults_check",
    "listing_remove",
    "movie_fetch",
    "movie_import",
    "price_check",
    "price_rows",
    "sellable_in",
    "showtime_built",
    "showtime_edit",
    "showtime_schedule",
    "time_check",
]

Prices = int | Mapping[str, Mapping[str, int]]
"""Minor units for every seat and ticket type, or {category code: {ticket type code: minor units}}."""


@dataclass(frozen=True)
class ShowtimeDraft:
    """A showtime before it exists. `language` is the film's own when empty. `on_sale_at`: when it opens by itself.
    `price_card_id`: whose prices these are; None for its own."""

    theatre_id: int
    screen_id: int
    movie_id: int
    starts_at: datetime
    prices: Prices
    format: str = "2D"
    language: str = ""
    on_sale_at: datetime | None = None
    price_card_id: int | None = None


@dataclass(frozen=True)
class ShowtimeChange:
    """What is to be different about a showtime. None leaves a thing as it is; no language is the film's own.
    `price_card_id`: whose `prices` these are; None for its own."""

    movie_id: int | None = None
    screen_id: int | None = None
    starts_at: datetime | None = None
    prices: Prices | None = None
    price_card_id: int | None = None
    format: str | None = None
    language: str | None = None

    def moves(self, showtime: Showtime) -> bool:
        """Whether it would be another film, hall or time for whoever has a ticket."""
        return (
            self.movie_id not in (None, showtime.movie_id)
            or self.screen_id not in (None, showtime.screen_id)
            or (self.starts_at is not None and minute_of(self.starts_at) != minute_of(showtime.starts_at))
        )


def showtime_schedule(*, draft: ShowtimeDraft, now: datetime) -> Showtime:
    """Put a film on a screen at an instant, as a draft that nobody can book yet.

    Raises ScreenBusy and InvalidShowtime (past, too far ahead, length unknown, not on the theatre's list, not the
    theatre's screen, a price that is missing or that Paystack would not charge).
    """
    screen = screen_locked(theatre_id=draft.theatre_id, screen_id=draft.screen_id) or _screen_refuse()
    prices = price_rows(draft.prices, sellable_in(screen))
    showtime = showtime_built(
        movie=_movie_listed(draft.movie_id, theatre=screen.theatre),
        screen=screen,
        theatre=screen.theatre,
        starts_at=draft.starts_at,
        format=draft.format,
        language=draft.language,
    )
    showtime.on_sale_at, showtime.price_card_id = draft.on_sale_at, draft.price_card_id
    _slot_check(showtime, now=now)
    showtime.save()
    _prices_store(prices, showtime=showtime)
    return showtime


def showtime_edit(showtime: Showtime, change: ShowtimeChange, *, now: datetime) -> None:
    """Change a showtime that locks.showtime_of_theatre_locked returned. Where the change moves it, the caller has seen
    to it that nobody has a booking (bookings.showtimes).

    Raises ScreenBusy and InvalidShowtime, as showtime_schedule does.
    """
    screen, theatre = showtime.screen, showtime.screen.theatre
    if change.screen_id is not None:
        screen = theatre.screens.filter(pk=change.screen_id).first() or _screen_refuse()
    if change.prices is not None:
        prices = price_rows(change.prices, sellable_in(screen))
        _prices_store(prices, showtime=showtime)
        showtime.currency, showtime.price_card_id = theatre.currency, change.price_card_id
    elif screen != showtime.screen:
        adults = showtime.prices.filter(ticket_type__code=TicketType.ADULT)
        adults_check(adults.values_list("category__code", flat=True), in_hall=_categories_in(screen))
    if change.moves(showtime):
        movie = showtime.movie if change.movie_id is None else _movie_listed(change.movie_id, theatre=theatre)
        moved = showtime_built(
            movie=movie,
            screen=screen,
            theatre=theatre,
            starts_at=change.starts_at or showtime.starts_at,
            format=showtime.format,
            language=showtime.language if movie == showtime.movie else "",
        )
        moved.on_sale_at = showtime.on_sale_at
        _slot_check(moved, now=now, moving_id=showtime.pk)
        for name in ("movie", "screen", "starts_at", "ends_at", "free_at", "sales_close_at", "language"):
            setattr(showtime, name, getattr(moved, name))
    if change.format is not None:
        showtime.format = change.format
    if change.language is not None:
        showtime.language = change.language or showtime.movie.language
    showtime.save()  # also when nothing but prices changed: whoever keeps a hall at hand goes by updated_at


def listing_remove(*, theatre_id: int, movie_id: int, now: datetime) -> None:
    """Take a film off a theatre's list. Raises MovieHasShowtimes while shows of it are still to come, NotFound."""
    listing = listing_locked(theatre_id=theatre_id, movie_id=movie_id)
    if listing is None:
        raise NotFound
    coming = Showtime.objects.filter(movie_id=movie_id, screen__theatre_id=theatre_id, ends_at__gt=now)
    if coming.exclude(status=ShowtimeStatus.CALLED_OFF).exists():
        raise MovieHasShowtimes
    listing.delete()


def showtime_built(
    *, movie: Movie, screen: Screen, theatre: Theatre, starts_at: datetime, format: str, language: str
) -> Showtime:
    """Return an unsaved draft with the theatre's rules frozen into it. Raises InvalidShowtime without a length."""
    if not movie.runtime_minutes:
        raise InvalidShowtime("movie", _("How long this film runs is not known. Fill in its length first."))
    starts_at = minute_of(starts_at)
    ends_at = starts_at + timedelta(minutes=movie.runtime_minutes)
    return Showtime(
        movie=movie,
        screen=screen,
        starts_at=starts_at,
        ends_at=ends_at,
        free_at=ends_at + timedelta(minutes=theatre.cleaning_minutes),
        sales_close_at=starts_at - timedelta(minutes=theatre.sales_close_minutes_before),
        format=format,
        language=language or movie.language,
        currency=theatre.currency,
    )


def minute_of(instant: datetime) -> datetime:
    """Return when a show starts that is to start at this instant: shows start at whole minutes."""
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def time_check(showtime: Showtime, *, now: datetime) -> None:
    """Raise InvalidShowtime unless a show can be scheduled for that time at all."""
    if showtime.starts_at <= now:
        raise InvalidShowtime("starts_at", _("That is in the past."))
    if showtime.starts_at > now + SCHEDULE_AHEAD_MAX:
        raise InvalidShowtime("starts_at", _("That is more than a year ahead."))
    if showtime.on_sale_at and not now < showtime.on_sale_at < showtime.sales_close_at:
        raise InvalidShowtime("on_sale_at", _("Sales can begin only between now and the end of sales."))


def _slot_check(showtime: Showtime, *, now: datetime, moving_id: int | None = None) -> None:
    """Raise unless the show may run then. Its screen is locked, so nobody else can take the slot before we do."""
    time_check(showtime, now=now)
    in_the_way = (
        Showtime.objects.in_the_way_of(
            screen_id=showtime.screen_id, starts_at=showtime.starts_at, free_at=showtime.free_at
        )
        .exclude(pk=moving_id)
        .select_related("movie", "screen__theatre")
        .order_by("starts_at")
        .first()
    )
    if in_the_way is not None:
        raise ScreenBusy(in_the_way)


def _screen_refuse() -> NoReturn:
    raise InvalidShowtime("screen", _("This theatre has no such screen."))


def _movie_listed(movie_id: int, *, theatre: Theatre) -> Movie:
    """Return a film of the theatre's list, which now keeps it until the transaction ends. Raises InvalidShowtime."""
    listing = listing_locked(theatre_id=theatre.pk, movie_id=movie_id)
    if listing is None:
        raise InvalidShowtime("movie", _("This film is not on the theatre's list. Add it first."))
    return listing.movie


@dataclass(frozen=True)
class Sellable:
    """What a hall's prices can be about: the theatre's categories and ticket types by code, and the names by code of
    the categories that the hall has seats in."""

    currency: str
    categories: Mapping[str, SeatCategory]
    types: Mapping[str, TicketType]
    in_hall: Mapping[str, str]


def sellable_in(screen: Screen) -> Sellable:
    """Return what can be sold in a hall. Raises InvalidShowtime for one without seats. Three queries."""
    theatre = screen.theatre
    return Sellable(
        currency=theatre.currency,
        categories={category.code: category for category in SeatCategory.objects.filter(theatre=theatre)},
        types={kind.code: kind for kind in TicketType.objects.in_use().filter(theatre=theatre)},
        in_hall=_categories_in(screen),
    )


def price_rows(prices: Prices, sellable: Sellable) -> list[ShowtimePrice]:
    """Return unsaved prices. Each can be charged, and every category of the hall has an adult's price; else raises
    InvalidShowtime."""
    if isinstance(prices, int):
        prices = {category: dict.fromkeys(sellable.types, prices) for category in sellable.in_hall}
    rows = []
    for category, row in prices.items():
        for kind, amount_minor in row.items():
            if category not in sellable.categories or kind not in sellable.types:
                raise InvalidShowtime(
                    "price", _("This theatre doesn't sell %(kind)s.") % {"kind": f"{category}/{kind}"}
                )
            price_check(Money(amount_minor, sellable.currency))
            of_kind = {"category": sellable.categories[category], "ticket_type": sellable.types[kind]}
            rows.append(ShowtimePrice(**of_kind, amount_minor=amount_minor))
    priced = [category for category, row in prices.items() if TicketType.ADULT in row]
    adults_check(priced, in_hall=sellable.in_hall)
    return rows


def _prices_store(prices: Sequence[ShowtimePrice], *, showtime: Showtime) -> None:
    """Make these the showing's prices. One by one, for there are few, and so their history tells what each was."""
    kept = {(price.category_id, price.ticket_type_id): price for price in showtime.prices.all()}
    for wanted in prices:
        price = kept.pop((wanted.category_id, wanted.ticket_type_id), wanted)
        price.showtime, price.amount_minor = showtime, wanted.amount_minor
        price.save()
    for price in kept.values():
        price.delete()


def _categories_in(screen: Screen) -> dict[str, str]:
    """Return the categories of the hall's seats, code -> name. Raises InvalidShowtime for a hall without seats."""
    in_use = SeatCategory.objects.filter(seats__screen=screen, seats__retired_at=None)
    in_hall = dict(in_use.order_by("code").values_list("code", "name"))
    if not in_hall:
        raise InvalidShowtime("screen", _("This hall has no seats yet. Draw its seating plan first."))
    return in_hall


def adults_check(priced: Iterable[str], *, in_hall: Mapping[str, str]) -> None:
    """Raise unless each category of the hall is among those with an adult's price."""
    missing = in_hall.keys() - set(priced)
    if missing:
        raise InvalidShowtime(
            "price", _("An adult's price for %(category)s is missing.") % {"category": in_hall[min(missing)]}
        )


def price_check(price: Money) -> None:
    """Raise InvalidShowtime for a price that Paystack would not charge."""
    lowest = MINIMUM_CHARGE_MINOR[price.currency]
    if price.amount_minor != 0 and not lowest <= price.amount_minor <= PRICE_MINOR_MAX:
        raise InvalidShowtime(
            "price",
            _("A price is nothing, or from %(lowest)s to %(highest)s.")
            % {"lowest": Money(lowest, price.currency), "highest": Money(PRICE_MINOR_MAX, price.currency)},
        )
