"""Movy with the guard of its seats taken out, for the test that must fail then: whatever the UPDATE matched, the hold
believes that it got all its seats."""

from __future__ import annotations

from typing import Any

import bookings.services  # noqa: E402, I001 - models can be imported once the application above has set Django up
from movy.wsgi import application

_take = bookings.services.seats_take


def _take_and_believe(**wish: Any) -> int:
    _take(**wish)
    return len(wish["seat_ids"])


bookings.services.seats_take = _take_and_believe

__all__ = ["application"]
