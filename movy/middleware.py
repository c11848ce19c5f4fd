"""What every request goes through besides Django's own middleware."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers, set_response_etag
from django.utils.encoding import escape_uri_path

from movy.lib.counters import REQUEST_SECONDS, REQUESTS
from movy.lib.db import is_database_away
from movy.lib.limits import Throttled, address_limit_check
from movy.lib.problems import CONTENT_TYPE, domain_problem, general_problem
from movy.views import unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]


API = "/api/"
SAFE = ("GET", "HEAD")


GROUPS = {
    "": "films",
    "movies": "films",
    "theatres": "films",
    "genres": "films",
    "showtimes": "films",
    "booking": "booking",
    "bookings": "booking",
    "cancel-booking": "booking",
    "tickets": "booking",
    "verify-payment": "booking",
    "find-my-money": "booking",
    "theatre": "theatre",
    "auth": "account",
    "invitations": "account",
    "language": "account",
    "admin": "office",
    "webhooks": "webhooks",
    "static": "files",
    "media": "files",
    "healthz": "health",
    "readyz": "health",
    "metrics": "health",
}
"""What an address is about, by its first part. All others together are "other", so that no visitor makes up labels."""


class Counted:
    """Count requests and how long they take. Outside of all others, so that what they answer is counted too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        for door in ("page", "api"):
            for group in {*GROUPS.values(), "other"}:
                for status in ("5xx", "502", "503"):  # from 0: a growth from nothing at all is none to Prometheus
                    REQUESTS.labels(door, group, status)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        where = door_and_group(request.path_info)
        REQUEST_SECONDS.labels(*where).observe(time.monotonic() - started)
        REQUESTS.labels(*where, _status_counted(response.status_code)).inc()
        return response


def door_and_group(path: str) -> tuple[str, str]:
    """Return whether an address is a page's or the API's, and what it is about."""
    door = "api" if path.startswith(API) else "page"
    first = path.removeprefix(f"{API}v1").lstrip("/").partition("/")[0]
    return door, GROUPS.get(first, "other")


def _status_counted(status: int) -> str:
    return str(status) if status in (502, 503) else f"{status // 100}xx"


class ApiAnswers:
    """What every answer under /api has in common, whichever part of Movy or Django gives it.

    A refusal is a problem+json, also for an unknown path, a strange Host header or a bug. What was read has an ETag,
    answers 304 to whoever has it already, and is asked for again each time, because seats and prices change any moment;
    what a bearer read is nobody else's. Everything else is kept nowhere. Around all that answers: nothing gets past it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API):
            return response
        if response.status_code == 200 and request.method in SAFE:
            response = _checked_again(request, response)
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if response.has_header("Allow"):  # DRF lists OPTIONS, which settings.py has switched off
            response["Allow"] = response["Allow"].removesuffix(", OPTIONS")
        if response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE:
            return _as_problem(response)
        return response


def _checked_again(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Authorization"])
    if not response.has_header("Cache-Control"):
        who = "private" if "HTTP_AUTHORIZATION" in request.META else "public"
        patch_cache_control(response, no_cache=True, **{who: True})
    if not response.has_header("ETag"):
        set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response) or response


def _as_problem(response: HttpResponse) -> HttpResponse:
    answer = general_problem(response.status_code)
    for name in ("Allow", "Retry-After"):
        if response.has_header(name):
            answer[name] = response[name]
    answer["Cache-Control"] = "no-store"
    return answer


class ApiRequests:
    """Refuse what no endpoint under /api takes, before any of them works on it: a body that is too large, and too many
    requests of one address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                return general_problem(413)
            try:
                address_limit_check(request)
            except Throttled as error:
                return domain_problem(error)
        return self.get_response(request)


class DatabaseAway:
    """Answer 503 with Retry-After when a view finds no database. What other middleware finds is answered by
    movy.views.server_error, because Django turns their exceptions into answers before this one sees them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request) if is_database_away(exception) else None


class StandinAddress:
    """Lead browsers to a stand-in by the name under which they asked for Movy: to a phone on the same network 127.0.0.1
    is the phone itself. Not there in production, where nothing outside is on this machine."""

    def __init__(self, get_response: GetResponse) -> None:
        bases = (settings.PAYSTACK_BASE_URL, settings.GOOGLE_BASE_URL)
        self.local = [base for base in bases if urlsplit(base).hostname == "127.0.0.1"]
        if not self.local:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.get("Location", "")
        base = next((base for base in self.local if location.startswith(f"{base}/")), None)
        if base is not None:
            host = urlsplit(f"//{request.get_host()}").hostname
            response["Location"] = location.replace("127.0.0.1", host or "127.0.0.1", 1)
        return response


class ContentPolicy(CSPMiddleware):
    """django-csp, which puts the header together anew for every answer, at a third of what all middleware costs. One
    header is made once for all answers alike; refusals, and what is rarer than an addition, are left to it."""

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._policy = lru_cache(maxsize=64)(_policy)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = {name for name in vars(response) if name.startswith("_csp")}
        if response.status_code >= 400 or own - {"_csp_update"} or hasattr(request, "_csp_nonce"):
            return super().process_response(request, response)
        added = getattr(response, "_csp_update", {})
        response.headers.setdefault(
            HEADER, self._policy(tuple((name, tuple(sources)) for name, sources in added.items()))
        )
        return response


def _policy(added: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Return the header with some sources more, such as the live process under the name that a page was asked for."""
    return build_policy(update={name: list(sources) for name, sources in added})


class NoTrailingSlash:
    """Lead a GET with a trailing slash to the address without one. The admin keeps Django's slashes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if request.method in SAFE and path.endswith("/") and path != "/" and not path.startswith("/admin/"):
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(f"/{escape_uri_path(path.strip('/'))}{query}")
        return self.get_response(request)
