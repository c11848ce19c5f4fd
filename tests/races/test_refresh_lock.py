"""Two who trade one refresh token: the second waits until the first has committed, and finds it used."""

from __future__ import annotations

import threading
import time

import pytest
from allauth.headless import app_settings

from accounts.api.tokens import tokens_refresh
from accounts.errors import InvalidToken
from accounts.tests.factories import PASSWORD, user_make
from tests.races.test_paying import together

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

DAWDLE_SECONDS = 0.4  # less than a lock is waited for


def test_whoever_trades_a_refresh_token_second_finds_it_used(client, monkeypatch):
    user = user_make()
    signed_in = client.post(
        "/api/v1/auth/user/login", {"email": user.email, "password": PASSWORD}, content_type="application/json"
    )
    token = signed_in.json()["refresh_token"]
    strategy = type(app_settings.TOKEN_STRATEGY)
    trade, first_is_amid_it = strategy.refresh_token, threading.Event()

    def trade_slowly(self, refresh_token):
        pair = trade(self, refresh_token)
        first_is_amid_it.set()
        time.sleep(DAWDLE_SECONDS)
        return pair

    monkeypatch.setattr(strategy, "refresh_token", trade_slowly)

    def refresh_second():
        first_is_amid_it.wait(10)
        return tokens_refresh(token)

    first, second = together(lambda: tokens_refresh(token), refresh_second)
    assert first.access_token
    assert isinstance(second, InvalidToken)
