"""The ASGI application of the live process: `GET /booking/{showtime_id}/live`, and `/healthz`."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import resource
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

from bookings.live.errors import LiveFull, TooManyMaps
from bookings.live.history import Look
from bookings.live.listening import Listener
from bookings.live.looking import look, patiently
from bookings.live.noticing import notice
from bookings.live.watches import Viewer, Watch, Watches
from movy.lib.counters import LIVE_DROPPED, LIVE_LOOKS, LIVE_REFUSED, LIVE_SENT, LIVE_STREAMS
from movy.lib.errors import DomainError
from movy.lib.limits import client_network
from movy.lib.problems import domain_problem, general_problem

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = re.compile(r"/booking/([0-9]{1,19})/live")
NOTICE_SECONDS = 0.2
NOTICE_SECONDS_WITH_NEWS = 0.7
LOOKS_AT_ONCE = 4  # threads, each with a connection to the database
BEAT_SECONDS = 15.0  # of silence, then a comment
ALIVE_SECONDS = 10.0
AGAIN_SECONDS = 1.0  # after a failure
STEADY_SECONDS = 10.0  # what went on for so long went well
RETRY_SECONDS = (2.0, 5.0)  # after which a browser comes again, chosen for each: a restart brings all of them at once
SEND_SECONDS_MAX = 10.0
STREAM_BYTES_MAX = 256 * 1024
"""What a stream carries before its browser has to come again. The kernel takes megabytes for a reader who reads nothing
before anybody could tell, and of those there may be many."""

COMMENT = b":\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events into buffers
    (b"connection", b"close"),  # whose stream was ended, slow readers too, is not waited for
    (b"vary", b"origin"),
]


class LiveApplication:
    """alive: writes down, in a thread, that the process is at work."""

    def __init__(self, *, alive: Callable[[], None]) -> None:
        self._alive = alive
        self._open: Counter[str] = Counter()
        """Streams by who has them open (movy.lib.limits.client_network)."""
        self._is_ending = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._answer(scope, receive, send)

    # ---- The process

    async def _live(self, receive: Receive, send: Send) -> None:
        """Play the part of ASGI's lifespan: begin before the first request, and end after the last."""
        await receive()
        self._begin()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self._tasks:
            task.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    def _begin(self) -> None:
        _allow_files(settings.LIVE_CONNECTIONS_MAX)
        self._looking = ThreadPoolExecutor(LOOKS_AT_ONCE, "look")
        self._noticing = ThreadPoolExecutor(1, "notice")  # one thread, because SQLite answers by connection
        self._watches = Watches(self._look)
        self._listener = Listener(settings.REDIS_URL, lambda showtime_id: self._watches.look_again([showtime_id]))
        self._notice = notice()
        works = [_for_ever("database", self._look_for_changes), _for_ever("sign of life", self._beat)]
        if settings.REDIS_URL:
            works.append(_for_ever("news", self._listener.listen))
        self._tasks = [asyncio.create_task(work) for work in works]
        # granian ends its part of the process after the last answer, and a stream is an answer without an end. asyncio
        # hears of the signal all the same, by its descriptor (signal.set_wakeup_fd).
        loop = asyncio.get_running_loop()
        # Where that one is full the loop is awake anyway: nothing to complain of, as Python does.
        signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: loop.call_soon_threadsafe(self._end))

    def _end(self) -> None:
        self._is_ending = True
        self._watches.end()

    async def _look(self, showtime_id: int) -> Look:
        loop = asyncio.get_running_loop()
        LIVE_LOOKS.inc()
        return await loop.run_in_executor(self._looking, patiently, partial(look, showtime_id))

    async def _look_for_changes(self) -> float:
        """Look again at what has changed without news; return the pause until the next time.

        Without a subscription there are no news, so that this decides how soon a change is seen. With one it is for
        what got lost, which has to be seen within a second as well, but may cost a tenth of a connection's time only.
        """
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        if ids := self._watches.showtime_ids:
            ask = partial(self._notice.changed, ids)
            self._watches.look_again(await loop.run_in_executor(self._noticing, patiently, ask))
        took = loop.time() - started_at
        if self._listener.is_listening:
            return max(NOTICE_SECONDS_WITH_NEWS, 9 * took)
        return max(NOTICE_SECONDS, took)

    async def _beat(self) -> float:
        """Write a sign of life; return the pause until the next one."""
        LIVE_STREAMS.set(self._open.total())
        await asyncio.get_running_loop().run_in_executor(self._looking, patiently, self._alive)
        return ALIVE_SECONDS

    # ---- A request

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        request = ASGIRequest(scope, BytesIO())
        found = PATH.fullmatch(request.path)
        if request.path == "/healthz":
            await _respond(send, JsonResponse({"live": "up"}))
        elif found is None:
            await _respond(send, general_problem(404))
        elif request.method != "GET":
            refusal = general_problem(405)
            refusal["Allow"] = "GET"
            await _respond(send, refusal)
        else:
            await self._serve(request, int(found[1]), receive, send)

    async def _serve(self, request: HttpRequest, showtime_id: int, receive: Receive, send: Send) -> None:
        """Answer with a stream, or say why there is none."""
        cors = _cors(request)
        version = _version(request.headers.get("Last-Event-ID", ""))
        viewer = Viewer()
        try:
            network = client_network(request)
            watch = await self._admit(network, showtime_id, viewer)
        except Exception as error:
            await _respond(send, _refusal(error), cors)
            return
        del request  # a stream is long, and there are many
        leaving = asyncio.create_task(_left(receive))
        leaving.add_done_callback(lambda _task: viewer.end())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS + cors})
            await self._stream(watch, viewer, version, send)
        finally:
            leaving.cancel()
            watch.leave(viewer)
            self._release(network)

    async def _admit(self, network: str, showtime_id: int, viewer: Viewer) -> Watch:
        """Give a viewer a place, and the map. Raises LiveFull, TooManyMaps, and what Watches.join does."""
        if self._is_ending or self._open.total() >= settings.LIVE_CONNECTIONS_MAX:
            raise LiveFull(retry_after=random.randint(5, 15))  # noqa: S311 - jitter, no secret
        if settings.RATE_LIMITS and self._open[network] >= settings.LIVE_CONNECTIONS_PER_ADDRESS:
            raise TooManyMaps(retry_after=60)
        self._open[network] += 1
        try:
            return await self._watches.join(showtime_id, viewer)
        except BaseException:
            self._release(network)
            raise

    def _release(self, network: str) -> None:
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]

    async def _stream(self, watch: Watch, viewer: Viewer, version: int | None, send: Send) -> None:
        """Send what a browser does not know yet, until it leaves, is too slow, or has got as much as a stream carries.

        There is no queue: whoever was slow is led from the version they have to the newest. Everybody else is sent the
        same bytes.
        """
        chunk = b"retry: %d\n\n" % (random.uniform(*RETRY_SECONDS) * 1000)  # noqa: S311 - jitter, no secret
        left = STREAM_BYTES_MAX
        while left > 0 and not viewer.is_over:
            chunk += watch.history.event_since(version) or b""
            version = watch.history.version
            if not chunk and not await viewer.wait(BEAT_SECONDS):
                chunk = COMMENT
            if chunk and not await _is_taken(send, chunk, more=True):
                return
            left -= len(chunk)
            chunk = b""
        await _is_taken(send, b"", more=False)


