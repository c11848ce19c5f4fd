"""What of a theatre's house is kept, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
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
    """Return everybody who works at one of the theatres or did, as far as the history goes back. One query here, whose
    answer the one that is returned goes by: of "either of these" MariaDB would ask every user there is."""
    once = Membership.history.filter(theatre__in=theatres).values_list("user", flat=True)
    now = Membership.objects.filter(theatre__in=theatres).values_list("user", flat=True)
    return User.objects.filter(pk__in=list(once.order_by().union(now.order_by()))).order_by("email")
