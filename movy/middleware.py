"""What every request goes through besides Django's own middleware."""

from __future__ import annotations

from collections.abc import Callable

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
