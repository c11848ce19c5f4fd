"""What the seat map's page is told: the hall, its prices, and what somebody picked or asked for so far."""

from __future__ import annotations

import json
from typing import Any

from django.http import QueryDict

from bookings.constants import SEATS_A_BUYER_MAX
from bookings.drafts import best_seats
from bookings.forms import BestSeatsForm, picks_of
from bookings.maps import MINE, Hall, SeatMap
from bookings.models import SeatStatus
from bookings.plan import plan_html
from bookings.pricing import SeatPick
from bookings.proposals import groups_said
from movy.lib.errors import DomainError
from movy.lib.money import money_pattern
from theatres.models import SeatKind


def map_context(drawn: SeatMap, asked: QueryDict, best_form: BestSeatsForm | None = None) -> dict[str, Any]:
    """`asked`: what came with the address or the form: picks, or how many of the best seats (these survive a sign-in).
    `best_form`: one that was refused; then nothing is proposed."""
    hall = drawn.hall
    picks, said = picks_of(asked), ""
    if best_form is None:
        best_form = BestSeatsForm(asked if "tickets" in asked else None)
        if not picks and best_form.is_valid():
            picks, said = _proposed(drawn, best_form)
    free = {seat.label for seat in hall.seats if drawn.state(seat) == SeatStatus.FREE}
    wanted = {pick.label for pick in picks}
    kinds = {seat.kind for seat in hall.seats}
    return {
        "showtime": hall.showtime,
        "theatre": hall.showtime.screen.theatre,
        "map": drawn,
        "plan": plan_html(drawn, wanted & free),
        "picks": [
            {"label": pick.label, "ticket_type": pick.ticket_type, "kind": hall.by_label[pick.label].kind}
            for pick in picks
            if pick.label in free
        ],
        "gone": [
            seat.label
            for seat in hall.seats
            if seat.label in wanted and drawn.state(seat) not in (SeatStatus.FREE, MINE)
        ],
        "prices": price_rows(hall),
        "money_pattern": money_pattern(hall.showtime.currency),
        "has_accessible": SeatKind.ACCESSIBLE in kinds,
        "has_companion": SeatKind.COMPANION in kinds,
        "seats_max": SEATS_A_BUYER_MAX,
        "best_counts": range(1, SEATS_A_BUYER_MAX + 1),
        "best_form": best_form,
        "best_said": said,
        "as_list": asked.get("look") == "list",
    }


def _proposed(drawn: SeatMap, wish: BestSeatsForm) -> tuple[list[SeatPick], str]:
    """Return the best seats as picks, and what is said of them or of there being none."""
    try:
        groups = best_seats(drawn, count=wish.cleaned_data["tickets"], category=wish.cleaned_data["category"] or None)
    except DomainError as error:
        return [], str(error.message)
    return [SeatPick(seat.label) for group in groups for seat in group], groups_said(groups)


def price_rows(hall: Hall) -> list[dict[str, Any]]:
    """Return each category with its adult's price, and all its prices as JSON for the running total."""
    return [
        {
            "category": category,
            "adult": hall.price(category.code),
            "json": json.dumps({kind: amount for (code, kind), amount in hall.prices.items() if code == category.code}),
        }
        for category in hall.categories
    ]
