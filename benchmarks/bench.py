"""Everything that is measured on one database: it is filled once, then opened for a run, measured, and closed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.client import request
from benchmarks.figures import Rate, Run
from benchmarks.holds import hold_workers
from benchmarks.live import maps_measure
from benchmarks.machine import database_pid, machine
from benchmarks.rows import (
    DRIVER,
    HOLD,
    HOLD_HTTP,
    MAP_JSON,
    MAP_PAGE,
    MAP_SAME,
    MOVIES_JSON,
    MOVIES_PAGE,
    OK_VIEW,
    Size,
)
from benchmarks.rushing import rush_measure
from benchmarks.town.build import rows_counted
from benchmarks.web import WebServer, hold_requests
from benchmarks.world import holds_count, holds_forget, strangers, tokens, world_build
from movy.lib.clock import database_now
from movy.lib.recent import forget_recent


class Bench:
    """A town `times` the demo, with the hall that is booked (world.py) beside it."""

    def __init__(self, size: Size, *, times: int) -> None:
        self._size = size
        self._times = times
        self._opened = ExitStack()

    def build(self) -> dict[str, Any]:
        """Fill the database; return what it has, and the seconds that the town took."""
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)
        began = time.monotonic()
        town = [sys.executable, "-m", "benchmarks.town", f"--times={self._times}", *self._size.town]
        subprocess.run(town, env=os.environ | {"ALLOW_STANDINS": "1"}, stdout=subprocess.DEVNULL, check=True)
        seconds = round(time.monotonic() - began)
        self._world = world_build(shows=self._size.shows, now=database_now())
        self._database_pid = database_pid()
        return {"times": self._times, "rows": rows_counted(), "seconds": seconds}

    def machine(self) -> dict[str, Any]:
        return machine()

    def open(self) -> None:
        """Start the web server and the processes that hold seats."""
        holds_forget()
        wishes = self._world.wishes
        asked = hold_requests(wishes, tokens(wishes))  # first: afterwards nothing but measuring uses our connection
        web = self._web = self._opened.enter_context(WebServer(database_pid=self._database_pid))
        by_movy, by_driver = self._opened.enter_context(hold_workers(wishes, database_pid=self._database_pid))
        self._runs: dict[str, Run] = {
            HOLD: lambda: self._held(by_movy),
            DRIVER: lambda: self._held(by_driver),
            HOLD_HTTP: lambda: self._held(lambda: web.each(asked, status=201)),
        } | {row: self._asked(path, status, headers) for row, (path, status, headers) in self._pages().items()}

    def close(self) -> None:
        self._opened.close()

    def run(self, row: str) -> Rate:
        return self._runs[row]()

    def queries(self) -> dict[str, list[int]]:
        """Return how many queries each page costs: the first look, with nothing made beforehand, and the next one."""
        pages = {row: asked for row, asked in self._pages().items() if row != OK_VIEW}
        return {row: self._counted(path, headers) for row, (path, _status, headers) in pages.items()}

    def live(self) -> dict[str, Any]:
        """Return how soon a change of a seat is on all open maps, and what they cost."""
        wishes = self._world.wishes
        changes = [wish for wish in wishes if wish.showtime_id == wishes[0].showtime_id][: self._size.changes]
        asked = hold_requests(changes, tokens(changes))
        try:
            return maps_measure(self._web, wishes[0].showtime_id, asked, count=self._size.maps)
        finally:
            holds_forget()

    def rush(self) -> dict[str, Any]:
        """Return how a rush went, and what the buyers of other shows noticed of it."""
        size, world = self._size, self._world
        try:
            return rush_measure(
                self._web,
                world,
                strangers(size.arrivals),
                quiet_seconds=size.quiet_seconds,
                seconds=size.rush_seconds,
            )
        finally:
            holds_forget()

    def _held(self, run: Run) -> Rate:
        """Let a run find all seats free, and see that it took every one of them."""
        rate = run()
        held = holds_count()
        holds_forget()
        if held != len(self._world.wishes):
            raise RuntimeError(f"of {len(self._world.wishes)} holds {held} are there")
        return rate

    def _pages(self) -> dict[str, tuple[str, int, dict[str, str]]]:
        """Return path, status and headers of each page."""
        page, map_json = f"/booking/{self._world.half_sold_id}", f"/api/v1/booking/{self._world.half_sold_id}"
        return {
            OK_VIEW: ("/ok", 200, {}),
            MAP_PAGE: (page, 200, {}),
            MAP_JSON: (map_json, 200, {}),
            MAP_SAME: (map_json, 304, {"If_None_Match": self._web.header(map_json, "etag")}),
            MOVIES_PAGE: ("/movies", 200, {}),
            MOVIES_JSON: ("/api/v1/movies", 200, {}),
        }

    def _asked(self, path: str, status: int, headers: dict[str, str]) -> Run:
        sent = request("GET", path, **headers)
        return lambda: self._web.repeated(sent, seconds=self._size.seconds, status=status)

    def _counted(self, path: str, headers: dict[str, str]) -> list[int]:
        forget_recent()
        for cache in caches.all():
            cache.clear()
        client, counts = Client(headers={name.replace("_", "-"): value for name, value in headers.items()}), []
        for _look in range(2):
            with CaptureQueriesContext(connection) as captured:
                client.get(path, headers={"Host": "127.0.0.1"})
            counts.append(len(captured))
        return counts
