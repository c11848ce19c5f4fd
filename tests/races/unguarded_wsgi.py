"""Movy with the guard of its seats taken out, for the test that must fail then: whatever the UPDATE matched, the hold
believes that it got all its seats."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from movy.wsgi import application

__all__ = ["application"]

services = import_module("bookings.services")  # not before the application above has set Django up
take = services.seats_take


def take_and_believe(**wish: Any) -> int:
    take(**wish)
    return len(wish["seat_ids"])


services.seats_take = take_and_believe
