"""Money in the office: read, and asked about again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from movy.lib.http import OutsideUnavailable
from payments.admin import payments as admin
from payments.models import Payment, PaymentStatus
from tests.security.admin_walk import snapshot, url
from tests.security.admin_world import House, house


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    client = Client()
    client.force_login(own.manager)
    return client


def checked(client: Client, payment: Payment) -> str:
    data = {"action": "check_again", "index": 0, "_selected_action": [payment.pk]}
    return client.post(url(Payment, "changelist"), data, follow=True).content.decode()


def test_a_payment_is_checked_again_by_the_one_way_that_is_believed(
    client: Client, own: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look(reference: str, *, via: Any) -> Payment:
        asked.append(reference)
        return Payment(reference=reference, status=PaymentStatus.FAILED)

    monkeypatch.setattr(admin, "payment_look", look)
    payment = own.rows[Payment]
    assert f"{payment.reference}: failed" in checked(client, payment)
    assert asked == [payment.reference]


def test_paystack_being_away_is_a_sentence(client: Client, own: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(reference: str, *, via: Any) -> Payment:
        raise OutsideUnavailable("timed out")

    monkeypatch.setattr(admin, "payment_look", look)
    before = snapshot(own.rows[Payment])
    assert "be reached right now" in checked(client, own.rows[Payment])
    assert snapshot(own.rows[Payment]) == before


def test_nothing_of_a_payment_can_be_written(client: Client, own: House) -> None:
    payment = own.rows[Payment]
    before = snapshot(payment)
    for page in ("change", "delete"):
        assert client.post(url(Payment, page, payment.pk), {"status": "failed", "post": "yes"}).status_code == 403
    assert snapshot(payment) == before
