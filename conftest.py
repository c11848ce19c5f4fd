"""What every test gets, and the stand-ins for those that ask: real servers, one of each for a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as movy_settings
from django.core.cache import cache, caches
from django.test import Client

import standins.google
import standins.paystack
import standins.tmdb
from movy.lib.cache import forget_errors
from movy.lib.recent import forget_recent
from tests.schema.conformance import PAGES, PREFIX, check


def pytest_configure() -> None:
    """Give each of xdist's processes a Redis database of its own, because they all clear theirs, and Redis the time to
    answer on a machine that is busy with tests."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for cache_settings in movy_settings.CACHES.values():
        if cache_settings["BACKEND"] == "django_redis.cache.RedisCache":
            cache_settings["LOCATION"] = f"{cache_settings['LOCATION'].rpartition('/')[0]}/{number}"
            cache_settings["OPTIONS"] |= {"SOCKET_CONNECT_TIMEOUT": 5, "SOCKET_TIMEOUT": 5}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what meets the database: pytest-django lets nothing else touch it."""
    for item in items:
        asks = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
        if asks or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session", autouse=True)
def answers_as_described() -> Iterator[None]:
    """Every answer of the API to a test's client is what the schema says, and has nothing that it doesn't name."""
    ask = Client.request

    def ask_and_check(client: Client, **request: Any) -> Any:
        answer = ask(client, **request)
        path, method = request["PATH_INFO"], request["REQUEST_METHOD"]
        if path.startswith(PREFIX) and path not in PAGES:
            check(method=method, path=path, status=answer.status_code, headers=answer.headers, body=answer.content)
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Client, "request", ask_and_check)
        yield


@pytest.fixture(autouse=True)
def real_outbox(settings):
    """Mail goes where it goes in production: into the outbox's table. Django's test runner would keep it in memory."""
    settings.EMAIL_BACKEND = "movy.outbox.backend.OutboxBackend"


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """A hash that takes long is what keeps thieves busy, and tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def nothing_cached():
    """No limit is half used up, and no page remembered, when a test begins."""
    forget_errors()
    forget_recent()
    cache.clear()
    caches["pages"].clear()


@pytest.fixture(scope="session")
def paystack_server() -> Iterator[standins.paystack.PaystackServer]:
    server = standins.paystack.start()
    yield server
    server.stop()


@pytest.fixture
def paystack(paystack_server, settings):
    """Paystack's stand-in, which Movy talks to during this test."""
    settings.PAYSTACK_BASE_URL = paystack_server.base_url
    paystack_server.account.clear()
    paystack_server.router.requests.clear()
    return paystack_server


@pytest.fixture(scope="session")
def tmdb_server() -> Iterator[standins.tmdb.TmdbStandin]:
    server = standins.tmdb.start()
    yield server
    server.stop()


@pytest.fixture
def tmdb(tmdb_server, settings):
    """TMDb's stand-in, which Movy talks to during this test."""
    settings.TMDB_BASE_URL = tmdb_server.base_url
    settings.TMDB_ACCESS_TOKEN = standins.tmdb.ACCESS_TOKEN
    tmdb_server.router.faults.clear()
    tmdb_server.router.requests.clear()
    return tmdb_server


@pytest.fixture(scope="session")
def google_server() -> Iterator[standins.google.GoogleStandin]:
    server = standins.google.start()
    yield server
    server.stop()


@pytest.fixture
def google(google_server, settings, monkeypatch):
    """Google's stand-in, which Movy talks to during this test. allauth read the addresses when it was imported, so they
    are put where it put them; that settings.py reads them from GOOGLE_BASE_URL is for the browser tests to show."""
    from allauth.socialaccount.providers.google import views

    base = google_server.base_url
    settings.GOOGLE_CLIENT_ID = standins.google.CLIENT_ID
    app = {"client_id": standins.google.CLIENT_ID, "secret": standins.google.CLIENT_SECRET, "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {"google": settings.SOCIALACCOUNT_PROVIDERS["google"] | {"APPS": [app]}}
    monkeypatch.setattr(views, "CERTS_URL", f"{base}/oauth2/v1/certs")
    monkeypatch.setattr(views, "ID_TOKEN_ISSUER", base)
    monkeypatch.setattr(views.GoogleOAuth2Adapter, "authorize_url", f"{base}/o/oauth2/v2/auth")
    monkeypatch.setattr(views.GoogleOAuth2Adapter, "access_token_url", f"{base}/token")
    monkeypatch.setattr(views.GoogleOAuth2Adapter, "identity_url", f"{base}/oauth2/v2/userinfo")
    google_server.router.faults.clear()
    google_server.router.requests.clear()
    return google_server
