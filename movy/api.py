"""The JSON endpoints under /api/v1, gathered from the apps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
