"""How Movy talks to the outside: Paystack, TMDb, Google's keys for apps, and nobody else.

A page must not wait for a stranger. So every call has a timeout for connecting, one for each silence and a deadline for
the whole, which a server that answers byte by byte can't stretch; at most settings.OUTSIDE_CALLS_MAX calls run in a
process at once, and the next is refused instead of waiting; and a host that keeps failing is left alone for a moment.
Never call from inside a database transaction.

An answer below 500, 429 apart, is data for the caller, refusals included. Everything else is OutsideUnavailable:
nothing can be said about what the other side did, so whoever sent a change must look it up before trying again.
Nothing here tries a call twice.
"""

import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from movy.lib.counters import OUTSIDE_CALLS, OUTSIDE_RESTS_UNTIL, OUTSIDE_SECONDS

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
T = TypeVar("T")


class OutsideUnavailable(Exception):
    """No usable answer.

    reason: a few words for the log, without address or secret. status: what was answered, if anything. retry_after:
    whole seconds the other side (or our own breaker) asks us to wait, None when nothing was said.
    """

    def __init__(self, reason: str, *, status: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after


class OutsideBusy(OutsideUnavailable):
    """This process has as many calls outside as it may; nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """What came back, whole: content_type in lower case without parameters, body decompressed."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class JsonAnswer:
    status: int
    data: Any


class Outside:
    """A door to the outside, with a pool of connections; make one per service and keep it, threads may share it.

    connect_seconds is for each address of the host, read_seconds for each silence, deadline_seconds for the answer to
    its last byte, connecting included (looking a name up is the resolver's own time). max_bytes bounds the body after
    decompression. Redirects are not followed, cookies not kept, and neither proxies nor .netrc taken from the
    environment: a .netrc entry would replace our Authorization header.
    """

    def __init__(
        self,
        *,
        connect_seconds: float = 3,
        read_seconds: float = 6,
        deadline_seconds: float = 9,
        max_bytes: int = 2 * 1024 * 1024,
    ) -> None:
        self._timeout = (connect_seconds, read_seconds)
        self._deadline_seconds = deadline_seconds
        self._max_bytes = max_bytes
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _CuttableAdapter(max_retries=0))

    def fetch(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Answer:
        """Send and read to the end. Raises OutsideUnavailable (also for 5xx, 429 and a redirect) and OutsideBusy."""
        return _guarded(
            method,
            url,
            lambda: self._exchange(method, url, params=params, headers=headers, json=json),
        )

    def fetch_json(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> JsonAnswer:
        """The same for a JSON API. What is not JSON is OutsideUnavailable whatever its status: an edge's error page."""
        return _guarded(
            method,
            url,
            lambda: _parsed(self._exchange(method, url, params=params, headers=headers, json=json)),
        )

    def _exchange(self, method: str, url: str, **parts: Any) -> Answer:
        with _deadline(self._deadline_seconds) as watch:
            try:
                response = self._session.request(
                    method,
                    url,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                    **parts,
                )
                with response:
                    _refuse_unusable(response)
                    body = self._read(response)
            except (requests.RequestException, HTTPError, OSError) as error:
                # `from None`: the text of these names the whole address, query included.
                reason = "deadline" if watch.is_cut else type(error).__name__
                raise OutsideUnavailable(reason) from None
            if watch.is_cut:  # a body that ends with its connection ends "well" when we cut it
                raise OutsideUnavailable("deadline")
        content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(status=response.status_code, content_type=content_type, body=body)

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > self._max_bytes:
                raise OutsideUnavailable("body too large", status=response.status_code)
        return bytes(body)


class Breaker:
    """Leaves a failing host alone.

    After FAILURES failures in a row within WINDOW_SECONDS every call is refused for REST_SECONDS without being sent.
    Then one caller tries while the others are still refused: its success opens the way for all, its failure starts
    another rest. One per host and process, in memory only: each web worker learns for itself, and forgets at a restart.
    `now` is a monotonic clock in seconds.
    """

    FAILURES = 5
    WINDOW_SECONDS = 150  # as long as the most patient of us (the worker, 30 s) needs to fail so often
    REST_SECONDS = 10

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed_at: deque[float] = deque(maxlen=self.FAILURES)
        self._rests_until: float | None = None

    def rests_for(self, now: float) -> float:
        """Return the seconds that are left of a rest, 0 when there is none."""
        with self._lock:
            return 0 if self._rests_until is None else max(0, self._rests_until - now)

    def check(self, now: float) -> None:
        """Raises OutsideUnavailable while the host rests. The first caller after a rest becomes the one that tries."""
        with self._lock:
            if self._rests_until is None:
                return
            if now < self._rests_until:
                raise OutsideUnavailable("resting", retry_after=max(1, round(self._rests_until - now)))
            self._rests_until = now + self.REST_SECONDS

    def succeeded(self) -> None:
        with self._lock:
            self._failed_at.clear()
            self._rests_until = None

    def failed(self, now: float) -> None:
        with self._lock:
            self._failed_at.append(now)
            in_window = now - self._failed_at[0] <= self.WINDOW_SECONDS
            if self._rests_until is not None or (len(self._failed_at) == self.FAILURES and in_window):
                self._rests_until = now + self.REST_SECONDS


_breakers: dict[str, Breaker] = {}
_calls_lock = threading.Lock()
_calls_running = 0


def forget_failures() -> None:
    """Let every host be called again at once: for a shell after an outage, and between tests that share a process."""
    _breakers.clear()


@contextmanager
def outside_place() -> Iterator[None]:
    """One of the process's settings.OUTSIDE_CALLS_MAX places, or OutsideBusy at once: for every wait for the outside,
    also for one that another thread has called."""
    global _calls_running
    with _calls_lock:
        if _calls_running >= settings.OUTSIDE_CALLS_MAX:
            raise OutsideBusy("too many calls at once")
        _calls_running += 1
    try:
        yield
    finally:
        with _calls_lock:
            _calls_running -= 1


def _guarded(method: str, url: str, call: Callable[[], T]) -> T:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    breaker = _breakers.setdefault(parts.netloc, Breaker())
    outcome = "busy"
    try:
        with outside_place():
            outcome = "resting"
            breaker.check(time.monotonic())
            outcome = "failed"
            result = _watched(method, host, parts.path, breaker, call)
            outcome = "ok"
            return result
    finally:
        OUTSIDE_CALLS.labels(host, outcome).inc()


def _watched(method: str, host: str, path: str, breaker: Breaker, call: Callable[[], T]) -> T:
    """Make a call that may be made, and have the breaker, the log and the counters know how it went."""
    started = time.monotonic()
    try:
        result = call()
    except OutsideUnavailable as error:
        now = time.monotonic()
        breaker.failed(now)
        logger.warning(
            "outside call failed: method=%s host=%s path=%s reason=%s status=%s seconds=%.1f",
            method,
            host,
            path,
            error.reason,
            error.status,
            now - started,
        )
        raise
    else:
        breaker.succeeded()
        return result
    finally:
        now = time.monotonic()
        OUTSIDE_SECONDS.labels(host).observe(now - started)
        OUTSIDE_RESTS_UNTIL.labels(host).set(time.time() + breaker.rests_for(now))


def _refuse_unusable(response: requests.Response) -> None:
    status = response.status_code
    if status >= 500 or status == 429:
        raise OutsideUnavailable(f"HTTP {status}", status=status, retry_after=_retry_after(response))
    if 300 <= status < 400:
        raise OutsideUnavailable("redirect", status=status)


def _retry_after(response: requests.Response) -> int | None:
    """Retry-After in seconds; its date form is not worth trusting a foreign clock for."""
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else None


def _parsed(answer: Answer) -> JsonAnswer:
    try:
        return JsonAnswer(status=answer.status, data=json.loads(answer.body))
    except (
        ValueError,
        RecursionError,
    ):  # bad syntax, bad UTF-8; nesting deeper than the stack
        raise OutsideUnavailable("not JSON", status=answer.status) from None


# The deadline. requests knows only the silence between two bytes, so a slow drip would hold a thread as long as it
# likes. A timer shuts the socket of the running call instead, which wakes the reader at once, amid the headers too.

_running = threading.local()


class _Watch:
    """The socket of one call, shut when its time is up; not when the call was quicker and the socket serves another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_over = False
        self.is_cut = False

    def attach(self, sock: socket.socket | None) -> None:
        with self._lock:
            self._socket = sock
            if self.is_cut:  # connecting alone took all the time
                self._shut()

    def end(self) -> None:
        with self._lock:
            self._is_over = True

    def cut(self) -> None:
        with self._lock:
            if not self._is_over:
                self.is_cut = True
                self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # closed by the other side in this moment: the reader knows already
                self._socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def _deadline(seconds: float) -> Iterator[_Watch]:
    watch = _Watch()
    timer = threading.Timer(seconds, watch.cut)
    timer.daemon = True
    _running.watch = watch
    timer.start()
    try:
        yield watch
    finally:
        watch.end()
        timer.cancel()
        del _running.watch


class _Cuttable:
    def getresponse(self, *args: Any, **kwargs: Any) -> Any:
        _running.watch.attach(self.sock)  # type: ignore[attr-defined]
        return super().getresponse(*args, **kwargs)  # type: ignore[misc]


class _CuttableConnection(_Cuttable, HTTPConnection):
    pass


class _CuttableHttpsConnection(_Cuttable, HTTPSConnection):
    pass


class _CuttablePool(HTTPConnectionPool):
    ConnectionCls = _CuttableConnection


class _CuttableHttpsPool(HTTPSConnectionPool):
    ConnectionCls = _CuttableHttpsConnection


class _CuttableAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _CuttablePool,
            "https": _CuttableHttpsPool,
        }
