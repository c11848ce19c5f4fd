"""Why something in a theatre's house isn't done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class LastManager(DomainError):
    """theatres: the names of those that nobody else manages."""

    code = "last_manager"
    message = _("Nobody else manages a theatre of yours. Let somebody else be a manager there first.")

    def __init__(self, theatres: Sequence[str]) -> None:
        super().__init__(theatres=list(theatres))
