"""Showings that were called off, each with how far the refunds have come. A showing is called off from its own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from bookings.history import person_named
from bookings.models import CallOff
from movy.lib.admin import ReadOnly, TenantAdmin, local_time
from payments.selectors import calling_off

LOOK_AGAIN_SECONDS = 2
"""How often the page asks how far it has come."""


@admin.register(CallOff)
class CallOffAdmin(ReadOnly, TenantAdmin):
    list_display = ["showtime", "called_off_at", "by", "done_at"]
    list_select_related = ["showtime__movie", "showtime__screen__theatre", "by"]
    search_fields = ["showtime__movie__search_text", "showtime__screen__name"]
    search_help_text = _("Film or screen")
    fields = ()  # its page is a template of our own
    change_form_template = "admin/bookings/calloff/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The whole page, or to htmx the part that changes."""
        call_off: CallOff = context["original"]
        context |= {
            "title": _t("Called off"),
            "progress": calling_off(call_off),
            "showtime": call_off.showtime,
            "theatre": call_off.showtime.screen.theatre,
            "by": person_named(call_off.by),
            "seconds": LOOK_AGAIN_SECONDS,
        }
        if request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, "admin/bookings/calloff/_progress.html", context)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("called off at"), ordering="at")
    def called_off_at(self, call_off: CallOff) -> str:
        return local_time(call_off.at, call_off.showtime.screen.theatre.zone)

    @admin.display(description=_("all told and asked back at"), ordering="finished_at")
    def done_at(self, call_off: CallOff) -> str:
        return local_time(call_off.finished_at, call_off.showtime.screen.theatre.zone)
