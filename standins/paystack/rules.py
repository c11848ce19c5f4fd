"""Which faults are on: for everything, or for one reference or operation; for good, or so many times."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

from standins.paystack.faults import FAULTS, Fault, Stage

DEFAULT: Any = object()  # stands for the fault's own default


@dataclass
class Rule:
    """A fault that is switched on. `times` counts down and None lasts; empty `reference` and `operation` mean any."""

    id: int
    fault: str
    value: Any
    reference: str = ""
    operation: str = ""
    times: int | None = None


class Faults:
    """The rules that are on. Thread-safe by a lock of its own, held for no longer than a look."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._last_id = 0
        self._lock = threading.Lock()

    def add(
        self, fault: str, *, value: Any = DEFAULT, reference: str = "", operation: str = "", times: int | None = None
    ) -> Rule:
        """Switch a fault on. None is a value like any other.

        Raises KeyError for a name that is not in FAULTS, ValueError with a sentence for what the fault cannot take.
        """
        known = FAULTS[fault]
        if value is DEFAULT:
            value = known.default
        known.kind.check(value)
        if operation and operation not in known.operations:
            raise ValueError(f"{fault} can be narrowed to {', '.join(known.operations) or 'no operation'}.")
        if times is not None and times < 1:
            raise ValueError("Times: a whole number above 0, or none for as long as it is on.")
        with self._lock:
            self._last_id += 1
            rule = Rule(self._last_id, fault, value, reference, operation, times)
            self._rules.append(rule)
        return rule

    def remove(self, rule_id: int | None = None) -> None:
        """Switch one rule off, or all of them."""
        with self._lock:
            self._rules = [rule for rule in self._rules if rule_id is not None and rule.id != rule_id]

    def rows(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def take(self, stage: Stage, *, operation: str, reference: str) -> list[tuple[Fault, Any]]:
        """Return the faults of a stage that strike here, in the order they were switched on, and count them."""
        return [(FAULTS[rule.fault], rule.value) for rule in self._strike(operation, reference, stage=stage)]

    def value(self, fault: str, *, operation: str = "", reference: str, default: Any) -> Any:
        """Return the value of a PAYER or RULE fault that is on here, or else the default."""
        struck = self._strike(operation, reference, fault=fault)
        return struck[-1].value if struck else default

    def is_on(self, fault: str, *, reference: str) -> bool:
        """Tell whether a fault without a value strikes here, and count it."""
        return bool(self._strike("", reference, fault=fault))

    def _strike(self, operation: str, reference: str, *, stage: Stage | None = None, fault: str = "") -> list[Rule]:
        with self._lock:
            struck = [
                rule
                for rule in self._rules
                if (rule.fault == fault or FAULTS[rule.fault].stage == stage)
                and rule.reference in ("", reference)
                and rule.operation in ("", operation)
                and (not FAULTS[rule.fault].only or operation in FAULTS[rule.fault].only)
            ]
            for rule in struck:
                if rule.times is not None:
                    rule.times -= 1
            self._rules = [rule for rule in self._rules if rule.times != 0]
        return struck
