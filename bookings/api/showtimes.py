"""Showings, for the theatre's managers: scheduled, changed, deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.showtimes import showtime_add, showtime_change, showtime_delete
from catalog.api.outputs import showing_output
from catalog.api.shapes import ShowtimeShape
from catalog.constants import PRICE_MINOR_MAX
from catalog.errors import ScreenBusy, ShowtimeHasBookings
from catalog.forms import DayForm, language_valid
from catalog.models import Movie, Showtime, ShowtimeStatus
from catalog.selectors import SeatsLeft, Showing, showing_of_office, showings_of_office
from catalog.services import Prices, ShowtimeChange, ShowtimeDraft, minute_of
from movy.lib.clock import database_now, day_bounds
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import NotFound
from movy.lib.inputs import InstantField, StrictInteger, TextField, body_read
from movy.lib.lists import PageForm, list_page, list_response, query_read
from movy.lib.refusals import invalid, refusal_describe
from movy.lib.schema import Answer, operation
from movy.lib.shapes import Shape, list_of, one_of
from theatres.api.staff import StaffView
from theatres.models import Role, Screen, Theatre

WITH_PRICES = ("prices__category", "prices__ticket_type")
CODES_MAX = 50  # categories of a theatre, and ticket types, that one request prices
ID_MAX = 2**63 - 1
_AMOUNT = {"type": "integer", "minimum": 0, "maximum": PRICE_MINOR_MAX}
_BY_CODE = {"type": "object", "maxProperties": CODES_MAX}


@extend_schema_field(
    {
        "oneOf": [
            _AMOUNT,
            {**_BY_CODE, "additionalProperties": {**_BY_CODE, "additionalProperties": _AMOUNT}},
        ]
    }
)
class PriceField(serializers.Field[Prices, Any, Any, Any]):
    """An integer for every seat, or {category: {ticket type: integer}}, in minor units."""

    default_error_messages = {
        "invalid": _("Give one price in the smallest unit, or {{category: {{ticket type: price}}}}.")
    }

    def to_internal_value(self, data: Any) -> Prices:
        if _is_amount(data):
            return int(data)
        if not _is_by_code(data) or not all(_is_by_code(row) for row in data.values()):
            self.fail("invalid")
        if not all(_is_amount(amount) for row in data.values() for amount in row.values()):
            self.fail("invalid")
        return {category: dict(row) for category, row in data.items()}


def _is_amount(value: Any) -> bool:
    """Whether it is an integer. Which ones are prices is the service's to say, for it knows the currency."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_by_code(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= CODES_MAX and all(len(code) <= 20 for code in value)


class ShowtimeInput(serializers.Serializer[Any]):
    movie = StrictInteger(min_value=1, max_value=ID_MAX, help_text="A film of the theatre's list.")
    screen = StrictInteger(min_value=1, max_value=ID_MAX, help_text="A screen of the theatre.")
    starts_at = InstantField(help_text="With an offset. Seconds are dropped.")
    price = PriceField(
        help_text="In the smallest unit of the theatre's currency: one for every seat, or by category and ticket type; "
        "what has no price is not sold, and each category of the hall needs an `adult`'s. 0, or what Paystack charges."
    )
    format = TextField(required=False, max_length=20, help_text="`2D` without.")
    language = TextField(
        required=False,
        allow_blank=True,
        max_length=8,
        validators=[language_valid],
        help_text="The film's own without.",
    )
    status = serializers.ChoiceField(
        choices=[ShowtimeStatus.DRAFT, ShowtimeStatus.ON_SALE], required=False, help_text="`on_sale` without."
    )

    example = {
        "movie": 7,
        "screen": 4,
        "starts_at": "2026-11-22T19:30:00+01:00",
        "price": {"regular": {"adult": 350_000, "child": 200_000}},
        "format": "2D",
    }


class ShowtimeChangeInput(ShowtimeInput):
    """What is to be different. What is left out stays."""

    status = serializers.ChoiceField(choices=ShowtimeStatus.choices, required=False)

    example = {"price": 400_000}


class ConflictShape(Shape):
    """The showing in the way."""

    id = serializers.IntegerField()
    title = serializers.CharField(help_text="The film's.")
    starts_at = serializers.DateTimeField()

    example = {"id": 811, "title": "Metropolis", "starts_at": "2026-11-22T17:00:00Z"}


class ScreenBusyShape(Shape):
    """What `screen_busy` tells besides."""

    conflict = ConflictShape()

    example = {"conflict": ConflictShape.example}


def _screen_busy() -> ScreenBusy:
    shown = ConflictShape.example
    hall = Screen(name="Grand Hall", theatre=Theatre(timezone="Africa/Lagos"))
    starts_at = datetime.fromisoformat(shown["starts_at"])
    return ScreenBusy(Showtime(pk=shown["id"], movie=Movie(title=shown["title"]), screen=hall, starts_at=starts_at))


refusal_describe(ScreenBusy, example=_screen_busy, shape=ScreenBusyShape)
CANNOT_BE = invalid("starts_at", "invalid", "That is in the past.")


class OfficeShowtimeShape(ShowtimeShape):
    """A showing with its prices, as its theatre's managers see it."""

    price = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="`{category: {ticket type: integer}}`, as it can be sent.",
    )

    example = {**ShowtimeShape.example, "price": {"regular": {"adult": 350_000, "child": 200_000}}}


