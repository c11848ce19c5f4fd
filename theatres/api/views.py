"""The JSON doors to theatres."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movy.lib.lists import PageForm, list_page, list_response, query_read
from movy.lib.schema import Answer, operation
from movy.lib.shapes import list_of
from theatres.api.outputs import theatre_output
from theatres.api.shapes import TheatreShape
from theatres.forms import TheatreFilterForm
from theatres.selectors import theatre_public, theatres_all, theatres_by_distance, theatres_chosen


class TheatreListView(APIView):
    @operation(
        "theatre_list",
        "Theatres",
        description="By name, or with `near` the nearest first.",
        query=[TheatreFilterForm, PageForm],
        answers={200: Answer("Theatres.", list_of(TheatreShape))},
    )
    def get(self, request: Request) -> Response:
        asked, page = query_read(request, TheatreFilterForm), list_page(request)
        found = theatres_chosen(theatres_all(), city=asked["city"], theatre_id=asked["theatre"])
        if asked["near"]:
            latitude, longitude = asked["near"]
            found = theatres_by_distance(found, latitude=latitude, longitude=longitude)
        return list_response(request, page, [theatre_output(theatre) for theatre in found[page.rows]])


class TheatreView(APIView):
    @operation("theatre", "One theatre", answers={200: Answer("The theatre.", TheatreShape)})
    def get(self, request: Request, theatre_id: int) -> Response:
        return Response(theatre_output(theatre_public(theatre_id)))
