"""What was made a moment ago, kept in the process's own memory: for public things that many ask for at once. Their keys
say what they were made of, or they may be as old as they get. No news has to reach it, so nothing can be forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")

_all: WeakSet[Recent[Any]] = WeakSet()


class Recent(Generic[T]):
    """At most `size` things, none older than `seconds`. Threads share it; two that miss at once both make one."""

    def __init__(self, *, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self._kept: dict[Hashable, tuple[float, T]] = {}
        self._lock = threading.Lock()
        _all.add(self)

    def find(self, key: Hashable) -> T | None:
        made_at, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() - made_at < self._seconds else None

    def keep(self, key: Hashable, value: T) -> T:
        """Keep it and return it; the one that was kept the longest time ago makes room."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (time.monotonic(), value)
            if len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]
        return value

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def forget_recent() -> None:
    """Make everything anew: between tests that share a process."""
    for recent in _all:
        recent.clear()
