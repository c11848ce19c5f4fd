"""What of a theatre's programme is kept, and how it is told: a row that is gone by now without what it named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Listing, Showtime, ShowtimePrice
from movy.lib.admin import local_time
from movy.lib.history import Kept
from movy.lib.money import money_text


def _starts(row: Any) -> str:
    """By the theatre's clock."""
    return local_time(row.starts_at, row.screen.theatre.zone) if row.screen else str(row.starts_at)


def _opens(row: Any) -> str:
    return local_time(row.on_sale_at, row.screen.theatre.zone) if row.screen else str(row.on_sale_at or "–")


def _showing(row: Any) -> str:
    return f"{row.movie.title if row.movie else '–'} · {_starts(row)}"


def _price_about(row: Any) -> str:
    showing = _showing(row.showtime) if row.showtime else _("a showing that is gone")
    return f"{showing} · {row.category or '–'} · {row.ticket_type or '–'}"


def _amount(row: Any) -> str:
    return money_text(row.amount_minor, row.showtime.currency) if row.showtime else str(row.amount_minor)


LISTING = Kept(Listing, about=lambda row: str(row.movie or "–"), related=("movie", "theatre"))
SHOWTIME = Kept(
    Showtime,
    about=_showing,
    related=("movie", "screen__theatre"),
    words={
        "starts_at": (gettext_lazy("starts at"), _starts),
        "on_sale_at": (gettext_lazy("goes on sale at"), _opens),
    },
)
PRICE = Kept(
    ShowtimePrice,
    about=_price_about,
    related=("showtime__movie", "showtime__screen__theatre", "category", "ticket_type"),
    words={"amount_minor": (gettext_lazy("price"), _amount)},
)
