"""The schedule in the office: a theatre's week by screen, and one showing of it with all that can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from bookings.admin.pages import led_back, office_page
from bookings.schedule_forms import DayField, MoveForm, OpenAtForm
from bookings.showtimes import showtime_change, showtime_delete, showtime_open_at
from catalog.admin import ShowtimeAdmin
from catalog.models import Showtime, ShowtimeStatus
from catalog.selectors import seats_left
from catalog.services import ShowtimeChange
from catalog.week import Block, Lane, Week, monday_of, schedule_week
from movy.lib.admin import local_time
from movy.lib.clock import database_now, instant_of, local_day, wall_clock
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.money import Money
from theatres.models import Theatre

PIXELS_A_MINUTE = 0.6
TWO_LINES = 52
"""Pixels that a block needs for its time and two lines of title."""

HOUR = 60
DAY_BEGINS = 5 * HOUR


@dataclass(frozen=True)
class DrawnBlock:
    """A block and where it is drawn, in pixels from the top of its lane. `reach`: its height with the cleaning."""

    block: Block
    y: float
    height: float
    reach: float
    can_move: bool

    @property
    def showtime(self) -> Showtime:
        return self.block.showtime

    @property
    def is_short(self) -> bool:
        """Whether a title has room for one line alone."""
        return self.height < TWO_LINES


@dataclass(frozen=True)
class DrawnLane:
    lane: Lane
    now: datetime

    @property
    def height(self) -> float:
        return pixels(self.lane.last - self.lane.first)

    def hours(self) -> Iterator[tuple[float, str]]:
        """Yield every second hour with its place."""
        for minutes in range(self.lane.first, self.lane.last, 2 * HOUR):
            yield pixels(minutes - self.lane.first), f"{(minutes + DAY_BEGINS) // HOUR % 24:02d}:00"

    def days(self) -> Iterator[tuple[date, list[DrawnBlock]]]:
        for day, blocks in self.lane.days:
            yield (
                day,
                [
                    DrawnBlock(
                        block,
                        y=pixels(block.starts - self.lane.first),
                        height=pixels(block.ends - block.starts),
                        reach=pixels(block.free - block.starts),
                        can_move=block.showtime.status != ShowtimeStatus.CALLED_OFF
                        and block.showtime.starts_at > self.now,
                    )
                    for block in blocks
                ],
            )


def pixels(minutes: int) -> float:
    return round(minutes * PIXELS_A_MINUTE, 1)


class TheatrePages(ShowtimeAdmin):
    """What the pages of a theatre's schedule have in common."""

    def theatre_of(self, request: HttpRequest, theatre_id: int) -> Theatre:
        """Return a theatre that this person manages. Raises Http404 for a foreign one as for none."""
        return cast(Theatre, get_object_or_404(Theatre.objects.visible_to(request.user), pk=theatre_id))

    def schedule_path(self, address: str, view: Any, name: str) -> URLPattern:
        return path(f"schedule/{address}", self.admin_site.admin_view(view), name=f"schedule_{name}")

    def page(self, request: HttpRequest, name: str, theatre: Theatre, *, title: str, **context: Any) -> HttpResponse:
        template = f"admin/catalog/schedule/{name}.html"
        return office_page(self, request, template, title=title, theatre=theatre, **context)