class TheatreShowtimeListView(StaffView):
    role = Role.MANAGER

    @operation(
        "showtime_of_theatre_list",
        "The theatre's coming showings",
        description="Drafts and those called off too.",
        query=[DayForm, PageForm],
        answers={200: Answer("Showings, the soonest first.", list_of(OfficeShowtimeShape))},
    )
    def get(self, request: Request, theatre_id: int) -> Response:
        page, now = list_page(request), database_now()
        shows = self.theatre_showtimes(query_read(request, DayForm)["date"], now)
        found = showings_of_office(shows.prefetch_related(*WITH_PRICES)[page.rows], now=now)
        return list_response(request, page, [office_output(request, *row) for row in found])

    def theatre_showtimes(self, day: date | None, now: datetime) -> QuerySet[Showtime]:
        shows = Showtime.objects.filter(screen__theatre=self.theatre).order_by("starts_at", "pk")
        if day is None:
            return shows.filter(ends_at__gt=now)
        begins, ends = day_bounds(day, self.theatre.timezone)
        return shows.filter(starts_at__gte=begins, starts_at__lt=ends)

    @operation(
        "showtime_add",
        "Schedule a showing",
        description="The hall is taken from the start to the end of cleaning.",
        body=ShowtimeInput,
        answers={201: Answer("The showing.", one_of("showtime", ShowtimeShape))},
        refusals=[ScreenBusy, CANNOT_BE],
    )
    def post(self, request: Request, theatre_id: int) -> Response:
        wish = body_read(request, ShowtimeInput)
        draft = ShowtimeDraft(
            theatre_id=self.theatre.pk,
            screen_id=wish["screen"],
            movie_id=wish["movie"],
            starts_at=wish["starts_at"],
            prices=wish["price"],
            **{name: wish[name] for name in ("format", "language") if name in wish},
        )
        wanted, now = wish.get("status", ShowtimeStatus.ON_SALE), database_now()
        showtime = run_in_transaction(
            lambda: showtime_add(draft=draft, status=wanted, now=now),
            find=lambda: showtime_made(draft),
        )
        return showtime_response(request, showtime, now=now, http_status=status.HTTP_201_CREATED)


class TheatreShowtimeView(StaffView):
    role = Role.MANAGER

    @operation(
        "showtime_of_theatre",
        "One of the theatre's showings",
        description="A draft too.",
        answers={200: Answer("The showing.", OfficeShowtimeShape)},
    )
    def get(self, request: Request, theatre_id: int, showtime_id: int) -> Response:
        own = Showtime.objects.filter(screen__theatre=self.theatre, pk=showtime_id).prefetch_related(*WITH_PRICES)
        for row in showings_of_office(own, now=database_now()):
            return Response(office_output(request, *row))
        raise NotFound

    @operation(
        "showtime_change",
        "Change a showing",
        description="Prices, format and language may always change: bookings keep their own price. The rest only while "
        "nobody has a live booking. `called_off` can always be set, for good: everybody is told and refunded in full.",
        body=ShowtimeChangeInput,
        answers={200: Answer("The showing.", one_of("showtime", ShowtimeShape))},
        refusals=[ScreenBusy, ShowtimeHasBookings, CANNOT_BE],
    )
    def patch(self, request: Request, theatre_id: int, showtime_id: int) -> Response:
        wish = body_read(request, ShowtimeChangeInput, partial=True)
        now = database_now()
        change = ShowtimeChange(
            movie_id=wish.get("movie"),
            screen_id=wish.get("screen"),
            starts_at=wish.get("starts_at"),
            prices=wish.get("price"),
            format=wish.get("format"),
            language=wish.get("language"),
        )
        showtime = run_in_transaction(
            lambda: showtime_change(
                theatre_id=self.theatre.pk,
                showtime_id=showtime_id,
                change=change,
                status=wish.get("status"),
                actor_id=request.user.pk,
                now=now,
            ),
            find=again,
        )
        return showtime_response(request, showtime, now=now, http_status=status.HTTP_200_OK)

    @operation(
        "showtime_delete",
        "Delete a showing",
        description="Only one that was never booked.",
        answers={204: Answer("It is gone.")},
        refusals=[ShowtimeHasBookings],
    )
    def delete(self, request: Request, theatre_id: int, showtime_id: int) -> Response:
        def delete() -> bool:
            showtime_delete(theatre_id=self.theatre.pk, showtime_id=showtime_id)
            return True

        run_in_transaction(delete, find=lambda: None if Showtime.objects.filter(pk=showtime_id).exists() else True)
        return Response(status=status.HTTP_204_NO_CONTENT)


def office_output(request: Request, showing: Showing, left: SeatsLeft) -> dict[str, Any]:
    """A showing with its prices, in the form in which they can be sent."""
    price: dict[str, dict[str, int]] = {}
    for row in showing.showtime.prices.all():
        price.setdefault(row.category.code, {})[row.ticket_type.code] = row.amount_minor
    return showing_output(request, showing, left) | {"price": price}


def showtime_made(draft: ShowtimeDraft) -> Showtime | None:
    """Return what a draft has become, if it has: there is one showing in a slot."""
    of_draft = {"screen": draft.screen_id, "movie": draft.movie_id, "starts_at": minute_of(draft.starts_at)}
    return Showtime.objects.filter(**of_draft).exclude(status=ShowtimeStatus.CALLED_OFF).first()


def showtime_response(request: Request, showtime: Showtime, *, now: datetime, http_status: int) -> Response:
    showing, left = showing_of_office(showtime.pk, now=now)
    return Response({"showtime": showing_output(request, showing, left)}, status=http_status)
