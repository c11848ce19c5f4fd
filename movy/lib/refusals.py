"""What the API's schema says of refusals: their status, code and sentence, and what a client is told besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from movy.lib.errors import DomainError, NotFound
from movy.lib.limits import Throttled
from movy.lib.problems import GENERAL, problem
from movy.lib.shapes import InvalidShape, Shape


@dataclass(frozen=True)
class Refusal:
    """One way to be refused. `extra` is an example of what `shape` describes; most tell nothing besides."""

    status: int
    code: str
    detail: str
    extra: dict[str, Any] = field(default_factory=dict)
    shape: type[Shape] | None = None

    @property
    def example(self) -> dict[str, Any]:
        return problem(self.status, self.code, self.detail, **self.extra)


Refusable = Refusal | type[DomainError]
"""What an endpoint names as its refusals: the classes that its services raise, or one that DRF makes."""

_described: dict[type[DomainError], tuple[Callable[[], DomainError], type[Shape] | None]] = {}


def refusal_describe(
    error_class: type[DomainError], *, example: Callable[[], DomainError], shape: type[Shape] | None = None
) -> None:
    """Say how a refusal looks that takes arguments, and the shape of its `extra`. Others need no description."""
    _described[error_class] = example, shape


def refusal_of(refusable: Refusable) -> Refusal:
    if isinstance(refusable, Refusal):
        return refusable
    make, shape = _described.get(refusable, (refusable, None))
    error = make()
    extra = {name: value for name, value in error.extra.items() if name != "retry_after"}  # that one is a header
    return Refusal(error.status, error.code, str(error.message), extra, shape)


def invalid(field_name: str, code: str, message: str) -> Refusal:
    """Return the refusal of one field, for a reason that a client may want to tell from others."""
    error = {"field": field_name, "code": code, "message": message}
    return Refusal(400, "invalid", "Some fields need another look.", {"errors": [error]}, InvalidShape)


def _general(status: int) -> Refusal:
    code, detail = GENERAL[status]
    return Refusal(status, code, str(detail))


refusal_describe(Throttled, example=lambda: Throttled(retry_after=30))

# ---- What happens before or around a view. ApiSchema adds these by itself where they can, but for the first.

PERMISSION_DENIED = _general(403)

INVALID = invalid("page", "invalid", "Enter a whole number.")
MALFORMED = _general(400)
NOT_AUTHENTICATED = Refusal(401, "not_authenticated", "Authentication credentials were not provided.")
AUTHENTICATION_FAILED = Refusal(401, "authentication_failed", "Invalid token.")
NOT_FOUND = refusal_of(NotFound)
NOT_ACCEPTABLE = Refusal(406, "not_acceptable", "Could not satisfy the request Accept header.")
PRECONDITION_FAILED = _general(412)
TOO_LARGE = _general(413)
UNSUPPORTED = _general(415)
INTERNAL_ERROR = _general(500)
UNAVAILABLE = _general(503)
