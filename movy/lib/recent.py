"""What was made a moment ago, kept in the process's own memory: for public things that many ask for at once, and that
nobody minds to be a second old. No news has to reach it, so nothing can be forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

T = TypeVar("T")
View = Callable[..., HttpResponse]

RECENT_SECONDS = 1.0
"""No price and no name is older on any page."""

_all: WeakSet[Recent[Any]] = WeakSet()


class Recent(Generic[T]):
    """At most `size` things, none older than RECENT_SECONDS. Threads share it; two that miss at once both make one."""

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._kept: dict[Hashable, tuple[float, T]] = {}
        self._lock = threading.Lock()
        _all.add(self)

    def find(self, key: Hashable) -> T | None:
        made_at, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() - made_at < RECENT_SECONDS else None

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


@dataclass(frozen=True)
class _Answer:
    body: bytes
    headers: dict[str, str]


_answers: Recent[_Answer] = Recent(size=256)


def recent_answer(view: View) -> View:
    """Answer everybody who asks for the same address within a second alike. For views that look at the address alone;
    whoever brings a token is answered apart, because a bad one is refused. Only a 200 is kept."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if "HTTP_AUTHORIZATION" in request.META:
            return view(request, *args, **kwargs)
        key = (request.method, request.build_absolute_uri(), get_language())
        kept = _answers.find(key)
        if kept is None:
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            if response.status_code != 200:
                return response
            kept = _answers.keep(key, _Answer(response.content, dict(response.headers)))
        return HttpResponse(kept.body, headers=kept.headers)

    return answer
