"""News for the live process: which showing's map has changed. Hints and no more, since it looks at the database itself
and notices by itself what it was not told (bookings/live); so news may get lost, and telling may cost next to nothing.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError

from movy.lib.cache import is_left_alone, leave_alone

_REDIS = "redis"


def channel(redis: Redis | AsyncRedis) -> str:
    """Return the one channel of a Movy. Redis's databases don't keep channels apart, so that its number is named."""
    return f"movy:maps:{redis.get_connection_kwargs().get('db') or 0}"


@cache
def _line() -> tuple[Redis, str]:
    """Return this process's client, which threads share, and the channel: this is on the way of every hold."""
    redis = get_redis_connection(_REDIS)
    return redis, channel(redis)


def map_changed(showtime_id: int) -> None:
    """Tell that a map is another one, once this transaction is committed. Without Redis nobody is told."""
    if not settings.REDIS_URL:
        return

    def tell() -> None:
        if is_left_alone(_REDIS):
            return
        try:
            redis, where = _line()
            redis.publish(where, showtime_id)
        except (RedisError, OSError) as error:
            leave_alone(_REDIS, error)

    transaction.on_commit(tell, robust=True)  # robust: what is committed stays a success, whatever befalls Redis
