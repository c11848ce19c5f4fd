"""What is kept for a second, and for how long a second is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from movy.lib import recent
from movy.lib.recent import Recent, recent_answer


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(recent.time, "monotonic", lambda: clock.now)
    return clock


def test_a_thing_is_found_for_a_second(clock):
    kept = Recent(size=2)
    kept.keep("a", 1)
    clock.now += 0.99
    assert kept.find("a") == 1
    clock.now += 0.01
    assert kept.find("a") is None


def test_the_oldest_makes_room(clock):
    kept = Recent(size=2)
    for key in ("a", "b", "a", "c"):
        kept.keep(key, key)
    assert [kept.find(key) for key in ("a", "b", "c")] == ["a", None, "c"]


def test_an_answer_is_made_once_a_second_for_each_address(rf, clock):
    asked = []

    @recent_answer
    def view(request):
        asked.append(request.get_full_path())
        return HttpResponse("seen", headers={"X-Made": str(len(asked))})

    for path in ("/a", "/a", "/a?b=1"):
        assert view(rf.get(path)).content == b"seen"
    assert asked == ["/a", "/a?b=1"]
    assert view(rf.get("/a"))["X-Made"] == "1"
    clock.now += 1
    view(rf.get("/a"))
    assert asked == ["/a", "/a?b=1", "/a"]


def test_neither_a_token_nor_a_refusal_is_kept(rf):
    statuses = iter([404, 200, 401])

    @recent_answer
    def view(request):
        return HttpResponse(status=next(statuses))

    assert view(rf.get("/a")).status_code == 404
    assert view(rf.get("/a")).status_code == 200
    assert view(rf.get("/a", headers={"authorization": "Bearer bad"})).status_code == 401


def test_an_answer_that_somebody_changes_later_stays_itself_for_the_next(rf):
    view = recent_answer(lambda request: HttpResponse("same"))
    view(rf.get("/a")).headers["X-Mine"] = "1"
    assert "X-Mine" not in view(rf.get("/a"))
