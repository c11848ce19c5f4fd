"""Who did what: the latest changes of a theatre in one list, whatever table tells them.

Each source is read by its primary key from the newest on, as many rows as a page may show; then they are put in order
of time. The address of the next page names, for each source, the last row that was shown. So a page costs the same
wherever it is and however many rows there are, and none is shown twice or left out. What a manager may see comes from
the same paths to the theatre as everywhere; a row whose theatre can't be told any more is shown to nobody.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from bookings.models import BookingEvent, ShowtimeEvent
from catalog.history import LISTING, PRICE, SHOWTIME
from catalog.models import Listing, Movie
from movy.lib.admin import local_time
from movy.lib.clock import day_bounds
from movy.lib.history import Kept, log_of, log_sentence
from payments.models import PaymentEvent
from theatres.history import MEMBERSHIP, SCREEN, THEATRE, staff_ever
from theatres.models import Screen, Theatre

PAGE_SIZE = 50
WORDS = {  # of events; what is not here is told by its own name
    "pending": gettext_lazy("Payment begun"),
    "paid": gettext_lazy("Paid"),
    "failed": gettext_lazy("Payment failed"),
    "mismatch": gettext_lazy("Paid something else than asked"),
    "refund_pending": gettext_lazy("Refund asked for"),
    "refund_processed": gettext_lazy("Refunded"),
    "refund_failed": gettext_lazy("Refund failed"),
    "refund_needs_attention": gettext_lazy("Refund needs bank details"),
    "confirmed": gettext_lazy("Confirmed"),
    "cancelled": gettext_lazy("Cancelled"),
    "expired": gettext_lazy("Hold ran out"),
    "admitted": gettext_lazy("Let in"),
    "seats_cancelled": gettext_lazy("Seats given back"),
    "seats_moved": gettext_lazy("Moved to other seats"),
    "called_off": gettext_lazy("Called off"),
    "plan_changed": gettext_lazy("Seating plan changed"),
}


@dataclass(frozen=True)
class Entry:
    """A line of the list. actor: None when nobody did it: the worker, Paystack, a guest."""

    source: str
    pk: int
    at: datetime
    actor: User | None
    about: str
    sentence: str
    url: str | None


@dataclass(frozen=True)
class Wish:
    """Which changes are wanted, among those of `theatres`. is_everywhere: these are all there are."""

    theatres: Sequence[Theatre]
    is_everywhere: bool = False
    part: str = ""
    person: int | None = None
    day: date | None = None

    def by_person(self, rows: QuerySet[Any], actor: str) -> QuerySet[Any]:
        """Narrow rows by the field path to their actor."""
        return rows if self.person is None else rows.filter(**{actor: self.person})

    def narrowed(self, rows: QuerySet[Any], *, theatre: str, actor: str, at: str) -> QuerySet[Any]:
        """Narrow rows by the field paths to their theatre, their actor and their instant."""
        keys = [one.pk for one in self.theatres]
        rows = self.by_person(rows, actor)
        if self.day is None:
            return rows.filter(**{f"{theatre}__in": keys})
        of_any = Q(pk__in=[])
        for zone in {one.timezone for one in self.theatres}:
            start, end = day_bounds(self.day, zone)
            here = [one.pk for one in self.theatres if one.timezone == zone]
            of_any |= Q(**{f"{theatre}__in": here, f"{at}__gte": start, f"{at}__lt": end})
        return rows.filter(of_any)


Rows = Callable[[Wish], QuerySet[Any]]


@dataclass(frozen=True)
class Source:
    """A table of changes. rows: the wanted ones, newest first; told: what they are as entries, in their order."""

    code: str
    part: str
    rows: Rows
    told: Callable[[str, Iterable[Any]], list[Entry]]


# ---- Sources


def _events(model: Any, *, to_theatre: str, related: str, about: Callable[[Any], str], page: str) -> tuple[Rows, Any]:
    def rows(wish: Wish) -> QuerySet[Any]:
        if wish.is_everywhere and wish.day is None:  # each event has its theatre, and by its key alone needs no sorting
            wanted = wish.by_person(model.objects.all(), "actor")
        else:
            wanted = wish.narrowed(model.objects.all(), theatre=to_theatre, actor="actor", at="at")
        # `related` is fetched beside the events, not joined: the planner would begin with it and sort everything.
        return wanted.select_related("actor").prefetch_related(related).order_by("-pk")

    def told(source: str, events: Iterable[Any]) -> list[Entry]:
        return [
            Entry(source, event.pk, event.at, event.actor, about(event), _event_sentence(event), _url(page, event))
            for event in events
        ]

    def _url(page: str, event: Any) -> str:
        return reverse(f"admin:{page}_change", args=[getattr(event, f"{page.partition('_')[2]}_id")])

    return rows, told


def _event_sentence(event: Any) -> str:
    words = str(WORDS.get(event.kind, event.kind.replace("_", " ").capitalize()))
    detail = event.detail if isinstance(event.detail, dict) else {}
    seats = detail.get("seats")
    told = [seats] if isinstance(seats, str) else seats if isinstance(seats, list) else [detail.get("seat")]
    told = [text for text in (*told, detail.get("reason")) if isinstance(text, str) and text]
    return f"{words}: {', '.join(told)}" if told else words


def _kept(kept: Kept, *, to_theatre: str, page: str, row: str = "id") -> tuple[Rows, Any]:
    def rows(wish: Wish) -> QuerySet[Any]:
        return wish.narrowed(kept.rows(), theatre=to_theatre, actor="history_user", at="history_date")

    def told(source: str, copies: Iterable[Any]) -> list[Entry]:
        copies = list(copies)
        keys = {copy.history_id: getattr(copy, row) for copy in copies}
        return [
            Entry(
                source,
                line.pk,
                line.at,
                line.actor,
                line.about,
                line.sentence,
                reverse(f"admin:{page}", args=[keys[line.pk]]) if line.kind != "-" else None,
            )
            for line in kept.lines(copies)
        ]

    return rows, told


def _log_rows(wish: Wish) -> QuerySet[Any]:
    """What the office's log tells of the theatres and of the films that they alone list: rows beside a theatre, such as
    refund steps and invitations, seating plans, and what is changed in a film."""
    keys = [one.pk for one in wish.theatres]
    if not keys:
        return LogEntry.objects.none()
    theatres = Theatre.objects.filter(pk__in=keys).values_list(Cast("pk", CharField()), flat=True)
    elsewhere = Listing.objects.exclude(theatre__in=keys).values("movie")
    films = Movie.objects.filter(listings__theatre__in=keys).exclude(pk__in=elsewhere)
    screens = Screen.objects.filter(theatre__in=keys).values_list(Cast("pk", CharField()), flat=True)
    of_theatres = log_of(Theatre, theatres, is_kept=True) | log_of(Screen, screens, is_kept=True)
    of_films = log_of(Movie, films.values_list(Cast("pk", CharField()), flat=True))
    by_own_people = Q(user__in=staff_ever(wish.theatres).values("pk"))  # a film may have been another theatre's before
    rows = LogEntry.objects.filter(of_theatres | (of_films & by_own_people)).select_related("user", "content_type")
    if wish.person is not None:
        rows = rows.filter(user=wish.person)
    if wish.day is not None:
        bounds = [day_bounds(wish.day, zone) for zone in sorted({one.timezone for one in wish.theatres})]
        rows = rows.filter(
            action_time__gte=min(start for start, _end in bounds), action_time__lt=max(end for _start, end in bounds)
        )
    return rows.order_by("-pk")


def _log_told(source: str, entries: Iterable[LogEntry]) -> list[Entry]:
    return [
        Entry(
            source,
            entry.pk,
            entry.action_time,
            entry.user,
            entry.object_repr,
            log_sentence(entry),
            entry.get_admin_url(),
        )
        for entry in entries
    ]


HOUSE, PROGRAMME, BOOKINGS, PAYMENTS = "house", "programme", "bookings", "payments"
PARTS = [
    ("", gettext_lazy("Everything")),
    (HOUSE, gettext_lazy("House and people")),
    (PROGRAMME, gettext_lazy("Films, showings, prices")),
    (BOOKINGS, gettext_lazy("Bookings")),
    (PAYMENTS, gettext_lazy("Payments")),
]
SOURCES = [
    Source("t", HOUSE, *_kept(THEATRE, to_theatre="id", page="theatres_theatre_change")),
    Source("m", HOUSE, *_kept(MEMBERSHIP, to_theatre="theatre", page="theatres_theatre_people", row="theatre_id")),
    Source("h", HOUSE, *_kept(SCREEN, to_theatre="theatre", page="theatres_screen_change")),
    Source("o", HOUSE, _log_rows, _log_told),
    Source("l", PROGRAMME, *_kept(LISTING, to_theatre="theatre", page="catalog_listing_change")),
    Source("s", PROGRAMME, *_kept(SHOWTIME, to_theatre="screen__theatre", page="catalog_showtime_change")),
    Source(
        "c",
        PROGRAMME,
        *_kept(PRICE, to_theatre="showtime__screen__theatre", page="catalog_showtime_change", row="showtime_id"),
    ),
    Source(
        "e",
        PROGRAMME,
        *_events(
            ShowtimeEvent,
            to_theatre="showtime__screen__theatre",
            related="showtime__screen__theatre",
            about=lambda event: event.showtime.screen.name,
            page="catalog_showtime",
        ),
    ),
    Source(
        "b",
        BOOKINGS,
        *_events(
            BookingEvent,
            to_theatre="booking__showtime__screen__theatre",
            related="booking",
            about=lambda event: event.booking.reference,
            page="bookings_booking",
        ),
    ),
    Source(
        "p",
        PAYMENTS,
        *_events(
            PaymentEvent,
            to_theatre="payment__theatre",
            related="payment__booking",
            about=lambda event: event.payment.booking.reference,
            page="payments_payment",
        ),
    ),
]


# ---- One list


@dataclass(frozen=True)
class Changes:
    """A page of changes, newest first. after: what to ask the next one by, "" on the last."""

    entries: list[Entry]
    after: str


def changes(wish: Wish, *, after: str = "", size: int = PAGE_SIZE) -> Changes:
    """Return the changes behind `after`, which is text from an address: what cannot be read of it is not minded."""
    seen = {code: int(number) for code, number in re.findall(r"([a-z])(\d{1,18})(?!\d)", after[:400])}
    found: list[list[Entry]] = []
    last = dict(seen)
    has_more = False
    for source in SOURCES:
        if wish.part and source.part != wish.part:
            continue
        rows = source.rows(wish)
        if source.code in seen:
            rows = rows.filter(pk__lt=seen[source.code])
        read = list(rows[: size + 1])
        has_more |= len(read) > size
        entries = source.told(source.code, read[:size])
        found.append(entries)
        if read and not entries:  # saves that changed nothing: none of these rows has anything to show
            last[source.code] = read[:size][-1].pk
    # Merged, not sorted: each source keeps its own order, so what is shown of it is always its newest.
    merged = list(heapq.merge(*found, key=lambda entry: entry.at, reverse=True))
    for entry in merged[:size]:
        last[entry.source] = entry.pk
    has_more |= len(merged) > size
    return Changes(merged[:size], "".join(f"{code}{pk}" for code, pk in sorted(last.items())) if has_more else "")


# ---- The page


class ChangesForm(forms.Form):
    theatre = forms.ModelChoiceField(
        Theatre.objects.none(), label=gettext_lazy("Theatre"), required=False, empty_label=gettext_lazy("All of yours")
    )
    what = forms.ChoiceField(label=gettext_lazy("What"), choices=PARTS, required=False)
    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who"), required=False, empty_label=gettext_lazy("Anybody")
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, *, theatres: QuerySet[Theatre]) -> None:
        super().__init__(data)
        self.fields["theatre"].queryset = theatres  # type: ignore[attr-defined]
        self.fields["person"].queryset = staff_ever(theatres)  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and not 2000 <= day.year < 3000:
            raise forms.ValidationError(_("Enter a day of this century."))
        return day


def changes_view(request: HttpRequest, site: Any) -> HttpResponse:
    """The list as a page of the office. What cannot be read of the wish is a 400 with the form's own words."""
    own = Theatre.objects.visible_to(request.user)
    form = ChangesForm(request.GET, theatres=own)
    is_read = form.is_valid()
    asked = form.cleaned_data if is_read else {}
    theatres = [asked["theatre"]] if asked.get("theatre") else list(own)
    wish = Wish(
        theatres=theatres,
        is_everywhere=request.user.is_superuser and not asked.get("theatre"),
        part=asked.get("what", ""),
        person=asked["person"].pk if asked.get("person") else None,
        day=asked.get("day"),
    )
    page = changes(wish, after=request.GET.get("after", "")) if is_read else Changes([], "")
    zone = theatres[0].zone if len({one.timezone for one in theatres}) == 1 else None
    query = {name: request.GET[name] for name in ("theatre", "what", "person", "day") if request.GET.get(name)}
    context = {
        **site.each_context(request),
        "title": _("Who did what"),
        "form": form,
        "has_several_theatres": len(own) > 1,
        "lines": [(entry, local_time(entry.at, zone) if zone else None) for entry in page.entries],
        "next_url": f"?{urlencode(query | {'after': page.after})}" if page.after else None,
        "is_narrowed": bool(query),
        "is_first": "after" not in request.GET,
    }
    return TemplateResponse(request, "admin/changes.html", context, status=200 if is_read else 400)
