"""When a map that somebody has open is looked at, and who is told: without a database, a look is what a test says."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from bookings.live import application, watches
from bookings.live.application import LiveApplication
from bookings.live.history import Look
from bookings.live.watches import Viewer, Watches
from movy.lib.errors import NotFound

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
HALL = frozenset({"C4", "C5"})


class Looks:
    """Stands for the database. `look` is what is seen; set `error` to have looks fail, `before` to do something amid
    one."""

    def __init__(self) -> None:
        self.look = Look(version=1, taken={}, seats=HALL, now=NOW, next_at=None)
        self.error: Exception | None = None
        self.before = lambda: None
        self.times = 0
        self.running = 0

    def take(self, version: int, **taken: str) -> None:
        self.look = Look(version=version, taken=taken, seats=HALL, now=NOW, next_at=self.look.next_at)

    async def __call__(self, showtime_id: int) -> Look:
        self.times += 1
        self.running += 1
        assert self.running == 1
        seen = self.look
        self.before()
        await asyncio.sleep(0.01)
        self.running -= 1
        if self.error:
            raise self.error
        return seen


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(watches, "GATHER_SECONDS", 0.03)
    monkeypatch.setattr(watches, "FORGET_SECONDS", 0.1)
    monkeypatch.setattr(watches, "AWAY_SECONDS", 0.03)


@pytest.fixture
def looks():
    return Looks()


async def version_becomes(watch, version: int) -> None:
    async with asyncio.timeout(5):
        while watch.history.version != version:
            await asyncio.sleep(0.005)


def test_what_changes_amid_a_look_is_seen_by_the_next_one(looks, monkeypatch):
    async def play():
        monkeypatch.setattr(watches, "FORGET_SECONDS", 30)
        kept = Watches(looks)

        def somebody_holds_and_tells() -> None:
            if looks.times == 1:
                looks.take(2, C4="held")
                kept.look_again([7])

        looks.before = somebody_holds_and_tells
        watch = await kept.join(7, Viewer())
        assert watch.history.version == 1
        await version_becomes(watch, 2)

    asyncio.run(play())


def test_many_news_are_few_looks_and_never_two_at_once(looks, monkeypatch):
    async def play():
        monkeypatch.setattr(watches, "FORGET_SECONDS", 30)
        kept = Watches(looks)
        await kept.join(7, Viewer())
        began = time.monotonic()
        for _news in range(60):
            kept.look_again([7, 8])
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.1)
        assert 2 <= looks.times <= 2 + (time.monotonic() - began) / watches.GATHER_SECONDS

    asyncio.run(play())


def test_a_map_that_changes_by_itself_is_looked_at_in_that_moment(looks, monkeypatch):
    async def play():
        monkeypatch.setattr(watches, "FORGET_SECONDS", 30)
        looks.look = Look(1, {"C4": "held"}, HALL, now=NOW, next_at=NOW + timedelta(seconds=0.2))
        began = time.monotonic()
        watch = await Watches(looks).join(7, Viewer())
        looks.look = Look(2, {}, HALL, now=NOW, next_at=None)
        await version_becomes(watch, 2)
        assert time.monotonic() - began >= 0.2

    asyncio.run(play())


def test_everybody_who_has_a_map_open_is_woken_by_a_change_and_by_nothing_else(looks):
    async def play():
        kept = Watches(looks)
        viewers = [Viewer(), Viewer()]
        for viewer in viewers:
            await kept.join(7, viewer)
        assert not await viewers[0].wait(0.2)
        waits = [asyncio.create_task(viewer.wait(5)) for viewer in viewers]
        await asyncio.sleep(0)
        looks.take(2, C4="held")
        kept.look_again([7])
        assert await asyncio.gather(*waits) == [True, True]

    asyncio.run(play())


def test_a_map_that_nobody_has_open_any_more_is_forgotten(looks):
    async def play():
        kept = Watches(looks)
        viewer = Viewer()
        watch = await kept.join(7, viewer)
        watch.leave(viewer)
        assert await kept.join(7, viewer) is watch  # who comes again soon finds it as it was
        watch.leave(viewer)
        async with asyncio.timeout(5):
            while kept.showtime_ids:
                await asyncio.sleep(0.01)
        assert await kept.join(7, viewer) is not watch

    asyncio.run(play())


@pytest.mark.parametrize("error", [NotFound(), OperationalError(2003, "gone"), ZeroDivisionError()])
def test_who_wants_a_map_that_cannot_be_looked_at_is_told_why_and_nothing_stays(looks, error):
    async def play():
        looks.error = error
        kept = Watches(looks)
        viewers = [Viewer(), Viewer()]
        outcomes = await asyncio.gather(*(kept.join(7, viewer) for viewer in viewers), return_exceptions=True)
        assert outcomes == [error, error]
        assert looks.times == 1
        await asyncio.sleep(0)
        assert kept.showtime_ids == []

    asyncio.run(play())


def test_while_the_database_is_away_a_map_stays_open_and_goes_on_later(looks):
    async def play():
        viewer = Viewer()
        watch = await Watches(looks).join(7, viewer)
        looks.error = OperationalError(2013, "gone")
        await asyncio.sleep(0.3)
        assert not viewer.is_over
        looks.error = None
        looks.take(2, C4="held")
        await version_becomes(watch, 2)

    asyncio.run(play())


def test_streams_of_a_showing_that_is_public_no_more_end(looks):
    async def play():
        kept, viewer = Watches(looks), Viewer()
        await kept.join(7, viewer)
        looks.error = NotFound()
        kept.look_again([7])
        assert await viewer.wait(5)
        assert viewer.is_over

    asyncio.run(play())


def stream(looks, send, *, seconds: float = 1.0, then=lambda kept: None) -> list[bytes]:
    """Run a stream against `send` for at most so long, and return what it sent."""
    sent: list[bytes] = []

    async def note(message) -> None:
        await send(message)
        sent.append(message["body"])

    async def play():
        kept, viewer = Watches(looks), Viewer()
        watch = await kept.join(7, viewer)
        asyncio.get_running_loop().call_later(0.05, then, kept)
        asyncio.get_running_loop().call_later(seconds, viewer.end)
        await LiveApplication(alive=lambda: None)._stream(watch, viewer, None, note)

    asyncio.run(play())
    return sent


async def at_once(message) -> None:
    pass


def test_a_stream_begins_with_the_map_and_says_something_even_when_nothing_happens(looks, monkeypatch):
    monkeypatch.setattr(application, "BEAT_SECONDS", 0.1)
    first, *others, last = stream(looks, at_once, seconds=1)
    assert first.startswith(b"retry: ")
    assert b'"complete":true' in first
    assert others == [b":\n\n"] * len(others)
    assert len(others) >= 2
    assert last == b""


def test_a_reader_who_takes_too_long_is_dropped(looks, monkeypatch):
    monkeypatch.setattr(application, "SEND_SECONDS_MAX", 0.1)

    async def never(message) -> None:
        await asyncio.sleep(3)

    assert stream(looks, never, seconds=1) == []


def test_a_slow_reader_skips_to_the_newest_map(looks):
    async def slowly(message) -> None:
        await asyncio.sleep(1)

    def three_changes(kept: Watches) -> None:
        for number, labels in enumerate((["C4"], ["C4", "C5"], ["C5"])):
            asyncio.get_running_loop().call_later(0.08 * number, change, kept, number + 2, labels)

    def change(kept: Watches, version: int, labels: list[str]) -> None:
        looks.take(version, **dict.fromkeys(labels, "held"))
        kept.look_again([7])

    _first, second, *_end = stream(looks, slowly, seconds=1.5, then=three_changes)
    assert second.startswith(b"id: 4\n")


def test_a_stream_ends_when_it_has_carried_its_share(looks, monkeypatch):
    monkeypatch.setattr(application, "STREAM_BYTES_MAX", 10)
    assert len(stream(looks, at_once, seconds=30)) == 2
