"""The keeper of processes, tried from outside: a small program of its own that we can signal and kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.supervisor import spawn

ROOT = Path(__file__).parents[2]
# A part with a child, both of which write down who they are, so that we can look for them afterwards.
PART = """
import os, pathlib, subprocess, sys, time
folder = pathlib.Path(sys.argv[1])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
for pid in (os.getpid(), child.pid):
    (folder / str(pid)).touch()
time.sleep(600)
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + PART
KEEPER = """
import sys
from scripts.supervisor import Part, Supervisor
with Supervisor([Part("part", [sys.executable, "-c", sys.argv[1], sys.argv[2]])], grace_seconds=1) as supervisor:
    supervisor.watch()
print("stopped")
"""

Keeper = Callable[[str], "subprocess.Popen[str]"]


def eventually(is_so: Callable[[], bool], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be asked for its status doesn't."""
    state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return state not in ("", "Z")


def pids(folder: Path) -> set[int]:
    return {int(path.name) for path in folder.iterdir()}


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """Start a supervisor of one part, and wait until that part and its child run."""
    started: list[subprocess.Popen[str]] = []

    def start(part: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", KEEPER, part, str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        started.append(process)
        assert eventually(lambda: len(pids(tmp_path)) == 2)
        return process

    yield start
    for process in started:
        process.kill()
    for pid in pids(tmp_path):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    for process in started:
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_parts_and_their_children(keeper: Keeper, tmp_path: Path, number: int) -> None:
    process = keeper(PART)
    process.send_signal(number)
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert not any(is_alive(pid) for pid in pids(tmp_path))


def test_a_part_that_ignores_the_signal_is_killed_after_the_grace(keeper: Keeper, tmp_path: Path) -> None:
    process = keeper(STUBBORN)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[0] == "stopped\n"
    assert not any(is_alive(pid) for pid in pids(tmp_path))


def test_a_part_that_dies_is_started_again_and_its_children_do_not_stay(keeper: Keeper, tmp_path: Path) -> None:
    keeper(PART)
    first = pids(tmp_path)
    os.kill(min(first), signal.SIGKILL)
    assert eventually(lambda: len(pids(tmp_path)) == 4)
    assert eventually(lambda: not any(is_alive(pid) for pid in first))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_part_ends_with_a_supervisor_that_was_killed(keeper: Keeper, tmp_path: Path) -> None:
    process = keeper(PART)
    part = min(pids(tmp_path))
    process.kill()
    assert eventually(lambda: not is_alive(part))


def test_variables_of_a_part_come_on_top_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVY_OURS", "ours")
    program = "import os; print(os.environ['MOVY_OURS'], os.environ['MOVY_ITS'])"
    process = spawn([sys.executable, "-c", program], env={"MOVY_ITS": "its"}, stdout=subprocess.PIPE)
    assert process.communicate()[0] == b"ours its\n"
