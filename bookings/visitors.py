"""Who may open a booking's pages: the account that made it, or the browser of the guest who did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.guests import references_open
from bookings.models import Booking
from bookings.selectors import booking_own
from movy.lib.errors import NotFound

View = Callable[..., HttpResponse]


class NotTheirs(Http404):
    """A booking that this visitor didn't make, or that nobody did."""


def booking_of(request: HttpRequest, reference: str) -> tuple[Booking, datetime]:
    """Return a visitor's booking with all that is shown of it, and the database's time: the one door to a booking for
    everybody who is not staff. Raises NotTheirs for everybody else's."""
    try:
        return booking_own(request.user, reference, opened=reference in references_open(request))
    except NotFound as missing:
        raise NotTheirs from missing


def for_buyers(view: View) -> View:
    """Let in who has signed in, and guests; lead everybody else to the sign-in and back.

    A guest who asks for what isn't theirs, such as a booking of the account that they have besides, gets a 404 that
    says how to go on.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if not references_open(request):
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, *args, **kwargs)
        except NotTheirs:
            return render(request, "bookings/not_theirs.html", {"back": request.get_full_path()}, status=404)

    return inner
