"""Very many people who want to see one show, all within a minute, and a few who book other shows as on any evening.

Everybody comes when the clock says so, whether or not those before them have been answered. Whoever arrives looks at
the map, and:

- every second one reads it as JSON and asks for two seats that it showed free; if others were faster, they look again,
  up to LOOKS times, and whoever sees a full hall leaves;
- the others open the page and ask for the best two seats, also of a full hall.

One looks without an account, and signs in to book: pages and maps are asked for without a bearer, holds with one.

One process and one thread, so that the client takes little from whom it asks. A request is timed from the moment
somebody wants it, with making the connection, to the last byte of its answer.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from tests.load.people import Answer, Outcome, Request

LOOKS = 3
PATIENCE_SECONDS = 30.0
FIRST_ADDRESS = IPv4Address("10.128.0.1")


@dataclass(frozen=True)
class Wish:
    """Two seats of another show, which nobody else wants, and who wants them."""

    showtime_id: int
    labels: tuple[str, ...]
    token: str


@dataclass(frozen=True)
class Plan:
    """`quiet_seconds` with the other buyers alone, then `seconds` in which one of `tokens` after the other arrives.
    `others`: spread evenly over both."""

    showtime_id: int
    tokens: Sequence[str]
    others: Sequence[Wish]
    quiet_seconds: float
    seconds: float


@dataclass
class Seen:
    """What everybody was answered. began: time.monotonic() of the first arrival. `held`: pairs of seats, as told."""

    began: float = 0.0
    arrivals: list[Request] = field(default_factory=list)
    others: list[Request] = field(default_factory=list)
    held: list[list[str]] = field(default_factory=list)

    @property
    def others_before(self) -> list[float]:
        """Seconds of each request that the other buyers had answered before the rush."""
        return [row.seconds for row in self.others if row.ended_at < self.began]

    @property
    def others_during(self) -> list[float]:
        return [row.seconds for row in self.others if row.ended_at >= self.began]

    @property
    def broken(self) -> list[str]:
        """What nobody should be told: 5xx, and connections that were lost."""
        bad = (Outcome.LATER, Outcome.LOST, Outcome.BROKEN)
        return [row.what for row in self.arrivals + self.others if row.outcome in bad]


def rush(port: int, plan: Plan, seen: Seen) -> None:
    """Let everybody come, and note what they are answered; return after the last answer."""
    asyncio.run(_rush(port, plan, seen))


async def _rush(port: int, plan: Plan, seen: Seen) -> None:
    quiet_began = time.monotonic()
    seen.began = quiet_began + plan.quiet_seconds
    whole = plan.quiet_seconds + plan.seconds
    async with asyncio.TaskGroup() as people:
        for number, wish in enumerate(plan.others):
            at = quiet_began + whole * number / len(plan.others)
            people.create_task(_other(Visitor(port, number, wish.token, seen.others, at), wish))
        for number, token in enumerate(plan.tokens):
            at = seen.began + plan.seconds * number / len(plan.tokens)
            visitor = Visitor(port, len(plan.others) + number, token, seen.arrivals, at)
            people.create_task(_arrival(visitor, plan.showtime_id, seen, reads_json=number % 2 == 0))


async def _arrival(visitor: Visitor, showtime_id: int, seen: Seen, *, reads_json: bool) -> None:
    async with visitor:
        if reads_json:
            answer = await _asks_for_seats(visitor, showtime_id)
        elif await visitor.ask("GET", f"/booking/{showtime_id}"):
            answer = await visitor.ask("POST", f"/api/v1/booking/{showtime_id}", {"tickets": 2})
        else:
            answer = None
        if answer and answer.status == 201:
            seen.held.append([seat["label"] for seat in json.loads(answer.body)["booking"]["seats"]])


async def _asks_for_seats(visitor: Visitor, showtime_id: int) -> Answer | None:
    """Look, and ask for two seats; return the answer to the last such wish, if there was one."""
    answer = None
    for _look in range(LOOKS):
        looked = await visitor.ask("GET", f"/api/v1/booking/{showtime_id}")
        if looked is None or looked.status != 200:
            return None
        free = [seat["label"] for seat in json.loads(looked.body)["seats"] if seat["status"] == "free"]
        if len(free) < 2:
            return answer
        first = visitor.chance.randrange(len(free) - 1)
        answer = await visitor.ask(
            "POST", "/api/v1/booking", {"showtime": showtime_id, "seats": free[first : first + 2]}
        )
        if answer is None or answer.status != 409:
            return answer
    return answer


async def _other(visitor: Visitor, wish: Wish) -> None:
    """Turn over the films, look at the map of another show, hold two seats there."""
    async with visitor:
        await visitor.ask("GET", "/movies")
        await visitor.ask("GET", f"/api/v1/booking/{wish.showtime_id}")
        held = await visitor.ask("POST", "/api/v1/booking", {"showtime": wish.showtime_id, "seats": list(wish.labels)})
        assert held is None or held.status != 409, "a seat that nobody else wants was refused"


class Visitor:
    """One person with one connection, who comes at an instant (time.monotonic()). Their requests go into `told`."""

    def __init__(self, port: int, number: int, token: str, told: list[Request], at: float) -> None:
        self.chance = random.Random(number)
        self._port = port
        self._told = told
        self._at = at
        self._bearer = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        self._headers = f"Host: 127.0.0.1\r\nAccept-Encoding: gzip\r\nX-Forwarded-For: {FIRST_ADDRESS + number}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Visitor:
        await asyncio.sleep(max(0.0, self._at - time.monotonic()))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._streams:
            self._streams[1].close()

    async def ask(self, method: str, path: str, body: object = None) -> Answer | None:
        """Send a request; None when the connection broke, or nothing came for PATIENCE_SECONDS. Noted either way."""
        started = min(time.monotonic(), self._at) if self._streams is None else time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._answer(method, path, body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._note(started, Outcome.LOST, f"{method} {path} {type(error).__name__}")
            return None
        self._note(started, answer.outcome, f"{method} {path} {answer.status}")
        return answer

    async def _answer(self, method: str, path: str, body: object) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        content = b"" if body is None else json.dumps(body).encode()
        own = self._bearer if content else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}{own}Content-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        read = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("content-encoding") == "gzip":
            read = gzip.decompress(read)
        return Answer(int(first.split(" ", 2)[1]), headers, read)

    def _note(self, started: float, outcome: Outcome, what: str) -> None:
        ended = time.monotonic()
        self._told.append(Request(ended, ended - started, outcome, what))
