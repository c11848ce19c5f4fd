"""Start a few processes, start again what dies, and leave none behind.

Every part leads a process group of its own, so that stopping it reaches its children too and Ctrl-C reaches us alone.
On Linux the kernel also ends a part when we are killed without a chance to do it ourselves.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Self

GRACE_SECONDS = 10.0  # from SIGTERM to SIGKILL
TICK_SECONDS = 0.1
STEADY_SECONDS = 10.0  # a part that keeps ending before this age is started again after ever longer pauses
PAUSE_SECONDS_MAX = 32

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here, because a forked child must not


@dataclass(frozen=True)
class Part:
    """A process to keep alive: its name in messages, its command, and variables on top of our own environment."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def die_with_parent(parent_pid: int | None = None) -> None:
    """Have the kernel send us SIGTERM when our parent dies. Linux only; elsewhere this does nothing.

    parent_pid: who the parent must still be; a parent that died before we could ask ends us at once.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if parent_pid is not None and os.getppid() != parent_pid:
        os._exit(1)


def spawn(command: Sequence[str], *, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command as the leader of its own process group, ended with us.

    Call it from the main thread: the kernel takes the end of the calling thread for the end of the parent.
    env: on top of our own environment. Other options are Popen's.
    """
    parent_pid = os.getpid()
    return subprocess.Popen(
        command,
        env=os.environ | dict(env or {}),
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(parent_pid),
        **options,
    )


def group_kill(leader: subprocess.Popen[bytes]) -> None:
    """Kill a process and all its children, also those that it left behind."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says the second about the dead
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()


def groups_end(
    leaders: Sequence[subprocess.Popen[bytes]],
    *,
    number: int = signal.SIGTERM,
    grace_seconds: float = GRACE_SECONDS,
    hurry: Callable[[], bool] = lambda: False,
) -> None:
    """End processes with all their children: politely, and by force after the grace or when `hurry` says so.

    number: the polite signal. Only the leader gets it, because some end their children in an order of their own
    (granian's workers hang for seconds when they get one too); children that outlive their leader are killed.
    """
    for leader in leaders:
        leader.send_signal(number)
    deadline = time.monotonic() + grace_seconds
    while any(leader.poll() is None for leader in leaders) and time.monotonic() < deadline and not hurry():
        time.sleep(TICK_SECONDS)
    for leader in leaders:
        group_kill(leader)


class _Kept:
    """A part and the process that plays it now; between two of them there is none."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.due_at = 0.0
        self.early_ends = 0  # in a row

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = spawn(self.part.command, env=self.part.env)

    def look(self) -> None:
        """Start the part when it is due; when it has died, say so and set the time of its next start."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        group_kill(self.process)  # its children would hold the port
        self.process = None
        self.early_ends = 0 if now - self.started_at >= STEADY_SECONDS else self.early_ends + 1
        pause = 0 if self.early_ends < 2 else min(2 ** (self.early_ends - 2), PAUSE_SECONDS_MAX)
        self.due_at = now + pause
        when = f"in {pause} s" if pause else "now"
        print(f"{self.part.name} ended with status {status}; starting it again {when}.", file=sys.stderr, flush=True)


class Supervisor:
    """Keeps parts alive inside a `with` block, and stops them at its end.

    SIGINT, SIGTERM and SIGHUP end watch() early; a second one ends the patience with parts that are slow to stop.
    """

    def __init__(self, parts: Sequence[Part], *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._kept = [_Kept(part) for part in parts]
        self._grace_seconds = grace_seconds
        self._signals: list[int] = []

    @property
    def is_stopping(self) -> bool:
        return bool(self._signals)

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        groups_end(
            [kept.process for kept in self._kept if kept.process],
            grace_seconds=self._grace_seconds,
            hurry=self._is_pressed,
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)

    def _is_pressed(self) -> bool:
        return len(self._signals) > 1

    def call(self, command: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
        """Run a command to its end and return its status. It gets the signal that ends us, and its time for it."""
        process = spawn(command, env=env)
        while process.poll() is None and not self.is_stopping:
            time.sleep(TICK_SECONDS)
        number = self._signals[0] if self._signals else signal.SIGTERM
        groups_end([process], number=number, grace_seconds=self._grace_seconds, hurry=self._is_pressed)
        return process.returncode

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Start the parts, and again whenever one dies, until a signal comes or `until` says so."""
        while not self.is_stopping:
            for kept in self._kept:
                kept.look()
            if until():
                return
            time.sleep(TICK_SECONDS)
