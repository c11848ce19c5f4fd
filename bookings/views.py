"""Pages of choosing seats and of one's bookings. HTTP in, one service, HTTP out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from bookings.buyers import buyer_of, guest_of
from bookings.drafts import best_seats_draft, booking_draft
from bookings.errors import HeldTooOften
from bookings.flows import seats_hold_once
from bookings.forms import BestSeatsForm, SeatPickForm
from bookings.guest_forms import ATTEMPT_LENGTH, GuestForm, GuestWish, wish_sent
from bookings.guests import BOOKED_HERE, CONTACT, reference_keep
from bookings.map_context import map_context
from bookings.maps import drawn_once, seat_map
from bookings.models import Booking, Buyer
from bookings.plan import plan_html
from bookings.selectors import bookings_mine, cancellation, kept_lines
from bookings.tickets import qr_svg, ticket_code, ticket_find
from bookings.visitors import booking_of, for_buyers
from movy.lib.clock import database_now
from movy.lib.compress import Spliced
from movy.lib.cursors import CursorUnknown, cut
from movy.lib.errors import DomainError, NotFound
from movy.lib.live import listens
from theatres.models import TicketType

BOOKINGS_A_PAGE = 20
CSRF_PLACE = "the-csrf-token-of-whoever-asks"
PLAN_PLACE = "the-seats-of-this-moment"


@listens
@require_http_methods(["GET", "HEAD", "POST"])
def showtime_seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The seat map; POST takes the best seats together."""
    if request.method == "POST":
        return _best_seats(request, showtime_id)
    return render_seat_map(request, showtime_id)


@listens
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request: HttpRequest) -> HttpResponse:
    """Hold the seats picked on a map. A GET leads to the map, or to the films."""
    if request.method != "POST":
        asked = request.GET.get("showtime", "")
        return redirect("bookings:seat_map", asked) if asked.isdecimal() else redirect("catalog:movies")
    form = SeatPickForm(request.POST)
    is_valid = form.is_valid()
    showtime_id = form.cleaned_data.get("showtime")
    if showtime_id is None:
        return redirect("catalog:movies")
    if "choose_types" in request.POST:  # without JavaScript: the same page, with a ticket type for each seat
        return render_seat_map(request, showtime_id)
    if not is_valid:
        return render_seat_map(request, showtime_id, error=str(form.non_field_errors()[0]), status=400)
    buyer = _who(request, GuestWish(showtime_id, parse_qsl(form.query)))
    if isinstance(buyer, HttpResponse):
        return buyer
    try:
        draft = booking_draft(showtime_id=showtime_id, seats=form.picks, buyer=buyer)
        booking = seats_hold_once(draft, attempt=_attempt(request))
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        return render_seat_map(request, showtime_id, error=error)
    return _lead_to(request, booking)


def _best_seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    form = BestSeatsForm(request.POST)
    if not form.is_valid():
        return render_seat_map(request, showtime_id, best_form=form, status=400)
    buyer = _who(request, wish_sent(showtime_id, request.POST))
    if isinstance(buyer, HttpResponse):
        return buyer
    try:
        draft = best_seats_draft(
            showtime_id=showtime_id,
            ticket_types={TicketType.ADULT: form.cleaned_data["tickets"]},
            category=form.cleaned_data["category"] or None,
            buyer=buyer,
        )
        booking = seats_hold_once(draft, attempt=_attempt(request))
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        return render_seat_map(request, showtime_id, error=error, best_form=form)
    return _lead_to(request, booking)


def _who(request: HttpRequest, wish: GuestWish) -> Buyer | HttpResponse:
    """Return who is buying: the account that has signed in, or a guest by the e-mail and name that come with the wish.
    Else the answer that asks them, with the wish kept."""
    if request.user.is_authenticated:
        return buyer_of(request)
    if "email" not in request.POST and "name" not in request.POST:
        return _sign_in_first(request, wish)
    form = GuestForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "wish": wish}
        return render(request, "bookings/guest.html", context, status=400)
    request.session[CONTACT] = form.cleaned_data
    return guest_of(request, **form.cleaned_data)


def _attempt(request: HttpRequest) -> str:
    """Return which of a guest's forms this is. An account's seats are on its own list, should it ask twice."""
    return "" if request.user.is_authenticated else request.POST.get("attempt", "")[:ATTEMPT_LENGTH]


def _lead_to(request: HttpRequest, booking: Booking) -> HttpResponse:
    """303, so that a reload does not book again; htmx follows no redirect to a whole page."""
    if booking.is_guests:
        reference_keep(request, booking.reference, under=BOOKED_HERE)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(booking.get_absolute_url())
    response = redirect(booking)
    response.status_code = 303
    return response


def _sign_in_first(request: HttpRequest, wish: GuestWish) -> HttpResponse:
    """Off to the page that asks people to sign in, or to go on as a guest."""
    response = redirect_to_login(wish.back)
    response.status_code = 303
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(response["Location"])
    return response


