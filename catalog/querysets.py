"""Reusable filters of the catalogue."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from movy.lib.clock import day_bounds
from theatres.models import Theatre
from theatres.querysets import OfTheatreQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from catalog.models import Showtime


class MovieQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Films on the list of a theatre that this person manages; all of them for the platform owner."""
        if user.is_superuser and user.is_active:
            return self.all()
        return self.filter(listings__theatre__in=Theatre.objects.visible_to(user)).distinct()


class SharedQuerySet(models.QuerySet[Any]):
    """Film data that belongs to no theatre: names of genres and people."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All of it, for whoever got as far as asking."""
        return self.all()


class CreditQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Credits of the films that this person sees."""
        if user.is_superuser and user.is_active:
            return self.all()
        return self.filter(movie__listings__theatre__in=Theatre.objects.visible_to(user)).distinct()


class ListingQuerySet(OfTheatreQuerySet):
    pass


class ShowtimeQuerySet(OfTheatreQuerySet):
    theatre_path = "screen__theatre"

    def public(self) -> Self:
        """What anybody may see: all but drafts."""
        return self.exclude(status="draft")

    def bookable(self, now: datetime) -> Self:
        """Shows that one can buy tickets for at this instant. None has started; the index knows starts alone."""
        return self.filter(status="on_sale", starts_at__gt=now, sales_close_at__gt=now)

    def coming(self, now: datetime) -> Self:
        """Public shows that have not started."""
        return self.public().filter(starts_at__gt=now)

    def to_open(self, now: datetime) -> Self:
        """Drafts that were to be on sale by now."""
        return self.filter(status="draft", on_sale_at__lte=now)

    def on_day(self, day: date, timezone: str) -> Self:
        """Shows that start on a cinema day in that zone."""
        start, end = day_bounds(day, timezone)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def as_shown(self, showtime: Showtime) -> Self:
        """The showing, if it is still on sale and the same film in the same hall at the same time."""
        same = {name: getattr(showtime, name) for name in ("pk", "movie_id", "screen_id", "starts_at")}
        return self.filter(status="on_sale", **same)

    def in_the_way_of(self, *, screen_id: int, starts_at: datetime, free_at: datetime) -> Self:
        """Shows on the screen whose time, cleaning counted, meets this one's. A show called off frees its slot."""
        return self.filter(screen_id=screen_id, starts_at__lt=free_at, free_at__gt=starts_at).exclude(
            status="called_off"
        )


class PriceCardQuerySet(OfTheatreQuerySet):
    pass


class CardPriceQuerySet(OfTheatreQuerySet):
    theatre_path = "card__theatre"


class ShowtimePriceQuerySet(OfTheatreQuerySet):
    theatre_path = "showtime__screen__theatre"
