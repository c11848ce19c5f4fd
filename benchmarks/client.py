"""A client that costs as little as Python can, because it shares the cores with what is measured: one thread that keeps
all connections busy, and reads of an answer no more than where it ends.

It asks as a browser does: connections stay open, and answers may come compressed.
"""

from __future__ import annotations

import json
import selectors
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

ANSWER_SECONDS = 60
CHUNK = 262_144
_END, _LENGTH = b"\r\n\r\n", b"\r\ncontent-length:"


def request(method: str, path: str, body: object = None, **headers: str) -> bytes:
    """Return a request as it goes over the wire. Underscores in names of headers stand for hyphens."""
    content = b"" if body is None else json.dumps(body).encode()
    sent = {"Host": "127.0.0.1", "Accept-Encoding": "gzip", "Content-Length": str(len(content))}
    sent |= {"Content-Type": "application/json"} if content else {}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (sent | headers).items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def statuses(port: int, shares: Sequence[Iterable[bytes]]) -> Counter[int]:
    """Send each share of requests over a connection of its own, one after the other, all connections at once. Return
    how often each status was answered. Raises OSError when the server hangs up or falls silent."""
    counts: Counter[int] = Counter()
    with selectors.DefaultSelector() as selector:
        for share in shares:
            link = _Link(port, iter(share))
            if link.send_next():
                selector.register(link.socket, selectors.EVENT_READ, link)
        while selector.get_map():
            ready = selector.select(ANSWER_SECONDS)
            if not ready:
                raise TimeoutError("the server does not answer")
            for key, _events in ready:
                if status := key.data.read():
                    counts[status] += 1
                    if not key.data.send_next():
                        selector.unregister(key.data.socket)
    return counts


def answer(port: int, sent: bytes) -> tuple[int, dict[str, str]]:
    """Send one request; return status and headers, by names in lower case."""
    link = _Link(port, iter([sent]))
    link.send_next()
    while not (status := link.read()):
        pass
    lines = link.head.decode("latin-1").split("\r\n")[1:]
    link.socket.close()
    return status, {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


class _Link:
    """One connection that is kept open, for answers that carry Content-Length or no body."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = b""
        self._requests = requests
        self._begun = b""
        self._left = 0  # of the body, once the head is read

    def send_next(self) -> bool:
        """Send the next request, or close and return False when there is none."""
        sent = next(self._requests, None)
        if sent is None:
            self.socket.close()
            return False
        self.head = self._begun = b""
        self.socket.sendall(sent)
        return True

    def read(self) -> int:
        """Read what is there; return the status once the answer is whole, 0 before."""
        chunk = self.socket.recv(CHUNK)
        if not chunk:
            raise ConnectionError("the server hung up")
        if self.head:
            self._left -= len(chunk)
        else:
            self._begun += chunk
            head, end, body = self._begun.partition(_END)
            if not end:
                return 0
            self.head = head
            self._left = _content_length(head) - len(body)
        return 0 if self._left > 0 else int(self.head[9:12])


def _content_length(head: bytes) -> int:
    found = head.lower().partition(_LENGTH)[2]
    return int(found.partition(b"\r\n")[0] or 0)
