"""Many showings in one go, in the office: a new one that may repeat, a copy of days, a file.

What was typed becomes wishes, and what would become of each is shown; then the same wishes are saved, under locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.admin.pages import led_back
from bookings.admin.schedule import TheatrePages, day_asked, week_address
from bookings.schedule_forms import FORMATS, CopyForm, ImportForm, NewShowForm
from bookings.showtimes import showings_add
from catalog.models import Listing, Showtime, ShowtimeStatus
from catalog.prices import price_book
from catalog.series import SHOWINGS_MAX, Planned, SeriesRefused, UnusableSeries, Wish, series_plan
from catalog.sheet import COLUMNS
from catalog.week import monday_of, schedule_week
from movy.lib.clock import database_now, local_day
from movy.lib.db import run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.exports import Column, Table, csv_parts
from theatres.models import Screen, Theatre

TITLES = {
    "new": gettext_lazy("New showing"),
    "copy": gettext_lazy("Copy days"),
    "import": gettext_lazy("Schedule from a file"),
}
FORMS: dict[str, Any] = {"new": NewShowForm, "copy": CopyForm, "import": ImportForm}
NOT_AGAIN = {"csrfmiddlewaretoken", "save", "look", "edit"}
"""Fields of a form that its preview doesn't carry along."""


class SeriesPages(TheatrePages):
    """Mixed into the showtimes' admin class."""

    def get_urls(self) -> list[URLPattern]:
        pages = [self.schedule_path(f"<int:theatre_id>/{kind}/", self._series_view(kind), kind) for kind in FORMS]
        template = self.schedule_path("<int:theatre_id>/template.csv", self.template_view, "template")
        export = self.schedule_path("<int:theatre_id>/week.csv", self.export_view, "export")
        return [*pages, template, export, *super().get_urls()]

    def _series_view(self, kind: str) -> Any:
        def view(request: HttpRequest, theatre_id: int) -> HttpResponse:
            return self.series_view(request, theatre_id, kind)

        return view

    def series_view(self, request: HttpRequest, theatre_id: int, kind: str) -> HttpResponse:
        """GET: the form. POST: what would become of it; with `save`, or for one showing that can be, saves it; with
        `edit`, the form as it was filled in."""
        theatre = self.theatre_of(request, theatre_id)
        if request.method != "POST":
            form = FORMS[kind](theatre=theatre, initial=_initial(request, theatre))
            return self._form_page(request, theatre, kind, form)
        form = FORMS[kind](request.POST, request.FILES, theatre=theatre)
        if "edit" in request.POST:
            return self._form_page(request, theatre, kind, form)
        now = database_now()
        try:
            wishes = _wishes(form) if form.is_valid() else []
        except DomainError as error:
            form.add_error(None, str(error.message))
        if not form.is_valid():
            return self._form_page(request, theatre, kind, form, status=400)
        save = request.POST.get("save", "")
        planned = series_plan(wishes, theatre=theatre, now=now)
        is_one = kind == "new" and len(wishes) == 1
        problems = [problem for one in planned for problem in one.problems]
        if is_one and problems and not form.cleaned_data["until"]:
            for problem in problems:
                form.add_error(_field(form, problem.field), problem.message)
            return self._form_page(request, theatre, kind, form, status=409)
        if save not in ("all", "free") and not is_one:
            return self._preview(request, theatre, kind, form, planned)
        try:
            planned = _saved(wishes, theatre=theatre, leave_out_refused=save == "free", now=now)
        except SeriesRefused as refusal:
            if is_one:
                form.add_error(None, refusal.planned[0].problems[0].message)
                return self._form_page(request, theatre, kind, form, status=409)
            return self._preview(request, theatre, kind, form, refusal.planned, refusal=refusal)
        return self._done(request, theatre, planned)

    def _done(self, request: HttpRequest, theatre: Theatre, planned: Sequence[Planned]) -> HttpResponse:
        made = [one.showtime for one in planned if one.showtime and not one.problems]
        left_out = len(planned) - len(made)
        told = ngettext("%d showing scheduled.", "%d showings scheduled.", len(made)) % len(made)
        if left_out:
            told += " " + ngettext("%d was left out.", "%d were left out.", left_out) % left_out
        self.message_user(request, told)
        return led_back(week_address(theatre, made[0]) if made else reverse("admin:schedule_week", args=[theatre.pk]))

    # ---- Pages

    def _form_page(
        self, request: HttpRequest, theatre: Theatre, kind: str, form: Any, *, status: int = 200
    ) -> HttpResponse:
        return self.page(
            request,
            kind,
            theatre,
            title=str(TITLES[kind]),
            status=status,
            form=form,
            formats=FORMATS,
            columns=COLUMNS,
            most=SHOWINGS_MAX,
            has_films=Listing.objects.filter(theatre=theatre).exists(),
            has_cards=bool(price_book(theatre).cards),
        )

    def _preview(
        self,
        request: HttpRequest,
        theatre: Theatre,
        kind: str,
        form: Any,
        planned: Sequence[Planned],
        *,
        refusal: SeriesRefused | None = None,
    ) -> HttpResponse:
        carried = [
            (name, value) for name in request.POST if name not in NOT_AGAIN for value in request.POST.getlist(name)
        ]
        if kind == "import":
            carried = [("text", form.cleaned_data["text"])]
        refused = sum(bool(one.problems) for one in planned)
        return self.page(
            request,
            "preview",
            theatre,
            title=str(TITLES[kind]),
            status=refusal.status if refusal else 200,
            planned=planned,
            good=len(planned) - refused,
            refused=refused,
            carried=carried,
            action=reverse(f"admin:schedule_{kind}", args=[theatre.pk]),
            refusal=refusal and refusal.message,
            zone=theatre.zone,
            kind=kind,
        )

    # ---- Files

    def template_view(self, request: HttpRequest, theatre_id: int) -> StreamingHttpResponse:
        """A file to begin with: the columns, and a row with the theatre's own names."""
        theatre = self.theatre_of(request, theatre_id)
        listing = Listing.objects.filter(theatre=theatre).select_related("movie").first()
        screen = Screen.objects.filter(theatre=theatre).order_by("name").first()
        day = local_day(database_now(), theatre.timezone)
        film, hall = (str(listing.movie) if listing else "Metropolis (1927)"), (screen.name if screen else "1")
        rows = [[film, hall, day.isoformat(), "19:30", "2D", "", "", "draft"]]
        return _csv(rows, name="showings.csv")

    def export_view(self, request: HttpRequest, theatre_id: int) -> StreamingHttpResponse:
        """A week as a file that can be read in again. A showing with prices of its own leaves the price empty."""
        theatre = self.theatre_of(request, theatre_id)
        now = database_now()
        monday = monday_of(day_asked(request) or local_day(now, theatre.timezone))
        blocks = [
            (block.showtime, lane.screen, day)
            for lane in schedule_week(theatre, monday, now=now).lanes
            for day, of_day in lane.days
            for block in of_day
            if block.showtime.status != ShowtimeStatus.CALLED_OFF
        ]
        rows = [
            [
                str(show.movie),
                screen.name,
                day.isoformat(),
                show.starts_at.astimezone(theatre.zone).strftime("%H:%M"),
                show.format,
                show.language,
                show.price_card.name if show.price_card else "",
                "on sale" if show.status == ShowtimeStatus.ON_SALE else "draft",
            ]
            for show, screen, day in blocks
        ]
        return _csv(rows, name=f"week-{monday.isoformat()}.csv")


