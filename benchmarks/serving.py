"""What each setting of the web server is worth: every one against the setting of today, side by side, on the demo with
the benchmarks' hall.

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
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

import django

from benchmarks.client import request
from benchmarks.figures import Rate
from benchmarks.web import WebServer, hold_requests
from scripts import parts
from scripts.supervisor import Supervisor

ROUNDS, ROUND_SECONDS, SHOWS = 10, 0.7, 2

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

Ask = Callable[[WebServer], Rate]


def asks() -> dict[str, Ask]:
    """Return what a round asks of a server, by what it is: nothing but the middleware; a kept page; a map, with a query
    each time, as page and as JSON; and holds, all of them taken back."""
    from benchmarks import world  # which wants Django set up
    from movy.lib.clock import database_now

    hall = world.world_build(shows=SHOWS, now=database_now())
    holds = hold_requests(hall.wishes, world.tokens(hall.wishes))

    def hold(web: WebServer) -> Rate:
        try:
            return web.each(holds, status=201)
        finally:
            world.holds_forget()

    def again(path: str) -> Ask:
        return lambda web: web.repeated(request("GET", path), seconds=ROUND_SECONDS)

    paths = ("/ok", "/movies", f"/booking/{hall.half_sold_id}", f"/api/v1/booking/{hall.half_sold_id}")
    return {"hold": hold} | {path: again(path) for path in paths}


def compared(today: WebServer, other: WebServer, ask: Ask) -> str:
    """Return one row: how many times as much the other answers, and how many times as much CPU an answer costs."""
    rounds = [(ask(today), ask(other)) for _round in range(ROUNDS)][1:]  # the first one warms up
    answers = [theirs.per_second / ours.per_second for ours, theirs in rounds]
    cpu = [theirs.cpu_ms / ours.cpu_ms for ours, theirs in rounds if ours.cpu_ms and theirs.cpu_ms]
    base = statistics.median(ours.cpu_ms or 0.0 for ours, _theirs in rounds)
    return f"{_spread(answers)} | {_spread(cpu)} | {base:.2f}"


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
        django.setup()
        asked = asks()
        print("| setting | asked for | answers, times today's | CPU, times today's | today's CPU, ms |")
        print("| --- | --- | --- | --- | --- |")
        today = stack.enter_context(WebServer())
        for name in names or [*VARIANTS, *ENVIRONMENTS]:
            with WebServer(options=VARIANTS.get(name, ()), env=ENVIRONMENTS.get(name, {})) as other:
                for what, ask in asked.items():
                    print(f"| {name} | {what} | {compared(today, other, ask)} |", flush=True)


def _spread(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else "unknown"


if __name__ == "__main__":
    main(sys.argv[1:])
