"""Showings in the office, as far as seats and who has booked them are concerned: catalog knows nothing of those."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from bookings.admin.pages import led_back, office_page, refused, row_of
from bookings.admin.repricing import RepricePages
from bookings.admin.schedule import WeekPages
from bookings.admin.series import SeriesPages
from bookings.calling_off import showtime_call_off
from bookings.history import showtime_told
from bookings.house import seats_block, seats_off_sale, seats_unblock
from bookings.maps import desk_seat_map
from bookings.models import BookedSeat, Booking, BookingStatus, CallOff, SeatStatus, ShowtimeEvent
from bookings.plan import SELLABLE, plan_html
from bookings.services import showtime_put_on_sale
from bookings.showtimes import showtime_change, showtime_delete
from catalog.admin import ShowtimeAdmin
from catalog.models import Showtime, ShowtimeStatus
from catalog.services import ShowtimeChange
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.money import Money

HOUSE_RELEASE_MINUTES = 30
"""How long before the start the house's seats go to everybody unless the manager says otherwise."""
HISTORY_LINES = 50
TICKABLE = (*SELLABLE, SeatStatus.BLOCKED)


class SeatsForm(forms.Form):
    """What becomes of the ticked seats, and why."""

    wish = forms.ChoiceField(choices=[("keep", "keep"), ("block", "block"), ("free", "free")])
    minutes_before = forms.IntegerField(
        label=_("Minutes before the start"), min_value=0, max_value=60 * 24 * 30, required=False
    )
    reason = forms.CharField(label=_("Why"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_kept = cleaned.get("wish") == "keep"
        if is_kept and cleaned.get("minutes_before") is None and "minutes_before" not in self.errors:
            self.add_error("minutes_before", _("Say how long before the start the seats are everybody's."))
        if cleaned.get("wish") != "free" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, for whoever looks at this map next."))
        return cleaned


class CallOffForm(forms.Form):
    note = forms.CharField(
        label=_("What people are told"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in their mail below \u201cdoes not take place\u201d. You can leave it empty."),
    )
    sure = forms.BooleanField(
        label=_("Yes, call it off and give everybody their money back"),
        error_messages={"required": _("Tick this to call the showing off. It can't be undone.")},
    )


@admin.register(Showtime)
class ShowtimeOfficeAdmin(WeekPages, SeriesPages, RepricePages, ShowtimeAdmin):
    """Registered here because seats and who has booked them are nothing that catalog knows of."""

    actions = ["put_on_sale"]

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"catalog_showtime_{name}")

        own = [
            page("<path:pk>/seats/", self.seats_view, "seats"),
            page("<path:pk>/call-off/", self.call_off_view, "call_off"),
        ]
        return own + super().get_urls()

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

    # ---- Seats that are kept off sale

    def seats_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The map of a showing on which seats are blocked, kept for the house, and put on sale again."""
        showtime: Showtime = row_of(self, request, pk)
        if request.method != "POST":
            initial = {"wish": "keep", "minutes_before": HOUSE_RELEASE_MINUTES}
            return self._seats_page(request, showtime, SeatsForm(initial=initial))
        form = SeatsForm(request.POST)
        if not form.is_valid():
            return self._seats_page(request, showtime, form, status=400)
        labels = request.POST.getlist("seats")
        try:
            event = self._seats_change(showtime, labels, form.cleaned_data, actor_id=cast(User, request.user).pk)
        except DomainError as error:
            form.add_error(None, str(error.message))
            return self._seats_page(request, showtime, form, status=error.status)
        self.message_user(request, showtime_told(event).what)
        return led_back(reverse(f"{self.admin_site.name}:catalog_showtime_seats", args=[showtime.pk]))

    def _seats_change(
        self, showtime: Showtime, labels: list[str], wish: dict[str, Any], *, actor_id: int
    ) -> ShowtimeEvent:
        now, reason = database_now(), wish["reason"]
        until = None
        if wish["wish"] == "keep":
            until = showtime.starts_at - timedelta(minutes=wish["minutes_before"])

        def change() -> ShowtimeEvent:
            of_showing = {"showtime_id": showtime.pk, "labels": labels, "actor_id": actor_id, "reason": reason}
            if wish["wish"] == "free":
                return seats_unblock(**of_showing, now=now)
            return seats_block(**of_showing, until=until, now=now)

        return run_in_transaction(
            change,
            find=lambda: ShowtimeEvent.objects.filter(showtime=showtime, at=now, actor_id=actor_id).first(),
        )

    def _seats_page(
        self, request: HttpRequest, showtime: Showtime, form: SeatsForm, *, status: int = 200
    ) -> HttpResponse:
        picked = set(request.POST.getlist("seats"))
        is_on_sale = showtime.status == ShowtimeStatus.ON_SALE
        drawn = desk_seat_map(showtime.pk) if is_on_sale else None
        events = ShowtimeEvent.objects.filter(showtime=showtime).select_related("actor").order_by("-pk")
        return office_page(
            self,
            request,
            "admin/bookings/showtime/seats.html",
            title=_t("Seats of the house"),
            status=status,
            showtime=showtime,
            theatre=showtime.screen.theatre,
            form=form,
            is_on_sale=is_on_sale,
            plan=plan_html(drawn, picked, tickable=TICKABLE) if drawn else "",
            categories=drawn.hall.categories if drawn else [],
            off_sale=seats_off_sale(showtime_id=showtime.pk, now=drawn.now) if drawn else [],
            history=[showtime_told(event) for event in events[:HISTORY_LINES]],
        )

    # ---- Calling off

    def call_off_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Say whom it touches and what it costs, then do it. What follows is shown on the page that this leads to."""
        showtime: Showtime = row_of(self, request, pk)
        done = CallOff.objects.filter(showtime=showtime).first()
        if done:
            return led_back(_progress_page(self, done))
        form = CallOffForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return led_back(_progress_page(self, self._call_off(request, showtime, form.cleaned_data["note"])))
            except DomainError as error:
                refused(self, request, error)
        held = Q(booking__status=BookingStatus.HELD)
        live = Booking.objects.live(database_now()).filter(showtime=showtime)
        lines = BookedSeat.objects.kept().filter(booking__in=live)
        touched = lines.aggregate(
            bookings=Count("booking", distinct=True, filter=~held),
            seats=Count("pk", filter=~held),
            minor=Sum("price_minor", filter=~held, default=0),
            holds=Count("booking", distinct=True, filter=held),
            let_in=Count("pk", filter=Q(ticket__admitted_at__isnull=False)),
        )
        return office_page(
            self,
            request,
            "admin/bookings/showtime/call_off.html",
            title=_t("Call a showing off"),
            status=400 if request.method == "POST" else 200,
            showtime=showtime,
            theatre=showtime.screen.theatre,
            form=form,
            touched=touched,
            money=Money(touched["minor"], showtime.currency),
            can_be=showtime.status == ShowtimeStatus.ON_SALE,
        )

    def _call_off(self, request: HttpRequest, showtime: Showtime, note: str) -> CallOff:
        now, actor_id = database_now(), cast(User, request.user).pk
        return run_in_transaction(
            lambda: showtime_call_off(
                theatre_id=showtime.screen.theatre_id, showtime_id=showtime.pk, note=note, actor_id=actor_id, now=now
            ),
            find=lambda: CallOff.objects.filter(showtime=showtime).first(),
        )


def _progress_page(model_admin: ShowtimeOfficeAdmin, call_off: CallOff) -> str:
    return reverse(f"{model_admin.admin_site.name}:bookings_calloff_change", args=[call_off.pk])
