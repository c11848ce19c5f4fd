"""News for the live process: which showing's map has changed. Hints and no more, since it looks at the database itself
and notices by itself what it was not told (bookings/live); so news may get lost, and telling may cost next to nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from queue import SimpleQueue

from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError

from movy.lib.cache import is_left_alone, leave_alone

GATHER_SECONDS = 0.02
"""For so long news wait for others to go with: a fraction of the second after which a change has to be seen."""

_REDIS = "redis"


def channel(redis: Redis | AsyncRedis) -> str:
    """Return the one channel of a Movy. Redis's databases don't keep channels apart, so that its number is named."""
    return f"movy:maps:{redis.get_connection_kwargs().get('db') or 0}"


def map_changed(showtime_id: int) -> None:
    """Tell that a map is another one, once this transaction is committed. Without Redis nobody is told."""
    if not settings.REDIS_URL:
        return

    def tell() -> None:
        _teller.tell(showtime_id)

    transaction.on_commit(tell, robust=True)  # robust: what is committed stays a success, whatever befalls the news


class Teller:
    """A thread that tells Redis, so that no hold waits for it. A showing that changes often is told of once in a
    while."""

    def __init__(self) -> None:
        self._changed: SimpleQueue[int] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, showtime_id: int) -> None:
        self._changed.put(showtime_id)
        if self._thread is None or not self._thread.is_alive():  # the first news, also those of a process's child
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="news", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            showtime_ids = {self._changed.get()}
            time.sleep(GATHER_SECONDS)
            while not self._changed.empty():
                showtime_ids.add(self._changed.get())
            publish(showtime_ids)


def publish(showtime_ids: Collection[int]) -> None:
    """Tell Redis in one round trip; nobody, while it is away."""
    if is_left_alone(_REDIS):
        return
    try:
        redis = get_redis_connection(_REDIS)
        news = redis.pipeline(transaction=False)
        for showtime_id in showtime_ids:
            news.publish(channel(redis), showtime_id)
        news.execute()
    except (RedisError, OSError) as error:
        leave_alone(_REDIS, error)


_teller = Teller()
