"""News for the live process: which showing's map has changed. Hints and no more, since it looks at the database itself
and notices by itself what it was not told (bookings/live); so news may get lost, and telling may cost next to nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from movy.lib.cache import is_left_alone, leave_alone

_REDIS = "redis"


def channel(redis_url: str) -> str:
    """Return the one channel of a Movy. Redis's databases don't keep channels apart, so that its number is named."""
    return f"movy:maps:{urlsplit(redis_url).path.strip('/') or 0}"


def map_changed(showtime_id: int) -> None:
    """Tell that a map is another one, once this transaction is committed. Without Redis nobody is told."""
    if not settings.REDIS_URL:
        return

    def tell() -> None:  # robust: nothing that befalls Redis may turn a committed booking into a refusal
        if is_left_alone(_REDIS):
            return
        try:
            get_redis_connection(_REDIS).publish(channel(settings.CACHES[_REDIS]["LOCATION"]), showtime_id)
        except (RedisError, OSError) as error:
            leave_alone(_REDIS, error)

    transaction.on_commit(tell, robust=True)
