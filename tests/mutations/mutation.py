"""A guard of the code taken out by replacing its source, and the test that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Rotten(AssertionError):
    """A line of the list that no longer fits the code: its text isn't there exactly once, or what is left is no
    Python."""


@dataclass(frozen=True)
class Edit:
    """One replacement in a file: `old` stands there exactly once."""

    file: str
    old: str
    new: str

    def applied(self, source: str) -> str:
        """Return the source with the replacement made. Raises Rotten."""
        found = source.count(self.old)
        if found != 1:
            raise Rotten(f"{self.file} has this {found} times instead of once:\n{self.old}")
        changed = source.replace(self.old, self.new)
        if self.file.endswith(".py"):
            try:
                compile(changed, self.file, "exec")
            except SyntaxError as error:
                raise Rotten(f"{self.file} is no Python any more, {error}:\n{self.new}") from error
        return changed


@dataclass(frozen=True)
class Mutation:
    """A guard, how it is taken out, and the test that is red without it.

    `backed_by`: what else keeps the promise where this guard alone is not missed; it is taken out together with it
    where `also` has its text, and else the test is one that looks at this guard alone.
    `needs_mariadb`: the test is marked so, and means nothing on SQLite.
    """

    guard: str
    file: str
    old: str
    new: str
    test: str
    also: tuple[Edit, ...] = ()
    backed_by: str = ""
    needs_mariadb: bool = False

    @property
    def name(self) -> str:
        """The guard as a test's id."""
        return re.sub(r"[^a-z0-9]+", "-", self.guard.lower()).strip("-")

    @property
    def edits(self) -> tuple[Edit, ...]:
        return Edit(self.file, self.old, self.new), *self.also

    def sources(self, root: Path) -> dict[str, str]:
        """Return the files of a tree as they are without the guard. Raises Rotten."""
        changed: dict[str, str] = {}
        for edit in self.edits:
            source = changed.get(edit.file) or (root / edit.file).read_text()
            changed[edit.file] = edit.applied(source)
        return changed
