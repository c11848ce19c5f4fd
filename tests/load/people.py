"""People who book, pay, cancel and walk away, over HTTP, until they are told to go home; and what they were told."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from standins.paystack import PaystackServer
from standins.paystack.store import Transaction

HANGS_SECONDS = 20.0
PATIENCE_SECONDS = 90.0  # of one person for one wish; a key whose try died is free again after 30 s
ASK_AGAIN_SECONDS = (0.2, 0.8)
THINK_SECONDS = (0.05, 0.6)
LOOK_SECONDS = 0.1


class Outcome(StrEnum):
    """What became of one request."""

    OK = "answered"
    REFUSED = "refused for a reason"  # seats gone, already cancelled, the first try still runs
    LATER = "asked to come later"  # 503 with Retry-After, or 502 while Paystack can't be asked
    LOST = "connection lost"
    BROKEN = "broken"  # any other 5xx, or a 503 without Retry-After


@dataclass(frozen=True)
class Request:
    """ended_at: time.monotonic()."""

    ended_at: float
    seconds: float
    outcome: Outcome
    what: str


@dataclass
class Told:
    """Everything that people were told. Bookings by reference."""

    requests: list[Request] = field(default_factory=list)
    held: dict[str, set[str]] = field(default_factory=dict)  # 201: labels
    confirmed: set[str] = field(default_factory=set)  # a paid booking was shown to its buyer
    cancelled: dict[str, int] = field(default_factory=dict)  # 200: what comes back, in minor units
    unanswered: list[str] = field(default_factory=list)  # somebody lost patience


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def outcome(self) -> Outcome:
        if self.status < 400:
            return Outcome.OK
        if self.status < 500:
            return Outcome.REFUSED
        if self.status == 503 and "retry-after" in self.headers:
            return Outcome.LATER
        if self.status == 502 and b"payment_provider_unavailable" in self.body:
            return Outcome.LATER
        return Outcome.BROKEN

    @property
    def is_final(self) -> bool:
        """Not so: come later, and a first try with this key that is still at work or has died."""
        is_running = self.status == 409 and b"idempotency_in_progress" in self.body
        return self.outcome in (Outcome.OK, Outcome.REFUSED) and not is_running


class Crowd:
    """A thread for each buyer, and one that only looks at pages. At the block's end they finish what they are at."""

    def __init__(self, *, port: int, tokens: Sequence[str], halls: dict[int, list[str]], paystack: PaystackServer):
        self.port = port
        self.halls = halls
        self.paystack = paystack
        self.told = Told()
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self._threads = [threading.Thread(target=self._look)]
        self._threads += [threading.Thread(target=Buyer(self, token).live) for token in tokens]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for thread in self._threads:
            thread.join()

    def go_home(self) -> bool:
        """Tell them that it is over; return whether the last one has got an answer and gone."""
        self.is_over.set()
        return not any(thread.is_alive() for thread in self._threads)

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer | None:
        """Send one request on a connection of its own; None when that broke. Noted either way."""
        sent = None if body is None else json.dumps(body).encode()
        started = time.monotonic()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANGS_SECONDS)
        try:
            link.request(method, path, sent, (headers or {}) | ({"Content-Type": "application/json"} if sent else {}))
            read = link.getresponse()
            found = {name.lower(): value for name, value in read.getheaders()}
            answer = Answer(read.status, found, read.read())
        except (OSError, http.client.HTTPException) as error:
            self._note(started, Outcome.LOST, f"{method} {path} {type(error).__name__}")
            return None
        finally:
            link.close()
        self._note(started, answer.outcome, f"{method} {path} {answer.status} {answer.body[:200]!r}")
        return answer

    def _note(self, started: float, outcome: Outcome, what: str) -> None:
        ended = time.monotonic()
        with self.lock:
            self.told.requests.append(Request(ended, ended - started, outcome, what))

    def _look(self) -> None:
        """Turn over the pages that anybody sees."""
        showtime = next(iter(self.halls))
        for path in _round(["/", "/movies", "/theatres", f"/booking/{showtime}", f"/api/v1/booking/{showtime}"]):
            if self.is_over.wait(LOOK_SECONDS):
                return
            self.request("GET", path)


