"""Screens in the office, without their showings: bookings/admin/screens.py adds those, and the seating plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from movy.lib.clock import database_now
from theatres.admin import OfTheatreAdmin
from theatres.history import SCREEN
from theatres.models import Screen
from theatres.planning import screen_delete, screen_plan_copy


class ScreenAddForm(forms.ModelForm):  # type: ignore[type-arg]
    copy_of = forms.ModelChoiceField(
        label=_("Seating plan"),
        queryset=Screen.objects.none(),
        required=False,
        empty_label=_("Draw a new one"),
        help_text=_("Or begin with a copy of another screen's. You can change it on the next page."),
    )

    class Meta:
        model = Screen
        fields = ["theatre", "name"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, theatre = cleaned.get("copy_of"), cleaned.get("theatre")
        if source and theatre and source.theatre_id != theatre.pk:
            self.add_error("copy_of", _("A plan can be copied from a screen of the same theatre only."))
        return cleaned


class ScreenAdmin(OfTheatreAdmin):
    list_display = ["name", "theatre", "seats_total"]
    ordering = ["theatre__name", "name"]  # counting seats would drop the model's own
    list_filter = ["theatre"]
    list_select_related = ["theatre"]
    search_fields = ["name"]
    kept = [(SCREEN, "id")]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        in_use = models.Count("seats", filter=models.Q(seats__retired_at=None))
        return super().get_queryset(request).annotate(seats_in_use=in_use)

    def get_fields(self, request: HttpRequest, obj: Screen | None = None) -> Any:
        return ["theatre", "name", "seats_total"] if obj else ["theatre", "name", "copy_of"]

    def get_readonly_fields(self, request: HttpRequest, obj: Screen | None = None) -> list[Any]:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "seats_total"] if obj else fields

    def get_form(
        self, request: HttpRequest, obj: Screen | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        if obj:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, **kwargs | {"form": ScreenAddForm})
        sources = Screen.objects.visible_to(request.user).select_related("theatre").order_by("theatre__name", "name")
        form.base_fields["copy_of"].queryset = sources
        return form

    def save_model(self, request: HttpRequest, obj: Screen, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        source = form.cleaned_data.get("copy_of")
        if source:
            screen_plan_copy(source=source, screen=obj, now=database_now())

    def has_delete_permission(self, request: HttpRequest, obj: Screen | None = None) -> bool:
        """What was shown on a screen stays in the books, so it stays too."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.showtimes.exists())

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The seats go with the screen; Django would say that they protect it."""
        return [str(screen) for screen in objs], {str(self.opts.verbose_name_plural): len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Screen) -> None:
        screen_delete(obj)

    @admin.display(description=_("seats"), ordering="seats_in_use")
    def seats_total(self, screen: Screen) -> int:
        return getattr(screen, "seats_in_use", 0)
