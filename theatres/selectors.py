"""What pages and the API read about theatres."""

from __future__ import annotations

import math
from collections.abc import Iterable

from movy.lib.errors import NotFound
from movy.lib.text import search_form
from theatres.models import Theatre

EARTH_RADIUS_KM = 6371.0


def theatres_all() -> list[Theatre]:
    """Return every theatre, by city and name. One query; there are tens of them, not thousands."""
    return list(Theatre.objects.order_by("city", "name"))


def theatres_chosen(theatres: Iterable[Theatre], *, city: str = "", theatre_id: int | None = None) -> list[Theatre]:
    """Return the theatres of a city, or the one. Compared here: databases differ in what they call the same name."""
    city = search_form(city.strip())
    return [
        theatre for theatre in theatres if theatre_id in (None, theatre.pk) and city in ("", search_form(theatre.city))
    ]


def theatre_public(theatre_id: int) -> Theatre:
    """Return a theatre. Raises NotFound."""
    theatre = Theatre.objects.filter(pk=theatre_id).first()
    if theatre is None:
        raise NotFound
    return theatre


def theatres_by_distance(theatres: list[Theatre], *, latitude: float, longitude: float) -> list[Theatre]:
    """Return the theatres with the nearest first, those without a place on the map last."""
    return sorted(theatres, key=lambda theatre: distance_km(theatre, latitude=latitude, longitude=longitude))


def distance_km(theatre: Theatre, *, latitude: float, longitude: float) -> float:
    """Return kilometres along the ground, infinity for a theatre on no map. Degrees, north and east positive."""
    if theatre.latitude is None or theatre.longitude is None:
        return math.inf
    here, there = math.radians(latitude), math.radians(theatre.latitude)
    half_up = math.sin((there - here) / 2)
    half_along = math.sin(math.radians(float(theatre.longitude) - longitude) / 2)
    chord = half_up**2 + math.cos(here) * math.cos(there) * half_along**2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
