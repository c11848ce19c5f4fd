"""Paystack's messages that we stumble over: tried less and less often, given up, tried again by a person, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import user_make
from movy.lib.clock import database_now
from movy.lib.http import OutsideUnavailable
from payments import views, webhooks
from payments.models import WebhookMessage
from payments.tests.factories import signed
from payments.webhooks import (
    CLAIM_LASTS,
    TRIES,
    WAIT_MINUTES,
    inbox_handle,
    message_store,
    messages_prune,
    messages_try_again,
)
from theatres.models import Role
from theatres.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> WebhookMessage:
    return WebhookMessage.objects.get(digest=message_store(b'{"event": "charge.success"}', now=database_now()))


@pytest.fixture
def stumble(monkeypatch):
    """Have handling any message fail in this way."""

    def with_error(error: BaseException) -> None:
        def handle(_digest: str, **_options: object) -> None:
            raise error

        monkeypatch.setattr(webhooks, "message_handle", handle)

    return with_error


def due_now() -> WebhookMessage:
    WebhookMessage.objects.filter(next_try_at__isnull=False).update(next_try_at=database_now())
    return WebhookMessage.objects.get()


def test_a_bug_while_a_message_is_handled_is_none_of_paystacks(client, monkeypatch):
    """Without it Paystack reads a 500, and the page that should never show one has."""

    def handle(_digest: str, **_options: object) -> None:
        raise ValueError("a shape that nobody knew")

    monkeypatch.setattr(views, "message_handle", handle)
    assert signed(client, b'{"event": "charge.success"}') == 200
    kept = WebhookMessage.objects.get()
    assert (kept.handled_at, kept.next_try_at is None) == (None, False)


def test_a_message_that_we_stumble_over_is_tried_less_often_and_then_given_up_with_its_reason(message, stumble):
    stumble(ValueError("a shape that nobody knew"))
    waits = []
    while (due := due_now()).next_try_at:
        assert inbox_handle() == 0
        after = WebhookMessage.objects.get()
        if after.next_try_at:
            waits.append(round((after.next_try_at - due.next_try_at) / timedelta(minutes=1)))
    assert waits == list(WAIT_MINUTES)
    assert (after.attempts, after.last_error) == (TRIES, "ValueError: a shape that nobody knew")
    assert after.handled_at is None


def test_paystack_being_away_uses_up_no_try(message, stumble):
    stumble(OutsideUnavailable("away"))
    for _ in range(TRIES + 1):
        due_now()
        inbox_handle()
    waiting = WebhookMessage.objects.get()
    assert waiting.attempts == 0
    assert waiting.next_try_at <= database_now() + CLAIM_LASTS


def test_a_message_on_which_every_worker_died_is_given_up_too(message, stumble):
    stumble(SystemExit())
    for _ in range(TRIES):
        due_now()
        with pytest.raises(SystemExit):
            inbox_handle()
    due_now()
    assert inbox_handle() == 0
    assert WebhookMessage.objects.get().next_try_at is None


def test_of_a_worker_that_died_with_a_message_another_takes_it_up_a_minute_later(message, stumble, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "message_handle", lambda *_args, **_options: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            inbox_handle()
    assert inbox_handle() == 0
    claimed = WebhookMessage.objects.get()
    assert claimed.next_try_at - database_now() <= timedelta(minutes=1)
    due_now()
    assert inbox_handle() == 1
    assert WebhookMessage.objects.get().handled_at


def test_a_message_that_comes_again_begins_anew(message, stumble):
    WebhookMessage.objects.update(attempts=TRIES, next_try_at=None)
    message_store(message.body.encode(), now=database_now())
    assert inbox_handle() == 1


def test_a_person_has_the_given_up_tried_again_and_no_others(message):
    waiting = WebhookMessage.objects.get(digest=message_store(b"{}", now=database_now()))
    WebhookMessage.objects.filter(pk=waiting.pk).update(attempts=3, next_try_at=database_now() + timedelta(hours=1))
    WebhookMessage.objects.filter(pk=message.pk).update(attempts=TRIES, next_try_at=None)
    assert messages_try_again([waiting.pk], now=database_now()) == 0
    assert messages_try_again(now=database_now()) == 1
    assert inbox_handle() == 1
    assert WebhookMessage.objects.get(pk=waiting.pk).attempts == 3


def test_handled_messages_go_after_their_days_and_others_never(settings, monkeypatch):
    settings.MESSAGES_KEPT_DAYS = 90
    monkeypatch.setattr(webhooks, "PRUNE_AT_ONCE", 1)
    now = database_now()
    for number, handled_at in enumerate([now - timedelta(days=91), now - timedelta(days=92), now, None]):
        digest = message_store(str(number).encode(), now=now - timedelta(days=100))
        WebhookMessage.objects.filter(digest=digest).update(handled_at=handled_at, next_try_at=None)
    assert [messages_prune(now=now) for _ in range(3)] == [1, 1, 0]
    assert WebhookMessage.objects.count() == 2


# ---- The office


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(user_make(email="owner@movy.test", is_superuser=True, is_staff=True))
    return client


def given_up(message: WebhookMessage) -> None:
    WebhookMessage.objects.filter(pk=message.pk).update(attempts=TRIES, next_try_at=None, last_error="ValueError: no")


def test_the_owner_sees_why_a_message_was_given_up_and_has_it_tried_again(owner, message):
    given_up(message)
    listed = reverse("admin:payments_webhookmessage_changelist")
    page = owner.get(f"{listed}?state=given_up").content.decode()
    assert "ValueError: no" in page
    assert "Try it again" in page
    assert owner.post(reverse("admin:payments_webhookmessage_try_again")).status_code == 302
    assert WebhookMessage.objects.get().next_try_at
    assert "Try it again" not in owner.get(listed).content.decode()


def test_the_owner_has_chosen_ones_tried_again(owner, message):
    given_up(message)
    listed = reverse("admin:payments_webhookmessage_changelist")
    chosen = {"action": "try_again", admin.helpers.ACTION_CHECKBOX_NAME: [message.pk]}
    assert "1 is tried again now" in owner.post(listed, chosen, follow=True).content.decode()
    assert "None of these was given up" in owner.post(listed, chosen, follow=True).content.decode()


@pytest.mark.parametrize("name", ["payments_webhookmessage", "outbox_mail"])
def test_only_the_owner_has_anything_tried_again_and_only_by_a_post(owner, message, name):
    given_up(message)
    button = reverse(f"admin:{name}_try_again")
    assert owner.get(button).status_code == 405
    manager = Client()
    manager.force_login(MembershipFactory(user=user_make(email="manager@movy.test"), role=Role.MANAGER).user)
    assert manager.post(button).status_code == 403
    assert Client().post(button).status_code == 302  # to the sign-in
    assert WebhookMessage.objects.get().next_try_at is None
