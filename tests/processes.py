"""Processes as the system lists them: for tests that kill one."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str


def children(pid: int) -> list[Process]:
    """Return the processes that this one has started and that live."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(None, 3) for line in listed.stdout.splitlines())
    processes = [Process(int(row[0]), int(row[1]), row[3]) for row in rows if len(row) == 4 and row[2][0] != "Z"]
    return [process for process in processes if process.parent == pid]


def serving(keeper_pid: int, application: str) -> list[Process]:
    """Return the granian of an application, as "movy.wsgi", that a keeper has started: none while it is dead."""
    return [row for row in children(keeper_pid) if application in row.command]


def kill(process: Process) -> None:
    """Kill -9."""
    os.kill(process.pid, signal.SIGKILL)
