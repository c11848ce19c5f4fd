"""The seat map as HTML: built here rather than in a template, because looping over 420 seats there costs 18 times more.

A checkbox a seat in rows; places are classes of static/css/seats.css, since the CSP allows no style of its own. `c7` is
the seventh half seat from the left, `s12` a row twelve tenths of a seat behind the one before, `d3` a seat that stands
three tenths further back than its row begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bookings.maps import KEPT, MINE, SeatMap
from bookings.models import SeatStatus
from bookings.seating import Place
from theatres.models import SeatKind

HALF_SEAT = 5  # plan units
STEPS_MAX = 60  # plan units between rows that seats.css knows
DROPS_MAX = 40  # plan units within a row that seats.css knows
COLUMNS_MAX = 96  # half seats that seats.css knows; a hall of 48 seats side by side


SELLABLE = (SeatStatus.FREE, KEPT)


def plan_html(drawn: SeatMap, picked: Collection[str], *, tickable: Collection[str] = SELLABLE) -> SafeString:
    """Return the rows of a map. `picked`: labels that are ticked, if they can be. `tickable`: states whose seats can
    be; the office ticks blocked seats too."""
    if not drawn.hall.seats:
        return mark_safe("")
    left = min(seat.x for seat in drawn.hall.seats)
    words = _Words(drawn)
    return mark_safe("".join(_rows(drawn, left, words, picked, tickable)))  # noqa: S308 - every name is escaped in _Words and _seat


class _Words:
    """What is said of a seat beside its label, escaped once for the whole map."""

    def __init__(self, drawn: SeatMap) -> None:
        self.category = {
            category.code: escape(
                f"{category.name}, {price}" if (price := drawn.hall.price(category.code)) else category.name
            )
            for category in drawn.hall.categories
        }
        self.rank = {category.code: index for index, category in enumerate(drawn.hall.categories)}
        self.kind = {
            SeatKind.ACCESSIBLE: escape(_("wheelchair place")),
            SeatKind.COMPANION: escape(_("companion seat")),
        }
        self.state = {
            SeatStatus.HELD: escape(_("held by somebody")),
            SeatStatus.SOLD: escape(_("sold")),
            SeatStatus.BLOCKED: escape(_("not for sale")),
            MINE: escape(_("yours")),
            KEPT: escape(_("kept for the house")),
        }


def _rows(
    drawn: SeatMap, left: int, words: _Words, picked: Collection[str], tickable: Collection[str]
) -> Iterator[str]:
    in_rows = groupby(sorted(drawn.hall.seats, key=_by_row), key=lambda seat: seat.row)
    rows = {name: list(seats) for name, seats in in_rows}
    last_y, drop = None, 0
    for name, seats in sorted(rows.items(), key=lambda item: min(seat.y for seat in item[1])):
        y = min(seat.y for seat in seats)
        step = 10 if last_y is None else min(max(y - last_y, 0), STEPS_MAX)
        last_y, drop = y, max(seat.y for seat in seats) - y
        label = escape(_("Row %(name)s") % {"name": name})
        yield f'<div class="seat-row s{step}" role="group" aria-label="{label}">'
        yield f'<span class="row-name" aria-hidden="true">{escape(name)}</span>'
        for seat in seats:
            state = drawn.state(seat)
            tick = " disabled" if state not in tickable else " checked" if seat.label in picked else ""
            yield _seat(seat, state, left, y, words, tick)
        yield "</div>"
    yield f'<div class="s{min(drop + 10, STEPS_MAX)}"></div>'  # the last row's curve takes no room of its own


def _by_row(seat: Place) -> tuple[str, int]:
    return (seat.row, seat.x)


def _seat(seat: Place, state: str, left: int, row_y: int, words: _Words, tick: str) -> str:
    column = min((seat.x - left) // HALF_SEAT + 1, COLUMNS_MAX)
    drop = min(seat.y - row_y, DROPS_MAX)
    shown = f"{SeatStatus.FREE.value} {KEPT}" if state == KEPT else state
    classes = f"seat c{column} k{words.rank.get(seat.category, 0)} {shown}"
    if drop:
        classes += f" d{drop}"
    if seat.kind != SeatKind.REGULAR:
        classes += f" {seat.kind}"
    said = [seat.label, words.category.get(seat.category, "")]
    said += [part for part in (words.kind.get(seat.kind), words.state.get(state)) if part]  # type: ignore[call-overload]
    return (
        f'<label class="{classes}"><input type="checkbox" name="seats" value="{seat.label}"'
        f' data-category="{seat.category}" aria-label="{", ".join(said)}"{tick}>'
        f"<span>{seat.number}</span></label>"
    )
