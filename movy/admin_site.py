"""The office itself: who gets in, by which door, and which classes may stand in it."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from movy.changes import changes_view
from movy.lib.admin import TenantAdmin
from movy.second_step import SecondStepSite
from payments import reconciliation_views, report_views
from theatres.models import Membership, Role

ORDER = ("catalog", "bookings", "payments", "theatres", "accounts", "outbox")
"""Apps in the order in which a theatre's day needs them."""


class OfficeSite(SecondStepSite):
    site_header = _("Movy office")
    site_title = _("Movy office")
    index_title = _("Your theatre")
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # it deletes by queryset, past the services

    def has_permission(self, request: HttpRequest) -> bool:
        """Managers and the platform owner, asked of the database once a request: a lost role ends at the next one."""
        allowed = getattr(request, "office_allowed", None)
        if allowed is None:
            user = request.user
            allowed = user.is_active and (
                user.is_superuser or Membership.objects.filter(user=user.pk, role=Role.MANAGER).exists()
            )
            request.office_allowed = allowed  # type: ignore[attr-defined]
        return bool(allowed)

    def register(self, model_or_iterable: Any, admin_class: type[Any] | None = None, **options: Any) -> None:
        """Take Movy's own classes. What Django and allauth would bring (groups, sessions, second factors) stays out:
        nobody edits it by hand. Raises ImproperlyConfigured for a class of ours without tenancy."""
        given = admin_class or admin.ModelAdmin
        if issubclass(given, TenantAdmin):
            super().register(model_or_iterable, given, **options)
        elif given is admin.ModelAdmin or given.__module__.split(".")[0] not in ("django", "allauth"):
            raise ImproperlyConfigured(f"{given.__name__} for {model_or_iterable} does not extend TenantAdmin.")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign-in is allauth's, with its limits and the second factor; Django's own form is never shown."""
        if not request.user.is_authenticated:
            return secure_admin_login(super().login)(request, extra_context)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(f"{self.name}:index")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """allauth's page, which asks for the old password under its limits and ends other sessions."""
        return redirect("account_change_password")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view_on_site = path(
            "r/<int:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"
        )
        changes = path("changes/", self.admin_view(lambda request: changes_view(request, self)), name="changes")
        own = [*report_views.urls(self), *reconciliation_views.urls(self)]
        return [view_on_site, changes, *own, *super().get_urls()]  # type: ignore[list-item]

    def view_on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """Lead to a row's page on the site. Django's own view finds every row, and a booking's address holds its
        reference; this one finds what its admin shows."""
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        model_admin = self._registry.get(model) if model else None
        row = model_admin.get_object(request, object_id) if model_admin else None
        if row is None or not hasattr(row, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(row.get_absolute_url())

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, report_views.home_context(request) | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))
