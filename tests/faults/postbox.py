"""A mail server that counts what it is given, and can be away."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes, policy
from typing import Any, Self

from aiosmtpd.controller import Controller

from scripts.servers import free_port


class Postbox:
    """Listens on `port` of 127.0.0.1 inside the block; `received` are Message-IDs."""

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.received = Counter[str]()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Be away until open()."""
        self._controller.stop(no_assert=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received[message_from_bytes(envelope.content, policy=policy.default)["Message-ID"]] += 1
        return "250 OK"
