"""A proxy between Movy and MariaDB which can lose a COMMIT's answer, or fall silent.

    with Proxy(port) as proxy:
        proxy.cut_next(Cut.AFTER)    # the server commits, nobody is told
        proxy.fall_silent()          # connections stay open and carry nothing

Only as much of the protocol is read as it takes to see what a client says: packets of three bytes of length, one of
sequence, then the command. https://mariadb.com/kb/en/0-packet/
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from enum import Enum, auto
from typing import Self

COM_QUERY = 3
LATE_SECONDS = 0.5


class Cut(Enum):
    """Where a statement gets lost."""

    BEFORE = auto()  # it never reaches the server
    AFTER = auto()  # it does, and its answer never reaches the client
    LATE = auto()  # the client is cut off at once, it reaches the server LATE_SECONDS afterwards


class Proxy:
    """Listens on a free port of 127.0.0.1."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._cut: Cut | None = None
        self._statement = b""
        self._lock = threading.Lock()
        self._may_speak = threading.Event()
        self._may_speak.set()
        self._sockets: set[socket.socket] = set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._may_speak.set()
        _close(self._listener)
        for sock in list(self._sockets):
            _close(sock)

    def cut_next(self, cut: Cut, statement: bytes = b"COMMIT") -> None:
        """Cut the connection that says this next, or begins with it."""
        with self._lock:
            self._cut, self._statement = cut, bytes([COM_QUERY]) + statement

    def fall_silent(self) -> None:
        self._may_speak.clear()

    def speak_again(self) -> None:
        self._may_speak.set()

    def _accept(self) -> None:
        with suppress(OSError):  # closed: the end
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                for sock in (client, server):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._sockets.add(sock)
                link = (client, server, threading.Event())
                threading.Thread(target=self._ask, args=link, daemon=True).start()
                threading.Thread(target=self._answer, args=link, daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        """Carry a client's packets to the server, until one is to be lost."""
        with suppress(OSError):
            while packet := _packet(client):
                self._may_speak.wait()
                cut = self._cut_for(packet)
                if cut is Cut.BEFORE:
                    break
                if cut is not None:
                    swallow.set()
                if cut is Cut.LATE:
                    _close(client)
                    time.sleep(LATE_SECONDS)
                server.sendall(packet)
                if cut is not None:
                    return  # the server's answer ends both
        _close(client)
        _close(server)

    def _answer(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                self._may_speak.wait()
                if swallow.is_set():
                    break
                client.sendall(data)
        _close(client)
        _close(server)

    def _cut_for(self, packet: bytes) -> Cut | None:
        with self._lock:
            if self._cut is None or not packet[4:].startswith(self._statement):
                return None
            cut, self._cut = self._cut, None
            return cut


def _packet(sock: socket.socket) -> bytes:
    """Return the next packet, its head included; nothing when the connection ends."""
    head = _exactly(sock, 4)
    return head + _exactly(sock, int.from_bytes(head[:3], "little")) if head else b""


def _exactly(sock: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            return b""
        data += more
    return bytes(data)


def _close(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
