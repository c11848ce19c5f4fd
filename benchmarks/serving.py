"""What each setting of the web server is worth: every one against the setting of today, side by side, on the demo.

    python -m scripts.servers python -m benchmarks.serving [NAME...]

Both servers run all the time and are asked in turn, so that a slow minute hits both. The ratio of CPU a request is the
one to believe on a machine that does other things too. docs/serving.md tells what came of it.
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.client import request, statuses
from benchmarks.cpu import group_cpu_seconds
from scripts import parts
from scripts.servers import free_port
from scripts.supervisor import Supervisor, groups_end, spawn

WORKERS, THREADS, CLIENTS = 2, 4, 8
ROUNDS, ROUND_SECONDS, START_SECONDS = 10, 0.7, 60.0

PATHS = ("/ok", "/movies", "/booking/1", "/api/v1/booking/1")
"""Nothing but the middleware; a kept page; a map, with a query each time, as page and as JSON."""

VARIANTS: Mapping[str, Sequence[str]] = {
    "today again": [],
    "1 thread": ["--blocking-threads", "1"],
    "2 threads": ["--blocking-threads", "2"],
    "8 threads": ["--blocking-threads", "8"],
    "1 worker": ["--workers", "1"],
    "3 workers": ["--workers", "3"],
    "4 workers of 1 thread": ["--workers", "4", "--blocking-threads", "1"],
    "runtime of several threads": ["--runtime-mode", "mt", "--runtime-threads", "2"],
    "runtime of one thread": ["--runtime-mode", "st"],
    "as many in hand as threads": ["--backpressure", "4"],
    "16 in hand": ["--backpressure", "16"],
    "pipelined answers": ["--http1-pipeline-flush"],
    "threads end after 5 s": ["--blocking-threads-idle-timeout", "5"],
    "small buffer": ["--http1-buffer-size", "16384"],
}
"""Options said after today's, so that they count."""

ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "two arenas of memory": {"MALLOC_ARENA_MAX": "2"},
}


class Server:
    """The web as parts.web has it, with some options and variables more."""

    def __init__(self, options: Sequence[str] = (), env: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        part = parts.web(port=self.port, workers=WORKERS, threads=THREADS)
        self._part = replace(part, command=[*part.command, *options], env={**part.env, **(env or {})})

    def __enter__(self) -> Server:
        self._process = spawn(self._part.command, env=self._part.env)
        until = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError(f"the web did not start: {self._part.command}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        groups_end([self._process])

    def rate(self, sent: bytes) -> tuple[float, float]:
        """Return answers a second, and milliseconds of CPU for each."""
        cpu, began = group_cpu_seconds(self._process.pid), time.monotonic()
        until = began + ROUND_SECONDS
        shares = [(sent for _again in iter(lambda: time.monotonic() < until, False)) for _client in range(CLIENTS)]
        counts = statuses(self.port, shares)
        if set(counts) != {200}:
            raise RuntimeError(f"expected 200 alone, got {dict(counts)}")
        used = (group_cpu_seconds(self._process.pid) or 0.0) - (cpu or 0.0)
        return counts[200] / (time.monotonic() - began), 1000 * used / counts[200]

    def _is_up(self) -> bool:
        try:
            return set(statuses(self.port, [[request("GET", "/ok")]])) == {200}
        except OSError:
            return False


def compared(today: Server, other: Server, path: str) -> str:
    """Return one row: how many times as much the other answers, and how many times as much CPU an answer costs."""
    sent = request("GET", path)
    rounds = [(today.rate(sent), other.rate(sent)) for _round in range(ROUNDS)][1:]  # the first one warms up
    answers = sorted(theirs[0] / ours[0] for ours, theirs in rounds)
    cpu = sorted(theirs[1] / ours[1] for ours, theirs in rounds)
    base = statistics.median(ours[1] for ours, _theirs in rounds)
    return (
        f"{statistics.median(answers):.2f} ({answers[0]:.2f} to {answers[-1]:.2f}) | "
        f"{statistics.median(cpu):.2f} ({cpu[0]:.2f} to {cpu[-1]:.2f}) | {base:.2f}"
    )


def main(names: Sequence[str]) -> None:
    with ExitStack() as stack:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BENCHMARK_STATIC_ROOT": stack.enter_context(tempfile.TemporaryDirectory(prefix="movy-static-")),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "PAYSTACK_SECRET_KEY": f"sk_test_{secrets.token_hex(20)}",
            "ALLOW_STANDINS": "1",
            "RATE_LIMITS": "off",
            "BASE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "ERROR",
        }
        supervisor = stack.enter_context(Supervisor([]))
        if status := supervisor.call(parts.commands("migrate --verbosity 0", "collectstatic --noinput -v 0", "demo")):
            sys.exit(status)
        print("| setting | address | answers, times today's | CPU, times today's | today's CPU, ms |")
        print("| --- | --- | --- | --- | --- |")
        today = stack.enter_context(Server())
        for name in names or [*VARIANTS, *ENVIRONMENTS]:
            with Server(VARIANTS.get(name, ()), ENVIRONMENTS.get(name)) as other:
                for path in PATHS:
                    print(f"| {name} | {path} | {compared(today, other, path)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
