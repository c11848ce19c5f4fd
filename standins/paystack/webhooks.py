"""Sends signed events and tries again, as Paystack does, until the receiver answers 200."""

import hashlib
import hmac
import http.client
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from standins.paystack.config import Config
from standins.paystack.faults import Faults, Message, Stage
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

    def emit(self, event: str, data: dict[str, Any], *, reference: str) -> list[Delivery]:
        """Send an event, with whatever faults are on for it, and return its deliveries: more than one if duplicated."""
        body = json.dumps({"event": event, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()
        message = Message(event, body)
        for fault, value in self._faults.take(Stage.MESSAGE, operation=event, reference=reference):
            fault.act(message, value)
        deliveries = [self._delivery(message, reference) for _ in range(message.copies)]
        for delivery in deliveries:
            if delivery.status == "pending":
                self._try_after(message.delay_seconds, delivery)
        return deliveries

    def resend(self, delivery: Delivery) -> Delivery:
        """Send the same bytes once more, as a delivery of its own."""
        url = self._config.webhook_url
        status = "pending" if url else "lost"
        again = replace(delivery, id=self._store.next_id(), url=url, status=status, tries=[], created_at=now())
        self._store.save(again)
        if url:
            self._try_after(0, again)
        return again

    def release(self) -> list[Delivery]:
        """Send what was held back, oldest first."""
        held = [delivery for delivery in self._store.all(Delivery) if delivery.status == "held"]
        for delivery in held:
            delivery.status = "pending"
            self._store.save(delivery)
            self._try_after(0, delivery)
        return held

    def resume(self) -> None:
        """After a restart: go on with what was under way."""
        for delivery in self._store.all(Delivery):
            if delivery.status == "pending":
                self._try_after(0, delivery)

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
            )
        )

    def _try_after(self, seconds: float, delivery: Delivery) -> None:
        self._scheduler.after(seconds, lambda: self._try(delivery))

    def _try(self, delivery: Delivery) -> None:
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
                self._try_after(ladder[len(delivery.tries) - 1] / self._config.speed, delivery)
            self._store.save(delivery)


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
