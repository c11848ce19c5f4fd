"""What of a theatre's house is kept, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from movy.lib.history import Kept
from theatres.models import Membership, Screen, Theatre


def _person(row: Membership) -> str:
    return _("%(email)s as %(role)s") % {"email": row.user, "role": row.get_role_display()}


THEATRE = Kept(Theatre, about=lambda row: row.name)
SCREEN = Kept(Screen, about=lambda row: row.name, related=("theatre",))
MEMBERSHIP = Kept(Membership, about=_person, related=("user", "theatre"))


def staff_ever(theatres: QuerySet[Any] | Iterable[Theatre]) -> QuerySet[User]:
    """Return everybody who works at one of the theatres or did, as far as the history goes back."""
    once = Membership.history.filter(theatre__in=theatres).values("user")
    now = Membership.objects.filter(theatre__in=theatres).values("user")
    return User.objects.filter(Q(pk__in=once) | Q(pk__in=now)).order_by("email")
