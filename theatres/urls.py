"""Addresses of theatres. A theatre's own page shows films, so it is catalog's."""

from __future__ import annotations

from django.urls import path

from theatres import views

app_name = "theatres"
urlpatterns = [
    path("theatres", views.theatres, name="list"),
    path("invitations/<str:token>", views.invitation, name="invitation"),
]
