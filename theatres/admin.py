"""The house: the theatre itself, its people, its halls and seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from movy.lib.admin import TenantAdmin, TenantInline
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from theatres.models import RefundStep, Screen, Seat, SeatCategory, Theatre, TicketType, seat_label
from theatres.office import PeoplePage
from theatres.services import seats_bring_back, seats_retire


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


class SeatCategoryInline(TenantInline):
    model = SeatCategory
    form = CodeForm


class TicketTypeInline(TenantInline):
    model = TicketType
    form = CodeForm


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
        """Every theatre has the adult ticket, whose price is the one shown first."""
        super().save_related(request, form, formsets, change)
        TicketType.objects.get_or_create(
            theatre=form.instance, code=TicketType.ADULT, defaults={"name": str(_("Adult"))}
        )


@admin.register(Screen)
class ScreenAdmin(OfTheatreAdmin):
    list_display = ["name", "theatre", "seats_total"]
    ordering = ["theatre__name", "name"]  # counting seats would drop the model's own
    list_filter = ["theatre"]
    list_select_related = ["theatre"]
    search_fields = ["name"]
    fields = ["theatre", "name", "seats_total"]
    readonly_fields = ["seats_total"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        in_use = models.Count("seats", filter=models.Q(seats__retired_at=None))
        return super().get_queryset(request).annotate(seats_in_use=in_use)

    @admin.display(description=_("seats"), ordering="seats_in_use")
    def seats_total(self, screen: Screen) -> int:
        return getattr(screen, "seats_in_use", 0)


class InUseFilter(admin.SimpleListFilter):
    title = _("in use")
    parameter_name = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In use")), ("no", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(retired_at__isnull=self.value() == "yes")


class SeatForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        screen = cleaned.get("screen") or getattr(self.instance, "screen", None)
        category = cleaned.get("category")
        if screen and category and category.theatre_id != screen.theatre_id:
            self.add_error("category", _("This category belongs to another theatre than the screen."))
        label = seat_label(cleaned.get("row", ""), cleaned.get("number", 0))
        if not self.instance.pk and screen and Seat.objects.filter(screen=screen, label=label).exists():
            self.add_error("number", _("This screen has a seat %(label)s already.") % {"label": label})
        return cleaned


@admin.register(Seat)
class SeatAdmin(TenantAdmin):
    """A seat that was ever sold must stay readable, so seats are retired and brought back, never deleted."""

    form = SeatForm
    list_display = ["label", "screen", "category", "kind", "x", "y", "retired_at"]
    list_filter = ["screen", "category", "kind", InUseFilter]
    list_select_related = ["screen__theatre", "category"]
    search_fields = ["label"]
    fields = ["screen", "row", "number", "category", "kind", "x", "y", "retired_at"]
    readonly_fields = ["retired_at"]
    fixed_fields = ["screen", "row", "number"]  # tickets carry them
    actions = ["retire", "bring_back"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        ids, now = list(queryset.values_list("pk", flat=True)), database_now()
        count = run_in_transaction(lambda: seats_retire(seat_ids=ids, now=now), find=again)
        self.message_user(request, ngettext("%d seat retired.", "%d seats retired.", count) % count)

    @admin.action(description=_("Bring back"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        count = run_in_transaction(lambda: seats_bring_back(seat_ids=ids), find=again)
        self.message_user(request, ngettext("%d seat is in use again.", "%d seats are in use again.", count) % count)
