"""The office's wish for a second step at the sign-in: an offer, or a condition."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house, person
from theatres.models import Membership, Role, Screen, Theatre
from theatres.tests.factories import TheatreFactory

INDEX = "/admin/"


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def demand(theatre: Theatre) -> None:
    Theatre.objects.filter(pk=theatre.pk).update(managers_need_second_factor=True)


def add_app(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_the_first_page_offers_it_to_whoever_has_none(own: House) -> None:
    client = signed_in(own.manager)
    assert "Set it up" in client.get(INDEX).content.decode()
    assert "Set it up" not in client.get(url(Screen, "changelist")).content.decode()
    add_app(own.manager)
    assert "Set it up" not in client.get(INDEX).content.decode()


def test_a_theatre_that_demands_it_shuts_its_office_until_it_is_there(own: House) -> None:
    client = signed_in(own.manager)
    page = url(Theatre, "change", own.theatre.pk)
    assert client.post(page, form_data(client.get(page)) | {"managers_need_second_factor": "on"}).status_code == 302
    before = Membership.objects.count()
    people = reverse("admin:theatres_theatre_people", args=[own.theatre.pk])
    for path in (INDEX, page, url(Screen, "changelist"), url(Screen, "add"), people, "/admin/changes/"):
        for ask in (client.get, client.post):
            answer = ask(path, {"wish": "invite", "email": "new@movy.test", "role": "manager"})
            assert answer.status_code == 302
            assert answer["Location"] == reverse("mfa_index"), path
    assert Membership.objects.count() == before
    add_app(own.manager)
    assert client.get(INDEX).status_code == 200


def test_the_way_out_stays_open(own: House) -> None:
    demand(own.theatre)
    client = signed_in(own.manager)
    assert client.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")
    client.post(reverse("admin:logout"))
    assert client.get("/auth/user").status_code == 302


def test_one_theatre_does_not_demand_it_of_anothers_managers(own: House) -> None:
    rival = house("Quartz", 2)
    demand(own.theatre)
    assert signed_in(rival.manager).get(INDEX).status_code == 200
    Membership.objects.create(theatre=own.theatre, user=rival.manager, role=Role.DOOR)
    assert signed_in(rival.manager).get(INDEX).status_code == 200  # at the door nobody asks
    second = TheatreFactory()
    Membership.objects.create(theatre=second, user=rival.manager, role=Role.MANAGER)
    demand(second)
    assert signed_in(rival.manager).get(INDEX).status_code == 302


def test_the_platform_asks_its_owners_by_a_setting(own: House, settings: Any) -> None:
    demand(own.theatre)
    owner = person("owner@movy.test", is_superuser=True)
    client = signed_in(owner)
    assert client.get(INDEX).status_code == 200  # they manage no theatre
    settings.OWNERS_NEED_SECOND_FACTOR = True
    assert client.get(INDEX)["Location"] == reverse("mfa_index")
    add_app(owner)
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_strangers_are_told_nothing_of_it(own: House, role: Role) -> None:
    demand(own.theatre)
    for client in (signed_in(own.staff[role]), Client()):
        assert client.get(INDEX)["Location"].startswith(reverse("admin:login"))
