"""Why TMDb gave us nothing."""

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class TmdbNotFound(DomainError):
    """TMDb has no such film or picture (any more), or it is one that Movy doesn't show: adult."""

    code = "tmdb_not_found"
    status = 404
    message = _("TMDb has no such film.")


class TmdbUnavailable(DomainError):
    """TMDb gave no answer that can be used: away, slow, over its limit, token refused, or not saying what it should."""

    code = "tmdb_unavailable"
    status = 502
    message = _("TMDb cannot be reached at the moment. Try again in a minute, or type the film in.")
