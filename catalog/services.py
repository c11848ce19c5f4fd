"""What changes the catalogue: films on a theatre's list, and what runs when.

Every function runs inside the one transaction that its door opened (movy.lib.db) and takes the database's `now`.
Putting on sale, calling off and whatever touches seats is in bookings.services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from catalog.constants import PRICE_MINOR_MAX, SCHEDULE_AHEAD_MAX
from catalog.errors import InvalidShowtime, MovieHasShowtimes, ScreenBusy
from catalog.imports import FetchedMovie, ImportedMovie, movie_fetch, movie_import
from catalog.locks import listing_locked, screen_locked, showtime_locked
from catalog.models import Movie, Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.errors import NotFound
from movy.lib.money import MINIMUM_CHARGE_MINOR, Money
from theatres.models import Screen, SeatCategory, Theatre, TicketType

__all__ = [
    "FetchedMovie",
    "ImportedMovie",
    "ShowtimeDraft",
    "listing_remove",
    "movie_fetch",
    "movie_import",
    "price_check",
    "showtime_built",
    "showtime_move",
    "showtime_schedule",
]

Prices = int | Mapping[str, Mapping[str, int]]
"""Minor units for every seat and ticket type, or {category code: {ticket type code: minor units}}."""


@dataclass(frozen=True)
class ShowtimeDraft:
    """A showtime before it exists. `language` is the film's own when empty."""

    theatre_id: int
    screen_id: int
    movie_id: int
    starts_at: datetime
    prices: Prices
    format: str = "2D"
    language: str = ""


def showtime_schedule(*, draft: ShowtimeDraft, now: datetime) -> Showtime:
    """Put a film on a screen at an instant, as a draft that nobody can book yet.

    Raises ScreenBusy, InvalidShowtime (past, too far ahead, length unknown, not on the theatre's list, a price that is
    missing or that Paystack would not charge) and NotFound for a screen that is not this theatre's.
    """
    screen = screen_locked(theatre_id=draft.theatre_id, screen_id=draft.screen_id)
    theatre = screen.theatre
    listing = listing_locked(theatre_id=theatre.pk, movie_id=draft.movie_id)
    if listing is None:
        raise InvalidShowtime("movie", _("This film is not on the theatre's list. Add it first."))
    prices = _price_rows(draft.prices, screen=screen)
    showtime = showtime_built(
        movie=listing.movie,
        screen=screen,
        theatre=theatre,
        starts_at=draft.starts_at,
        format=draft.format,
        language=draft.language,
    )
    _slot_check(showtime, now=now)
    showtime.save()
    for price in prices:
        price.showtime = showtime
    ShowtimePrice.objects.bulk_create(prices)
    return showtime


def showtime_move(*, showtime_id: int, screen_id: int, starts_at: datetime, now: datetime) -> Showtime:
    """Give a showtime another start, or a draft another screen of the same theatre. The caller has seen to it that
    nobody holds a booking for it (bookings.services).

    Raises ScreenBusy, InvalidShowtime, NotFound.
    """
    theatre = Theatre.objects.get(screens__showtimes=showtime_id)
    screen = screen_locked(theatre_id=theatre.pk, screen_id=screen_id)
    showtime = showtime_locked(showtime_id)
    if showtime.status == ShowtimeStatus.CALLED_OFF:
        raise InvalidShowtime("status", _("This showing was called off. Schedule a new one."))
    if showtime.screen_id != screen.pk and showtime.status != ShowtimeStatus.DRAFT:
        raise InvalidShowtime("screen", _("This showing is on sale with the seats of its hall. Schedule a new one."))
    moved = showtime_built(
        movie=showtime.movie,
        screen=screen,
        theatre=theatre,
        starts_at=starts_at,
        format=showtime.format,
        language=showtime.language,
    )
    _slot_check(moved, now=now, moving_id=showtime.pk)
    for name in ("screen", "starts_at", "ends_at", "free_at", "sales_close_at"):
        setattr(showtime, name, getattr(moved, name))
    showtime.save(update_fields=["screen", "starts_at", "ends_at", "free_at", "sales_close_at", "updated_at"])
    return showtime


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
    starts_at = starts_at.astimezone(UTC).replace(second=0, microsecond=0)
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


def _slot_check(showtime: Showtime, *, now: datetime, moving_id: int | None = None) -> None:
    """Raise unless the show may run then. Its screen is locked, so nobody else can take the slot before we do."""
    if showtime.starts_at <= now:
        raise InvalidShowtime("starts_at", _("That is in the past."))
    if showtime.starts_at > now + SCHEDULE_AHEAD_MAX:
        raise InvalidShowtime("starts_at", _("That is more than a year ahead."))
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


def _price_rows(prices: Prices, *, screen: Screen) -> list[ShowtimePrice]:
    """Return unsaved prices. Each can be charged, and every category of the hall has an adult's price."""
    theatre = screen.theatre
    categories = {category.code: category for category in SeatCategory.objects.filter(theatre=theatre)}
    types = {kind.code: kind for kind in TicketType.objects.filter(theatre=theatre)}
    in_hall = set(screen.seats.in_use().order_by().values_list("category__code", flat=True).distinct())
    if not in_hall:
        raise InvalidShowtime("screen", _("This hall has no seats yet. Draw its seating plan first."))
    if isinstance(prices, int):
        prices = {category: dict.fromkeys(types, prices) for category in in_hall}
    rows = []
    for category, row in prices.items():
        for kind, amount_minor in row.items():
            if category not in categories or kind not in types:
                raise InvalidShowtime(
                    "price", _("This theatre doesn't sell %(kind)s.") % {"kind": f"{category}/{kind}"}
                )
            price_check(Money(amount_minor, theatre.currency))
            rows.append(
                ShowtimePrice(category=categories[category], ticket_type=types[kind], amount_minor=amount_minor)
            )
    for category in sorted(in_hall):
        if TicketType.ADULT not in prices.get(category, {}):
            raise InvalidShowtime(
                "price", _("An adult's price for %(category)s is missing.") % {"category": categories[category].name}
            )
    return rows


def price_check(price: Money) -> None:
    """Raise InvalidShowtime for a price that Paystack would not charge."""
    lowest = MINIMUM_CHARGE_MINOR[price.currency]
    if price.amount_minor != 0 and not lowest <= price.amount_minor <= PRICE_MINOR_MAX:
        raise InvalidShowtime(
            "price",
            _("A price is nothing, or from %(lowest)s to %(highest)s.")
            % {"lowest": Money(lowest, price.currency), "highest": Money(PRICE_MINOR_MAX, price.currency)},
        )
