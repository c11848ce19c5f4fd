"""The subscription to news of other processes (bookings/news.py). While there is none the database is asked more often
(application.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

from redis.asyncio import Redis

from bookings.news import channel

CONNECT_SECONDS = 0.5
SILENCE_SECONDS = 1.0
"""After so long without news Redis is asked whether it is still there; after as long again it isn't."""


class Listener:
    """Passes the showings that news are about on to `tell`. `is_listening`: whether they come at the moment."""

    def __init__(self, redis_url: str, tell: Callable[[int], None]) -> None:
        self._url = redis_url
        self._tell = tell
        self.is_listening = False

    async def listen(self) -> NoReturn:
        """Listen until the connection fails or falls silent. Raises RedisError, OSError (TimeoutError too)."""
        redis = Redis.from_url(self._url, socket_connect_timeout=CONNECT_SECONDS)
        try:
            news = redis.pubsub()
            async with asyncio.timeout(2 * CONNECT_SECONDS):
                await news.subscribe(channel(redis))
            is_asked = False
            while True:
                message = await news.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    self._hear(message)
                    is_asked = False
                elif is_asked:
                    raise TimeoutError("Redis is silent")
                else:
                    await news.ping()
                    is_asked = True
        finally:
            self.is_listening = False
            await redis.aclose()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.is_listening = True
        elif message["type"] == "message" and message["data"].isdigit():
            self._tell(int(message["data"]))
