from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from theatres.api.staff import StaffView
from theatres.models import Membership, Role, SeatCategory
from theatres.tests.factories import MembershipFactory, ScreenFactory, TheatreFactory, seats_add
from theatres.tests.people import OUTSIDERS, client_of, statuses

pytestmark = pytest.mark.django_db


class DoorView(StaffView):
    role = Role.DOOR

    def get(self, request: Request, theatre_id: int) -> Response:
        return Response({"name": self.theatre.name})


class DeskView(DoorView):
    role = Role.BOX_OFFICE


class ManagerView(DoorView):
    role = Role.MANAGER


urlpatterns = [
    path("door/<int:theatre_id>", DoorView.as_view()),
    path("desk/<int:theatre_id>", DeskView.as_view()),
    path("office/<int:theatre_id>", ManagerView.as_view()),
]


def screens_path(theatre_id: int) -> str:
    return f"/api/v1/theatre/{theatre_id}/screens"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("door", {"door", "manager", "owner"}),
        ("desk", {"box_office", "manager", "owner"}),
        ("office", {"manager", "owner"}),
    ],
)
def test_a_manager_may_do_what_others_do_and_they_nothing_but_their_own(place, allowed):
    theatre = TheatreFactory()
    staff = {who: 200 if who in allowed else 403 for who in ("door", "box_office", "manager", "owner")}
    assert statuses("get", f"/{place}/{theatre.pk}", theatre) == OUTSIDERS | staff


@pytest.mark.parametrize("who", ["buyer", "door", "manager", "rival"])
def test_a_theatre_that_is_not_there_is_refused_like_one_that_is(who):
    theatre = TheatreFactory()
    client = client_of(who, theatre)
    refusals = [client.get(screens_path(number)) for number in (theatre.pk + 10_000, 10**30)]
    assert {refusal.status_code for refusal in refusals} == {403}
    assert {refusal.json()["code"] for refusal in refusals} == {"permission_denied"}


def test_the_platform_owner_is_told_that_there_is_no_such_theatre():
    assert client_of("owner", TheatreFactory()).get(screens_path(10_000)).status_code == 404


def test_a_lost_role_counts_at_the_next_request():
    theatre = TheatreFactory()
    manager = client_of("manager", theatre)
    assert manager.get(screens_path(theatre.pk)).status_code == 200
    Membership.objects.update(role=Role.DOOR)
    assert manager.get(screens_path(theatre.pk)).status_code == 403
    Membership.objects.all().delete()
    assert manager.get(screens_path(theatre.pk)).status_code == 403


def test_a_role_at_another_theatre_counts_there_alone():
    """The role and the place must be of one and the same membership."""
    theatre = TheatreFactory()
    door = client_of("door", theatre)
    elsewhere = MembershipFactory(user=Membership.objects.get().user)
    assert door.get(screens_path(theatre.pk)).status_code == 403
    assert door.get(screens_path(elsewhere.theatre.pk)).status_code == 200


def test_cookies_open_nothing(client):
    theatre = TheatreFactory()
    client_of("manager", theatre)
    client.force_login(Membership.objects.get().user)
    assert client.get(screens_path(theatre.pk)).status_code == 401


def screens(client, theatre, query="") -> HttpResponse:
    return client.get(f"{screens_path(theatre.pk)}{query}")


def test_screens_are_told_with_the_plan_as_it_is_now():
    theatre = TheatreFactory()
    SeatCategory.objects.create(theatre=theatre, code="balcony", name="Balcony", position=2)
    SeatCategory.objects.create(theatre=theatre, code="box", name="Box", position=3)
    great = ScreenFactory(theatre=theatre, name="Great", seats=["A1", "A2"])
    seats_add(great, ["B1"], category="balcony")
    seats_add(great, ["C1"], category="box", retired_at=theatre.created_at)
    bare = ScreenFactory(theatre=theatre, name="Bare", seats=[])
    ScreenFactory(name="Somebody else's")
    assert screens(client_of("manager", theatre), theatre).json()["results"] == [
        {"id": bare.pk, "name": "Bare", "seats_total": 0, "categories": []},
        {
            "id": great.pk,
            "name": "Great",
            "seats_total": 3,
            "categories": [{"code": "standard", "name": "Standard"}, {"code": "balcony", "name": "Balcony"}],
        },
    ]


def test_screens_come_in_pages():
    theatre = TheatreFactory()
    for number in range(3):
        ScreenFactory(theatre=theatre, name=f"Screen {number}")
    manager = client_of("manager", theatre)
    first = screens(manager, theatre, "?page_size=2").json()
    assert [row["name"] for row in first["results"]] == ["Screen 0", "Screen 1"]
    second = manager.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Screen 2"]
    assert screens(manager, theatre, "?page_size=1000").status_code == 400