class WeekPages(TheatrePages):
    """Mixed into the showtimes' admin class."""

    change_list_template = "admin/catalog/schedule/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.schedule_path("", self.schedule_view, "home"),
            self.schedule_path("<int:theatre_id>/", self.week_view, "week"),
            self.schedule_path("<int:theatre_id>/show/<int:showtime_id>/", self.show_view, "show"),
        ]
        return own + super().get_urls()

    def schedule_view(self, request: HttpRequest) -> HttpResponse:
        """Lead to the first of the person's theatres."""
        first = Theatre.objects.visible_to(request.user).order_by("name", "pk").first()
        if first is None:
            raise Http404
        return led_back(reverse("admin:schedule_week", args=[first.pk]))

    # ---- The week

    def week_view(self, request: HttpRequest, theatre_id: int) -> HttpResponse:
        """Seven days from the Monday of `day`."""
        theatre, now = self.theatre_of(request, theatre_id), database_now()
        today = local_day(now, theatre.timezone)
        monday = monday_of(day_asked(request) or today)
        week = schedule_week(theatre, monday, now=now)
        return self.page(
            request,
            "week",
            theatre,
            title=_("Schedule"),
            theatres=Theatre.objects.visible_to(request.user).order_by("name", "pk"),
            week=week,
            lanes=[DrawnLane(lane, now) for lane in week.lanes],
            counts=_counts(week),
            today=today,
            monday=monday,
            before=monday - timedelta(days=7),
            after=monday + timedelta(days=7),
            now=now,
            pixels_a_minute=PIXELS_A_MINUTE,
        )

    # ---- One showing

    def show_view(self, request: HttpRequest, theatre_id: int, showtime_id: int) -> HttpResponse:
        theatre = self.theatre_of(request, theatre_id)
        showtime = self._showtime(theatre, showtime_id)
        move, opens = self._forms(request, theatre, showtime)
        if request.method != "POST":
            return self._show_page(request, theatre, showtime, move, opens)
        try:
            done = self._do(request, theatre, showtime, move, opens)
        except DomainError as error:
            stored = self._showtime(theatre, showtime_id)
            return self._show_page(request, theatre, stored, move, opens, error=error)
        if done is None:
            return self._show_page(request, theatre, showtime, move, opens, status=400)
        self.message_user(request, done)
        changed = Showtime.objects.filter(pk=showtime_id).first() or showtime
        return led_back(week_address(theatre, changed))

    def _showtime(self, theatre: Theatre, showtime_id: int) -> Showtime:
        of_theatre = Showtime.objects.filter(screen__theatre=theatre).select_related("movie", "screen__theatre")
        return cast(Showtime, get_object_or_404(of_theatre.select_related("price_card"), pk=showtime_id))

    def _forms(self, request: HttpRequest, theatre: Theatre, showtime: Showtime) -> tuple[MoveForm, OpenAtForm]:
        starts = showtime.starts_at.astimezone(theatre.zone)
        place = {
            "screen": showtime.screen_id,
            "day": local_day(showtime.starts_at, theatre.timezone),
            "at": starts.time(),
        }
        opens = showtime.on_sale_at and showtime.on_sale_at.astimezone(theatre.zone).replace(tzinfo=None)
        wish = request.POST.get("wish")
        return (
            MoveForm(request.POST if wish == "move" else None, theatre=theatre, initial=place),
            OpenAtForm(request.POST if wish == "open_at" else None, theatre=theatre, initial={"opens_on": opens}),
        )

    def _do(
        self, request: HttpRequest, theatre: Theatre, showtime: Showtime, move: MoveForm, opens: OpenAtForm
    ) -> str | None:
        """Do what was asked for; return what to tell, None for a form that has to be mended. Raises DomainError."""
        now = database_now()
        match request.POST.get("wish"):
            case "move" if move.is_valid():
                typed = move.cleaned_data
                starts_at = instant_of(wall_clock(typed["day"], typed["at"]), theatre.timezone)
                change = ShowtimeChange(screen_id=typed["screen"].pk, starts_at=starts_at)
                moved = self._change(request, theatre, showtime, change)
                when = local_time(moved.starts_at, theatre.zone)
                return _("Moved: %(film)s, %(when)s, %(screen)s.") % {
                    "film": moved.movie.title,
                    "when": when,
                    "screen": typed["screen"].name,
                }
            case "open":
                self._change(request, theatre, showtime, ShowtimeChange(), status=ShowtimeStatus.ON_SALE)
                return _("On sale.")
            case "draft":
                self._change(request, theatre, showtime, ShowtimeChange(), status=ShowtimeStatus.DRAFT)
                return _("Off sale: it is a draft again.")
            case "open_at" if opens.is_valid():
                at = opens.instant("opens_on")
                if opens.errors:
                    return None
                run_in_transaction(
                    lambda: showtime_open_at(theatre_id=theatre.pk, showtime_id=showtime.pk, at=at, now=now),
                    find=again,
                )
                when = local_time(at, theatre.zone)
                return _("Goes on sale on %(when)s.") % {"when": when} if at else _("Doesn't go on sale by itself.")
            case "delete":
                _delete(theatre, showtime)
                return _("Deleted.")
        return None

    def _change(
        self,
        request: HttpRequest,
        theatre: Theatre,
        showtime: Showtime,
        change: ShowtimeChange,
        *,
        status: ShowtimeStatus | None = None,
    ) -> Showtime:
        actor_id, now = cast(User, request.user).pk, database_now()
        return run_in_transaction(
            lambda: showtime_change(
                theatre_id=theatre.pk,
                showtime_id=showtime.pk,
                change=change,
                status=status,
                actor_id=actor_id,
                now=now,
            ),
            find=again,
        )

    def _show_page(
        self,
        request: HttpRequest,
        theatre: Theatre,
        showtime: Showtime,
        move: MoveForm,
        opens: OpenAtForm,
        *,
        error: DomainError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        return self.page(
            request,
            "show",
            theatre,
            title=showtime.movie.title,
            status=error.status if error else status,
            showtime=showtime,
            seats=seats_left([showtime.pk], now=database_now())[showtime.pk],
            prices=price_table(showtime),
            has_bookings=showtime.bookings.exists(),  # type: ignore[attr-defined]
            move=move,
            opens=opens,
            error=error and error.message,
            week=week_address(theatre, showtime),
        )


def week_address(theatre: Theatre, showtime: Showtime) -> str:
    """Return the address of the week that a showing is in, at its screen."""
    day = local_day(showtime.starts_at, theatre.timezone)
    address = reverse("admin:schedule_week", args=[theatre.pk])
    return f"{address}?{urlencode({'day': day.isoformat()})}#screen-{showtime.screen_id}"


def price_table(showtime: Showtime) -> dict[str, Any]:
    """Return a showing's prices as the buyer sees them: ticket types across, categories down. One query."""
    rows: dict[Any, dict[Any, Money]] = {}
    types: dict[Any, None] = {}
    prices = showtime.prices.select_related("category", "ticket_type")
    for price in prices.order_by("category__position", "category__code", "ticket_type__position", "ticket_type__code"):
        rows.setdefault(price.category, {})[price.ticket_type] = Money(price.amount_minor, showtime.currency)
        types[price.ticket_type] = None
    ordered = sorted(types, key=lambda kind: (kind.position, kind.code))
    return {
        "types": ordered,
        "rows": [(category, [row.get(kind) for kind in ordered]) for category, row in rows.items()],
    }


def _delete(theatre: Theatre, showtime: Showtime) -> None:
    def delete() -> bool:
        showtime_delete(theatre_id=theatre.pk, showtime_id=showtime.pk)
        return True

    run_in_transaction(delete, find=lambda: None if Showtime.objects.filter(pk=showtime.pk).exists() else True)


def day_asked(request: HttpRequest) -> date | None:
    """Return the day in the address; one that can't be read is none."""
    try:
        return DayField(required=False).clean(request.GET.get("day", ""))
    except ValidationError:
        return None


def _counts(week: Week) -> dict[str, int]:
    """Return how many shows of a week are in which state."""
    shows = [block.showtime.status for lane in week.lanes for _day, blocks in lane.days for block in blocks]
    return {status: shows.count(status) for status in ShowtimeStatus.values}