def render_seat_map(
    request: HttpRequest,
    showtime_id: int,
    *,
    error: DomainError | str | None = None,
    best_form: BestSeatsForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    """Draw the map with what was picked so far: from the form that failed, or from the address after a sign-in."""
    try:
        drawn = seat_map(showtime_id, viewer_id=request.user.pk)
    except NotFound as missing:
        raise Http404 from missing
    asked = request.POST if request.method == "POST" else request.GET
    context = map_context(drawn, asked, best_form) | {
        "error": error.message if isinstance(error, DomainError) else error,
    }
    http_status = status or (error.status if isinstance(error, DomainError) else 200)
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "bookings/_seat_map.html" if fragment else "bookings/seat_map.html"
    response = render(request, template, context, status=http_status)
    if isinstance(error, HeldTooOften):
        response["Retry-After"] = str(error.extra["retry_after"])
    return response


@listens
def seat_map_for_all(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The page as all see it who have not signed in, picked anything or been told anything: packed once, with each
    one's own CSRF token put in. What stands around the seats is drawn once for a hall. Raises NotFound."""
    drawn = seat_map(showtime_id)

    def draw_frame() -> str:
        context = map_context(drawn, QueryDict())
        context |= {"plan": PLAN_PLACE, "csrf_token": CSRF_PLACE}
        return render_to_string("bookings/seat_map.html", context, request)

    def draw() -> Spliced:
        frame = drawn_once(("frame", drawn.hall.digest, drawn.sales_open, get_language()), draw_frame)
        return Spliced(frame.replace(PLAN_PLACE, plan_html(drawn, ())).encode().split(CSRF_PLACE.encode()))

    page = drawn_once(("page", drawn.key, get_language()), draw)
    return page.answer(request, "text/html; charset=utf-8", own=get_token(request).encode())


@login_required
@require_safe
def booking_list(request: HttpRequest) -> HttpResponse:
    """My bookings, newest first. A place in the list that can't be read is its beginning, and the page says so."""
    now, unread = database_now(), ""
    when = request.GET.get("when") if request.GET.get("when") in ("upcoming", "past") else None
    mine = bookings_mine(request.user, when=when, now=now)
    try:
        page = cut(mine, request.GET.get("cursor", ""), size=BOOKINGS_A_PAGE)
    except CursorUnknown as error:
        page, unread = cut(mine, "", size=BOOKINGS_A_PAGE), str(error.message)
    rows = [
        {"booking": booking, "status": booking.status_at(now), "lines": kept_lines(booking)} for booking in page.rows
    ]
    context = {"rows": rows, "page": page, "when": when, "unread": unread}
    return render(request, "bookings/booking_list.html", context)


@for_buyers
@require_safe
@cache_control(private=True, no_store=True)
def booking_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One booking: what to do next with it. Somebody else's is not found."""
    booking, now = booking_of(request, reference)
    return render_booking(request, booking, now=now)


def render_booking(
    request: HttpRequest, booking: Booking, *, now: datetime, error: str = "", status: int = 200
) -> HttpResponse:
    """Draw a booking's page, again with what went wrong when paying was refused: the seats are still there."""
    context = {
        "error": error,
        "booking": booking,
        "showtime": booking.showtime,
        "theatre": booking.showtime.screen.theatre,
        "status": booking.status_at(now),
        "lines": kept_lines(booking),
        "tickets": ticket_cards(booking),
        "cancellation": cancellation(booking, now=now),
        "now": now,
    }
    return render(request, "bookings/booking_detail.html", context, status=status)


@for_buyers
@require_safe
@cache_control(private=True, no_store=True)
def booking_tickets(request: HttpRequest, reference: str) -> HttpResponse:
    """All tickets of a booking on one page that prints well."""
    booking, _now = booking_of(request, reference)
    context = {
        "booking": booking,
        "showtime": booking.showtime,
        "theatre": booking.showtime.screen.theatre,
        "tickets": ticket_cards(booking),
    }
    return render(request, "bookings/ticket.html", context)


@require_safe
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """One ticket, shown to whoever has its code."""
    try:
        found = ticket_find(code)
    except DomainError as error:
        raise Http404 from error
    line = found.booked_seat
    context = {
        "booking": line.booking,
        "showtime": line.booking.showtime,
        "theatre": line.booking.showtime.screen.theatre,
        "tickets": [{"line": line, "code": ticket_code(found.serial), "ticket": found}],
        "by_code": True,
    }
    return render(request, "bookings/ticket.html", context)


@require_safe
@cache_control(public=True, max_age=86400, immutable=True)
def ticket_qr(request: HttpRequest, code: str) -> HttpResponse:
    """A ticket's QR code as SVG: it holds the signed code and nothing else."""
    try:
        found = ticket_find(code)
    except DomainError as error:
        raise Http404 from error
    return HttpResponse(qr_svg(ticket_code(found.serial)), content_type="image/svg+xml")


def ticket_cards(booking: Booking) -> list[dict[str, Any]]:
    """Return the tickets that let somebody in, with their codes."""
    return [
        {"line": line, "ticket": line.ticket, "code": ticket_code(line.ticket.serial)}
        for line in kept_lines(booking)
        if hasattr(line, "ticket")
    ]
