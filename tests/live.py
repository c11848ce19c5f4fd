"""A live process of the test's own, and streams of it, read as a browser does."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings

from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import groups_end, spawn
from tests.running import wait_for
from tests.site import database_url

START_SECONDS = 90  # a machine may be busy


@dataclass(frozen=True)
class Event:
    """An event of a map, and when it came (time.monotonic()). `version` is its id."""

    version: int
    data: dict[str, Any]
    came_at: float

    @property
    def changes(self) -> dict[str, str]:
        return self.data["changes"]

    @property
    def is_complete(self) -> bool:
        return self.data.get("complete", False)


class Stream:
    """One open map. Iterating is not offered: a test says how long it waits."""

    def __init__(self, port: int, showtime_id: int, **headers: str) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._link.request("GET", f"/booking/{showtime_id}/live", headers=sent)
        assert self._link.sock is not None
        self._socket: socket.socket = self._link.sock  # an answer that closes takes it away from the link
        self._response = self._link.getresponse()
        self.status = self._response.status
        self.headers = {name.lower(): value for name, value in self._response.getheaders()}
        self.blocks: list[str] = []
        """What came and is no event: "retry: 3000", ":"."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._response.close()
        self._link.close()
        self._socket.close()

    def body(self) -> Any:
        """Return what a refusal says."""
        return json.loads(self._response.read())

    def event(self, *, seconds: float = 20) -> Event:
        """Return the next event. Raises TimeoutError when none comes, EOFError at the end of the stream."""
        deadline = time.monotonic() + seconds
        while True:
            block = self._block(deadline)
            if found := re.fullmatch(r"id: (\d+)\nevent: seats\ndata: (.+)", block):
                return Event(int(found[1]), json.loads(found[2]), time.monotonic())
            self.blocks.append(block)

    def event_when(self, told: Callable[[Event], bool], *, seconds: float = 20) -> Event:
        """Return the next event of which that is true."""
        while not told(found := self.event(seconds=seconds)):
            pass
        return found

    def is_quiet(self, seconds: float) -> bool:
        """Return whether no event comes for so long. After a True the stream cannot be read any more."""
        try:
            self.event(seconds=seconds)
        except TimeoutError:
            return True
        return False

    def _block(self, deadline: float) -> str:
        lines: list[str] = []
        while not lines or lines[-1]:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            line = self._response.readline()
            if not line:
                raise EOFError
            lines.append(line.decode().rstrip("\n"))
        return "\n".join(lines[:-1])


class LiveProcess:
    """As `make serve` starts it, with `env` on top of the tests' own environment."""

    def __init__(self, **env: str) -> None:
        self.port = free_port()
        self._part = parts.live(port=self.port)
        self._environment = {
            **os.environ,
            "DEBUG": "1",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "REDIS_URL": settings.CACHES.get("redis", {}).get("LOCATION", ""),
            "LOG_LEVEL": "ERROR",
            **self._part.env,
            **env,
        }

    def __enter__(self) -> Self:
        self.process = spawn(self._part.command, env=self._environment)
        try:
            wait_for(self.is_up, what="the live process", seconds=START_SECONDS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self.process])

    def open(self, showtime_id: int, **headers: str) -> Stream:
        """Open a map. Last_Event_ID="1" sends that header."""
        return Stream(self.port, showtime_id, **headers)

    def ask(self, method: str, path: str) -> http.client.HTTPResponse:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        link.request(method, path)
        return link.getresponse()

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False
