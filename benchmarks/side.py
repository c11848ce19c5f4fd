"""A database of its own, and a process that measures on it: two of them are asked in turn."""

from __future__ import annotations

import os
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Self

from benchmarks.rows import Size

_spawn = get_context("spawn")


class SideFailed(Exception):
    """What was asked for could not be done; the process has printed why."""


class Side:
    """The process. environment: what Django and the web server need, with the database's address in it."""

    def __init__(self, environment: Mapping[str, str], size: Size, *, times: int) -> None:
        self.times = times
        self._pipe, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=_serve, args=(theirs, dict(environment), size, times))
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, which ends what it has started."""
        self._pipe.close()
        self._process.join()

    def ask(self, method: str, *arguments: object) -> None:
        """Have a method of Bench called. Its answer is to be fetched."""
        self._pipe.send((method, arguments))

    def fetch(self) -> Any:
        """Return what the method returned. Raises SideFailed."""
        try:
            return self._pipe.recv()
        except (EOFError, ConnectionError):
            raise SideFailed from None

    def call(self, method: str, *arguments: object) -> Any:
        self.ask(method, *arguments)
        return self.fetch()


def _serve(pipe: Connection, environment: dict[str, str], size: Size, times: int) -> None:
    os.environ |= environment
    import django

    django.setup()
    from benchmarks.bench import Bench  # which wants Django set up

    bench = Bench(size, times=times)
    try:
        while True:
            method, arguments = pipe.recv()
            pipe.send(getattr(bench, method)(*arguments))
    except (EOFError, KeyboardInterrupt):
        pass  # nobody asks any more
    finally:
        bench.close()
