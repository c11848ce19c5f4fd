"""Ways to the pages on which a theatre's own people work. Only ever on pages that are nobody else's."""

from __future__ import annotations

from typing import Any

from django import template

from theatres.models import Theatre
from theatres.selectors import workplaces

register = template.Library()


@register.inclusion_tag("theatres/_workplaces.html", takes_context=True)
def staff_workplaces(context: dict[str, Any]) -> dict[str, Any]:
    """Where the signed-in person works, with the way to each of their doors; nothing for a moviegoer."""
    return {"workplaces": workplaces(context["request"].user)}


@register.inclusion_tag("theatres/_staff_nav.html", takes_context=True)
def staff_nav(context: dict[str, Any], theatre: Theatre, current: str) -> dict[str, Any]:
    """The doors that this theatre has for the signed-in person. `current`: desk, door."""
    here = next((place for place in workplaces(context["request"].user) if place.theatre == theatre), None)
    return {"place": here, "theatre": theatre, "current": current}
