"""Things that happen later: refund steps and tries of a webhook. Nothing here is waited for by a request."""

import heapq
import itertools
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable

WORKERS = 16  # messages that may be on their way at once, so that a slow receiver holds up few others

Job = Callable[[], None]


class Scheduler:
    """One thread that waits and several that work; all are daemons, so that nothing keeps a stopped process alive."""

    def __init__(self) -> None:
        self._jobs: list[tuple[float, int, Job]] = []
        self._order = itertools.count()  # jobs due at the same instant run first come, first served
        self._changed = threading.Condition()
        self._stopped = False
        self._due: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        for target in [self._wait] + [self._work] * WORKERS:
            threading.Thread(target=target, daemon=True).start()

    def after(self, seconds: float, job: Job) -> None:
        with self._changed:
            heapq.heappush(self._jobs, (time.monotonic() + seconds, next(self._order), job))
            self._changed.notify()

    def clear(self) -> None:
        """Forget what was to come."""
        with self._changed:
            self._jobs.clear()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        for _ in range(WORKERS):
            self._due.put(None)

    def _wait(self) -> None:
        with self._changed:
            while not self._stopped:
                wait = self._jobs[0][0] - time.monotonic() if self._jobs else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                else:
                    self._due.put(heapq.heappop(self._jobs)[2])

    def _work(self) -> None:
        while job := self._due.get():
            try:
                job()
            except Exception:  # a worker that dies would silently shrink the pool
                traceback.print_exc(file=sys.stderr)
