"""The web server under load: two worker processes, and a client that costs as little as Python can."""

from __future__ import annotations

import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from benchmarks.figures import Rate
from benchmarks.world import Wish
from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import groups_end, spawn

WORKERS, THREADS = 2, 4
CLIENTS = 8
START_SECONDS = 60
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class WebServer:
    """The web processes as `make serve` starts them, with the environment that this process has."""

    def __enter__(self) -> Self:
        self.port = free_port()
        part = parts.web(port=self.port, workers=WORKERS, threads=THREADS)
        self.process = spawn(part.command, env=part.env)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the web did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self.process])

    def get(self, path: str, **headers: str) -> bytes:
        return self._request("GET", path, headers)

    def post_json(self, path: str, body: object, **headers: str) -> bytes:
        return self._request("POST", path, headers | {"Content-Type": "application/json"}, json.dumps(body).encode())

    def repeated(self, request: bytes, *, seconds: float, status: int = 200) -> Rate:
        """Send one request again and again, on CLIENTS connections. Raises RuntimeError for another answer."""
        until = time.monotonic() + seconds
        return self._rate([_until(request, until) for _client in range(CLIENTS)], status)

    def each(self, requests: Sequence[bytes], *, status: int) -> Rate:
        """Send each request once, shared out over CLIENTS connections. Raises RuntimeError for another answer."""
        return self._rate([requests[number::CLIENTS] for number in range(CLIENTS)], status)

    def etag(self, path: str) -> str:
        """Return what the page's ETag is now."""
        with Link(self.port) as link:
            link.send(self.get(path))
            return link.headers["etag"]

    def _rate(self, shares: Sequence[Iterable[bytes]], status: int) -> Rate:
        cpu_began, began = self._cpu_seconds(), time.monotonic()
        with ThreadPoolExecutor(len(shares)) as pool:
            statuses = sum(pool.map(self._client, shares), Counter())
        seconds, cpu_ended = time.monotonic() - began, self._cpu_seconds()
        if set(statuses) != {status}:
            raise RuntimeError(f"expected {status} alone, got {dict(statuses)}")
        cpu = None if cpu_began is None or cpu_ended is None else cpu_ended - cpu_began
        return Rate(count=statuses[status], seconds=seconds, cpu_seconds=cpu)

    def _client(self, requests: Iterable[bytes]) -> Counter[int]:
        with Link(self.port) as link:
            return Counter(link.send(request) for request in requests)

    def _request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
        sent = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body))} | headers
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body

    def _is_up(self) -> bool:
        try:
            with Link(self.port) as link:
                return link.send(self.get("/ok")) == 200
        except OSError:
            return False

    def _cpu_seconds(self) -> float | None:
        """Return the CPU that the server's processes have used so far; None where there is no /proc."""
        stats = [_stat(folder) for folder in Path("/proc").glob("[0-9]*")]
        own = [stat for stat in stats if stat and int(stat[2]) == self.process.pid]
        return sum(int(stat[11]) + int(stat[12]) for stat in own) / TICKS_A_SECOND if own else None


class Link:
    """One connection that is kept open, for answers that carry Content-Length or no body."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> int:
        """Send a request, read the answer to its end, return its status."""
        self._socket.sendall(request)
        answer = self._socket.recv(262_144)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        status, self.headers = _head(head)
        left = int(self.headers.get("content-length", 0)) - len(body)
        while left > 0:
            left -= len(self._more())
        return status

    def _more(self) -> bytes:
        chunk = self._socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server hung up")
        return chunk


def hold_requests(server: WebServer, wishes: Sequence[Wish], tokens: Sequence[str]) -> list[bytes]:
    """Return a request for each wish, as its buyer's client would send it through the proxy in front of Movy."""
    return [
        server.post_json(
            "/api/v1/booking",
            {"showtime": wish.showtime_id, "seats": list(wish.labels)},
            Authorization=f"Bearer {token}",
            X_Forwarded_For=str(wish.buyer.address),
        )
        for wish, token in zip(wishes, tokens, strict=True)
    ]


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = (line.partition(": ") for line in lines)
    return int(first.split(" ", 2)[1]), {name.lower(): value for name, _, value in headers}


def _until(request: bytes, until: float) -> Iterator[bytes]:
    return (request for _again in iter(lambda: time.monotonic() < until, False))


def _stat(folder: Path) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name, or None for a process that has just ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
