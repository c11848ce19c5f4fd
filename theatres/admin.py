"""The house: the theatre itself, its people, its halls and seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from movy.lib.admin import ReadOnly, TenantAdmin, TenantInline
from theatres.models import RefundStep, Seat, SeatCategory, Theatre, TicketType
from theatres.office import PeoplePage


class OfTheatreAdmin(TenantAdmin):
    """Rows with a foreign key `theatre`, which a person with one theatre need not choose."""

    fixed_fields = ["theatre"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        own = list(Theatre.objects.visible_to(request.user)[:2])
        if len(own) == 1:
            initial.setdefault("theatre", own[0].pk)
        return initial


class RefundStepInline(TenantInline):
    model = RefundStep


class CodeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A code stands in bookings and in clients' requests: it is set once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True


class SeatCategoryForm(CodeForm):
    def clean_is_retired(self) -> bool:
        is_retired: bool = self.cleaned_data["is_retired"]
        if is_retired and Seat.objects.in_use().filter(category=self.instance.pk).exists():
            raise forms.ValidationError(_("Seats are in this category. Put them into another one first."))
        return is_retired


class TicketTypeForm(CodeForm):
    def clean_is_retired(self) -> bool:
        is_retired: bool = self.cleaned_data["is_retired"]
        if is_retired and self.instance.code == TicketType.ADULT:
            raise forms.ValidationError(_("The adult's price is the one shown first, so this type stays."))
        return is_retired


class KindInline(TenantInline):
    """What was ever priced is retired: bookings and showings go on naming it. A name can always change."""

    fields = ["code", "name", "position", "is_retired"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SeatCategoryInline(KindInline):
    model = SeatCategory
    form = SeatCategoryForm


class TicketTypeInline(KindInline):
    model = TicketType
    form = TicketTypeForm


@admin.register(Theatre)
class TheatreAdmin(PeoplePage, TenantAdmin):
    list_display = ["name", "city", "country", "currency", "timezone"]
    list_select_related = True
    search_fields = ["name", "city"]
    prepopulated_fields = {"slug": ["name"]}
    owner_fields = ["slug", "currency", "timezone", "paystack_subaccount"]  # money and addresses hang on these
    inlines = [RefundStepInline, SeatCategoryInline, TicketTypeInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "phone"]}),
        (_("Where"), {"fields": ["address", "city", "country", "latitude", "longitude", "timezone"]}),
        (
            _("Rules"),
            {"fields": ["cleaning_minutes", "sales_close_minutes_before", "currency", "paystack_subaccount"]},
        ),
        (_("Safety"), {"fields": ["managers_need_second_factor"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(request.user.is_superuser)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Every theatre has the adult ticket, whose price is the one shown first, and a category to draw seats in."""
        super().save_related(request, form, formsets, change)
        if not SeatCategory.objects.filter(theatre=form.instance).exists():
            SeatCategory.objects.create(theatre=form.instance, code="standard", name=str(_("Standard")))
        TicketType.objects.get_or_create(
            theatre=form.instance, code=TicketType.ADULT, defaults={"name": str(_("Adult"))}
        )


class InUseFilter(admin.SimpleListFilter):
    title = _("in use")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In use")), ("no", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(retired_at__isnull=self.value() == "yes")


@admin.register(Seat)
class SeatAdmin(ReadOnly, TenantAdmin):
    """Seats are found here. They are changed in the plan of their screen alone, which minds the showings."""

    list_display = ["label", "screen", "category", "kind", "x", "y", "retired_at"]
    list_filter = ["screen", "category", "kind", InUseFilter]
    list_select_related = ["screen__theatre", "category"]
    search_fields = ["label"]
    fields = ["screen", "row", "number", "category", "kind", "x", "y", "retired_at"]
