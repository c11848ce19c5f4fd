"""Pages that belong to no app: refusals, health. Under /api movy.middleware.ApiAnswers says the same in JSON."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django.views.static import serve
from prometheus_client import CONTENT_TYPE_LATEST

from movy.health import health
from movy.lib.db import is_database_away
from movy.lib.problems import RETRY_AFTER_SECONDS
from movy.metrics import metrics

logger = logging.getLogger(__name__)

MEDIA_SECONDS = 7 * 24 * 60 * 60


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or came from elsewhere. Nothing was changed."""
    return render(request, "403_csrf.html", status=403)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Called while the exception is being handled: a database that is gone is a 503, the rest our bug."""
    if is_database_away(sys.exc_info()[1]):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After, without touching database, session or user."""
    logger.error("database away", extra={"path": request.path})
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored picture, where no nginx stands in front. A file never changes under its name, and whatever is in it, it
    runs no script."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = f"public, max-age={MEDIA_SECONDS}"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while this process lives, whatever else is down."""
    return JsonResponse(health())


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. The rest is named and degrades, but does not fail it."""
    parts = health()
    return JsonResponse(parts, status=503 if parts["database"] == "down" else 200)


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which sends settings.METRICS_TOKEN. Without a token there is nothing here."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        response = HttpResponse(status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response
    response = HttpResponse(metrics(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response
