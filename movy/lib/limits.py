"""How much of the API one account, and one network address, may ask for in a minute.

Counted in windows that begin with the minute, by one increment a request: exact for requests that come at once, and
cheap. Who asks at the end of one window and the beginning of the next gets twice as much in between, which these limits
can bear: they keep one client from taking everybody's time. What must be exact stands in the database, such as how many
seats one person may hold (bookings/limits.py), and guessing passwords has limits of its own (ACCOUNT_RATE_LIMITS).
"""

from __future__ import annotations

import ipaddress
import time
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
        _count(request, f"address:{client_network(request)}", share=ADDRESS_SHARE)


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


def _count(request: HttpRequest | Request, who: str, *, share: int) -> None:
    kind, most = (
        ("reads", settings.API_READS_PER_MINUTE)
        if request.method in READING
        else ("writes", settings.API_WRITES_PER_MINUTE)
    )
    window, second = divmod(int(time.time()), WINDOW_SECONDS)
    if _counted(f"api:{kind}:{who}:{window}") > most * share:
        raise Throttled(retry_after=WINDOW_SECONDS - second)


def _counted(key: str) -> int:
    return counted(caches["counters"], key, timeout=2 * WINDOW_SECONDS)
