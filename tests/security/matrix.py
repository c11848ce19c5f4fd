"""What the matrix of the API and that of the pages have in common: a request, and what each person gets for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.security.api_world import PEOPLE

Outcome = int | str
"""A status, or for a redirect the status and how its address begins: "302 /auth/user/login"."""

Expected = dict[str, Any]
Body = Callable[[Any], dict[str, Any]]

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def everybody(outcome: Outcome) -> Expected:
    return dict.fromkeys(PEOPLE, outcome)


def nothing(here: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """A request that is right in itself, and what each of PEOPLE gets for it. `ids` names other things of the world."""

    method: str
    route: str
    expected: Expected
    body: Body = nothing
    ids: Body = nothing
    query: Callable[[Any], str] = lambda here: ""

    prefix: ClassVar[str] = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def path(self, here: Any) -> str:
        values = here.ids | self.ids(here)
        return f"/{self.prefix}{PLACE.sub(lambda place: str(values[place[1]]), self.route)}{self.query(here)}"
