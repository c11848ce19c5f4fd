"""A booking's whole way over HTTP, for tests in which something is sick that it must not need."""

from __future__ import annotations

import json
import time

from bookings.models import Booking, BookingStatus
from payments.models import Payment
from payments.tests.factories import charge
from tests.site import Answer, Site


def walk(site: Site, *, token: str, showtime_id: int, label: str) -> float:
    """Look around, hold, pay, be told of by Paystack, cancel; return how many seconds the slowest answer took."""
    slowest = 0.0

    def ask(method: str, path: str, body: object = None) -> Answer:
        nonlocal slowest
        started = time.monotonic()
        answer = site.call(method, path, body=body, token=token if path.startswith("/api/") else "")
        slowest = max(slowest, time.monotonic() - started)
        assert (path, answer.status) == (path, 201 if path.endswith("/booking") and method == "POST" else 200)
        return answer

    for page in ("/", "/movies", "/theatres", f"/booking/{showtime_id}", "/auth/user/login", "/api/v1/movies"):
        ask("GET", page)
    held = ask("POST", "/api/v1/booking", {"showtime": showtime_id, "seats": [label]})
    reference = held.json()["booking"]["reference"]
    attempt = ask("POST", "/api/v1/booking/pay", {"booking": reference}).json()["reference"]
    charge(Payment.objects.get(reference=attempt))
    started = time.monotonic()
    told = site.webhook(json.dumps({"event": "charge.success", "data": {"reference": attempt}}).encode())
    slowest = max(slowest, time.monotonic() - started)
    assert told.status == 200
    assert Booking.objects.get(reference=reference).status == BookingStatus.CONFIRMED
    ask("POST", f"/api/v1/cancel-booking/{reference}", {})
    assert Booking.objects.get(reference=reference).status == BookingStatus.CANCELLED
    return slowest
