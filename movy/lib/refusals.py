"""What the API's schema says of refusals: their status, code and sentence, and what a client is told besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from movy.lib.errors import DomainError, NotFound
from movy.lib.problems import problem
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


# ---- What DRF and movy/lib/problems.py make. ApiSchema adds these by itself where they can happen, but for the first.

PERMISSION_DENIED = Refusal(403, "permission_denied", "You may not do this.")

INVALID = invalid(**{"field_name": "showtime", "code": "required", "message": "This field is required."})
MALFORMED = Refusal(400, "malformed", "JSON parse error - Expecting value: line 1 column 1 (char 0)")
NOT_AUTHENTICATED = Refusal(401, "not_authenticated", "Authentication credentials were not provided.")
AUTHENTICATION_FAILED = Refusal(401, "authentication_failed", "Invalid token.")
NOT_FOUND = refusal_of(NotFound)
NOT_ACCEPTABLE = Refusal(406, "not_acceptable", "Could not satisfy the request Accept header.")
TOO_LARGE = Refusal(413, "too_large", "This is too large. Send less at once.")
UNSUPPORTED = Refusal(415, "unsupported_media_type", 'Unsupported media type "text/plain" in request.')
THROTTLED = Refusal(429, "throttled", "Request was throttled. Expected available in 30 seconds.")
SERVER_ERROR = Refusal(500, "server_error", "This is our mistake. It has been noted.")
UNAVAILABLE = Refusal(503, "unavailable", "We cannot reach our database. Try again in a moment.")
