"""The theatre itself in the office: what only the owner sets, and what is always there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house
from theatres.models import Theatre


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    client = Client()
    client.force_login(own.manager)
    return client


def saved(client: Client, own: House, **changes: Any) -> Any:
    page = url(Theatre, "change", own.theatre.pk)
    return client.post(page, form_data(client.get(page)) | changes)


def test_what_money_hangs_on_is_the_owners_to_set(client: Client, own: House) -> None:
    sent_along = {"currency": "USD", "timezone": "UTC", "slug": "mine", "paystack_subaccount": "ACCT_x"}
    assert saved(client, own, phone="123", **sent_along).status_code == 302
    after = Theatre.objects.get(pk=own.theatre.pk)
    assert after.phone == "123"
    assert (after.currency, after.timezone, after.slug, after.paystack_subaccount) == (
        own.theatre.currency,
        own.theatre.timezone,
        own.theatre.slug,
        "",
    )
    assert client.get(url(Theatre, "add")).status_code == 403
    assert client.post(url(Theatre, "delete", own.theatre.pk), {"post": "yes"}).status_code == 403


def test_codes_are_set_once_and_the_adults_ticket_is_always_there(client: Client, own: House) -> None:
    assert saved(client, own, **{"ticket_types-0-code": "grown_up"}).status_code == 302
    assert own.theatre.ticket_types.get().code == "adult"
