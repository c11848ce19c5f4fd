"""The maps that somebody has open. Each has one task, which looks again when there is a reason to, one look at a time,
and wakes whoever has the map open when it is another one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from django.db import Error as DatabaseError

from bookings.live.history import History, Look
from movy.lib.errors import NotFound

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.25
"""At most one look at a map in this time: what changes in between is told at once. After a quiet time the first change
is told without a wait."""

FORGET_SECONDS = 30
"""How long a map is still watched after the last browser went: reloading a page, or a tunnel, starts nothing anew. Also
how often a map is looked at without any reason."""

AWAY_SECONDS = 1
"""Between two looks while the database is away."""

LookAt = Callable[[int], Awaitable[Look]]


class Viewer:
    """One open stream, which waits for something to do."""

    def __init__(self) -> None:
        self.is_over = False
        self._waits: asyncio.Future[bool] | None = None

    def wake(self) -> None:
        self._wake(True)

    def end(self) -> None:
        self.is_over = True
        self.wake()

    async def wait(self, seconds: float) -> bool:
        """Wait until woken, but no longer than this; return whether that was why. To be called right after finding
        nothing to do: being woken before is forgotten."""
        loop = asyncio.get_running_loop()
        self._waits = loop.create_future()
        timer = loop.call_later(seconds, self._wake, False)
        try:
            return await self._waits
        finally:
            timer.cancel()
            self._waits = None

    def _wake(self, by_somebody: bool) -> None:
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(by_somebody)


class Watch:
    """A map, its history, and who has it open."""

    def __init__(self, showtime_id: int) -> None:
        loop = asyncio.get_running_loop()
        self.showtime_id = showtime_id
        self.history = History()
        self.viewers: set[Viewer] = set()
        self.is_known: asyncio.Future[None] = loop.create_future()
        """Done after the first look; its exception says why there was none."""
        self._left_at = loop.time()
        self._reason = asyncio.Event()

    def look_again(self) -> None:
        self._reason.set()

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)
        self._left_at = asyncio.get_running_loop().time()

    async def keep(self, look_at: LookAt) -> None:
        """Look as long as somebody wants to see it, at once and then for each reason. Raises what the first look does;
        later NotFound alone: the showing is not public any more."""
        loop = asyncio.get_running_loop()
        while self.viewers or loop.time() - self._left_at < FORGET_SECONDS:
            self._reason.clear()  # before looking: what happens meanwhile is a reason for another look
            started_at = loop.time()
            wait_seconds: float = AWAY_SECONDS
            try:
                look = await look_at(self.showtime_id)
            except DatabaseError:
                if not self.is_known.done():
                    raise
            else:
                self._take(look)
                wait_seconds = _seconds_until_change(look)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._reason.wait(), wait_seconds)
            await asyncio.sleep(started_at + GATHER_SECONDS - loop.time())

    def _take(self, look: Look) -> None:
        if self.history.add(look):
            for viewer in self.viewers:
                viewer.wake()
        if not self.is_known.done():
            self.is_known.set_result(None)


def _seconds_until_change(look: Look) -> float:
    if look.next_at is None:
        return FORGET_SECONDS
    return min((look.next_at - look.now).total_seconds(), FORGET_SECONDS)


class Watches:
    """All maps that somebody has open, by showing."""

    def __init__(self, look_at: LookAt) -> None:
        self._look_at = look_at
        self._watches: dict[int, Watch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def showtime_ids(self) -> list[int]:
        return list(self._watches)

    def look_again(self, showtime_ids: Iterable[int]) -> None:
        """Have a new look at those of the maps that somebody has open."""
        for showtime_id in showtime_ids:
            if watch := self._watches.get(showtime_id):
                watch.look_again()

    async def join(self, showtime_id: int, viewer: Viewer) -> Watch:
        """Let a viewer have a map open, which it leaves again. Raises NotFound, and a DatabaseError while nothing of
        this map is known and the database is away."""
        watch = self._watches.get(showtime_id)
        if watch is None:
            # News count from here on, so that nothing is missed between the first look and the next one.
            watch = self._watches[showtime_id] = Watch(showtime_id)
            task = asyncio.create_task(self._keep(watch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        watch.viewers.add(viewer)
        try:
            await asyncio.shield(watch.is_known)
        except BaseException:
            watch.leave(viewer)
            raise
        return watch

    def end(self) -> None:
        """End all streams. Their browsers come again by themselves, and find another process."""
        for watch in self._watches.values():
            for viewer in watch.viewers:
                viewer.end()

    async def _keep(self, watch: Watch) -> None:
        try:
            await watch.keep(self._look_at)
        except (NotFound, DatabaseError) as error:
            self._fail(watch, error)
        except Exception as error:
            logger.exception("live map failed: showtime=%s", watch.showtime_id)
            self._fail(watch, error)
        finally:
            # Who has it open comes again, and is told why there is nothing to see, or begins a new watch.
            del self._watches[watch.showtime_id]
            for viewer in watch.viewers:
                viewer.end()

    @staticmethod
    def _fail(watch: Watch, error: Exception) -> None:
        if not watch.is_known.done():
            watch.is_known.set_exception(error)
            watch.is_known.exception()  # those who waited may have gone: asyncio would complain that nobody has asked
