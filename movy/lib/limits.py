"""How much of the API one account, and one network address, may ask for in a minute.

Counted in windows that begin with the minute, by one increment a request: exact for requests that come at once, and
cheap. What an address does is told to the other processes in bundles, so that most requests ask nobody; it may so do a
two-hundredth more for each process. Who asks at the end of one window and the beginning of the next gets twice as much
in between, which these limits can bear: they keep one client from taking everybody's time. What must be exact stands in
the database, such as how many seats one person may hold (bookings/limits.py), and guessing passwords has limits of its
own (ACCOUNT_RATE_LIMITS).
"""

from __future__ import annotations

import ipaddress
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import ngettext
from rest_framework.throttling import BaseThrottle

from movy.lib.cache import counted
from movy.lib.errors import DomainError

if TYPE_CHECKING:  # rest_framework.views reads this module while it is imported
    from rest_framework.request import Request
    from rest_framework.views import APIView

WINDOW_SECONDS = 60
ADDRESS_SHARE = 10
"""An address may do as much as this many accounts: a mobile network, or a university, shares one. 6,000 reads a minute
are 400 open seat maps."""

BUNDLE_SHARE = 200
BUNDLE_MAX = 20
"""What part of what an address may do a process counts by itself before it tells the others, and the most of that."""

READING = {"GET", "HEAD", "OPTIONS"}


class Throttled(DomainError):
    """Too many requests in this minute. extra: `retry_after`, in seconds."""

    code = "throttled"
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        message = ngettext(
            "Too many requests. Try again in %(seconds)d second.",
            "Too many requests. Try again in %(seconds)d seconds.",
            retry_after,
        )
        super().__init__(message % {"seconds": retry_after}, retry_after=retry_after)


class AccountThrottle(BaseThrottle):
    """DRF's door to the limit of an account, which is known after signing in only."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if settings.RATE_LIMITS and request.user.pk is not None:
            _count(request, f"account:{request.user.pk}", share=1)
        return True


def address_limit_check(request: HttpRequest) -> None:
    """Count a request of an address. Raises Throttled."""
    if settings.RATE_LIMITS:
        _count(request, f"address:{client_network(request)}", share=ADDRESS_SHARE, in_bundles=True)


def tries_check(key: str, *, most: int) -> None:
    """Count a try at what `key` names, such as a question of one address, in this minute. Raises Throttled."""
    if settings.RATE_LIMITS:
        window, second = divmod(int(time.time()), WINDOW_SECONDS)
        if _counted(f"tries:{key}:{window}") > most:
            raise Throttled(retry_after=WINDOW_SECONDS - second)


def client_network(request: HttpRequest) -> str:
    """Return whom a request's address stands for: an IPv4 address, or the /64 that one customer gets of IPv6. Proxies
    count as TRUSTED_PROXIES says, X-Forwarded-For is not believed without them."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _count(request: HttpRequest | Request, who: str, *, share: int, in_bundles: bool = False) -> None:
    kind, a_minute = (
        ("reads", settings.API_READS_PER_MINUTE)
        if request.method in READING
        else ("writes", settings.API_WRITES_PER_MINUTE)
    )
    most = a_minute * share
    window, second = divmod(int(time.time()), WINDOW_SECONDS)
    key = f"api:{kind}:{who}:{window}"
    bundle = min(most // BUNDLE_SHARE, BUNDLE_MAX) if in_bundles else 1
    count = _bundles.counted(key, size=bundle, window=window) if bundle > 1 else _counted(key)
    if count > most:
        raise Throttled(retry_after=WINDOW_SECONDS - second)


def _counted(key: str, *, by: int = 1) -> int:
    return counted(caches["counters"], key, by=by, timeout=2 * WINDOW_SECONDS)


@dataclass
class _Bundle:
    """known: what all processes had counted when this one told last; untold: what it has counted since."""

    known: int = 0
    untold: int = 0


class _Bundles:
    """What this process has counted in this window and told nobody yet. Threads share it."""

    def __init__(self) -> None:
        self._window = 0
        self._of: dict[str, _Bundle] = {}
        self._lock = threading.Lock()

    def counted(self, key: str, *, size: int, window: int) -> int:
        """Count once more; return how often that was in all, but for what the other processes have not told yet."""
        with self._lock:
            if window != self._window:
                self._window, self._of = window, {}
            bundle = self._of.setdefault(key, _Bundle())
            bundle.untold += 1
            if bundle.untold < size:
                return bundle.known + bundle.untold
            told, bundle.untold = bundle.untold, 0
        bundle.known = max(bundle.known, _counted(key, by=told))
        return bundle.known


_bundles = _Bundles()
