"""All addresses. Pages here, their JSON twins in movy/api.py under /api/v1."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from movy import closing, crawling, languages, offline, styleguide, views

urlpatterns = [
    path("api/v1/", include("movy.api")),  # first: one look tells that an address is not of the API
    path("", include("catalog.urls")),
    path("", include("theatres.urls")),
    path("", include("bookings.urls")),
    path("", include("payments.urls")),
    path("auth/user/close", closing.close_page, name="account_close"),  # every app has something of a person
    path("auth/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("media/<path:path>", views.media),
    path("worker.js", offline.worker, name="service_worker"),
    path("offline", offline.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("language", languages.choose, name="language"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("robots.txt", crawling.robots, name="robots"),
    path("sitemap.xml", crawling.sitemap, name="sitemap"),
    path("sitemap-places.xml", crawling.sitemap_places, name="sitemap_places"),
    path("sitemap-films-<int:number>.xml", crawling.sitemap_films, name="sitemap_films"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
]

handler403 = "movy.views.permission_denied"
handler404 = "movy.views.not_found"
handler429 = "accounts.views.too_many_requests"
handler500 = "movy.views.server_error"
