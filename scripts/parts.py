"""The processes that Movy is made of: their commands, for `make run`, `make serve` and the containers alike."""

from __future__ import annotations

import sys

from scripts.supervisor import Part

PAYSTACK_STATE = "var/paystack.sqlite3"
RSS_MB_MAX = 600  # a web process that has grown so large for 90 s is replaced; it begins with about 130
STREAMS_MAX = 65_000  # beyond what a process may have open anyway
LOGGING = ["--log-level", "warning", "--log-config", "deploy/granian-log.json"]  # one JSON object a line, as Movy's own
EVERYWHERE = "0.0.0.0"  # noqa: S104 (a phone on the same network must reach it)


def web(*, port: int, workers: int, threads: int) -> Part:
    """Return the web server. threads: of each worker; at most half of them may wait for somebody else's server.

    Respawn is off by default in granian, and slow; a worker that was killed must be back within 2 s. docs/limits.md
    says what the other numbers hold off.
    """
    return Part(
        "web",
        [
            *[sys.executable, "-m", "granian", "movy.wsgi:application", "--interface", "wsgi"],
            *["--http", "1", "--no-ws", *LOGGING],
            *["--host", EVERYWHERE, "--port", str(port)],
            *["--workers", str(workers), "--blocking-threads", str(threads)],
            *["--respawn-failed-workers", "--respawn-interval", "0.1", "--workers-kill-timeout", "8"],
            *["--backlog", "1024", "--http1-header-read-timeout", "10000"],
            *["--workers-max-rss", str(RSS_MB_MAX), "--rss-samples", "3"],
        ],
        env={"PORT": str(port), "WEB_THREADS": str(threads)},
    )


def live(*, port: int) -> Part:
    """Return the live process. One worker with one loop: all it does is wait, and a second one would ask the database
    everything once more. How many maps may be open is for the application to say, not for granian."""
    return Part(
        "live",
        [
            *[sys.executable, "-m", "granian", "movy.asgi:application", "--interface", "asgi"],
            *["--http", "1", "--no-ws", *LOGGING],
            *["--host", EVERYWHERE, "--port", str(port)],
            *["--workers", "1", "--backlog", "1024", "--backpressure", str(STREAMS_MAX)],
            *["--respawn-failed-workers", "--respawn-interval", "0.1", "--workers-kill-timeout", "8"],
            *["--http1-header-read-timeout", "10000"],
        ],
    )


def worker() -> Part:
    """Return the worker: lapsed holds, polling, refunds, mail. Any number of them may run."""
    return Part("worker", [sys.executable, "manage.py", "worker"])


def commands(*lines: str) -> list[str]:
    """Return the command line of some of manage.py's commands, one after the other in one process."""
    return [sys.executable, "-m", "scripts.manage", *lines]


def standin(name: str, *, port: int, env: dict[str, str]) -> Part:
    """Return the local server that plays Paystack, TMDb or Google. Paystack's remembers, for Movy asks again later."""
    command = [sys.executable, "-m", f"standins.{name}", "--host", EVERYWHERE, "--port", str(port)]
    if name == "paystack":
        command += ["--state", PAYSTACK_STATE]
    return Part(f"{name} stand-in", command, env)
