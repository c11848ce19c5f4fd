"""The way in for who works in a theatre: on the account's page, for them alone."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.tests.factories import user_make
from theatres.selectors import workplaces
from theatres.tests.factories import MembershipFactory, TheatreFactory
from theatres.tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theatre():
    return TheatreFactory()


def ways_in(client: Client, theatre) -> set[str]:
    """Return which of a theatre's doors somebody's account leads to."""
    page = client.get("/auth/user").content.decode()
    ways = {
        "desk": f"/theatre/{theatre.id_slug}/box-office",
        "door": f"/theatre/{theatre.id_slug}/check-in",
        "office": "/admin/",
    }
    return {name for name, address in ways.items() if f'href="{address}"' in page}


@pytest.mark.parametrize(
    ("who", "doors"),
    [
        ("buyer", set()),
        ("rival", {"office"}),
        ("door", {"door"}),
        ("box_office", {"desk"}),
        ("manager", {"desk", "door", "office"}),
        ("owner", {"desk", "door", "office"}),
    ],
)
def test_an_account_leads_to_the_doors_of_its_roles(theatre, who, doors):
    assert ways_in(browser_of(who, theatre), theatre) == doors


def test_a_role_that_was_lost_leads_nowhere(theatre):
    client = browser_of("door", theatre)
    theatre.memberships.all().delete()
    assert ways_in(client, theatre) == set()
    assert client.get(f"/theatre/{theatre.id_slug}/check-in").status_code == 403


def test_somebody_may_work_in_two_theatres(theatre, django_assert_num_queries):
    ada, other = user_make(), TheatreFactory()
    MembershipFactory(user=ada, theatre=theatre, role="door")
    MembershipFactory(user=ada, theatre=other, role="box_office")
    with django_assert_num_queries(1):
        places = {place.theatre: (place.has_desk, place.has_door, place.has_office) for place in workplaces(ada)}
    assert places == {theatre: (False, True, False), other: (True, False, False)}


def test_who_is_refused_is_told_what_to_do(theatre):
    refused = browser_of("buyer", theatre).get(f"/theatre/{theatre.id_slug}/check-in")
    assert refused.status_code == 403
    assert "ask the theatre’s manager" in refused.content.decode()
