"""Who may see which rows of a theatre: one method, `visible_to`, used by pages, API and admin alike.

A user is nothing to a theatre without a Membership; the platform owner (superuser) sees all. `office` rows are what the
admin shows: managers only. What the public may see (a theatre's name, its showtimes) has methods of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class OfTheatreQuerySet(models.QuerySet[Any]):
    """Rows that belong to one theatre, reached through the field path `theatre_path`."""

    theatre_path = "theatre"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Rows of the theatres that this person manages; all of them for the platform owner."""
        return self.of_roles(user, "manager")

    def of_roles(self, user: User | AnonymousUser, *roles: str) -> Self:
        """Rows of the theatres where this person has one of the roles; a manager may do what the others do."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        members = {"memberships__user": user, "memberships__role__in": {"manager", *roles}}
        from_theatre = {f"{self._prefix}{lookup}": value for lookup, value in members.items()}
        return self.filter(**from_theatre)

    @property
    def _prefix(self) -> str:
        return f"{self.theatre_path}__" if self.theatre_path else ""


class TheatreQuerySet(OfTheatreQuerySet):
    theatre_path = ""

    def in_city(self, city: str) -> Self:
        return self.filter(city__iexact=city)


class MembershipQuerySet(OfTheatreQuerySet):
    pass


class InvitationQuerySet(OfTheatreQuerySet):
    def unanswered(self) -> Self:
        """Invitations that were neither accepted nor withdrawn; their time may be over."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self, now: datetime) -> Self:
        """Invitations whose link still works."""
        return self.unanswered().filter(expires_at__gt=now)


class KindQuerySet(OfTheatreQuerySet):
    """Seat categories and ticket types: what is priced apart."""

    def in_use(self) -> Self:
        """Those that are not retired."""
        return self.filter(is_retired=False)


class ScreenQuerySet(OfTheatreQuerySet):
    pass


class SeatQuerySet(OfTheatreQuerySet):
    theatre_path = "screen__theatre"

    def in_use(self) -> Self:
        """Seats of the plan as it is now, without the retired ones."""
        return self.filter(retired_at=None)
