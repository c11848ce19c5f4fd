"""What every request goes through besides Django's own middleware."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from movy.lib.db import is_database_away
from movy.views import unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]


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


class NoTrailingSlash:
    """Lead a GET with a trailing slash to the address without one. The admin keeps Django's slashes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if request.method in ("GET", "HEAD") and path.endswith("/") and path != "/" and not path.startswith("/admin/"):
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            return HttpResponsePermanentRedirect(f"/{path.strip('/')}{query}")
        return self.get_response(request)
