"""The HTTP server under all three stand-ins: routes, requests, answers, and ways to send an answer badly.

A stand-in is a `Router` full of handlers and a `Server` that listens for it:

    router = Router()

    @router.route("GET", "/movie/{movie_id}")
    def movie(request: Request, movie_id: str) -> Response:
        return json_response({"id": int(movie_id)})

    server = Server(router, port=0).start()  # server.base_url, server.stop()

Only the standard library is used, so that a stand-in starts on a bare Python.
"""

import argparse
import json
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

BODY_LIMIT_BYTES = 1_000_000
IDLE_SECONDS = 60  # a kept-alive connection without a request is closed after this
REQUEST_LOG_LENGTH = 1000
HOST_FORM = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

TYPE_JSON = "application/json; charset=utf-8"


class BadRequest(Exception):
    """The request cannot be read: its text says why."""


@dataclass(frozen=True)
class Request:
    """One request, read whole. Names of `headers` are lower case; values of `query` and `form` are lists."""

    method: str
    path: str  # as it was sent, percent signs and all; path parameters arrive decoded
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    base_url: str  # scheme and host that the caller used, for the links we hand out
    client: str  # the caller's address

    def arg(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def json(self) -> Any:
        """Return the parsed body; raises BadRequest when it is not JSON in UTF-8."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise BadRequest(f"The body is not JSON: {error}") from error

    @cached_property
    def form(self) -> dict[str, list[str]]:
        """The fields of a posted HTML form."""
        return parse_fields(self.body.decode("utf-8", "replace"))

    def field(self, name: str, default: str = "") -> str:
        """Return the last value of a posted form field."""
        return self.form.get(name, [default])[-1]


class Connection:
    """What a sender may do with the socket. `cut()` resets it, so that the client sees an error, not an end."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.is_cut = False

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def cut(self) -> None:
        self.is_cut = True
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self._sock.detach())  # now, past the socket object's polite shutdown


Sender = Callable[[Connection, bytes], None]  # gets the whole answer, head and body, as bytes


def send_whole(connection: Connection, answer: bytes) -> None:
    connection.send(answer)


def send_reset(connection: Connection, answer: bytes) -> None:
    """The work is done and the client never hears of it: its connection breaks."""
    connection.cut()


def send_after(seconds: float) -> Sender:
    def sender(connection: Connection, answer: bytes) -> None:
        time.sleep(seconds)
        connection.send(answer)

    return sender


def send_silence(seconds: float) -> Sender:
    """The work is done, then nothing is said for some seconds, then the connection breaks."""

    def sender(connection: Connection, answer: bytes) -> None:
        time.sleep(seconds)
        connection.cut()

    return sender


def send_drip(seconds_per_byte: float) -> Sender:
    """Each read of the client succeeds, so that only a deadline over the whole answer helps it."""

    def sender(connection: Connection, answer: bytes) -> None:
        for position in range(len(answer)):
            connection.send(answer[position : position + 1])
            time.sleep(seconds_per_byte)

    return sender


@dataclass
class Response:
    """One answer, and the way it goes out: `sender` is send_whole unless something is to go wrong."""

    status: int = 200
    body: bytes = b""
    content_type: str = TYPE_JSON
    headers: dict[str, str] = field(default_factory=dict)
    sender: Sender = send_whole


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(status, body, TYPE_JSON, dict(headers or {}))


