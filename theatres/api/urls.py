"""Addresses of theatres under /api/v1."""

from __future__ import annotations

from django.urls import path

from theatres.api import staff, views

urlpatterns = [
    path("theatres", views.TheatreListView.as_view()),
    path("theatres/<int:theatre_id>", views.TheatreView.as_view()),
    path("theatre/<int:theatre_id>/screens", staff.ScreenListView.as_view()),
]
