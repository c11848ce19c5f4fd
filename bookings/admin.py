"""Who has booked what. Bookings are made, moved and cancelled by the services alone: here they are found and read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import BookedSeat, Booking, BookingEvent, BookingStatus
from bookings.services import showtime_put_on_sale
from bookings.showtimes import showtime_change, showtime_delete
from catalog.admin import ShowtimeAdmin
from catalog.models import Showtime
from catalog.services import ShowtimeChange
from movy.lib.admin import ReadOnly, TenantAdmin, TenantInline, local_time
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.money import money_text


class BookedSeatInline(ReadOnly, TenantInline):
    model = BookedSeat
    fields = ["label", "category_name", "ticket_type_name", "price", "ticket_state"]
    readonly_fields = ["price", "ticket_state"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("booking__showtime__screen__theatre", "ticket__admitted_by")

    @admin.display(description=_("price"))
    def price(self, line: BookedSeat) -> str:
        return money_text(line.price_minor, line.booking.currency)

    @admin.display(description=_("ticket"))
    def ticket_state(self, line: BookedSeat) -> str:
        """The serial of a ticket is what its code is made from, so it is not shown here."""
        if line.cancelled_at:
            return str(_("given back"))
        ticket = getattr(line, "ticket", None)
        if ticket is None:
            return str(_("none yet"))
        if ticket.admitted_at is None:
            return str(_("not used"))
        zone = line.booking.showtime.screen.theatre.zone
        return _("let in %(when)s by %(who)s") % {
            "when": local_time(ticket.admitted_at, zone),
            "who": ticket.admitted_by or "–",
        }


class BookingEventInline(ReadOnly, TenantInline):
    model = BookingEvent
    verbose_name_plural = _("history")
    fields = ["when", "kind", "actor", "detail"]
    readonly_fields = ["when"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("actor", "booking__showtime__screen__theatre")

    @admin.display(description=_("when"))
    def when(self, event: BookingEvent) -> str:
        return local_time(event.at, event.booking.showtime.screen.theatre.zone)


def _lapsed() -> models.Q:
    """Holds past their time that nobody has swept yet."""
    return models.Q(status=BookingStatus.HELD, hold_expires_at__lte=database_now())


class StateFilter(admin.SimpleListFilter):
    """By the state that everybody is shown: a hold past its time is expired, swept or not."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return BookingStatus.choices

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        match self.value():
            case BookingStatus.HELD:
                return queryset.unpaid(database_now())  # type: ignore[attr-defined]
            case BookingStatus.EXPIRED:
                return queryset.filter(_lapsed() | models.Q(status=BookingStatus.EXPIRED))
            case BookingStatus.CONFIRMED | BookingStatus.CANCELLED:
                return queryset.filter(status=self.value())
        return queryset


@admin.register(Booking)
class BookingAdmin(ReadOnly, TenantAdmin):
    list_display = ["reference", "buyer", "state", "total_text", "showtime", "made_at"]
    list_filter = [StateFilter, "showtime__screen"]
    list_select_related = ["showtime__movie", "showtime__screen__theatre"]
    search_fields = ["reference", "email", "name"]
    search_help_text = _("Reference, e-mail or name")
    inlines = [BookedSeatInline, BookingEventInline]
    fieldsets = [
        (None, {"fields": ["reference", "state", "showtime", "name", "email", "total_text"]}),
        (_("When"), {"fields": ["made_at", "held_until", "confirmed", "cancelled"]}),
        (_("How"), {"fields": ["sold_by", "refund_rule"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        lapsed = models.When(_lapsed(), then=models.Value(True))
        rows = super().get_queryset(request).select_related("sold_by", *self.list_select_related)
        return rows.annotate(is_lapsed=models.Case(lapsed, default=models.Value(False)))

    @admin.display(description=_("status"), ordering="status")
    def state(self, booking: Booking) -> str:
        return str(BookingStatus.EXPIRED.label if booking.is_lapsed else booking.get_status_display())  # type: ignore[attr-defined]

    @admin.display(description=_("buyer"), ordering="email")
    def buyer(self, booking: Booking) -> str:
        return booking.name or booking.email or str(_("at the desk"))

    @admin.display(description=_("total"), ordering="total_minor")
    def total_text(self, booking: Booking) -> str:
        return str(booking.total)

    @admin.display(description=_("made at"), ordering="created_at")
    def made_at(self, booking: Booking) -> str:
        return local_time(booking.created_at, booking.showtime.screen.theatre.zone)

    @admin.display(description=_("held until"))
    def held_until(self, booking: Booking) -> str:
        return local_time(booking.hold_expires_at, booking.showtime.screen.theatre.zone)

    @admin.display(description=_("confirmed at"))
    def confirmed(self, booking: Booking) -> str:
        return local_time(booking.confirmed_at, booking.showtime.screen.theatre.zone)

    @admin.display(description=_("cancelled at"))
    def cancelled(self, booking: Booking) -> str:
        return local_time(booking.cancelled_at, booking.showtime.screen.theatre.zone)

    @admin.display(description=_("refund rule at purchase"))
    def refund_rule(self, booking: Booking) -> str:
        steps = [
            _("%(percent)d %% until %(hours)d hours before") % {"percent": percent, "hours": hours}
            for hours, percent in booking.refund_steps
        ]
        return ", ".join([*steps, str(_("then nothing"))]) if steps else str(_("nothing comes back"))


@admin.register(Showtime)
class ShowtimeOfficeAdmin(ShowtimeAdmin):
    """Registered here because seats and who has booked them are nothing that catalog knows of."""

    actions = ["put_on_sale"]

    def save_model(self, request: HttpRequest, obj: Showtime, form: Any, change: bool) -> None:
        """Pass on what was changed in the form and nothing else: the rest may be another by now."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        changed = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        screen = changed.pop("screen", None)
        showtime_change(
            theatre_id=obj.screen.theatre_id,
            showtime_id=obj.pk,
            change=ShowtimeChange(screen_id=screen and screen.pk, **changed),
            now=database_now(),
        )
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Showtime) -> None:
        showtime_delete(theatre_id=obj.screen.theatre_id, showtime_id=obj.pk)

    @admin.action(description=_("Put on sale"), permissions=["change"])
    def put_on_sale(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        now, opened = database_now(), 0
        for showtime in queryset.select_related("movie", "screen__theatre"):
            try:
                self._open(showtime, now=now)
                opened += 1
            except DomainError as error:
                self.message_user(request, f"{showtime}: {error.message}", messages.ERROR)
        if opened:
            self.message_user(request, ngettext("%d showing on sale.", "%d showings on sale.", opened) % opened)

    def _open(self, showtime: Showtime, *, now: Any) -> None:
        run_in_transaction(lambda: showtime_put_on_sale(showtime_id=showtime.pk, now=now), find=again)
