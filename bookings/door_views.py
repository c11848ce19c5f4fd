"""The pages at the door: one ticket after the other, and who is missing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlencode

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from bookings.attendance import attendances, people_expected, showtime_of_door
from bookings.checkin import doors_are_open
from bookings.flows import ticket_check_in
from bookings.forms import DoorForm
from bookings.models import Ticket
from bookings.selectors import showings_of_day
from bookings.verdicts import MOMENT, Verdict, verdict_in, verdict_refused, verdict_unreadable
from movy.lib.clock import database_now, local_day
from movy.lib.errors import DomainError, NotFound
from theatres.models import Role, Theatre
from theatres.pages import staff_page


@csp_update({"script-src": [WASM_UNSAFE_EVAL]})  # the vendored scanner is WebAssembly
@staff_page(Role.DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, theatre: Theatre) -> HttpResponse:
    """Let in who comes, with one form for camera, hand scanner and fingers."""
    if request.method == "POST":
        return _check_in(request, theatre)
    form = DoorForm(request.GET)
    showtime_id = form.cleaned_data["showtime"] if form.is_valid() else None
    return _door_page(request, theatre, showtime_id, _verdict_seen(request, theatre))


@staff_page(Role.DOOR)
@require_safe
def door_people(request: HttpRequest, theatre: Theatre, showtime_id: int) -> HttpResponse:
    """Who of a showing is in and who is missing; `?search=` narrows."""
    try:
        showtime = showtime_of_door(showtime_id, theatre=theatre)
    except NotFound as error:
        raise Http404 from error
    search = request.GET.get("search", "")[:100]
    lines = people_expected(showtime, search=search)
    context = {
        "theatre": theatre,
        "showtime": showtime,
        "search": search,
        "attendance": attendances([showtime])[0],
        "missing": [line for line in lines if line.ticket.admitted_at is None],
        "admitted": [line for line in lines if line.ticket.admitted_at is not None],
    }
    return render(request, "bookings/door_people.html", context)


def _check_in(request: HttpRequest, theatre: Theatre) -> HttpResponse:
    """A script is given the verdict alone, by which it sounds; a form is led on by 303 when somebody came in, so that
    a reload doesn't ask again."""
    form = DoorForm(request.POST)
    if not form.is_valid():
        return _answer(request, theatre, None, verdict_unreadable())
    code, showtime_id = form.cleaned_data["code"], form.cleaned_data["showtime"]
    now, by_id = database_now(), cast(User, request.user).pk
    try:
        ticket = ticket_check_in(code, theatre_id=theatre.pk, showtime_id=showtime_id, admitted_by_id=by_id, now=now)
    except DomainError as error:
        verdict = verdict_refused(error, code=code, theatre=theatre, by_id=by_id, now=now)
        return _answer(request, theatre, showtime_id, verdict)
    if request.htmx:  # type: ignore[attr-defined]
        return _answer(request, theatre, showtime_id, verdict_in(ticket, theatre))
    return _see_admitted(theatre, ticket, showtime_id)


def _answer(request: HttpRequest, theatre: Theatre, showtime_id: int | None, verdict: Verdict) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "bookings/_door_verdict.html", {"verdict": verdict}, status=verdict.status)
    return _door_page(request, theatre, showtime_id, verdict)


def _see_admitted(theatre: Theatre, ticket: Ticket, showtime_id: int | None) -> HttpResponse:
    query = {"admitted": ticket.pk} | ({"showtime": showtime_id} if showtime_id else {})
    response = redirect(f"{reverse('bookings:door', args=[theatre.id_slug])}?{urlencode(query)}")
    response.status_code = 303
    return response


def _verdict_seen(request: HttpRequest, theatre: Theatre) -> Verdict | None:
    """Return that a ticket was let in, for a moment after this person did it: what the database says, not the address,
    and never when the page is opened again later."""
    asked = request.GET.get("admitted", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):
        return None
    path = "booked_seat__booking__showtime"
    recent = Ticket.objects.filter(admitted_by=request.user.pk, admitted_at__gt=database_now() - MOMENT)
    of_theatre = recent.filter(**{f"{path}__screen__theatre": theatre})
    ticket = of_theatre.select_related(f"{path}__movie", f"{path}__screen").filter(pk=asked).first()
    return verdict_in(ticket, theatre) if ticket else None


def _door_page(
    request: HttpRequest, theatre: Theatre, showtime_id: int | None, verdict: Verdict | None
) -> HttpResponse:
    now = database_now()
    showings = showings_of_day(theatre, day=local_day(now, theatre.timezone), now=now)
    chosen = next((showing for showing in showings if showing.pk == showtime_id), None)
    from_another_day = None
    if showtime_id and not chosen:  # the door may open whenever it likes
        with suppress(NotFound):
            chosen = from_another_day = showtime_of_door(showtime_id, theatre=theatre)
            showings.append(chosen)
    watched = [chosen] if chosen else [showing for showing in showings if doors_are_open(showing, now)]
    context: dict[str, Any] = {
        "theatre": theatre,
        "showings": showings,
        "chosen": chosen,
        "from_another_day": from_another_day,
        "attendances": attendances(watched),
        "verdict": verdict,
    }
    return render(request, "bookings/door.html", context, status=verdict.status if verdict else 200)
