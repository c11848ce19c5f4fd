"""The JSON endpoints under /api/v1, gathered from the apps."""

from __future__ import annotations

from django.urls import include, path

from movy.closing import AccountView
from movy.schema import SchemaView, docs

urlpatterns = [
    path("", include("bookings.api.urls")),  # first: maps are asked for most, and addresses are tried one by one
    path("", include("theatres.api.urls")),
    path("", include("catalog.api.urls")),
    path("auth/user", AccountView.as_view()),
    path("auth/", include("accounts.api.urls")),
    path("", include("payments.api.urls")),
    path("schema", SchemaView.as_view(), name="api_schema"),
    path("docs", docs, name="api_docs"),
]
