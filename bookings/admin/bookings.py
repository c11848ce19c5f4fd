"""Who has booked what: found by whatever the buyer has at hand, read on one page. Bookings are made, moved and
cancelled by the services alone. payments.admin extends this class by what is paid, and registers it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from bookings.admin.pages import change_page, led_back, office_page, refused, row_of
from bookings.finding import bookings_meant
from bookings.flows import tickets_send_again
from bookings.maps import desk_seat_map
from bookings.models import Booking, BookingStatus
from bookings.moving import booking_seats_move
from bookings.plan import plan_html
from bookings.selectors import booking_full, kept_lines
from movy.lib.admin import ReadOnly, TenantAdmin
from movy.lib.clock import database_now
from movy.lib.db import run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.long_lists import LongList, LongListPaginator
from theatres.models import Theatre


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


class BookingAdmin(ReadOnly, TenantAdmin):
    list_display = ["reference", "buyer", "state", "total_text", "film", "starts", "made_at"]
    list_filter = [StateFilter, "showtime__screen"]
    list_select_related = ["showtime__movie", "showtime__screen__theatre"]
    ordering = ["-pk"]  # as they were made, by the one index that never needs sorting
    paginator = LongListPaginator
    search_fields = ["reference"]  # get_search_results says by what
    search_help_text = _("Reference, name, e-mail, phone or a ticket's code")
    fields = ()  # its page is a template of our own
    change_form_template = "admin/bookings/booking/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        lapsed = models.When(_lapsed(), then=models.Value(True))
        return super().get_queryset(request).annotate(is_lapsed=models.Case(lapsed, default=models.Value(False)))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        theatres = Theatre.objects.visible_to(request.user)
        countries = set(theatres.order_by().values_list("country", flat=True).distinct())
        return queryset.filter(bookings_meant(term, countries=countries)), False

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"bookings_booking_{name}")

        own = [
            page("<path:pk>/resend/", require_POST(self.resend_view), "resend"),
            page("<path:pk>/move/", self.move_view, "move"),
        ]
        return own + super().get_urls()

    # ---- What can be done

    def resend_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Send the tickets again."""
        booking: Booking = row_of(self, request, pk)
        try:
            tickets_send_again(booking.reference, actor_id=cast(User, request.user).pk)
        except DomainError as error:
            refused(self, request, error)
        else:
            self.message_user(request, _t("The tickets are on their way to %(email)s.") % {"email": booking.email})
        return led_back(change_page(self, booking.pk))

    def move_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Choose which seats are left, and on the map which are taken instead."""
        booking: Booking = row_of(self, request, pk)
        if request.method != "POST":
            return self._move_page(request, booking)
        leave, take = request.POST.getlist("leave"), request.POST.getlist("seats")
        actor_id, now = cast(User, request.user).pk, database_now()
        try:
            run_in_transaction(
                lambda: booking_seats_move(booking.reference, leave=leave, take=take, actor_id=actor_id, now=now),
                find=lambda: Booking.objects.filter(pk=booking.pk, seats__label__in=take).first(),
            )
        except DomainError as error:
            return self._move_page(request, booking, error=error)
        self.message_user(request, _t("Moved. The buyer is told by mail, and the tickets show the new seats."))
        return led_back(change_page(self, booking.pk))

    def _move_page(self, request: HttpRequest, booking: Booking, *, error: DomainError | None = None) -> HttpResponse:
        full = booking_full(booking.reference)
        lines = kept_lines(full) if full and full.status == BookingStatus.CONFIRMED else []
        drawn = desk_seat_map(booking.showtime_id)
        picked = request.POST.getlist("seats")
        return office_page(
            self,
            request,
            "admin/bookings/booking/move.html",
            title=_t("Move to other seats"),
            status=error.status if error else 200,
            booking=booking,
            lines=lines,
            leaving=request.POST.getlist("leave") or ([line.label for line in lines] if len(lines) == 1 else []),
            categories=drawn.hall.categories,
            plan=plan_html(drawn, set(picked)),
            error=error and error.message,
        )

    # ---- The list

    @admin.display(description=_("status"), ordering="status")
    def state(self, booking: Booking) -> str:
        return str(BookingStatus.EXPIRED.label if booking.is_lapsed else booking.get_status_display())  # type: ignore[attr-defined]

    @admin.display(description=_("buyer"), ordering="email")
    def buyer(self, booking: Booking) -> str:
        return booking.name or booking.email or booking.phone or str(_("at the desk"))

    @admin.display(description=_("total"), ordering="total_minor")
    def total_text(self, booking: Booking) -> str:
        return str(booking.total)

    @admin.display(description=_("film"), ordering="showtime__movie__title")
    def film(self, booking: Booking) -> str:
        return booking.showtime.movie.title

    @admin.display(description=_("show"), ordering="showtime__starts_at")
    def starts(self, booking: Booking) -> str:
        return _short(booking.showtime.starts_at, booking)

    @admin.display(description=_("made at"), ordering="pk")
    def made_at(self, booking: Booking) -> str:
        return _short(booking.created_at, booking)


def _short(instant: datetime, booking: Booking) -> str:
    """By the theatre's own clock: "Fri 28 Nov, 18:30"."""
    return date_format(instant.astimezone(booking.showtime.screen.theatre.zone), "D j M, H:i")
