"""Pages for people without an account: the link out of a mail, and having it sent again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from bookings.flows import guest_links_send
from bookings.guest_forms import GuestEmailForm
from bookings.guests import CONTACT, OPENED_HERE, guest_key_fits, reference_keep, references_forget, references_open
from bookings.models import Booking
from movy.lib.clock import database_now
from movy.lib.limits import Throttled, client_network, tries_check
from movy.lib.references import hex_digest

TRIES_OF_AN_ADDRESS = 30  # a minute: a mobile network shares one
TRIES_OF_AN_EMAIL = 3


@require_safe
@cache_control(private=True, no_store=True)
def open_link(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Let this browser open a guest's booking, by the link in its mails. It may be followed any number of times, by
    programs that look for harm in mails too: nothing happens but that. An account's booking asks to sign in."""
    booking = Booking.objects.select_related("showtime").filter(reference=reference).first()
    if booking is None or not guest_key_fits(booking, key, now=database_now()):
        raise Http404
    if booking.is_guests and reference not in references_open(request):
        reference_keep(request, booking.reference, under=OPENED_HERE)
    response = redirect(booking)
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def find(request: HttpRequest) -> HttpResponse:
    """Have the links of one's coming bookings mailed again. The answer is the same for every e-mail. `forget`: let this
    browser know of none any more."""
    if request.method != "POST":
        return _page(request, GuestEmailForm(initial=request.session.get(CONTACT)))
    if "forget" in request.POST:
        references_forget(request.session)
        return _page(request, GuestEmailForm(), sent=_("This browser has forgotten your bookings."))
    form = GuestEmailForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    email = form.cleaned_data["email"]
    try:
        tries_check(f"link:address:{client_network(request)}", most=TRIES_OF_AN_ADDRESS)
        tries_check(f"link:email:{hex_digest(email)}", most=TRIES_OF_AN_EMAIL)
    except Throttled as error:
        response = _page(request, form, error=str(error.message), status=error.status)
        response["Retry-After"] = str(error.extra["retry_after"])
        return response
    guest_links_send(email)
    told = _("If somebody booked with %(email)s and without an account, a mail with the link is on its way.")
    return _page(request, form, sent=told % {"email": email})


def _page(request: HttpRequest, form: GuestEmailForm, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"form": form, "references": references_open(request)}
    return render(request, "bookings/find_my_booking.html", context, status=status)
