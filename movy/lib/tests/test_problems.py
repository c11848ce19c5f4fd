"""Refusals of the API that no view makes: all in one format."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/api/v1/auth/user/login", "/api/v1/auth/user/signup"])
def test_a_body_that_is_too_large_is_a_413(client, settings, path):
    body = b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "too_large"


def test_what_is_no_json_is_a_400(client):
    answer = client.post("/api/v1/auth/user/login", b"{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"
