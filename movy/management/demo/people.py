"""The demo's sign-ins."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User
from demo.people import PASSWORD, PEOPLE, DemoPerson
from theatres.models import Membership, Role, Theatre


def people_load() -> None:
    """Store the people who are missing, with confirmed addresses and their roles. Who is there stays as they are."""
    known = set(User.objects.filter(email__in=[person.email for person in PEOPLE]).values_list("email", flat=True))
    for person in PEOPLE:
        if person.email not in known:
            _person_create(person)


def _person_create(person: DemoPerson) -> None:
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
        is_superuser=person.is_owner,
        is_staff=person.is_owner or person.role == Role.MANAGER,  # box office and door don't get into the office
    )
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    if person.theatre and person.role:
        Membership.objects.create(user=user, theatre=Theatre.objects.get(slug=person.theatre), role=person.role)
