"""Health names what is up and what is not, and fails only for the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from movy.lib.clock import database_now
from movy.models import Heartbeat


@pytest.mark.django_db
def test_the_parts_are_named(client):
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert set(answer.json()) == {"database", "redis", "worker"}
        assert answer.json()["database"] in ("up", "slow")


@pytest.mark.django_db(transaction=True)  # the worker closes connections as it goes
def test_a_worker_that_works_is_up_and_a_silent_one_down(client):
    assert client.get("/readyz").json()["worker"] == "down"
    call_command("worker", "--once")
    assert client.get("/readyz").json()["worker"] == "up"
    Heartbeat.objects.update(seen_at=database_now() - timedelta(minutes=2))
    assert client.get("/readyz").json()["worker"] == "down"
