"""What clients are shown of theatres. Plain dicts from what the selectors fetched: no queries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from theatres.models import Theatre
from theatres.selectors import ScreenPlan

JSON = dict[str, Any]


def theatre_output(theatre: Theatre) -> JSON:
    return theatre_brief(theatre) | {
        "slug": theatre.slug,
        "country": theatre.country,
        "address": theatre.address,
        "timezone": theatre.timezone,
        "currency": theatre.currency,
        "latitude": _degrees(theatre.latitude),
        "longitude": _degrees(theatre.longitude),
    }


def theatre_brief(theatre: Theatre) -> JSON:
    """The part of a theatre that stands in films and showings."""
    return {"id": theatre.pk, "name": theatre.name, "city": theatre.city}


def screen_output(plan: ScreenPlan) -> JSON:
    """A hall as those see it who schedule in it."""
    return {
        "id": plan.screen.pk,
        "name": plan.screen.name,
        "seats_total": plan.seats_total,
        "categories": [{"code": category.code, "name": category.name} for category in plan.categories],
    }


def _degrees(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
