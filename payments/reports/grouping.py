"""The ways to add sales up: what tells groups apart, and how a group is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from movy.lib.exports import Cell
from payments.models import Channel
from payments.reports.scope import Scope
from payments.reports.tables import local_start

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Grouping:
    """`fields` tell groups apart, as seen from the booking; none of them: the day does. `cells` are a group's texts, as
    many as `titles`."""

    name: Any
    titles: Sequence[Any]
    fields: Sequence[str]
    cells: Callable[[Scope, Key], tuple[Cell, ...]]
    is_in_time: bool = False  # in the order of time, else the most money first


def _show_cells(scope: Scope, key: Key) -> tuple[Cell, ...]:
    starts_at, _pk, film, screen = key
    return (local_start(starts_at, scope.theatre.zone), film, screen)


def _first_cell(scope: Scope, key: Key) -> tuple[Cell, ...]:
    return (key[0],)


BY_DAY = Grouping(_("day"), [_("Day")], [], lambda scope, key: (scope.period.days[key[0]],), is_in_time=True)
BY_SHOW = Grouping(
    _("show"),
    [_("Show"), _("Film"), _("Screen")],
    ["showtime__starts_at", "showtime_id", "showtime__movie__title", "showtime__screen__name"],
    _show_cells,
    is_in_time=True,
)
BY_FILM = Grouping(_("film"), [_("Film")], ["showtime__movie__title", "showtime__movie_id"], _first_cell)
BY_SCREEN = Grouping(_("screen"), [_("Screen")], ["showtime__screen__name", "showtime__screen_id"], _first_cell)
BY_CHANNEL = Grouping(
    _("way of paying"),
    [_("Way of paying")],
    ["confirming_payment__channel"],
    lambda scope, key: (str(Channel(key[0]).label),),
)

BY_OWN_CHANNEL = Grouping(BY_CHANNEL.name, BY_CHANNEL.titles, ["channel"], BY_CHANNEL.cells)
"""For payments themselves, whether or not they confirm a booking."""


@dataclass(frozen=True)
class Part:
    """Rows that are added up. `to`: the path from a row to what the grouping's fields are seen from, with its "__".
    `at`: the path to the instant that decides the day."""

    rows: QuerySet[Any]
    to: str
    at: str
    currency: str
    sums: Mapping[str, Any]


def added_up(scope: Scope, grouping: Grouping, *parts: Part) -> dict[tuple[Key, str], dict[str, int]]:
    """Return each group's sums of all parts, by its key and currency; 0 of what it has none. One query a part."""
    nothing = dict.fromkeys((name for part in parts for name in part.sums), 0)
    found: dict[tuple[Key, str], dict[str, int]] = {}
    for part in parts:
        for key, currency, row in grouped(
            part.rows, scope, grouping, booking=part.to, at=part.at, currency=part.currency, **part.sums
        ):
            found[key, currency] = found.get((key, currency), nothing) | {name: row[name] for name in part.sums}
    return found


def grouped(
    rows: QuerySet[Any], scope: Scope, grouping: Grouping, *, booking: str, at: str, currency: str, **sums: Any
) -> Iterator[tuple[Key, str, dict[str, Any]]]:
    """Yield each group's key and currency with its sums. One query.

    booking: the path from a row to its booking, with its "__"; at: the path to the instant that decides the day.
    """
    if grouping.fields:
        fields = [f"{booking}{field}" for field in grouping.fields]
    else:
        rows, fields = rows.annotate(day=scope.period.day_of(at)), ["day"]
    for row in rows.values(*fields, currency).annotate(**sums).order_by():
        yield tuple(row[field] for field in fields), row[currency], row
