"""What `make serve` starts."""

from __future__ import annotations

import pytest

from scripts import serve


def test_web_live_and_worker_are_started_the_live_process_beside_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.delenv("LIVE_PORT", raising=False)
    assert [part.name for part in serve.production_parts()] == ["web", "live", "worker"]
    assert "9001" in serve.production_parts()[1].command
    monkeypatch.setenv("LIVE_PORT", "9100")
    assert "9100" in serve.production_parts()[1].command
