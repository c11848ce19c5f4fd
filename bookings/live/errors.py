"""Refusals of the live process. A map works without it: the page then asks again by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class LiveFull(DomainError):
    """As many maps are open as this process may carry, or it is about to end. extra: `retry_after`, in seconds."""

    code = "live_full"
    status = 503
    message = _("Very many people are looking at seats right now. Try again in a moment.")


class TooManyMaps(DomainError):
    """One network address has too many maps open. extra: `retry_after`, in seconds."""

    code = "too_many_maps"
    status = 429
    message = _("Very many maps are open from your network. Close one, or try again in a minute.")
