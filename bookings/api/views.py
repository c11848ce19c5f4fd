"""The JSON doors to showings, maps and bookings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.inputs import BestSeatsInput, ReserveInput
from bookings.api.maps import map_answer
from bookings.api.outputs import booking_output, showtime_output
from bookings.api.shapes import BookingShape, HeldBookingShape, SeatMapShape
from bookings.buyers import buyer_of
from bookings.drafts import BookingDraft, InvalidPick, best_seats_draft, booking_draft
from bookings.errors import (
    HeldTooOften,
    NotEnoughSeats,
    SalesClosed,
    SeatsUnavailable,
    TooManyHolds,
    TooManySeats,
    UnknownSeats,
)
from bookings.flows import seats_hold
from bookings.forms import BookingFilterForm
from bookings.maps import seat_map
from bookings.models import Booking
from bookings.selectors import (
    booking_just_held,
    booking_own,
    bookings_mine,
)
from catalog.api.shapes import ShowtimeShape
from catalog.errors import ShowtimeChanged
from movy.idempotency.views import IdempotentView, Keep
from movy.lib.clock import database_now
from movy.lib.cursors import cut
from movy.lib.errors import NotFound
from movy.lib.inputs import body_read
from movy.lib.lists import PAGE_SIZE, CursorForm, cut_response, query_read
from movy.lib.schema import Answer, operation
from movy.lib.shapes import list_of, one_of

HOLDING = [
    InvalidPick,
    SeatsUnavailable,
    SalesClosed,
    ShowtimeChanged,
    TooManySeats,
    TooManyHolds,
    HeldTooOften,
]
"""How holding seats can be refused."""


class ShowtimeView(APIView):
    @operation("showtime", "One showing", answers={200: Answer("The showing.", ShowtimeShape)})
    def get(self, request: Request, showtime_id: int) -> Response:
        return Response(showtime_output(request, seat_map(showtime_id)))


class SeatMapView(IdempotentView):
    """GET: the map, with an ETag; without a token movy/public_pages.py has answered. POST: the best free seats."""

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "POST" else []

    @operation(
        "seat_map",
        "A showing's seats",
        description="Works without signing in. With a bearer, your own seats are `mine`. Ask again with the `ETag`, or"
        " listen at `{LIVE_URL}/booking/{showtime_id}/live` for changes.",
        answers={200: Answer("The map.", SeatMapShape)},
    )
    def get(self, request: Request, showtime_id: int) -> HttpResponse:
        return map_answer(request, seat_map(showtime_id, viewer_id=request.user.pk))

    @operation(
        "book_best_seats",
        "Hold the best free seats together",
        description="They are held as if you had named them.",
        body=BestSeatsInput,
        answers={201: Answer("The booking, held until `hold_expires_at`.", one_of("booking", HeldBookingShape))},
        refusals=[*HOLDING, NotEnoughSeats],
    )
    def act(self, request: Request, kept: Keep[Booking], *, showtime_id: int) -> Response:
        wish = body_read(request, BestSeatsInput)
        draft = best_seats_draft(
            showtime_id=showtime_id,
            ticket_types=wish["ticket_types"],
            category=wish["category"],
            buyer=buyer_of(request),
        )
        return hold(request, kept, draft)


class ReserveView(IdempotentView):
    """Hold these seats."""

    permission_classes = [IsAuthenticated]

    @operation(
        "book_seats",
        "Hold these seats",
        description="All of them, or none.",
        body=ReserveInput,
        answers={201: Answer("The booking, held until `hold_expires_at`.", one_of("booking", HeldBookingShape))},
        refusals=[*HOLDING, NotFound, UnknownSeats],
    )
    def act(self, request: Request, kept: Keep[Booking]) -> Response:
        wish = body_read(request, ReserveInput)
        draft = booking_draft(
            showtime_id=wish["showtime"],
            seats=wish["seats"],
            buyer=buyer_of(request),
        )
        return hold(request, kept, draft)


class BookingListView(APIView):
    permission_classes = [IsAuthenticated]

    @operation(
        "booking_list",
        "My bookings",
        description="Newest first.",
        query=[BookingFilterForm, CursorForm],
        answers={200: Answer("Bookings.", list_of(BookingShape))},
    )
    def get(self, request: Request) -> Response:
        asked, place, now = query_read(request, BookingFilterForm), query_read(request, CursorForm), database_now()
        mine = bookings_mine(request.user, when=asked["when"], now=now).prefetch_related("payments__refunds")
        page = cut(mine, place["cursor"], size=place["page_size"] or PAGE_SIZE)
        return cut_response(request, page, [booking_output(request, row, now=now) for row in page.rows])


class BookingView(APIView):
    permission_classes = [IsAuthenticated]

    @operation("booking", "One of my bookings", answers={200: Answer("The booking.", BookingShape)})
    def get(self, request: Request, reference: str) -> Response:
        booking, now = booking_own(request.user, reference)
        return Response(booking_output(request, booking, now=now))


def own_booking(request: HttpRequest, reference: str) -> Booking:
    """Return the asker's own booking. Raises NotFound for everybody else's, as for one that isn't there."""
    booking, _now = booking_own(request.user, reference)
    return booking


def hold(request: Request, kept: Keep[Booking], draft: BookingDraft) -> Response:
    """Hold the seats and answer 201 with the booking."""
    now = draft.created_at

    def answer(booking: Booking) -> Response:
        full = booking_just_held(booking, draft.lines)
        return Response({"booking": booking_output(request, full, now=now)}, status=status.HTTP_201_CREATED)

    return answer(seats_hold(draft, now=now, also=kept(answer)))
