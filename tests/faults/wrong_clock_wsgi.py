"""Movy on a machine whose clock is wrong by CLOCK_MINUTES, and goes on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import time_machine

wrong = datetime.now(UTC) + timedelta(minutes=float(os.environ["CLOCK_MINUTES"]))
time_machine.travel(wrong, tick=True).start()

from movy.wsgi import application  # noqa: E402 - nothing of Movy has seen the right time

__all__ = ["application"]
