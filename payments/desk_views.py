"""The pages at the theatre's desk: selling, and tickets to hand over."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from bookings.drafts import BookingDraft, desk_draft
from bookings.errors import UnknownTicket
from bookings.map_context import price_rows
from bookings.maps import KEPT, SeatMap, desk_seat_map
from bookings.models import Booking, BookingStatus, Buyer
from bookings.plan import plan_html
from bookings.pricing import SeatPick, total_minor
from bookings.selectors import booking_full, desk_sales_open, kept_lines, showings_of_day
from bookings.tickets import ticket_find
from bookings.views import ticket_cards
from catalog.selectors import seats_left
from movy.idempotency.errors import KeyReused
from movy.idempotency.services import Answer, answer_keep, answer_or_claim, claim_release, question
from movy.lib.clock import database_now, local_day
from movy.lib.errors import DomainError, NotFound
from movy.lib.live import listens
from movy.lib.money import Money, money_pattern
from movy.lib.references import reference_new
from payments.desk_forms import AT_DESK, DeskForm
from payments.flows import desk_sell
from payments.models import Channel
from payments.till import change_due, takings_today
from theatres.models import Role, SeatKind, Theatre
from theatres.pages import staff_page

LATECOMERS = timedelta(minutes=15)  # so long after a start the desk still proposes the show
SEATS_A_SALE_MAX = 100  # as the form takes
ROLL, A4 = "roll", "a4"
PAPERS = [(ROLL, "80 mm"), (A4, "A4")]
PAPER_KEY = "desk_paper"
"""Where the session keeps what this till prints on."""


@listens
@staff_page(Role.BOX_OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, theatre: Theatre) -> HttpResponse:
    """Choose a showing and seats, and sell them for what is paid here and now. `?find=` looks for a booking."""
    if request.method == "POST":
        return _sell(request, theatre)
    if find := request.GET.get("find", "").strip():
        return _find(request, theatre, find[:300])
    return _desk_page(request, theatre, DeskForm(request.GET, theatre=theatre))


@staff_page(Role.BOX_OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_tickets(request: HttpRequest, theatre: Theatre, reference: str) -> HttpResponse:
    """A booking of this theatre with its tickets to print: just sold, or found again for somebody who lost them. POST
    chooses the paper, which the session keeps."""
    booking = booking_full(reference)
    if booking is None or booking.showtime.screen.theatre_id != theatre.pk:
        raise Http404
    if request.method == "POST":
        if request.POST.get("paper") in dict(PAPERS):
            request.session[PAPER_KEY] = request.POST["paper"]
        return _see_other(request.get_full_path())
    status, given = booking.status_at(database_now()), _given(request, booking)
    context = {
        "theatre": theatre,
        "booking": booking,
        "showtime": booking.showtime,
        "day": local_day(booking.showtime.starts_at, theatre.timezone),
        "lines": kept_lines(booking),
        "status": status,
        "tickets": ticket_cards(booking) if status == BookingStatus.CONFIRMED else [],
        "given": given,
        "change": change_due(booking.total, given_minor=given.amount_minor) if given else None,
        "is_sold": "sold" in request.GET,
        "paper": request.session.get(PAPER_KEY, ROLL),
        "papers": PAPERS,
    }
    return render(request, "payments/desk_tickets.html", context)


# ---- Selling


def _sell(request: HttpRequest, theatre: Theatre) -> HttpResponse:
    form = DeskForm(request.POST, theatre=theatre)
    is_valid = form.is_valid()
    if (
        "choose_types" in request.POST
    ):  # without JavaScript: the same page, with a ticket type for each seat, and the sum
        return _desk_page(request, theatre, form)
    if not is_valid:
        return _desk_page(request, theatre, form, error=form.problem, status=400)
    try:
        reference = _sold(request, theatre, form)
    except NotFound as error:
        raise Http404 from error
    except KeyReused:
        sentence = _("This page has sold other seats before. Look at these once more, then sell.")
        return _desk_page(request, theatre, form, error=sentence, status=409)
    except DomainError as error:
        return _desk_page(request, theatre, form, error=str(error.message), status=error.status)
    given = form.cleaned_data["given"]
    query = {"sold": 1} | ({"given": given} if given and form.cleaned_data["paid_by"] == Channel.CASH else {})
    return _see_other(f"{_tickets_path(theatre, reference)}?{urlencode(query)}")


def _sold(request: HttpRequest, theatre: Theatre, form: DeskForm) -> str:
    """Sell once for each page that was drawn, and return the booking's reference: the same page sent again finds its
    first sale, by the rule that repeated requests of the API follow.

    Raises KeyReused when the page comes again with another wish, GivenTooLittle, and as desk_draft and desk_sell do.
    """
    seller_id, key = cast(User, request.user).pk, form.cleaned_data["sale"] or reference_new(20)
    asked = question(user_id=seller_id, key=key, method="POST", path=request.path, body=form.wish)
    claim = answer_or_claim(asked)
    if isinstance(claim, Answer):
        return str(json.loads(claim.body))
    try:
        draft = _draft(theatre, form)
        booking = desk_sell(
            draft,
            channel=Channel(form.cleaned_data["paid_by"]),
            sold_by_id=seller_id,
            now=draft.created_at,
            also=lambda booking: answer_keep(asked, claim=claim, status=201, body=json.dumps(booking.reference)),
        )
    except Exception:
        with suppress(DatabaseError):  # then the claim runs out by itself
            claim_release(asked, claim=claim)
        raise
    return booking.reference


def _draft(theatre: Theatre, form: DeskForm) -> BookingDraft:
    wish = form.cleaned_data
    draft = desk_draft(
        theatre_id=theatre.pk,
        showtime_id=wish["showtime"],
        seats=form.picks,
        buyer=Buyer(email=wish["email"], name=wish["name"], phone=wish["phone"]),
        now=database_now(),
    )
    if wish["paid_by"] == Channel.CASH and wish["given"] is not None:
        change_due(Money(total_minor(draft.lines), draft.currency), given_minor=wish["given"])
    return draft


def _desk_page(
    request: HttpRequest, theatre: Theatre, form: DeskForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Draw the desk with what was chosen so far. Without a showing: the next one of the day."""
    now = database_now()
    today = local_day(now, theatre.timezone)
    drawn = _map_asked(form, theatre)
    day = _day(request.GET.get("date", ""), today, drawn)
    showings = showings_of_day(theatre, day=day, now=now)
    if drawn is None and showings:
        coming = (showing for showing in showings if showing.starts_at > now - LATECOMERS)
        drawn = desk_seat_map(next(coming, showings[0]).pk)
    left = seats_left([showing.pk for showing in showings], now=now)
    context: dict[str, Any] = {
        "theatre": theatre,
        "today": today,
        "day": day,
        "rows": [{"showing": showing, "left": left[showing.pk]} for showing in showings],
        "form": form,
        "error": error,
        "ways": AT_DESK,
        "paid_by": form.data.get("paid_by") or Channel.CASH,
        "sale": reference_new(20),
        "takings": takings_today(theatre, seller_id=cast(User, request.user).pk, now=now),
    }
    if drawn is not None:
        context |= _map_context(drawn, form.picks)
    return render(request, "payments/desk.html", context, status=status)


