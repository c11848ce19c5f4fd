"""The scripts on a buyer's way, which an old phone reads too."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OF_STAFF = {"api-docs", "camera", "desk", "desk_sold", "door", "plan-editor", "plan-model", "schedule", "schedule-form"}

# What browsers of 2020 (Chrome 87, Firefox 83, Safari 14) read is allowed. A module with newer syntax does not run at
# all, and a newer method stops in the middle. With `?.()` a script asks first, so that is allowed for anything.
NEWER = {
    "a class's own fields and blocks": r"^\s*(?:static \{|(?:static )?#\w+ ?[=;(])",
    "await outside of a function": r"^(?:const \w+ = )?await ",
    "at()": r"\.at\(",
    "Object.hasOwn": r"\bhasOwn\(",
    "Object.groupBy": r"\bgroupBy\(",
    "findLast": r"\.findLast(?:Index)?\(",
    "toSorted and its kin": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "structuredClone": r"\bstructuredClone\(",
    "Promise.withResolvers": r"\bwithResolvers\(",
    "AbortSignal.timeout": r"AbortSignal\.(?:timeout|any)\(",
}


def newer(script: str) -> list[str]:
    return [what for what, text in NEWER.items() if re.search(text, script, re.MULTILINE)]


def test_buyers_scripts_need_no_browser_younger_than_2020() -> None:
    scripts = [file for file in (ROOT / "static/js").glob("*.js") if file.stem not in OF_STAFF]
    scripts.append(ROOT / "templates/worker.js")
    found = {file.name: newer(file.read_text()) for file in scripts}
    assert {name: what for name, what in found.items() if what} == {}


def test_a_newer_script_would_be_noticed() -> None:
    assert newer("const last = row.at(-1);") == ["at()"]
    assert newer("  #state = 0;\n") == ["a class's own fields and blocks"]
    assert newer("const signal = AbortSignal.timeout?.(5);") == []
