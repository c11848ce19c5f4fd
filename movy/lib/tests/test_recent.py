"""What is kept for a second, and for how long a second is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from movy.lib import recent
from movy.lib.recent import Recent


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(recent.time, "monotonic", lambda: clock.now)
    return clock


def test_a_thing_is_found_for_a_second(clock):
    kept = Recent(size=2, seconds=1)
    kept.keep("a", 1)
    clock.now += 0.99
    assert kept.find("a") == 1
    clock.now += 0.01
    assert kept.find("a") is None


def test_a_thing_may_be_kept_for_another_time(clock):
    kept = Recent(size=1, seconds=60)
    kept.keep("a", 1)
    clock.now += 59
    assert kept.find("a") == 1
    clock.now += 1
    assert kept.find("a") is None


def test_the_oldest_makes_room(clock):
    kept = Recent(size=2, seconds=1)
    for key in ("a", "b", "a", "c"):
        kept.keep(key, key)
    assert [kept.find(key) for key in ("a", "b", "c")] == ["a", None, "c"]