def _initial(request: HttpRequest, theatre: Theatre) -> dict[str, Any]:
    """Return what the address proposes, such as the place in the week that was clicked."""
    today = local_day(database_now(), theatre.timezone)
    names = ("screen", "movie", "day", "at", "first", "to", "span")
    return {"day": today, "span": 7} | {name: request.GET[name] for name in names if name in request.GET}


def _wishes(form: Any) -> list[Wish]:
    """Return what a valid form wants. Raises UnusableSeries, SheetUnreadable."""
    wishes: list[Wish] = form.wishes()
    if not wishes:
        raise UnusableSeries(_("There is no showing among these days. Choose others."))
    if len(wishes) > SHOWINGS_MAX:
        raise UnusableSeries(
            _("That would be more than %(most)d showings at once. Take fewer days.") % {"most": SHOWINGS_MAX}
        )
    return wishes


def _saved(wishes: Sequence[Wish], *, theatre: Theatre, leave_out_refused: bool, now: datetime) -> list[Planned]:
    """Save a series in a transaction. A COMMIT whose answer was lost is looked up by the showings that it made."""
    wanted = series_plan(wishes, theatre=theatre, now=now)
    slots = [one.showtime for one in wanted if one.showtime and not one.problems]

    def made() -> list[Planned] | None:
        if not slots:
            return None
        first = slots[0]
        same = Showtime.objects.filter(screen=first.screen, movie=first.movie, starts_at=first.starts_at)
        return wanted if same.exclude(status=ShowtimeStatus.CALLED_OFF).exists() else None

    return run_in_transaction(
        lambda: showings_add(wishes, theatre=theatre, leave_out_refused=leave_out_refused, now=now), find=made
    )


def _field(form: Any, name: str) -> str | None:
    """Return the form's field for a service's or a file's, None for what belongs to the whole."""
    own = {"time": None, "starts_at": "at", "on_sale_at": "opens_on", "price": "price"}.get(name, name)
    return own if own in form.fields else None


def _csv(rows: Sequence[Sequence[str]], *, name: str) -> StreamingHttpResponse:
    table = Table(title="", columns=[Column(column) for column in COLUMNS], rows=rows)
    response = StreamingHttpResponse(csv_parts(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
