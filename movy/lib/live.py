"""Where an open seat map listens for news, as far as a page has to say it: its policy must allow just that place.

settings.LIVE_URL is where browsers reach the live process: empty for the page's own origin, and with `{host}` in the
place of the host that the page was asked for. In the page `{host}` is left to static/js/seatmap.js, so that a map that
was drawn for one host is right for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

HOST = "{host}"
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?(?=/|$)", re.IGNORECASE)


def listens(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the pages of a view, and no others, connect to the live process."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if origin := live_origin(request.get_host()):
            response._csp_update = {"connect-src": [origin]}  # type: ignore[attr-defined]
        return response

    return allowed


def live_origin(host: str) -> str:
    """Return the origin of the live process for a page that was asked for under `host`. Empty where it is the page's
    own, and where a policy cannot name it: an IPv6 address has no place in one, and there a map asks again."""
    name, _port = split_domain_port(host)
    found = ORIGIN.match(settings.LIVE_URL.replace(HOST, name))
    return found[0] if found else ""
