"""What pages and the API read about theatres."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.numbers import format_decimal
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from movy.lib.errors import NotFound
from movy.lib.text import search_form
from theatres.models import Role, Screen, SeatCategory, Theatre

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

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


def cities_of(theatres: Iterable[Theatre]) -> list[str]:
    """Return where there are theatres, by name."""
    return sorted({theatre.city for theatre in theatres})


def theatre_public(theatre_id: int) -> Theatre:
    """Return a theatre. Raises NotFound."""
    theatre = Theatre.objects.filter(pk=theatre_id).first()
    if theatre is None:
        raise NotFound
    return theatre


def theatre_of_staff(theatre_id: int, *, user: User | AnonymousUser, role: Role) -> Theatre:
    """Return a theatre in which this person may do what the role does. One query.

    Raises PermissionDenied for everybody else, and where there is no such theatre: who works where is nobody's
    business. The platform owner, who may ask about any, gets NotFound for that.
    """
    theatre = Theatre.objects.of_roles(user, role).filter(pk=theatre_id).first()
    if theatre is None:
        raise NotFound if user.is_active and user.is_superuser else PermissionDenied
    return theatre


@dataclass(frozen=True)
class Workplace:
    """A theatre in which somebody works, and as what; the platform owner is as good as a manager everywhere."""

    theatre: Theatre
    role: str

    def may(self, role: Role) -> bool:
        return self.role in (role, Role.MANAGER)

    @property
    def has_desk(self) -> bool:
        return self.may(Role.BOX_OFFICE)

    @property
    def has_door(self) -> bool:
        return self.may(Role.DOOR)

    @property
    def has_office(self) -> bool:
        return self.may(Role.MANAGER)


def workplaces(user: User | AnonymousUser) -> list[Workplace]:
    """Return where this person works, by the theatre's name. One query, none for nobody."""
    if not user.is_authenticated or not user.is_active:
        return []
    if user.is_superuser:
        return [Workplace(theatre, Role.MANAGER) for theatre in Theatre.objects.order_by("name")]
    memberships = user.memberships.select_related("theatre").order_by("theatre__name")
    return [Workplace(membership.theatre, membership.role) for membership in memberships]


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


def distance_text(kilometres: float) -> str:
    """Return "850 m", "3.4 km" or "120 km" as the visitor's language writes it; nothing for a theatre on no map."""
    if math.isinf(kilometres):
        return ""
    locale = to_locale(get_language() or "en")
    if kilometres < 1:
        return _("%(metres)s m") % {"metres": format_decimal(max(50, round(kilometres * 20) * 50), locale=locale)}
    rounded = round(kilometres, 1) if kilometres < 10 else round(kilometres)
    return _("%(kilometres)s km") % {"kilometres": format_decimal(rounded, locale=locale)}


@dataclass(frozen=True)
class ScreenPlan:
    """A hall with the size of its seating plan as it is now, and the categories that seats in it have."""

    screen: Screen
    seats_total: int
    categories: list[SeatCategory]


def screens_of(theatre: Theatre, *, offset: int = 0, limit: int) -> list[ScreenPlan]:
    """Return a theatre's halls by name. Two queries."""
    seats_in_use = Count("seats", filter=Q(seats__retired_at=None))
    rows = theatre.screens.annotate(seats_in_use=seats_in_use).order_by("name", "pk")[offset : offset + limit]
    screens = list(rows)
    categories: dict[int, list[SeatCategory]] = {screen.pk: [] for screen in screens}
    used = SeatCategory.objects.filter(seats__screen__in=categories, seats__retired_at=None).order_by(
        "position", "code"
    )
    for category in used.annotate(screen_id=F("seats__screen")).distinct():
        categories[category.screen_id].append(category)
    return [ScreenPlan(screen, screen.seats_in_use, categories[screen.pk]) for screen in screens]
