"""Health names what is up and what is not, and fails only for the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import OperationalError

from movy import health
from movy.lib.clock import database_now
from movy.models import Heartbeat
from movy.outbox.models import Mail
from payments.models import WebhookMessage
from payments.webhooks import message_store


@pytest.mark.django_db
def test_the_parts_are_named(client):
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert set(answer.json()) == {"database", "redis", "live", "worker", "mail", "messages"}
        assert answer.json()["database"] in ("up", "slow")


@pytest.mark.django_db(transaction=True)  # the worker closes connections as it goes
def test_a_worker_that_works_is_up_and_a_silent_one_down(client):
    assert client.get("/readyz").json()["worker"] == "down"
    call_command("worker", "--once")
    assert client.get("/readyz").json()["worker"] == "up"
    Heartbeat.objects.update(seen_at=database_now() - timedelta(minutes=2))
    assert client.get("/readyz").json()["worker"] == "down"


@pytest.mark.django_db
def test_a_live_process_is_up_a_silent_one_down_and_one_that_never_was_is_off_and_none_of_that_fails_us(client):
    assert client.get("/readyz").json()["live"] == "off"
    health.heartbeat(health.LIVE)
    assert client.get("/readyz").json()["live"] == "up"
    Heartbeat.objects.update(seen_at=database_now() - timedelta(minutes=2))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["live"]) == (200, "down")


@pytest.mark.django_db
def test_a_database_that_is_away_is_down_and_what_only_it_knows_is_unknown(client, monkeypatch):
    def away() -> None:
        raise OperationalError(2003, "Can't connect")

    monkeypatch.setattr(health, "database_now", away)
    for path, status in (("/healthz", 200), ("/readyz", 503)):
        answer = client.get(path)
        assert answer.status_code == status
        told = answer.json()
        assert told["database"] == "down"
        assert {told[name] for name in ("live", "worker", "mail", "messages")} == {"unknown"}


@pytest.mark.django_db
def test_mail_that_nobody_has_tried_for_minutes_is_late_and_one_that_waits_for_its_next_try_is_not(client):
    send_mail("Hello", "Hello.", None, ["ada@movy.test"])
    now = database_now()
    for next_try_at, state in (
        (now + timedelta(hours=1), "up"),
        (now - timedelta(minutes=4), "up"),
        (now - timedelta(minutes=6), "late"),
        (None, "up"),  # given up: for a person, not for the worker
    ):
        Mail.objects.update(next_try_at=next_try_at)
        assert client.get("/readyz").json()["mail"] == state


@pytest.mark.django_db
def test_messages_that_are_not_handled_for_minutes_are_late_though_each_is_tried_every_minute(client):
    now = database_now()
    message_store(b'{"event": "charge.success"}', now=now)
    assert client.get("/readyz").json()["messages"] == "up"
    WebhookMessage.objects.update(received_at=now - timedelta(minutes=6), next_try_at=now + timedelta(seconds=50))
    assert client.get("/readyz").json()["messages"] == "late"
    WebhookMessage.objects.update(handled_at=now, next_try_at=None)
    assert client.get("/readyz").json()["messages"] == "up"
