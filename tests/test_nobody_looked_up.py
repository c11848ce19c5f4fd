"""Where it doesn't matter who asks, nobody is looked up: a visitor's cookie costs no query and no wait."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.test_queries import PUBLIC, World, world

pytestmark = pytest.mark.django_db

KNOWS_ITS_VISITOR = {
    "booking/<int:showtime_id>",  # names the seats that the visitor holds
    "find-my-booking",  # its form fills in what a guest typed last
    "find-my-money",  # its form fills in a signed-in person's e-mail
}
OTHERS = ["healthz", "readyz", "metrics", "media/posters/none.jpg", "static/css/movy.css", "api/v1/schema"]


@pytest.fixture
def here() -> World:
    return world(2)


def looked_up(client: Client, method: str, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        getattr(client, method)(path)
    tables = ("django_session", "accounts_user", "usersessions")
    return [query["sql"] for query in asked if any(table in query["sql"] for table in tables)]


def test_public_addresses_and_files_look_nobody_up(here):
    client = Client(raise_request_exception=False)
    client.force_login(here.ada)
    paths = [here.path(route) for route in PUBLIC if route not in KNOWS_ITS_VISITOR] + [f"/{path}" for path in OTHERS]
    assert {path: found for path in paths if (found := looked_up(client, "get", path))} == {}
    assert all(looked_up(client, "get", here.path(route)) for route in KNOWS_ITS_VISITOR)


def test_a_webhook_and_the_api_go_by_no_cookie(here):
    client = Client()
    client.force_login(here.ada)
    for method, path in [("post", "/webhooks/paystack"), ("post", "/api/v1/booking"), ("get", "/api/v1/bookings")]:
        assert looked_up(client, method, path) == []
