"""Many open seat maps at one live process, in one process and one thread: when news reach them, and what they cost.

    async with OpenMaps("http://127.0.0.1:8001", [12, 13], count=1000) as maps:
        reach = await maps.reach(12, lambda: hold_by_http(12, "C4"))
        reach.percentile(50), reach.percentile(99), reach.missed

The maps are spread evenly over the showings. Memory: memory_bytes(pid) of the live process before and after.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

OPENED_AT_ONCE = 50
_ID = re.compile(rb"^id: ([0-9]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Reach:
    """How long a change took to the maps that were open, from before it was asked for. `took`: the change itself, which
    is in it. `missed`: maps that it did not reach. All in seconds."""

    took: float
    seconds: list[float]
    missed: int

    def percentile(self, percent: float) -> float:
        return sorted(self.seconds)[min(int(len(self.seconds) * percent / 100), len(self.seconds) - 1)]


@dataclass(eq=False)
class OpenMap(asyncio.Protocol):
    """One stream, which notes the newest version and when it came (time.monotonic())."""

    showtime_id: int
    host: str
    version: int | None = None
    came_at: float = 0.0
    events: int = 0
    status: bytes = b""
    is_lost: bool = False
    _rest: bytes = b""
    _transport: asyncio.Transport | None = None
    known: asyncio.Event = field(default_factory=asyncio.Event)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(f"GET /booking/{self.showtime_id}/live HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        if not self.status:
            self.status = data[9:12]
        whole, _end, self._rest = (self._rest + data).rpartition(b"\n")
        for found in _ID.finditer(whole):
            self.version, self.came_at = int(found[1]), now
            self.events += 1
        if self.version is not None or self.status != b"200":
            self.known.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = True
        self.known.set()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class OpenMaps:
    """So many maps open at once, inside an `async with` block. Raises ConnectionError when one is refused."""

    def __init__(self, base_url: str, showtime_ids: Sequence[int], *, count: int, seconds: float = 60) -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._seconds = seconds
        self.maps = [OpenMap(showtime_ids[number % len(showtime_ids)], address.netloc) for number in range(count)]

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(self._seconds):
            for start in range(0, len(self.maps), OPENED_AT_ONCE):
                await asyncio.gather(*map(self._open, self.maps[start : start + OPENED_AT_ONCE]))
        if refused := [each for each in self.maps if each.status != b"200" or each.is_lost]:
            await self.__aexit__()
            raise ConnectionError(f"{len(refused)} of {len(self.maps)} maps refused: {refused[0].status!r}")
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self.maps:
            each.close()

    async def _open(self, one: OpenMap) -> None:
        await asyncio.get_running_loop().create_connection(lambda: one, self._host, self._port)
        await one.known.wait()

    async def reach(self, showtime_id: int, change: Callable[[], object], *, seconds: float = 5) -> Reach:
        """Make a change in a thread, and wait until each map of that showing was told of a new version, or so long."""
        before = {each: each.events for each in self.maps if each.showtime_id == showtime_id}
        started_at = time.monotonic()
        await asyncio.get_running_loop().run_in_executor(None, change)
        took = time.monotonic() - started_at
        while (told := [each for each, events in before.items() if each.events > events]) != list(before):
            if time.monotonic() - started_at > seconds:
                break
            await asyncio.sleep(0.02)
        return Reach(took, [each.came_at - started_at for each in told], missed=len(before) - len(told))


def memory_bytes(pid: int) -> int:
    """Return the memory that a process and its children have in hand (RSS). Linux only."""
    folder = Path(f"/proc/{pid}")
    pages = int((folder / "statm").read_text().split()[1])
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return pages * 4096 + sum(memory_bytes(int(child)) for child in children)
