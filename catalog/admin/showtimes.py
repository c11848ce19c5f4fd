"""What runs when, on the theatre's own clock. The services schedule and move; the forms only carry what was typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.history import PRICE, SHOWTIME
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from catalog.services import ShowtimeDraft, price_check, showtime_schedule
from movy.lib.admin import TenantAdmin, TenantInline, local_time
from movy.lib.clock import NoSuchTime, database_now, day_bounds, instant_of, local_day
from movy.lib.errors import DomainError
from movy.lib.long_lists import LongList, LongListPaginator
from movy.lib.money import Money, major_to_minor, minor_to_major
from theatres.models import SeatCategory, Theatre, TicketType


class WallClockField(forms.DateTimeField):
    """A date and time as the clock on the theatre's wall shows it: naive, as the theatre is chosen in the same form."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        read = super().to_python(value)
        return timezone.make_naive(read) if read else None


class ShowtimeForm(forms.ModelForm):  # type: ignore[type-arg]
    starts_at = WallClockField(label=_("Starts at"), help_text=_("By the theatre's own clock."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            zone = self.instance.screen.theatre.zone
            self.initial["starts_at"] = self.instance.starts_at.astimezone(zone).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and "starts_at" not in self.changed_data:
            cleaned["starts_at"] = self.instance.starts_at  # also in an hour that the clock shows twice
        elif cleaned.get("screen") and cleaned.get("starts_at"):
            try:
                cleaned["starts_at"] = instant_of(cleaned["starts_at"], cleaned["screen"].theatre.timezone)
            except NoSuchTime as error:
                self.add_error("starts_at", str(error.message))
        return cleaned


class ShowtimeAddForm(ShowtimeForm):
    price = forms.DecimalField(
        label=_("Price of every seat"),
        min_value=0,
        max_digits=11,
        decimal_places=2,
        help_text=_("In the theatre's currency. Each category and ticket type can have its own once this is saved."),
    )


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    amount = forms.DecimalField(label=_("Price"), min_value=0, max_digits=11, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            price = self.instance
            self.initial["amount"] = minor_to_major(price.amount_minor, price.showtime.currency)

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        currency = self.instance.showtime.currency
        try:
            self.instance.amount_minor = major_to_minor(amount, currency)
            price_check(Money(self.instance.amount_minor, currency))
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error
        return amount


class PriceInline(TenantInline):
    """Prices are changed and added, never deleted: bookings keep their own, and each category needs an adult's."""

    model = ShowtimePrice
    form = PriceForm
    fields = ["category", "ticket_type", "amount"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("showtime", "category", "ticket_type")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Showtime | None = None, **kwargs: Any) -> type[Any]:
        """Whoever manages two theatres still prices one showing by its own theatre's words."""
        formset = super().get_formset(request, obj, **kwargs)
        fields = formset.form.base_fields
        if obj is not None and "category" in fields:
            theatre_id = obj.screen.theatre_id
            fields["category"].queryset = SeatCategory.objects.filter(theatre=theatre_id)  # type: ignore[attr-defined]
            fields["ticket_type"].queryset = TicketType.objects.filter(theatre=theatre_id)  # type: ignore[attr-defined]
        return formset


class WhenFilter(admin.SimpleListFilter):
    """Days are the theatres' own: a show at 00:30 belongs to the evening before."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("Next 7 days")),
            ("past", _("Past")),
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        now = database_now()
        first, days = {"today": (0, 1), "tomorrow": (1, 1), "week": (0, 7)}.get(self.value() or "", (0, 0))
        if self.value() == "past":
            return queryset.filter(starts_at__lt=now).order_by("-starts_at")
        if not days:
            return queryset
        of_any = models.Q(pk__in=[])
        for theatre in Theatre.objects.visible_to(request.user):
            day = local_day(now, theatre.timezone) + timedelta(days=first)
            start, _first_end = day_bounds(day, theatre.timezone)
            _last_start, end = day_bounds(day + timedelta(days=days - 1), theatre.timezone)
            of_any |= models.Q(screen__theatre=theatre, starts_at__gte=start, starts_at__lt=end)
        return queryset.filter(of_any)


class ShowtimeAdmin(TenantAdmin):
    form = ShowtimeForm
    list_display = ["movie", "starts_local", "status", "screen", "format"]
    list_filter = [WhenFilter, "status", "screen"]
    list_select_related = ["movie", "screen__theatre"]
    ordering = ["-starts_at", "-pk"]
    paginator = LongListPaginator
    search_fields = ["movie__search_text", "screen__name"]
    search_help_text = _("Film or screen")
    readonly_fields = ["status", "starts_local", "ends_local", "sales_close_local", "currency"]
    fixed_fields = ["movie"]
    kept = [(SHOWTIME, "id"), (PRICE, "showtime")]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    def get_fields(self, request: HttpRequest, obj: Showtime | None = None) -> Any:
        if obj is None:
            return ["movie", "screen", "starts_at", "price", "format", "language"]
        start = "starts_at" if obj.status == ShowtimeStatus.DRAFT else "starts_local"
        return ["movie", "screen", start, "ends_local", "sales_close_local", "format", "language", "status", "currency"]

    def get_readonly_fields(self, request: HttpRequest, obj: Showtime | None = None) -> list[Any]:
        """Once on sale, people hold seats in this hall at this time."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "screen", "starts_at"] if obj and obj.status != ShowtimeStatus.DRAFT else fields

    def get_inlines(self, request: HttpRequest, obj: Showtime | None) -> Any:
        return [PriceInline] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Showtime | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        return super().get_form(request, obj, change, **(kwargs if obj else kwargs | {"form": ShowtimeAddForm}))

    def has_delete_permission(self, request: HttpRequest, obj: Showtime | None = None) -> bool:
        """A draft can go; what was on sale is called off, which tells and refunds everybody."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.status == ShowtimeStatus.DRAFT)

    def save_model(self, request: HttpRequest, obj: Showtime, form: Any, change: bool) -> None:
        """Schedule a new one. Changing one asks who has booked it, so that is in bookings.admin."""
        theatre = obj.screen.theatre
        draft = ShowtimeDraft(
            theatre_id=theatre.pk,
            screen_id=obj.screen_id,
            movie_id=obj.movie_id,
            starts_at=obj.starts_at,
            prices=major_to_minor(form.cleaned_data["price"], theatre.currency),
            format=obj.format,
            language=obj.language,
        )
        obj.pk = showtime_schedule(draft=draft, now=database_now()).pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Prices that were typed here are the showing's own: a card that changes later leaves them alone."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            Showtime.objects.filter(pk=form.instance.pk).update(price_card=None)

    @admin.display(description=_("starts at"), ordering="starts_at")
    def starts_local(self, showtime: Showtime) -> str:
        return local_time(showtime.starts_at, showtime.screen.theatre.zone)

    @admin.display(description=_("ends at"))
    def ends_local(self, showtime: Showtime) -> str:
        return local_time(showtime.ends_at, showtime.screen.theatre.zone)

    @admin.display(description=_("sales close at"))
    def sales_close_local(self, showtime: Showtime) -> str:
        return local_time(showtime.sales_close_at, showtime.screen.theatre.zone)
