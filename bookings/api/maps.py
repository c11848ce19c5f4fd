"""A showing's map as JSON. Whoever shows no token sees what everybody sees, and gets it without the API's framework."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from bookings.api.outputs import seat_map_output
from bookings.maps import SeatMap, drawn_once, seat_map
from movy.lib.compress import LEVEL_BRIEFLY, Packed, accepts_gzip
from movy.lib.problems import problem_of


def map_for_all(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Answer with the map as somebody sees it who hasn't signed in, or refuse as an endpoint does: there is no such
    showing, or no database."""
    try:
        return map_answer(request, seat_map(showtime_id))
    except Exception as error:
        refusal = problem_of(error)
        if refusal is None:
            raise
        return refusal


def map_answer(request: HttpRequest | Request, drawn: SeatMap) -> HttpResponse:
    """Answer with a map, or with 304 to whoever has its version: nothing is drawn for them. Packed it is the same map
    in other bytes, so its ETag is a weak one then."""
    etag = f'"{drawn.version}"'
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
    else:
        base_url = request.build_absolute_uri("/")
        body = drawn_once(("JSON", drawn.key, base_url), lambda: _packed(request, drawn))
        response = body.answer(request, "application/json")
    response["ETag"] = f"W/{etag}" if accepts_gzip(request) else etag
    response["Vary"] = "Authorization, Accept-Encoding"
    response["Cache-Control"] = "private, no-cache"
    return response


def _packed(request: HttpRequest | Request, drawn: SeatMap) -> Packed:
    return Packed(JSONRenderer().render(seat_map_output(request, drawn)), level=LEVEL_BRIEFLY)