async def _for_ever(name: str, step: Callable[[], Awaitable[float]]) -> None:
    """Take a step, and the next one after as many seconds as it says. One that fails is taken again; how an outage
    begins is logged, and not that it goes on."""
    is_well = True
    while True:
        started_at = time.monotonic()
        try:
            pause = await step()
            is_well = True
        except (DatabaseError, RedisError, OSError) as error:
            if is_well or time.monotonic() - started_at > STEADY_SECONDS:
                logger.warning("live waits: %s: %s: %s", name, type(error).__name__, error)
            pause, is_well = AGAIN_SECONDS, False
        except Exception:
            logger.exception("live failed: %s", name)
            pause = AGAIN_SECONDS
        await asyncio.sleep(pause * random.uniform(0.8, 1))  # noqa: S311 - jitter, no secret


async def _is_taken(send: Send, chunk: bytes, *, more: bool) -> bool:
    """Send a part of a stream, and return whether its reader took it in time."""
    try:
        async with asyncio.timeout(SEND_SECONDS_MAX):
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
    except TimeoutError:
        LIVE_DROPPED.inc()
        return False
    LIVE_SENT.inc()
    return True


async def _left(receive: Receive) -> None:
    """Return when the browser is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _refusal(error: Exception) -> HttpResponse:
    """Return the answer to whoever can't have a stream."""
    match error:
        case DomainError():
            if isinstance(error, (LiveFull, TooManyMaps)):
                LIVE_REFUSED.labels(error.code).inc()
            return domain_problem(error)
        case DatabaseError():
            return general_problem(503)
        case PermissionDenied():  # an address that cannot be read
            return general_problem(403)
        case _:
            logger.error("live failed: a stream", exc_info=error)
            return general_problem(500)


async def _respond(send: Send, response: HttpResponse, headers: Collection[tuple[bytes, bytes]] = ()) -> None:
    response["Cache-Control"] = "no-store"
    named = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": [*named, *headers]})
    await send({"type": "http.response.body", "body": response.content})


def _cors(request: HttpRequest) -> list[tuple[bytes, bytes]]:
    """Return the header that lets a page of our own host read the stream, whatever port it is on. Nobody else's."""
    origin = request.headers.get("Origin", "")
    site = urlsplit(settings.BASE_URL)
    try:
        host = urlsplit(origin).hostname
        own = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:  # no address at all
        return []
    if host is None or (host != own and origin != f"{site.scheme}://{site.netloc}"):
        return []
    return [(b"access-control-allow-origin", origin.encode())]


def _version(last_event_id: str) -> int | None:
    """Return the version that a browser has; None when it has none, or what it says is none."""
    return int(last_event_id) if re.fullmatch(r"[0-9]{1,16}", last_event_id) else None


def _allow_files(connections: int) -> None:
    """Let this process have so many connections open, as far as the system permits."""
    wanted = connections + 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
