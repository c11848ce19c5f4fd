"""`make test`: lint, the tests on SQLite, on MariaDB + Redis, in a browser; then a table of what ran where.

A part that cannot run has failed, and so has a part without a test. DATABASE_URL=mysql://… and REDIS_URL stand in for
the private servers. What the tests mean must not depend on this machine's .env: the variables below win over it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.servers import MariaDB, Redis, ServerMissing
from scripts.supervisor import Supervisor

NOBODY = "http://127.0.0.1:9"  # the discard port: a test that forgets its stand-in meets no real service
ENVIRONMENT = {
    "DEBUG": "1",
    "SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789-0123",
    "BASE_URL": "http://testserver",
    "ALLOWED_HOSTS": "*",
    "EMAIL_URL": "console:",
    "HOLD_MINUTES": "10",
    "RATE_LIMITS": "on",
    "PAYSTACK_BASE_URL": NOBODY,
    "PAYSTACK_SECRET_KEY": "sk_test_movy_standin",
    "TMDB_BASE_URL": NOBODY,
    "TMDB_ACCESS_TOKEN": "movy-standin-token",
    "GOOGLE_CLIENT_ID": "movy-standin.apps.googleusercontent.test",
    "GOOGLE_CLIENT_SECRET": "movy-standin-secret",
}

INTERRUPTED = 130  # what a shell says of a command that Ctrl-C ended

Where = Callable[[Path], AbstractContextManager[dict[str, str]]]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a run on SQLite: a file, which the threads of a test can share."""
    yield {"DATABASE_URL": f"sqlite:///{folder}/movy.sqlite3", "REDIS_URL": ""}


@contextmanager
def on_mariadb(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a run on MariaDB and Redis: the servers that the caller named, or our own."""
    with ExitStack() as stack:
        database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if not database_url.startswith("mysql:"):
            database_url = stack.enter_context(MariaDB(folder / "mariadb")).url
        if not redis_url:
            redis_url = stack.enter_context(Redis(folder / "redis")).url
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


@dataclass(frozen=True)
class Part:
    """A run of pytest. `marks` is its -m, `processes` its -n."""

    name: str
    where: str
    servers: Where
    marks: str
    processes: int = 2


PARTS = {
    part.name: part
    for part in (
        Part("sqlite", "SQLite", on_sqlite, "not mariadb and not browser and not long"),
        Part("mariadb", "MariaDB + Redis", on_mariadb, "(database or mariadb) and not browser and not long"),
        Part("browser", "Chromium, SQLite", on_sqlite, "browser and not long"),
        Part("fast", "SQLite", on_sqlite, "not mariadb and not browser and not slow and not long"),
        Part("long", "MariaDB + Redis", on_mariadb, "long", processes=0),
    )
}
ALL = ["lint", "sqlite", "mariadb", "browser"]


@dataclass(frozen=True)
class Outcome:
    """What a part did: a row of the table."""

    name: str
    where: str
    is_good: bool
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    proofs: tuple[dict[str, Any], ...] = ()
    """What its tests proved, as tests/proof.py notes it."""
    guards: tuple[dict[str, Any], ...] = ()
    """Which guards were taken out, as tests/mutations notes it."""


def lint(supervisor: Supervisor) -> Outcome:
    return Outcome("lint", "the code", is_good=supervisor.call(["scripts/lint"]) == 0)


def counts(report: Path) -> dict[str, int]:
    """Return passed, failed and skipped of pytest's JUnit report; nothing of one that was never written."""
    if not report.exists():
        return {}
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 (we wrote it)

    def total(attribute: str) -> int:
        return sum(int(suite.get(attribute, 0)) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return {"passed": total("tests") - failed - skipped, "failed": failed, "skipped": skipped}


def noted(report: Path, name: str) -> tuple[dict[str, Any], ...]:
    """Return what the tests of a report noted under a name, in the order they ran: a "proof" for each fault that they
    injected, a "guard" for each that they took out."""
    if not report.exists():
        return ()
    rows = ET.parse(report).getroot().iterfind(f".//property[@name='{name}']")  # noqa: S314 (we wrote it)
    return tuple(json.loads(row.get("value", "")) for row in rows)


def run(part: Part, supervisor: Supervisor) -> Outcome:
    """Run a part of the tests with the servers it needs. One that did not run at all is not good."""
    with tempfile.TemporaryDirectory(prefix="movy-") as name:
        folder = Path(name)
        report = folder / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", part.marks, "-n", str(part.processes)]
        command += [f"--junitxml={report}", "-o", "junit_family=xunit1"]  # the newer form has no place for notes
        try:
            with part.servers(folder) as environment:
                status = supervisor.call(command, env=ENVIRONMENT | environment)
        except ServerMissing as error:
            print(error, file=sys.stderr)
            return Outcome(part.name, part.where, is_good=False)
        proofs, guards = noted(report, "proof"), noted(report, "guard")
        return Outcome(part.name, part.where, status == 0, proofs=proofs, guards=guards, **counts(report))


def table(outcomes: Sequence[Outcome]) -> str:
    """Return what ran where, and a last line that a pipeline can count."""
    head = f"{'part':<9}{'where':<18}{'':<8}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"
    rows = [
        f"{row.name:<9}{row.where:<18}{'ok' if row.is_good else 'FAILED':<8}"
        f"{row.passed:>8}{row.failed:>8}{row.skipped:>9}{row.seconds:>9.0f}"
        for row in outcomes
    ]
    passed, skipped = sum(row.passed for row in outcomes), sum(row.skipped for row in outcomes)
    failed = sum(row.failed or not row.is_good for row in outcomes)  # a part that could not run counts as one
    total = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    return "\n".join(["", head, *rows, "", total])


def proof_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return which fault was injected how often, what held, and the audit's word after it."""
    width = max(len(row["fault"]) for row in rows)
    lines = [f"{'fault':<{width}}  {'times':>6}  {'audit':<13}  what held"]
    for row in rows:
        audit = "not reached" if row["violations"] is None else f"violations={row['violations']}"
        outcome = row["holds"] if row["held"] else f"FAILED: {row['holds']}"
        lines.append(f"{row['fault']:<{width}}  {row['times']:>6}  {audit:<13}  {outcome}")
    return "\n".join(["", *lines])


def guard_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return which guard was taken out and which test was red without it."""
    width = max(len(row["guard"]) for row in rows)
    lines = [f"{'taken out':<{width}}  red without it"]
    lines += [f"{row['guard']:<{width}}  {row['test'] if row['is_red'] else 'NOT NOTICED'}" for row in rows]
    total = f"{len(rows)} guards taken out, {sum(row['is_red'] for row in rows)} noticed"
    return "\n".join(["", *lines, total])


def main(names: Sequence[str]) -> int:
    if unknown := set(names) - {"lint", *PARTS}:
        print(f"No such part: {', '.join(unknown)}. There are lint, {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    outcomes: list[Outcome] = []
    with Supervisor([]) as supervisor:
        for name in names or ALL:
            print(f"\n=== {name}", flush=True)
            started_at = time.monotonic()
            outcome = lint(supervisor) if name == "lint" else run(PARTS[name], supervisor)
            outcomes.append(replace(outcome, seconds=time.monotonic() - started_at))
            if supervisor.is_stopping:
                return INTERRUPTED
    long = [outcome for outcome in outcomes if outcome.name == "long"]
    if taken_out := [row for outcome in long for row in outcome.guards]:
        print(guard_table(taken_out))
    if proved := [row for outcome in long for row in outcome.proofs]:
        print(proof_table(proved))
    print(table(outcomes))
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
