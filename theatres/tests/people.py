"""Everybody who may turn up at a theatre's endpoints and pages, signed in."""

from __future__ import annotations

from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from theatres.models import Role, Theatre
from theatres.tests.factories import MembershipFactory

EVERYBODY = ("nobody", "buyer", "door", "box_office", "manager", "rival", "owner")
OUTSIDERS = {"nobody": 401, "buyer": 403, "rival": 403}
"""Who is refused at every theatre's endpoint, and how."""


PAGE_OUTSIDERS = {"nobody": 302, "buyer": 403, "rival": 403}
"""The same at a theatre's pages, which lead nobody to the sign-in."""


def person(who: str, theatre: Theatre) -> User | None:
    """Return one of EVERYBODY, who is new here: a role in `theatre`, a rival (the manager of another one), the platform
    owner, a buyer, or nobody at all."""
    if who == "nobody":
        return None
    user = user_make(is_superuser=who == "owner")
    if who == "rival":
        MembershipFactory(user=user)
    elif who in Role.values:
        MembershipFactory(user=user, theatre=theatre, role=who)
    return user


def client_of(who: str, theatre: Theatre) -> Client:
    """Return an app's client of one of EVERYBODY."""
    user = person(who, theatre)
    return Client(headers={"authorization": f"Bearer {session_token_issue(user)}"} if user else {})


def browser_of(who: str, theatre: Theatre) -> Client:
    """Return a browser in which one of EVERYBODY has signed in."""
    client, user = Client(), person(who, theatre)
    if user:
        client.force_login(user)
    return client


def page_statuses(method: str, path: str, theatre: Theatre, **request: object) -> dict[str, int]:
    """Return what each of EVERYBODY gets for the same request of a page."""
    return {who: getattr(browser_of(who, theatre), method)(path, **request).status_code for who in EVERYBODY}


def statuses(method: str, path: str, theatre: Theatre, **request: object) -> dict[str, int]:
    """Return what each of EVERYBODY gets for the same request, such as statuses("get", "/api/v1/…", theatre)."""
    return {who: getattr(client_of(who, theatre), method)(path, **request).status_code for who in EVERYBODY}