def _map_asked(form: DeskForm, theatre: Theatre) -> SeatMap | None:
    """Return the map of the showing that is asked for, None when none is. Raises Http404 for one that this theatre
    doesn't have."""
    form.is_valid()
    asked = form.cleaned_data.get("showtime")
    if asked is None:
        return None
    try:
        drawn = desk_seat_map(asked)
    except NotFound as error:
        raise Http404 from error
    if drawn.hall.showtime.screen.theatre_id != theatre.pk:
        raise Http404
    return drawn


def _map_context(drawn: SeatMap, picks: list[SeatPick]) -> dict[str, Any]:
    """What the map shows, and of the picks those that can still be sold, with their sum."""
    hall = drawn.hall
    found = {seat.label: seat for seat in hall.seats}
    kept = [pick for pick in picks if pick.label in found and drawn.is_sellable(found[pick.label])]
    prices = [hall.price(found[pick.label].category, pick.ticket_type) for pick in kept]
    sum_minor = sum(price.amount_minor for price in prices if price)
    return {
        "map": drawn,
        "showtime": hall.showtime,
        "is_open": desk_sales_open(hall.showtime, drawn.now),
        "plan": plan_html(drawn, {pick.label for pick in kept}),
        "picks": [
            {"label": pick.label, "ticket_type": pick.ticket_type, "price": price}
            for pick, price in zip(kept, prices, strict=True)
        ],
        "total": Money(sum_minor, hall.showtime.currency) if kept else None,
        "prices": price_rows(hall),
        "money_pattern": money_pattern(hall.showtime.currency),
        "seats_max": SEATS_A_SALE_MAX,
        "has_kept": KEPT in drawn.taken.values(),
        "has_accessible": any(seat.kind == SeatKind.ACCESSIBLE for seat in hall.seats),
        "has_companion": any(seat.kind == SeatKind.COMPANION for seat in hall.seats),
    }


def _day(asked: str, today: date, drawn: SeatMap | None) -> date:
    """Return the day to sell for: the one asked for if it can be read and hasn't passed, else the chosen showing's."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        if drawn is None:
            return today
        showtime = drawn.hall.showtime
        day = local_day(showtime.starts_at, showtime.screen.theatre.timezone)
    return day if today <= day < date.max.replace(day=1) else today


# ---- Finding


def _find(request: HttpRequest, theatre: Theatre, find: str) -> HttpResponse:
    """Lead to the booking of a reference or of a ticket's code, if it is this theatre's."""
    reference = find.upper()
    with suppress(UnknownTicket):
        reference = ticket_find(find).booked_seat.booking.reference
    found = Booking.objects.filter(reference=reference, showtime__screen__theatre=theatre).first()
    if found is None:
        sentence = _("This theatre has no booking “%(find)s”. Type its reference, or scan one of its tickets.")
        form = DeskForm(request.GET, theatre=theatre)
        return _desk_page(request, theatre, form, error=sentence % {"find": find}, status=404)
    return HttpResponseRedirect(_tickets_path(theatre, found.reference))


def _given(request: HttpRequest, booking: Booking) -> Money | None:
    """Return what was put on the counter, as the sale's own address says it: shown once, kept nowhere."""
    given = request.GET.get("given", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 12):
        return None
    return Money(int(given), booking.currency) if int(given) >= booking.total_minor else None


def _tickets_path(theatre: Theatre, reference: str) -> str:
    return reverse("payments:desk_tickets", args=[theatre.id_slug, reference])


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