def html_response(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = html.encode("utf-8", "replace")
    return Response(status, body, "text/html; charset=utf-8", {"Cache-Control": "no-store"} | dict(headers or {}))


def redirect_response(url: str, status: int = 302) -> Response:
    return Response(
        status, b"", "text/plain; charset=utf-8", {"Location": header_safe(url), "Cache-Control": "no-store"}
    )


def header_safe(value: str) -> str:
    """Return the value without line ends, which would begin another header."""
    return re.sub(r"[\r\n\0]", "", value).encode("latin-1", "replace").decode("latin-1")


def parse_fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise BadRequest(str(error)) from error


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler


class Router:
    """Finds the handler for a request.

    Override `not_found`, `not_allowed` and `bad_request` for a service's own error bodies.
    """

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUEST_LOG_LENGTH)

    def route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Register a handler. `{name}` in the path is one segment and becomes an argument; the first route wins."""
        pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))

        def register(handler: Handler) -> Handler:
            self._routes.append(Route(method, pattern, handler))
            return handler

        return register

    def answer(self, request: Request) -> Response:
        """Return the answer to a request and log both. Never raises: a bug of ours is a 500 and a traceback."""
        try:
            response = self.dispatch(request)
        except BadRequest as error:
            response = self.bad_request(request, str(error))
        except Exception:  # the last door: a stand-in that dies would hide what Movy does next
            traceback.print_exc(file=sys.stderr)
            response = json_response({"message": "The stand-in has a bug; see its output."}, 500)
        self.requests.append(logged(request, response))
        return response

    def dispatch(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route in self._routes:
            match = route.pattern.fullmatch(request.path)
            if not match:
                continue
            if route.method == method:
                return route.handler(request, **{name: unquote(value) for name, value in match.groupdict().items()})
            allowed.append(route.method)
        return self.not_allowed(request, allowed) if allowed else self.not_found(request)

    def not_found(self, request: Request) -> Response:
        return json_response({"message": "Not found"}, 404)

    def not_allowed(self, request: Request, allowed: Iterable[str]) -> Response:
        return json_response({"message": "Method not allowed"}, 405, {"Allow": ", ".join(sorted(set(allowed)))})

    def bad_request(self, request: Request, reason: str) -> Response:
        return json_response({"message": reason}, 400)


def logged(request: Request, response: Response) -> dict[str, Any]:
    """Return a log row without headers, which hold keys."""
    return {
        "at": datetime.now(UTC).isoformat(),
        "method": request.method,
        "path": request.path,
        "query": {name: values[-1] for name, values in request.query.items()},
        "body": request.body.decode("utf-8", "replace"),
        "has_authorization": "authorization" in request.headers,
        "status": response.status,
    }


class _ConnectionHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "MovyStandin"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: "_Listener"

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def _serve(self) -> None:
        try:
            request = self._read()
        except BadRequest as error:
            self.close_connection = True  # what follows on this connection cannot be told from the body
            response = json_response({"message": str(error)}, 400)
        else:
            response = self.server.router.answer(request)
        connection = Connection(self.connection)
        try:
            response.sender(connection, self._bytes(response))
        except OSError:
            self.close_connection = True  # the client has gone, as clients with a timeout do
        if connection.is_cut:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _read(self) -> Request:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isascii() or not length.isdigit():
            raise BadRequest("Send a Content-Length.")
        if int(length) > BODY_LIMIT_BYTES:
            raise BadRequest("The body is too large.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise BadRequest("The body ended early.")
        path, _, query = self.path.partition("?")
        if path.startswith(("http://", "https://")):
            path = urlsplit(path).path
        host = self.headers.get("Host", "")
        return Request(
            method=self.command,
            path=path,
            query=parse_fields(query.partition("#")[0]),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base_url=f"http://{host}" if HOST_FORM.fullmatch(host) else self.server.base_url,
            client=self.client_address[0],
        )

    def _bytes(self, response: Response) -> bytes:
        reason = HTTPStatus(response.status).phrase if response.status in HTTPStatus._value2member_map_ else "Unknown"
        headers = {
            "Server": self.server_version,
            "Date": self.date_time_string(),
            "Content-Type": response.content_type,
            "Content-Length": str(len(response.body)),
            "X-Content-Type-Options": "nosniff",
            **response.headers,
        }
        if self.close_connection:
            headers["Connection"] = "close"
        head = f"HTTP/1.1 {response.status} {reason}\r\n" + "".join(
            f"{k}: {header_safe(v)}\r\n" for k, v in headers.items()
        )
        return head.encode("latin-1") + b"\r\n" + (b"" if self.command == "HEAD" else response.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: `Router.requests` is the log."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # the default of 5 drops connections under a load test

    def __init__(self, address: tuple[str, int], router: Router) -> None:
        super().__init__(address, _ConnectionHandler)
        self.router = router
        self.connections: set[socket.socket] = set()
        self.base_url = f"http://{address[0]}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection broke; anything of ours was caught in Router.answer."""


class Server:
    """A stand-in that listens. Port 0 takes any free one; `base_url` tells which."""

    def __init__(self, router: Router, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.router = router
        self._listener = _Listener((host, port), router)
        self.base_url = self._listener.base_url
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> Self:
        """Serve in a thread of this process, for tests."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and break the connections that are open, as a service that dies does."""
        self._listener.shutdown()
        self._listener.server_close()
        for connection in list(self._listener.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it went by itself

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def argument_parser(description: str, *, default_port: int) -> argparse.ArgumentParser:
    """Return a parser with the options that every stand-in takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=default_port, help="port to listen on (default %(default)s)")
    return parser


def run_until_stopped(server: Server, name: str) -> None:
    """Serve until SIGTERM or SIGINT, for the command line."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    server.start()
    sys.stdout.write(f"{name} stand-in on {server.base_url}\n")
    sys.stdout.flush()
    stopped.wait()
    server.stop()
