"""`make serve`: the production processes on this machine, set by the environment. SIGTERM stops all of them.

`python -m scripts.serve web` is one of them alone, without a keeper, for a container that is kept alive from outside.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from movy import env
from scripts import parts
from scripts.supervisor import Part, Supervisor, die_with_parent

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)


def production_parts() -> list[Part]:
    port = env.whole("PORT", default=8000)
    return [
        parts.web(
            port=port,
            workers=env.whole("WEB_WORKERS", default=os.cpu_count() or 1),
            threads=env.whole("WEB_THREADS", default=4),
        ),
        parts.live(port=env.whole("LIVE_PORT", default=port + 1)),
        parts.worker(),
    ]


def become(part: Part) -> None:
    """Put the part in this process's place. Does not return."""
    os.execvpe(part.command[0], list(part.command), os.environ | dict(part.env))  # noqa: S606


def counts_share(folders: ExitStack) -> None:
    """Give the processes a folder to count in together, until `folders` closes, unless the environment names one, as
    in containers; see movy/lib/counters.py. In memory where there is such a file system: on a full disk the counting
    would kill them."""
    if not env.text("METRICS_TOKEN") or env.text("PROMETHEUS_MULTIPROC_DIR"):
        return
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    folder = tempfile.TemporaryDirectory(prefix="movy-counts-", dir=place)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folders.enter_context(folder)


def main(names: list[str]) -> int:
    settings = import_module("movy.settings")  # reads .env too, and refuses an unsafe start here, in one line
    if settings.DEBUG:
        print("DEBUG is on (in .env?): good for trying, never for the internet.", file=sys.stderr, flush=True)
    known = {part.name: part for part in production_parts()}
    if names:
        if len(names) > 1 or names[0] not in known:
            print(f"One of {', '.join(known)}, or nothing for all of them.", file=sys.stderr)
            return 2
        become(known[names[0]])
    die_with_parent()
    with ExitStack() as folders, Supervisor(list(known.values())) as supervisor:
        counts_share(folders)
        if status := supervisor.call(parts.commands("migrate", "collectstatic --noinput")):
            return status
        supervisor.watch()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ImproperlyConfigured as error:
        sys.exit(str(error))
