"""The seat map as HTML: built here rather than in a template, because looping over 420 seats there costs 18 times more.
All of it but the states of the seats is made once for a hall, so that a map with another seat taken costs little.

A checkbox a seat in rows; places are classes of static/css/seats.css, since the CSP allows no style of its own. `c7` is
the seventh half seat from the left, `s12` a row twelve tenths of a seat behind the one before, `d3` a seat that stands
three tenths further back than its row begins, `edge` one that has no neighbour on its left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.maps import KEPT, MINE, Hall, SeatMap, drawn_once
from bookings.models import SeatStatus
from bookings.seating import Place, are_neighbours
from movy.lib.names import name_text
from theatres.models import SeatKind

HALF_SEAT = 5  # plan units
STEPS_MAX = 60  # plan units between rows that seats.css knows
DROPS_MAX = 40  # plan units within a row that seats.css knows
COLUMNS_MAX = 96  # half seats that seats.css knows; a hall of 48 seats side by side


SELLABLE = (SeatStatus.FREE, KEPT)
CLASSES = {KEPT: f"{SeatStatus.FREE.value} {KEPT}"}
"""The classes of states whose name is not enough."""


def plan_html(drawn: SeatMap, picked: Collection[str], *, tickable: Collection[str] = SELLABLE) -> SafeString:
    """Return the rows of a map. `picked`: labels that are ticked, if they can be. `tickable`: states whose seats can
    be; the office ticks blocked seats too."""
    hall = drawn.hall
    rows, words = drawn_once(("plan", hall.digest, get_language()), lambda: (list(_rows(hall)), _state_words()))
    return mark_safe("".join(_filled(drawn, rows, words, picked, tickable)))  # noqa: S308 - every name is escaped in _Words and _seat


class _Seat(NamedTuple):
    """A seat's HTML, cut where its state belongs: as a class, in words, and as the attribute of a tick."""

    place: Place
    to_class: str
    to_words: str
    to_tick: str


class _Row(NamedTuple):
    """A row's HTML: what comes before its seats, and them."""

    start: str
    seats: list[_Seat]
    end: str


def _filled(
    drawn: SeatMap, rows: Iterable[_Row], words: dict[str, str], picked: Collection[str], tickable: Collection[str]
) -> Iterator[str]:
    taken, free = drawn.taken, SeatStatus.FREE.value
    for start, seats, end in rows:
        yield start
        for place, to_class, to_words, to_tick in seats:
            state = taken.get(place.id, free)
            tick = " disabled" if state not in tickable else " checked" if place.label in picked else ""
            yield f'{to_class}{CLASSES.get(state, state)}{to_words}{words.get(state, "")}"{tick}{to_tick}'
        yield end


def _state_words() -> dict[str, str]:
    """Return what is said of a state, after everything else that is said of the seat."""
    said = {
        SeatStatus.HELD: _("held by somebody"),
        SeatStatus.SOLD: _("sold"),
        SeatStatus.BLOCKED: _("not for sale"),
        MINE: _("yours"),
        KEPT: _("kept for the house"),
    }
    return {str(state): escape(f", {text}") for state, text in said.items()}


class _Words:
    """What is said of a seat besides its label and its state, escaped once for the whole hall."""

    def __init__(self, hall: Hall) -> None:
        self.category = {
            category.code: escape(
                f"{name_text(category.name)}, {price}"
                if (price := hall.price(category.code))
                else name_text(category.name)
            )
            for category in hall.categories
        }
        self.rank = {category.code: index for index, category in enumerate(hall.categories)}
        self.wheelchair_place = next((seat.id for seat in hall.seats if seat.kind == SeatKind.ACCESSIBLE), None)
        self.free = escape(_("Free:"))  # a number follows
        self.kind = {
            SeatKind.ACCESSIBLE: escape(_("wheelchair place")),
            SeatKind.COMPANION: escape(_("companion seat")),
        }


def _rows(hall: Hall) -> Iterator[_Row]:
    if not hall.seats:
        return
    words = _Words(hall)
    left = min(seat.x for seat in hall.seats)
    in_rows = groupby(sorted(hall.seats, key=_by_row), key=lambda seat: seat.row)
    rows = {name: list(seats) for name, seats in in_rows}
    last_y, drop = None, 0
    for name, seats in sorted(rows.items(), key=lambda item: min(seat.y for seat in item[1])):
        y = min(seat.y for seat in seats)
        step = 10 if last_y is None else min(max(y - last_y, 0), STEPS_MAX)
        last_y, drop = y, max(seat.y for seat in seats) - y
        label = escape(_("Row %(name)s") % {"name": name})
        start = f'<div class="seat-row s{step}" role="group" aria-label="{label}" data-free="{words.free}">'
        start += f'<span class="row-name" aria-hidden="true" data-row="{label}">{escape(name)}</span>'
        befores = [None, *seats]
        yield _Row(
            start, [_seat(seat, before, left, y, words) for before, seat in zip(befores, seats, strict=False)], "</div>"
        )
    # The last row's curve takes no room of its own.
    yield _Row(f'<div class="s{min(drop + 10, STEPS_MAX)}">', [], "</div>")


def _by_row(seat: Place) -> tuple[str, int]:
    return (seat.row, seat.x)


def _seat(seat: Place, before: Place | None, left: int, row_y: int, words: _Words) -> _Seat:
    """`before`: the one on its left, None for the first of a row."""
    column = min((seat.x - left) // HALF_SEAT + 1, COLUMNS_MAX)
    drop = min(seat.y - row_y, DROPS_MAX)
    classes = f" d{drop}" if drop else ""
    anchor = ' id="wheelchair-place"' if seat.id == words.wheelchair_place else ""
    if before is None or not are_neighbours(before, seat):
        classes += " edge"
    if seat.kind != SeatKind.REGULAR:
        classes += f" {seat.kind}"
    said = [seat.label, words.category.get(seat.category, "")]
    if seat.kind in words.kind:
        said.append(words.kind[SeatKind(seat.kind)])
    return _Seat(
        seat,
        to_class=f'<label{anchor} class="seat c{column} k{words.rank.get(seat.category, 0)} ',
        to_words=f'{classes}"><input type="checkbox" name="seats" value="{seat.label}"'
        f' data-category="{seat.category}" aria-label="{", ".join(said)}',
        to_tick=f"><span><i>{escape(seat.row)}</i>{seat.number}</span></label>",
    )
