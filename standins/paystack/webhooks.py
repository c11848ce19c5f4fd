"""Sends signed events and tries again, as Paystack does, until the receiver answers 200."""

import hashlib
import hmac
import http.client
import json
import re
import threading
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from standins.http import Connection, Sender
from standins.paystack.config import Config
from standins.paystack.faults import Message, Stage
from standins.paystack.rules import Faults
from standins.paystack.schedule import Scheduler
from standins.paystack.store import Delivery, Store, now

TRY_SECONDS = 30  # how long one try may take
LADDERS = {  # seconds from one try to the next
    "test": (3600,) * 10,
    "live": (180,) * 4 + (3600,) * 72,
}
SIGNATURE_HEADER = "x-paystack-signature"


def sign(body: bytes, key: str) -> str:
    return hmac.new(key.encode(), body, hashlib.sha512).hexdigest()


class Webhooks:
    """Call its methods while holding the store's lock; the sending itself holds no lock."""

    def __init__(self, config: Config, store: Store, faults: Faults, scheduler: Scheduler) -> None:
        self._config = config
        self._store = store
        self._faults = faults
        self._scheduler = scheduler
        self._tried = threading.Condition(store.lock)

    def emit(self, event: str, data: dict[str, Any], *, reference: str) -> list[Delivery]:
        """Send an event, with whatever faults are on for it, and return its deliveries: more than one if duplicated."""
        body = json.dumps({"event": event, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()
        message = Message(event, body)
        for fault, value in self._faults.take(Stage.MESSAGE, operation=event, reference=reference):
            fault.act(message, value)
        deliveries = [self._delivery(message, reference) for _ in range(message.copies)]
        if deliveries[0].status == "pending":
            for turn in [deliveries] if message.is_in_turn else [[delivery] for delivery in deliveries]:
                self._try_in_turn(turn, after=message.delay_seconds)
        return deliveries

    def resend(self, delivery: Delivery) -> Delivery:
        """Send the same bytes once more, as a delivery of its own."""
        url = self._config.webhook_url
        status = "pending" if url else "lost"
        again = replace(delivery, id=self._store.next_id(), url=url, status=status, tries=[], created_at=now())
        self._store.save(again)
        if url:
            self._try_in_turn([again])
        return again

    def release(self) -> list[Delivery]:
        """Send all that was held back, oldest first."""
        held = self._release(self.held())
        for delivery in held:
            self._try_in_turn([delivery], after=delivery.delay_seconds)
        return held

    def release_after_return(self, reference: str) -> None:
        """The payer's browser is on its way back: send what waited for that."""
        for delivery in self._release(self.held(reference, until="return")):
            self._try_in_turn([delivery], after=delivery.delay_seconds)

    def release_after_refund(self, reference: str) -> None:
        """A refund has come to its end: send what waited for that, the newest first and each after the other."""
        newest_first = self._release(self.held(reference, until="refund"))[::-1]
        if newest_first:
            self._try_in_turn(newest_first)

    def held(self, reference: str | None = None, *, until: str | None = None) -> list[Delivery]:
        """Return what is held back, oldest first: all of it, or of one reference, or for one reason."""
        return [
            delivery
            for delivery in self._store.all(Delivery)
            if delivery.status == "held"
            and reference in (None, delivery.reference)
            and until in (None, delivery.held_until)
        ]

    def once_told(self, reference: str, *, seconds: float) -> Sender:
        """Return a sender that waits until all that is under way about a payment was tried, so many seconds at most."""

        def is_told() -> bool:
            about_it = [delivery for delivery in self._store.all(Delivery) if delivery.reference == reference]
            return all(delivery.tries or delivery.status != "pending" for delivery in about_it)

        def sender(connection: Connection, answer: bytes) -> None:
            with self._tried:
                self._tried.wait_for(is_told, seconds)
            connection.send(answer)

        return sender

    def resume(self) -> None:
        """After a restart: go on with what was under way."""
        for delivery in self._store.all(Delivery):
            if delivery.status == "pending":
                self._try_in_turn([delivery])

    def _release(self, held: list[Delivery]) -> list[Delivery]:
        for delivery in held:
            delivery.status = "pending"
            self._store.save(delivery)
        return held

    def _delivery(self, message: Message, reference: str) -> Delivery:
        signature = message.signature or sign(message.body, message.signature_key or self._config.secret_key)
        body = message.body if message.body_sent is None else message.body_sent
        status = message.status if self._config.webhook_url else "lost"
        return self._store.save(
            Delivery(
                id=self._store.next_id(),
                event=message.event,
                reference=reference,
                body=body.decode(),
                signature=signature,
                url=self._config.webhook_url,
                status=status,
                held_until=message.held_until,
                delay_seconds=message.delay_seconds,
            )
        )

    def _try_in_turn(self, deliveries: list[Delivery], *, after: float = 0) -> None:
        """Try the first so many seconds later, and each of the others once the one before it was tried."""
        self._scheduler.after(after, lambda: self._try(deliveries[0], deliveries[1:]))

    def _try(self, delivery: Delivery, others: list[Delivery]) -> None:
        at = now()
        status, error = post(delivery)
        with self._store.lock:
            if self._store.get(Delivery, delivery.key) is not delivery:
                return  # everything was cleared meanwhile
            delivery.tries.append({"at": at, "response_code": status, "error": error})
            ladder = LADDERS[self._config.ladder]
            if status == 200:
                delivery.status = "delivered"
            elif len(delivery.tries) > len(ladder):
                delivery.status = "failed"
            else:
                self._try_in_turn([delivery], after=ladder[len(delivery.tries) - 1] / self._config.speed)
            self._store.save(delivery)
            if others:
                self._try_in_turn(others)
            self._tried.notify_all()


def post(delivery: Delivery) -> tuple[int | None, str]:
    """Send a message once. Returns the status and "", or None and what broke. Follows no redirect and no proxy."""
    parts = urlsplit(delivery.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = re.sub(r"[^!-~]", "", parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json", "User-Agent": "Paystack/2.0", SIGNATURE_HEADER: delivery.signature}
    connection = kind(parts.hostname or "", parts.port, timeout=TRY_SECONDS)
    try:
        connection.request("POST", path, body=delivery.body.encode(), headers=headers)
        return connection.getresponse().status, ""
    except (OSError, http.client.HTTPException) as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        connection.close()
