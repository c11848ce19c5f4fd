"""A process that kills itself (SIGKILL) before or after its nth step, or at a named one: bent Movies run in it.

A step is what somebody outside can see: a statement, a COMMIT, a call to Paystack. What the process does in between
dies with it and is nobody's business.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from movy.lib.http import Outside
from movy.lib.mysql.base import CursorWrapper, DatabaseWrapper

Deed = Callable[[], None]


class Countdown:
    """Counts the steps of one request, and dies at the step `last`; 0 never dies."""

    def __init__(self) -> None:
        self.steps = 0
        self.last = 0

    def begin(self, last: int) -> None:
        self.steps, self.last = 0, last

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.last:
            die()


countdown = Countdown()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def steps_counted() -> None:
    """Make a step before each statement, and before and after each COMMIT and each call outside. After a statement that
    is not yet committed, and before the next one, the world is the same."""
    _bend(CursorWrapper, "execute", before=countdown.step)
    _bend(CursorWrapper, "executemany", before=countdown.step)
    _bend(DatabaseWrapper, "_commit", before=countdown.step, after=countdown.step)
    _bend(Outside, "fetch", before=countdown.step, after=countdown.step)
    _bend(Outside, "fetch_json", before=countdown.step, after=countdown.step)


def die_at(point: str) -> None:
    """Die at "before payments.flows.refunds.paystack.refund_create", or after it: a module, then names inside it."""
    when, _blank, path = point.partition(" ")
    owner, _dot, name = path.rpartition(".")
    _bend(_found(owner), name, **{when: die})


def _nothing() -> None:
    pass


def _bend(
    owner: Any, name: str, *, before: Callable[[], None] = _nothing, after: Callable[[], None] = _nothing
) -> None:
    real = getattr(owner, name)

    @wraps(real)
    def bent(*args: Any, **kwargs: Any) -> Any:
        before()
        result = real(*args, **kwargs)
        after()
        return result

    setattr(owner, name, bent)


def _found(path: str) -> Any:
    """Return a module, or what a module has under a dotted name."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        owner, _dot, name = path.rpartition(".")
        return getattr(_found(owner), name)
