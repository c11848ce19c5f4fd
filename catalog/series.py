"""Many showings in one go: a repeat, a copied week, a file. What would become of each is told before any is saved, by
the same function that saves them.

One plan costs as many queries for 500 showings as for one: what stands in the halls is read once and compared here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.errors import InvalidShowtime, ScreenBusy
from catalog.locks import listing_locked, screen_locked
from catalog.models import Listing, Movie, Showtime, ShowtimePrice
from catalog.prices import PriceBook, PricedCard, price_book
from catalog.services import Prices, Sellable, price_rows, sellable_in, showtime_built, time_check
from movy.lib.clock import instant_of, wall_clock
from movy.lib.errors import DomainError
from movy.lib.money import Money
from theatres.models import Screen, Theatre, TicketType

SHOWINGS_MAX = 500
"""Showings of one series: a screen's for three months, or a house's for a month."""


class SeriesRefused(DomainError):
    """Not all of a series can be scheduled, so nothing was. `planned` tells of each."""

    code = "series_refused"
    message = _("Not all of these showings can be scheduled, so nothing was saved. Look below which ones.")

    def __init__(self, planned: Sequence[Planned]) -> None:
        self.planned = planned
        super().__init__()


class UnusableSeries(DomainError):
    """Nothing was asked for, or more than one transaction should do."""

    code = "invalid"
    status = 400


@dataclass(frozen=True)
class Problem:
    """Why a showing can't be. `field`: of the form, or the file's column."""

    field: str
    message: str


@dataclass(frozen=True)
class Wish:
    """One showing that somebody wants, by the theatre's own clock. `day` is the theatre's: 00:30 belongs to the evening
    before. Film and screen are None where a file names none of the theatre's.

    `prices`, or those of the card `card_id`, or of the card that fits. `opens_at`: when it goes on sale by itself.
    `line`: of the file. `problems`: what could not be read.
    """

    movie: Movie | None
    screen: Screen | None
    day: date | None
    at: time | None
    format: str = "2D"
    language: str = ""
    prices: Prices | None = None
    card_id: int | None = None
    is_on_sale: bool = False
    opens_at: datetime | None = None
    line: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass
class Planned:
    """What would become of a wish: a showing that is not saved yet, or why not."""

    wish: Wish
    showtime: Showtime | None = None
    prices: list[ShowtimePrice] = field(default_factory=list)
    card: PricedCard | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def adult(self) -> Money | None:
        """The lowest price of an adult."""
        amounts = [price.amount_minor for price in self.prices if price.ticket_type.code == TicketType.ADULT]
        return Money(min(amounts), self.showtime.currency) if amounts and self.showtime else None


def series_plan(wishes: Iterable[Wish], *, theatre: Theatre, now: datetime) -> list[Planned]:
    """Return what would become of each wish, in their order; one that is in the way of an earlier one is told so too.
    Five queries, and three a screen."""
    planner = _Planner(theatre, now=now)
    planned = [planner.built(wish) for wish in wishes]
    standing = _standing([one.showtime for one in planned if one.showtime])
    for one in planned:
        showtime = one.showtime
        if showtime is None or one.problems:
            continue
        others = standing[showtime.screen_id]
        in_the_way = next((other for other in others if showtime.meets(other)), None)
        if in_the_way:
            one.problems.append(Problem("time", str(ScreenBusy(in_the_way).message)))
        else:
            others.append(showtime)
    return planned


def series_schedule(
    wishes: Sequence[Wish], *, theatre: Theatre, leave_out_refused: bool, now: datetime
) -> list[Planned]:
    """Schedule a series as drafts. All of it or nothing, or all but what can't be, whatever happens at the same moment:
    halls and films are locked before the plan is made. Returns the plan; what has no problem is saved.

    Raises SeriesRefused.
    """
    for screen_id in sorted({wish.screen.pk for wish in wishes if wish.screen}):
        screen_locked(theatre_id=theatre.pk, screen_id=screen_id)
    for movie_id in sorted({wish.movie.pk for wish in wishes if wish.movie}):
        listing_locked(theatre_id=theatre.pk, movie_id=movie_id)
    planned = series_plan(wishes, theatre=theatre, now=now)
    if any(one.problems for one in planned) and not leave_out_refused:
        raise SeriesRefused(planned)
    good = [one for one in planned if not one.problems]
    for one in good:
        one.showtime.save()  # type: ignore[union-attr] # what has no problem has a showtime
        for price in one.prices:
            price.showtime = one.showtime  # type: ignore[assignment]
    ShowtimePrice.objects.bulk_create(price for one in good for price in one.prices)
    saved = ShowtimePrice.objects.filter(showtime__in=[one.showtime for one in good])
    ShowtimePrice.history.bulk_history_create(list(saved))  # what a bulk write leaves out
    return planned


class _Planner:
    """What wishes are measured by, each read once."""

    def __init__(self, theatre: Theatre, *, now: datetime) -> None:
        self.theatre, self.now = theatre, now
        self._book: PriceBook = price_book(theatre)
        self._listed = set(Listing.objects.filter(theatre=theatre).values_list("movie_id", flat=True))
        self._sellable: dict[int, Sellable] = {}

    def built(self, wish: Wish) -> Planned:
        planned = Planned(wish, problems=list(wish.problems))
        if not (wish.movie and wish.screen and wish.day and wish.at is not None) or planned.problems:
            return planned
        try:
            self._build(planned, wish, movie=wish.movie, screen=wish.screen, day=wish.day, at=wish.at)
        except InvalidShowtime as refusal:
            planned.problems.append(Problem(refusal.field, str(refusal.message)))
        except DomainError as refusal:  # an hour that summer time skips or repeats
            planned.problems.append(Problem("time", str(refusal.message)))
        return planned

    def _build(self, planned: Planned, wish: Wish, *, movie: Movie, screen: Screen, day: date, at: time) -> None:
        if movie.pk not in self._listed:
            raise InvalidShowtime("movie", str(_("This film is not on the theatre's list. Add it first.")))
        showtime = showtime_built(
            movie=movie,
            screen=screen,
            theatre=self.theatre,
            starts_at=instant_of(wall_clock(day, at), self.theatre.timezone),
            format=wish.format,
            language=wish.language,
        )
        showtime.on_sale_at = wish.opens_at
        planned.showtime = showtime
        time_check(showtime, now=self.now)
        sellable = self._sellable_in(screen)
        prices = wish.prices
        if prices is None:
            planned.card = self._card(wish, showtime)
            prices = planned.card.prices_in(sellable.in_hall)
            showtime.price_card = planned.card.card
        planned.prices = price_rows(prices, sellable)

    def _card(self, wish: Wish, showtime: Showtime) -> PricedCard:
        if wish.card_id is not None:
            card = self._book.card(wish.card_id)
        else:
            card = self._book.fitting(showtime.starts_at, format=showtime.format)
        if card is None:
            raise InvalidShowtime("price", str(_("No price card fits. Give this showing a price, or add a card.")))
        return card

    def _sellable_in(self, screen: Screen) -> Sellable:
        if screen.pk not in self._sellable:
            self._sellable[screen.pk] = sellable_in(screen)
        return self._sellable[screen.pk]


def _standing(showtimes: Sequence[Showtime]) -> dict[int, list[Showtime]]:
    """Return what stands in the screens over the time of these showings, by screen. One query."""
    standing: dict[int, list[Showtime]] = defaultdict(list)
    if showtimes:
        span: dict[str, Any] = {
            "screen__in": {showtime.screen_id for showtime in showtimes},
            "starts_at__lt": max(showtime.free_at for showtime in showtimes),
            "free_at__gt": min(showtime.starts_at for showtime in showtimes),
        }
        found = Showtime.objects.filter(**span).exclude(status="called_off").select_related("movie", "screen__theatre")
        for showtime in found.order_by("starts_at"):
            standing[showtime.screen_id].append(showtime)
    return standing
