"""The JSON doors to showings, maps and bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import status
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.inputs import BestSeatsInput, ReserveInput
from bookings.api.outputs import booking_output, seat_map_output, showtime_output
from bookings.buyers import buyer_of
from bookings.drafts import BookingDraft, best_seats_draft, booking_draft
from bookings.flows import seats_hold
from bookings.maps import drawn_once, seat_map
from bookings.models import Booking
from bookings.selectors import (
    booking_full,
    booking_just_held,
    bookings_full,
    bookings_when,
)
from movy.idempotency.views import IdempotentView, Keep
from movy.lib.clock import database_now
from movy.lib.errors import NotFound


class ShowtimeView(APIView):
    def get(self, request: Request, showtime_id: int) -> Response:
        return Response(showtime_output(request, seat_map(showtime_id)))


class SeatMapView(IdempotentView):
    """GET: the map, with an ETag. POST: the best free seats together."""

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "POST" else []

    def get(self, request: Request, showtime_id: int) -> HttpResponse:
        drawn = seat_map(showtime_id, viewer_id=request.user.pk)
        headers = {"ETag": f'"{drawn.version}"', "Vary": "Authorization", "Cache-Control": "private, no-cache"}
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        base_url = request.build_absolute_uri("/")
        body = drawn_once(drawn, base_url, lambda: JSONRenderer().render(seat_map_output(request, drawn)))
        return HttpResponse(body, content_type="application/json", headers=headers)

    def act(self, request: Request, kept: Keep[Booking], *, showtime_id: int) -> Response:
        data = BestSeatsInput(data=request.data)
        data.is_valid(raise_exception=True)
        now = database_now()
        draft = best_seats_draft(
            showtime_id=showtime_id,
            ticket_types=data.validated_data["ticket_types"],
            category=data.validated_data["category"],
            buyer=buyer_of(request),
            now=now,
        )
        return hold(request, kept, draft, now)


class ReserveView(IdempotentView):
    """Hold these seats."""

    permission_classes = [IsAuthenticated]

    def act(self, request: Request, kept: Keep[Booking]) -> Response:
        data = ReserveInput(data=request.data)
        data.is_valid(raise_exception=True)
        now = database_now()
        draft = booking_draft(
            showtime_id=data.validated_data["showtime"],
            seats=data.validated_data["seats"],
            buyer=buyer_of(request),
            now=now,
        )
        return hold(request, kept, draft, now)


class BookingListView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        now = database_now()
        mine = bookings_when(bookings_full().of_buyer(request.user), request.query_params.get("when"), now)
        pages = Pages()
        rows = pages.paginate_queryset(mine, request, view=self) or []
        return pages.get_paginated_response([booking_output(request, booking, now=now) for booking in rows])


class BookingView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request, reference: str) -> Response:
        return Response(booking_output(request, own_booking(request, reference), now=database_now()))


class Pages(PageNumberPagination):
    """{"next", "previous", "results"}; at most 100 a page."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})


def own_booking(request: HttpRequest, reference: str) -> Booking:
    """Return the asker's own booking. Raises NotFound for everybody else's, as for one that isn't there."""
    booking = booking_full(reference)
    if booking is None or booking.user_id is None or booking.user_id != request.user.pk:
        raise NotFound
    return booking


def hold(request: Request, kept: Keep[Booking], draft: BookingDraft, now: datetime) -> Response:
    """Hold the seats and answer 201 with the booking."""

    def answer(booking: Booking) -> Response:
        full = booking_just_held(booking, draft.lines)
        return Response({"booking": booking_output(request, full, now=now)}, status=status.HTTP_201_CREATED)

    return answer(seats_hold(draft, now=now, also=kept(answer)))
