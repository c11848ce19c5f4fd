"""Find my money: for anybody who has the e-mail of a booking and a reference of it, signed in or not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from bookings.flows import tickets_send_again
from bookings.guests import is_buyer
from bookings.models import Booking, BookingStatus
from movy.lib.clock import database_now
from movy.lib.errors import DomainError
from movy.lib.limits import Throttled, client_network, tries_check
from movy.lib.references import hex_digest
from payments.finding import booking_meant, booking_money_look
from payments.forms import FindForm

TRIES_OF_AN_ADDRESS = 60  # a minute: a mobile network shares one
TRIES_OF_A_REFERENCE = 6


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def find(request: HttpRequest) -> HttpResponse:
    """Ask for an e-mail and a reference, then tell exactly where the money is.

    Who knows both sees the state and the money, never a name, seat or code. A wrong pair is answered as an unknown
    reference is, and Paystack is asked about neither.
    """
    if request.method != "POST":
        email = request.user.email if request.user.is_authenticated else ""
        return _page(request, FindForm(initial={"email": email, "reference": request.GET.get("reference", "")[:60]}))
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    email, reference = form.cleaned_data["email"], form.cleaned_data["reference"]
    try:
        tries_check(f"find:address:{client_network(request)}", most=TRIES_OF_AN_ADDRESS)
        tries_check(f"find:reference:{hex_digest(reference)}", most=TRIES_OF_A_REFERENCE)
    except Throttled as error:
        response = _page(request, form, error=str(error.message), status=error.status)
        response["Retry-After"] = str(error.extra["retry_after"])
        return response
    meant = booking_meant(email=email, reference=reference)
    booking, is_reached = booking_money_look(meant) if meant else (None, True)
    if booking is None:
        return _page(request, form, is_unknown=True, status=404)
    if "send_tickets" in request.POST:
        return _send_tickets(request, form, booking, is_reached)
    return _page(request, form, found=_found(request, booking, is_reached))


def _send_tickets(request: HttpRequest, form: FindForm, booking: Booking, is_reached: bool) -> HttpResponse:
    """Send the tickets once more, to the booking's own e-mail."""
    found = _found(request, booking, is_reached)
    try:
        tickets_send_again(booking.reference, actor_id=request.user.pk)
    except DomainError as error:
        return _page(request, form, found=found, error=str(error.message), status=error.status)
    sent = _("The tickets are on their way to %(email)s.") % {"email": booking.email}
    return _page(request, form, found=found, sent=sent)


def _found(request: HttpRequest, booking: Booking, is_reached: bool) -> dict[str, Any]:
    now = database_now()
    status = booking.status_at(now)
    payments = sorted(booking.payments.all(), key=lambda payment: payment.prominence, reverse=True)
    return {
        "booking": booking,
        "status": status,
        "theatre": booking.showtime.screen.theatre,
        "payments": payments,
        "is_buyer": is_buyer(request, booking),
        "is_confirmed": status == BookingStatus.CONFIRMED,
        "is_reached": is_reached,
        "now": now,
    }


def _page(request: HttpRequest, form: FindForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "payments/find_my_money.html", context | {"form": form}, status=status)
