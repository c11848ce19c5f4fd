"""The service worker, its page and the manifest: what a device fetches to be of use without the network."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from movy import offline


def test_the_worker_is_asked_for_each_time_and_may_reign_over_the_whole_site():
    response = Client().get("/worker.js")
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in response["Content-Security-Policy"]


def test_all_that_the_worker_fetches_is_there():
    script = Client().get("/worker.js").content.decode()
    [parts] = re.findall(r"const PARTS = (\[.*\]);", script)
    addresses = json.loads(parts)
    assert len(addresses) == len(offline.PARTS) + 1
    assert [Client().get(address).status_code for address in addresses] == [200] * len(addresses)


def test_the_worker_changes_with_a_part(monkeypatch):
    def release() -> str:
        offline._release.cache_clear()
        return offline._release()

    before = release()
    monkeypatch.setattr(offline, "PARTS", ("css/seats.css", *offline.PARTS[1:]))
    assert release() != before
    monkeypatch.undo()
    assert release() == before


@pytest.mark.parametrize("path", ["/offline", "/worker.js", "/manifest.webmanifest"])
def test_it_is_the_same_for_everybody_and_needs_no_database(path):
    """Without the mark that lets a test ask the database."""
    response = Client().get(path)
    assert response.status_code == 200
    assert not response.cookies


def test_the_manifest_makes_an_app_of_the_site():
    manifest = json.loads(Client().get("/manifest.webmanifest").content)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert [Client().get(icon["src"]).status_code for icon in manifest["icons"]] == [200, 200]
