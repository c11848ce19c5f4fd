"""What changed on a map from one look to the next, and its form as a server-sent event."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bookings.models import SeatStatus

VERSIONS_KEPT = 256
"""How many changes back a browser can be when it comes again: a minute at the least, with a change at each look. Some
100 kB for the busiest of maps."""

Changes = dict[str, str]


@dataclass(frozen=True)
class Look:
    """A map at one instant: the states of the seats that are not free, by label, and the labels of all. `now` is the
    database's; `next_at`: the first instant after it at which the map is another one by itself."""

    version: int
    taken: Mapping[str, str]
    seats: frozenset[str]
    now: datetime
    next_at: datetime | None

    def state(self, label: str) -> str:
        """Return what a page has to show of a seat; one that is not on the map any more is for nobody."""
        if label not in self.seats:
            return SeatStatus.BLOCKED.value
        return self.taken.get(label, SeatStatus.FREE.value)


def changes_between(old: Look, new: Look) -> Changes:
    """Return the states of all seats that are other ones now."""
    return {label: state for label in old.seats | new.seats if (state := new.state(label)) != old.state(label)}


class History:
    """The newest look at a map, and the changes that led to it. Events are written once for all who need the same."""

    def __init__(self) -> None:
        self._newest: Look | None = None
        self._steps: deque[tuple[int, Changes]] = deque(maxlen=VERSIONS_KEPT)
        """Versions, oldest first, each with what led to it from the one before."""
        self._events: dict[int | None, bytes] = {}

    @property
    def version(self) -> int | None:
        """The newest version; None before the first look."""
        return None if self._newest is None else self._newest.version

    def add(self, look: Look) -> bool:
        """Take a new look; return whether it is of another version."""
        if look.version == self.version:
            self._newest = look
            return False
        changes = {} if self._newest is None else changes_between(self._newest, look)
        self._newest = look
        self._steps.append((look.version, changes))
        self._events.clear()
        return True

    def event_since(self, version: int | None) -> bytes | None:
        """Return the event that leads from a version to the newest one: the difference, or all of the map where that
        version is not known (any more). None when there is nothing to tell."""
        if self._newest is None or version == self._newest.version:
            return None
        if version not in self._events:
            self._events[version] = self._event(self._newest, self._since(version))
        return self._events[version]

    @staticmethod
    def _event(newest: Look, changes: Changes | None) -> bytes:
        if changes is None:
            return event(newest.version, dict(newest.taken), complete=True)
        return event(newest.version, changes)

    def _since(self, version: int | None) -> Changes | None:
        """Return all steps since a version as one; None for a version that is not known. A map that was the same twice
        has its version twice, and the later one is nearer."""
        later: list[Changes] = []
        for known, changes in reversed(self._steps):
            if known == version:
                return {label: state for step in reversed(later) for label, state in step.items()}
            later.append(changes)
        return None


def event(version: int, changes: Changes, *, complete: bool = False) -> bytes:
    """Return a server-sent event as the contract says. `complete`: seats that are not named are free."""
    data = {"version": version, "changes": changes} | ({"complete": True} if complete else {})
    return f"id: {version}\nevent: seats\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
