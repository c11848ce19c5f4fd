"""A copy of the tree in which a guard can be missing, and what its tests say there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scripts.supervisor import group_kill, spawn
from tests.mutations.mutation import ROOT, Mutation

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")
DATABASE = "movy_mutants"
"""Beside the one of the tests that wait for these, on the same server. Made once, because each test leaves it empty."""

PYTEST = [
    *[sys.executable, "-m", "pytest", "-p", "pytest_django.plugin", "-p", "no:cacheprovider"],
    *["-q", "--no-header", "--reuse-db"],
]
"""Without the plugins that come by themselves: those take a third of the time in which one test starts and ends."""

TEST_SECONDS_MAX = 90.0  # for one mutation's test; a guard against waiting may be what is missing
ALL_SECONDS_MAX = 900.0

BROKEN_PROGRAM = re.compile(
    r"(\w+\.)*(AttributeError|ImportError|ModuleNotFoundError|NameError|ProgrammingError|TypeError|UnboundLocalError)\b"
)
"""What a test dies of when the replacement left no working program or SQL, which says nothing about the guard."""

AT_THE_END = 'failed on teardown with "'
"""How pytest's report begins to tell of a fixture that failed after its test."""


class Verdict(StrEnum):
    """What a test said, from good to worse."""

    GREEN = "green"
    RED = "red"
    BROKEN = "broken"


@dataclass(frozen=True)
class Run:
    """What pytest did: its exit status, a verdict for each test by its id, and all that it printed."""

    status: int | None
    verdicts: dict[str, Verdict]
    printed: str


class Tree:
    """A copy of the code under `folder`, with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "movy"
        self._report = folder / "report.xml"
        self._database_url = database_url(os.environ.get("DATABASE_URL", ""), folder)
        self._make_database = True
        shutil.copytree(ROOT, self.folder, ignore=NOT_COPIED)

    @contextmanager
    def without(self, mutation: Mutation) -> Iterator[None]:
        """Take a guard out inside the block. Raises Rotten."""
        changed = {self.folder / name: source for name, source in mutation.sources(self.folder).items()}
        kept = {file: file.read_text() for file in changed}
        try:
            for file, source in changed.items():
                file.write_text(source)
            yield
        finally:
            for file, source in kept.items():
                file.write_text(source)

    def test(self, tests: Iterable[str], *, options: Sequence[str] = (), seconds: float = TEST_SECONDS_MAX) -> Run:
        """Run tests of the copy in a process of their own. One that takes longer than that is ended, without a
        status."""
        self._report.unlink(missing_ok=True)
        database = ["--create-db"] if self._make_database else []
        process = spawn(
            [*PYTEST, *database, f"--junitxml={self._report}", *options, *tests],
            cwd=self.folder,
            env={"DATABASE_URL": self._database_url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            printed, _nothing = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            group_kill(process)
            self._make_database = True  # who knows what was left in it
            return Run(None, {}, f"not done after {seconds:.0f} s")
        self._make_database = False
        return Run(process.returncode, verdicts(self._report), printed.decode(errors="replace"))


def database_url(url: str, folder: Path) -> str:
    """Return where the copy's tests keep their data: on the server of ours, or in a file of the folder."""
    if url.startswith("mysql:"):
        return f"{url.rpartition('/')[0]}/{DATABASE}"
    return f"sqlite:///{folder}/{DATABASE}.sqlite3"


def verdicts(report: Path) -> dict[str, Verdict]:
    """Return what pytest's JUnit report says of each test by its id; without its parameters the worst of all."""
    if not report.exists():
        return {}
    found: dict[str, Verdict] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        said = _verdict(case)
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '')}"
        for known in {name, name.partition("[")[0]}:
            found[known] = max(found.get(known, said), said, key=list(Verdict).index)
    return found


def _verdict(case: ET.Element) -> Verdict:
    """Red: the test failed, or a fixture found at its end that something is wrong. What fails before a test is broken,
    and so is a test that did not run."""
    failure, error = case.find("failure"), case.find("error")
    if failure is not None:
        message = failure.get("message", "")
    elif error is not None and error.get("message", "").startswith(AT_THE_END):
        message = error.get("message", "").removeprefix(AT_THE_END)
    else:
        return Verdict.GREEN if error is None and case.find("skipped") is None else Verdict.BROKEN
    return Verdict.BROKEN if BROKEN_PROGRAM.match(message) else Verdict.RED
