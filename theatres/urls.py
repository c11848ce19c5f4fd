"""Addresses of theatres."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "theatres"
urlpatterns: list[URLPattern] = []
