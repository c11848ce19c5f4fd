"""How long it takes from a change of a seat to the maps that are open, and what an open map costs."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmarks.client import answer, request
from benchmarks.figures import percentile
from benchmarks.web import START_SECONDS, WebServer
from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import groups_end, spawn
from tests.load.open_maps import OpenMaps, Reach, memory_bytes

PAUSE_SECONDS = 0.4  # between two changes, or the next one would be gathered with the one before


def maps_measure(web: WebServer, showtime_id: int, changes: Sequence[bytes], *, count: int) -> dict[str, Any]:
    """Open `count` maps of one show at one live process and send the changes, one after the other. All milliseconds
    are from before the request of a change: its answer, and the gathering, are in them.

    Raises RuntimeError for a change that is refused.
    """

    def change(sent: bytes) -> None:
        status, _headers = answer(web.port, sent)
        if status != 201:
            raise RuntimeError(f"expected 201, got {status}")

    with _live_process() as (pid, port):
        before = memory_bytes(pid)
        reaches, memory = asyncio.run(_reaches(f"http://127.0.0.1:{port}", pid, showtime_id, changes, change, count))
    seconds = [each for reach in reaches for each in reach.seconds]
    return {
        "maps": count,
        "changes": len(reaches),
        "p50_ms": 1000 * percentile(seconds, 50),
        "p99_ms": 1000 * percentile(seconds, 99),
        "hold_ms": 1000 * statistics.median(reach.took for reach in reaches),
        "missed": sum(reach.missed for reach in reaches),
        "kib_a_map": (memory - before) / count / 1024,
        "load": os.getloadavg()[0],
    }


async def _reaches(
    address: str, pid: int, showtime_id: int, changes: Sequence[bytes], change: Callable[[bytes], None], count: int
) -> tuple[list[Reach], int]:
    reaches = []
    async with OpenMaps(address, [showtime_id], count=count) as maps:
        for sent in changes:
            reaches.append(await maps.reach(showtime_id, partial(change, sent)))
            await asyncio.sleep(PAUSE_SECONDS)
        return reaches, memory_bytes(pid)


@contextmanager
def _live_process() -> Iterator[tuple[int, int]]:
    """Yield the process and the port of a live process."""
    part = parts.live(port=(port := free_port()))
    process = spawn(part.command, env=part.env)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _is_up(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the live process did not start")
            time.sleep(0.1)
        yield process.pid, port
    finally:
        groups_end([process])


def _is_up(port: int) -> bool:
    try:
        return answer(port, request("GET", "/healthz"))[0] == 200
    except OSError:
        return False
