"""When a database that did not answer is asked again.

connect_timeout and read_timeout bound one wait. A request would add them up (a statement, the connection made anew, the
look-up after a COMMIT), and behind it others queue for the threads that wait. So after one wait in vain the whole
process leaves the server alone: connecting fails at once, and after REST_SECONDS one thread tries while the others are
still refused. Connections that work go on.
"""

from __future__ import annotations

import threading

from django.db import OperationalError

from movy.lib.db import CANNOT_CONNECT


class Rest:
    """When a silent server is asked again. One for each process. `now` is time.monotonic()."""

    REST_SECONDS = 1
    TRY_SECONDS = 3  # the one who tries has an answer by then

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0

    def check(self, now: float) -> None:
        """Raise OperationalError during a rest. The first caller after one becomes the one that tries."""
        with self._lock:
            if now < self._until:
                raise OperationalError(CANNOT_CONNECT, "the database did not answer a moment ago and is left alone")
            if self._until:
                self._until = now + self.TRY_SECONDS

    def begin(self, now: float) -> None:
        with self._lock:
            self._until = now + self.REST_SECONDS

    def end(self) -> None:
        with self._lock:
            self._until = 0.0


rest = Rest()
