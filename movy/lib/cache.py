"""A cache that outlives Redis: what counts limits must neither open nor lock everybody out while Redis is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

AWAY_SECONDS = 2
"""How long the first cache is left alone after an error: a timeout on every call would slow each request."""

_COUNT = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return count
"""

_away_until: dict[str, float] = {}
"""By alias, as time.monotonic(). Shared by the threads of a process, because Django keeps a cache object for each."""


def forget_errors() -> None:
    """Ask the first caches again at once, as for a shell after an outage, and between tests that share a process."""
    _away_until.clear()


def is_left_alone(alias: str) -> bool:
    """Return whether a cache failed a moment ago, so that nobody should wait for it."""
    return time.monotonic() < _away_until.get(alias, 0)


def leave_alone(alias: str, error: Exception) -> None:
    """Leave a cache that has just failed alone for AWAY_SECONDS."""
    _away_until[alias] = time.monotonic() + AWAY_SECONDS
    logger.warning("cache away: alias=%s error=%s", alias, type(error).__name__)


def counted(cache: BaseCache, key: str, *, by: int = 1, timeout: int) -> int:
    """Count a key up, and return what all have counted since the first time; forgotten after `timeout` seconds. One
    round trip to Redis, of which every request makes some."""
    if isinstance(cache, FallbackCache):
        return cache._call(lambda one: counted(one, key, by=by, timeout=timeout))
    if isinstance(cache, RedisCache):
        client = cache.client.get_client(write=True)
        return int(client.eval(_COUNT, 1, cache.make_key(key), by, timeout))
    for _attempt in range(2):
        with suppress(ValueError):  # nobody has counted here yet
            return cache.incr(key, by)
        cache.add(key, 0, timeout=timeout)
    return by  # forgotten between the two lines above


class FallbackCache(BaseCache):
    """The cache OPTIONS["FIRST"], and OPTIONS["THEN"] while the first one fails: both are aliases of settings.CACHES.

    Nothing is copied between the two. A counter starts anew when the caches change places, which a limit can bear.
    A Redis that has become read-only fails too, so it is not counted in.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._first: str = params["OPTIONS"]["FIRST"]
        self._then: str = params["OPTIONS"]["THEN"]

    def _call(self, work: Callable[[BaseCache], Any]) -> Any:
        if not is_left_alone(self._first):
            try:
                return work(caches[self._first])
            except (RedisError, OSError) as error:
                leave_alone(self._first, error)
        return work(caches[self._then])

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._call(lambda cache: cache.add(key, value, timeout=timeout, version=version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._call(lambda cache: cache.get(key, default, version=version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._call(lambda cache: cache.set(key, value, timeout=timeout, version=version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._call(lambda cache: cache.touch(key, timeout=timeout, version=version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._call(lambda cache: cache.delete(key, version=version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._call(lambda cache: cache.has_key(key, version=version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Return the new count. Raises ValueError for a key that isn't there, also when the other cache has it."""
        return self._call(lambda cache: cache.incr(key, delta, version=version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        return self._call(lambda cache: cache.get_many(wanted, version=version))

    def set_many(self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[str]:
        return self._call(lambda cache: cache.set_many(data, timeout=timeout, version=version)) or []

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        unwanted = list(keys)
        self._call(lambda cache: cache.delete_many(unwanted, version=version))

    def clear(self) -> None:
        self._call(lambda cache: cache.clear())
