"""What a theatre's own people ask for, under /theatre/{theatre_id}/…"""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from movy.lib.lists import PageForm, list_page, list_response
from movy.lib.refusals import PERMISSION_DENIED
from movy.lib.schema import Answer, operation
from movy.lib.shapes import list_of
from theatres.api.outputs import screen_output
from theatres.api.shapes import ScreenShape
from theatres.models import Role, Theatre
from theatres.selectors import screens_of, theatre_of_staff


class StaffView(APIView):
    """An endpoint for those who have `role` in the theatre of the address, its managers and the platform owner.

    Everybody else gets a 403 whether or not there is such a theatre, nobody a 401. The role is asked of the database at
    every request. `self.theatre` is set when a handler runs; rows are found through it, so that another theatre's are a
    404.
    """

    permission_classes = [IsAuthenticated]
    refusals = (PERMISSION_DENIED,)
    role: ClassVar[Role]
    theatre: Theatre

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.theatre = theatre_of_staff(kwargs["theatre_id"], user=request.user, role=self.role)


class ScreenListView(StaffView):
    role = Role.MANAGER

    @operation(
        "screen_list", "A theatre's screens", query=[PageForm], answers={200: Answer("Screens.", list_of(ScreenShape))}
    )
    def get(self, request: Request, theatre_id: int) -> Response:
        page = list_page(request)
        screens = screens_of(self.theatre, offset=page.offset, limit=page.limit)
        return list_response(request, page, [screen_output(screen) for screen in screens])
