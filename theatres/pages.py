"""The door of the pages on which a theatre's own people work, under /theatre/{theatre_id}/…"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from movy.lib.errors import NotFound
from theatres.models import Role
from theatres.selectors import theatre_of_staff

View = Callable[..., HttpResponse]


def staff_page(role: Role) -> Callable[[View], View]:
    """A page for those who have `role` in the theatre of the address, its managers and the platform owner.

    The view is given the theatre in place of its id. Nobody is led to the sign-in and back, everybody else gets a 403
    whether or not there is such a theatre. The role is asked of the database at every request, and no browser keeps
    the page: a shared till's Back button shows nothing to the next person.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def of_theatre(request: HttpRequest, theatre_id: int, **path: object) -> HttpResponse:
            try:
                theatre = theatre_of_staff(theatre_id, user=request.user, role=role)
            except NotFound as error:
                raise Http404 from error
            return view(request, theatre, **path)

        return cache_control(private=True, no_store=True)(login_required(of_theatre))

    return decorate
