"""What changes a theatre's house."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from theatres.errors import LastManager
from theatres.models import Invitation, Membership, Role, Theatre


def memberships_end(*, user_id: int) -> None:
    """Take a person out of every theatre, and their address out of its invitations. Runs inside the door's
    transaction; again changes nothing.

    Raises LastManager. Two managers who leave one theatre at once are told apart by the lock on all of its managers.
    """
    managed = list(Membership.objects.filter(user=user_id, role=Role.MANAGER).values_list("theatre", flat=True))
    managers = Membership.objects.filter(theatre__in=managed, role=Role.MANAGER).order_by("pk").select_for_update()
    others = [row for row in managers if row.user_id != user_id]
    people = get_user_model().objects.filter(pk__in=[row.user_id for row in others], is_active=True)
    active = set(people.values_list("pk", flat=True))
    left_alone = set(managed) - {row.theatre_id for row in others if row.user_id in active}
    if left_alone:
        names = Theatre.objects.filter(pk__in=left_alone).order_by("pk").values_list("name", flat=True)
        raise LastManager(list(names))
    Membership.objects.filter(user=user_id).delete()
    email = get_user_model().objects.filter(pk=user_id).values("email")
    Invitation.objects.filter(email__in=email).delete()
