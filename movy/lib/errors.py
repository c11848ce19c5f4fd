"""Refusals: what a caller can act on. Services raise them, doors turn them into a sentence or a problem+json."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """One refusal. Subclasses give `code` (stable, part of the API), `status` (HTTP) and `message` (a sentence for
    people that says what to do next). `extra` is what a client needs to act, as JSON."""

    code: ClassVar[str]
    status: ClassVar[int] = 409
    message: str | Promise

    def __init__(self, message: str | Promise | None = None, **extra: Any) -> None:
        if message is not None:
            self.message = message
        self.extra = extra
        super().__init__(self.code)


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's: the two are not told apart."""

    code = "not_found"
    status = 404
    message = _("There is nothing here.")
