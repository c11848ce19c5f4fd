"""The subscription to news of other processes (bookings/news.py). Comes back by itself whenever Redis does; meanwhile
the database is watched more closely (application.py)."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bookings.news import channel

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 0.5
SILENCE_SECONDS = 1.0
"""After so long without news Redis is asked whether it is still there; after as long again it isn't."""
AGAIN_SECONDS_MAX = 5.0


class Listener:
    """Passes the showings that news are about on to `tell`. `is_listening`: whether they come at the moment."""

    def __init__(self, redis_url: str, tell: Callable[[int], None]) -> None:
        self._url = redis_url
        self._tell = tell
        self.is_listening = False

    async def listen(self) -> None:
        """Listen for ever, with longer pauses between tries while Redis is away."""
        pause = AGAIN_SECONDS_MAX
        while True:
            try:
                await self._listen_once()
            except (RedisError, OSError, TimeoutError) as error:
                pause = 0.25 if self.is_listening else min(pause * 2, AGAIN_SECONDS_MAX)
                logger.warning("live news away: error=%s", type(error).__name__)
            self.is_listening = False
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret

    async def _listen_once(self) -> None:
        """Listen until the connection fails or falls silent. Raises RedisError, OSError, TimeoutError."""
        redis = Redis.from_url(self._url, socket_connect_timeout=CONNECT_SECONDS)
        try:
            news = redis.pubsub()
            async with asyncio.timeout(CONNECT_SECONDS * 2):
                await news.subscribe(channel(self._url))
            is_asked = False
            while True:
                message: dict[str, Any] | None = await news.get_message(timeout=SILENCE_SECONDS)
                if message is None:
                    if is_asked:
                        raise TimeoutError
                    await news.ping()
                    is_asked = True
                    continue
                is_asked = False
                self._hear(message)
        finally:
            await redis.aclose()

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.is_listening = True
        elif message["type"] == "message" and message["data"].isdigit():
            self._tell(int(message["data"]))
