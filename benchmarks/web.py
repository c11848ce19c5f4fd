"""The web server under load: two worker processes, as `make serve` starts them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from benchmarks.client import answer, request, statuses
from benchmarks.cpu import cpu_seconds, group_cpu_seconds, spent
from benchmarks.figures import Rate
from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import groups_end, spawn

if TYPE_CHECKING:
    from benchmarks.world import Wish  # which wants Django set up

WORKERS, THREADS = 2, 4
CLIENTS = 8
START_SECONDS = 60


class WebServer:
    """The web processes, with the environment that this process has. database_pid: whose CPU is counted too. options
    and env come after those of `make serve`, so that they count."""

    def __init__(
        self,
        *,
        database_pid: int | None = None,
        options: Sequence[str] = (),
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._database_pid = database_pid
        self._options = options
        self._env = env

    def __enter__(self) -> Self:
        self.port = free_port()
        part = parts.web(port=self.port, workers=WORKERS, threads=THREADS)
        self.process = spawn([*part.command, *self._options], env={**part.env, **self._env})
        deadline = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the web did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self.process])

    def repeated(self, sent: bytes, *, seconds: float, status: int = 200) -> Rate:
        """Send one request again and again, on CLIENTS connections. Raises RuntimeError for another answer."""
        until = time.monotonic() + seconds
        return self._rate([_until(sent, until) for _client in range(CLIENTS)], status)

    def each(self, requests: Sequence[bytes], *, status: int) -> Rate:
        """Send each request once: each of CLIENTS connections takes the next one when it is free, for the system may
        give one worker more of them than the other. Raises RuntimeError for another answer."""
        return self._rate([iter(requests)] * CLIENTS, status)

    def rate(self, send: Callable[[], int]) -> Rate:
        """Return the rate of so many requests as `send` says that it has sent."""
        web, database, began = group_cpu_seconds(self.process.pid), cpu_seconds(self._database_pid), time.monotonic()
        count = send()
        return Rate(
            count=count,
            seconds=time.monotonic() - began,
            cpu_seconds=spent(web, group_cpu_seconds(self.process.pid)),
            database_seconds=spent(database, cpu_seconds(self._database_pid)),
        )

    def header(self, path: str, name: str) -> str:
        """Return a header of the answer to a GET; "" when it has none."""
        return answer(self.port, request("GET", path))[1].get(name, "")

    def _rate(self, shares: Sequence[Iterable[bytes]], status: int) -> Rate:
        counts: Counter[int] = Counter()

        def send() -> int:
            counts.update(statuses(self.port, shares))
            return counts.total()

        rate = self.rate(send)
        if set(counts) != {status}:
            raise RuntimeError(f"expected {status} alone, got {dict(counts)}")
        return rate

    def _is_up(self) -> bool:
        try:
            return answer(self.port, request("GET", "/ok"))[0] == 200
        except OSError:
            return False


def hold_requests(wishes: Sequence[Wish], tokens: Sequence[str]) -> list[bytes]:
    """Return a request for each wish, as its buyer's client would send it through the proxy in front of Movy."""
    return [
        request(
            "POST",
            "/api/v1/booking",
            {"showtime": wish.showtime_id, "seats": list(wish.labels)},
            Authorization=f"Bearer {token}",
            X_Forwarded_For=str(wish.buyer.address),
        )
        for wish, token in zip(wishes, tokens, strict=True)
    ]


def _until(sent: bytes, until: float) -> Iterator[bytes]:
    return (sent for _again in iter(lambda: time.monotonic() < until, False))
