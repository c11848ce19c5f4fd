"""Addresses of bookings."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "bookings"
urlpatterns: list[URLPattern] = []