class Buyer:
    """One person with an account. The same number lives the same life, but for what the others leave."""

    def __init__(self, crowd: Crowd, token: str) -> None:
        self.crowd = crowd
        self.token = token
        self.chance = random.Random(token)  # noqa: S311 - a life, no secret
        self.transfers: list[tuple[float, str]] = []  # when a slow bank pays, and which attempt

    def live(self) -> None:
        while not self.crowd.is_over.wait(self.chance.uniform(*THINK_SECONDS)):
            self._visit()
            due = [reference for at, reference in self.transfers if at <= time.monotonic()]
            self.transfers = [row for row in self.transfers if row[0] > time.monotonic()]
            for reference in due:
                self._charge(reference)

    def _visit(self) -> None:
        """Hold seats; then pay them in one of the ways that people have, or don't."""
        booking = self._hold()
        if booking is None or self._happens(0.08):
            return  # gone, without a word
        if self._happens(0.08):
            self._cancel(booking)
            return
        attempt = self._pay(booking, "card")
        if attempt is None or self._happens(0.05):
            return
        if self._happens(0.05):
            self.transfers.append((time.monotonic() + self.chance.uniform(20, 40), attempt))
            return
        self._charge(attempt)
        if self._happens(0.06) and (other := self._pay(booking, "ussd")):
            self._charge(other)  # in the other tab
        if self._happens(0.6):
            self._return(booking, attempt)
        if self._happens(0.2):
            self._cancel(booking)

    def _happens(self, often: float) -> bool:
        return self.chance.random() < often

    # ---- The steps

    def _hold(self) -> str | None:
        showtime, labels = self.chance.choice(list(self.crowd.halls.items()))
        first = self.chance.randrange(len(labels))
        seats = labels[first : first + self.chance.randint(1, 3)]
        answer = self._ask("POST", "/api/v1/booking", {"showtime": showtime, "seats": seats})
        if answer is None or answer.status != 201:
            return None
        booking = json.loads(answer.body)["booking"]
        with self.crowd.lock:
            self.crowd.told.held[booking["reference"]] = {seat["label"] for seat in booking["seats"]}
        assert {seat["label"] for seat in booking["seats"]} == set(seats)
        return str(booking["reference"])

    def _pay(self, booking: str, channel: str) -> str | None:
        answer = self._ask("POST", "/api/v1/booking/pay", {"booking": booking, "channel": channel})
        return str(json.loads(answer.body)["reference"]) if answer and answer.status == 200 else None

    def _charge(self, attempt: str) -> None:
        """Pay at Paystack, which tells Movy of it, three times out of four."""
        account = self.crowd.paystack.account
        with account.store.lock:
            transaction = account.store.get(Transaction, attempt)
            account.payments.force(transaction, {"status": "success"}, with_webhook=self._happens(0.75))

    def _return(self, booking: str, attempt: str) -> None:
        answer = self._ask("GET", f"/api/v1/verify-payment?reference={attempt}")
        if answer and answer.status == 200 and json.loads(answer.body)["booking"]["status"] == "confirmed":
            with self.crowd.lock:
                self.crowd.told.confirmed.add(booking)

    def _cancel(self, booking: str) -> None:
        answer = self._ask("POST", f"/api/v1/cancel-booking/{booking}", {})
        if answer and answer.status == 200:
            refund = json.loads(answer.body)["refund"]
            with self.crowd.lock:
                self.crowd.told.cancelled[booking] = refund["amount"]["amount"] if refund else 0

    def _ask(self, method: str, path: str, body: Any = None) -> Answer | None:
        """Ask until there is an answer, with one key, as an app does; None when patience ends."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            headers["Idempotency-Key"] = f"{self.chance.getrandbits(64):x}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self.crowd.request(method, path, body, headers)
            if answer is not None and answer.is_final:
                return answer
            time.sleep(self.chance.uniform(*ASK_AGAIN_SECONDS))
        with self.crowd.lock:
            self.crowd.told.unanswered.append(f"{method} {path}")
        return None


def _round(paths: list[str]) -> Any:
    while True:
        yield from paths
