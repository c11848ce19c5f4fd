"""Movy's addresses, and /ok: all of the middleware around a view that does nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from movy.urls import handler403, handler404, handler429, handler500
from movy.urls import urlpatterns as movy_urlpatterns

__all__ = ["handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("ok", ok), *movy_urlpatterns]
