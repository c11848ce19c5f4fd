"""Where the live process is, for a page that was asked for under some host."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from movy import env
from movy.lib.live import live_origin


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("", "movy.test", ""),
        ("http://{host}:8001", "192.0.2.7:8000", "http://192.0.2.7:8001"),
        ("http://{host}:8001", "Movy.test", "http://movy.test:8001"),
        ("https://live.movy.test/news", "movy.test", "https://live.movy.test"),
        ("http://{host}:8001", "[::1]:8000", ""),
        ("http://{host}:8001", "[::::]", ""),
    ],
)
def test_the_origin_follows_the_host_that_was_asked_for(settings, url, host, origin):
    settings.LIVE_URL = url
    assert live_origin(host) == origin


@pytest.mark.parametrize("value", ["live.movy.test", "ftp://movy.test", "https://a.test;script-src *", "https://a b"])
def test_an_address_that_is_none_stops_the_start_by_name(monkeypatch, value):
    monkeypatch.setenv("LIVE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="LIVE_URL"):
        env.web_address("LIVE_URL")
