"""What a test of a fault proves: a row of the table that `make test-long` ends with (scripts/suite.py prints it)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from movy.lib.clock import database_now
from payments.audit import violations

PROPERTY = "proof"
"""The name under which a row stands in pytest's JUnit report."""


@dataclass
class Count:
    """How often the fault was injected so far: the test counts it up."""

    times: int = 0


class Proof:
    """Call it around what injects a fault and looks at what held. `record` takes a name and a text."""

    def __init__(self, record: Callable[[str, str], None]) -> None:
        self._record = record

    @contextmanager
    def __call__(self, fault: str, *, holds: str, audit: Callable[[], Iterable[str]] | None = None) -> Iterator[Count]:
        """Yield the count, then hold the audit's promises against the database, and note the row, also of a failure.

        audit: what returns the broken promises, where they are not those of this process's own database.
        """
        count = Count()
        row = {"fault": fault, "holds": holds, "held": False, "times": 0, "violations": None}
        try:
            yield count
            broken = list(audit() if audit else violations(database_now()))
            row |= {"held": not broken, "violations": len(broken)}
            assert broken == [], "\n".join(broken)  # no test module: pytest shows no values by itself
        finally:
            self._record(PROPERTY, json.dumps(row | {"times": count.times}, ensure_ascii=False))
