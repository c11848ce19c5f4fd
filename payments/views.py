"""Pages of paying, of coming back from Paystack and of cancelling; Paystack's webhook."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.guests import is_buyer
from bookings.links import seats_address
from bookings.models import Booking
from bookings.selectors import booking_full, cancellation, kept_lines, sales_open
from bookings.views import render_booking
from bookings.visitors import booking_of, for_buyers
from movy.lib.clock import database_now
from movy.lib.db import again, is_database_away, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.http import OutsideUnavailable
from payments.addresses import verify_address
from payments.errors import AlreadyPaid
from payments.flows import booking_give_back, booking_pay, payment_look
from payments.forms import CancelForm, PayForm
from payments.gateway import paystack
from payments.models import Payment
from payments.telling import Stage, asks_until, payment_stage, wait_seconds
from payments.webhooks import message_handle, message_store

logger = logging.getLogger(__name__)


@for_buyers
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest) -> HttpResponse:
    """Lead the buyer to Paystack. A GET leads to the booking, where paying starts."""
    if request.method != "POST":
        reference = request.GET.get("booking", "")
        return redirect("bookings:detail", reference) if reference else redirect("bookings:list")
    form = PayForm(request.POST)
    if not form.is_valid():
        booking, now = booking_of(request, str(request.POST.get("booking", "")))
        return render_booking(request, booking, now=now, error=_("Please choose how you want to pay."), status=400)
    booking, _read_at = booking_of(request, form.cleaned_data["booking"])
    try:
        payment = booking_pay(
            booking,
            channel=form.cleaned_data["channel"],
            callback_url=verify_address(request),
            cancel_url=request.build_absolute_uri(booking.get_absolute_url()),
        )
    except AlreadyPaid:
        return _see_other(booking.get_absolute_url())
    except DomainError as error:
        return render_booking(request, booking, now=database_now(), error=str(error.message), status=error.status)
    return _see_other(payment.authorization_url if payment else booking.get_absolute_url())


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where Paystack sends the browser back. Nothing in the address is believed: Paystack is asked.

    A visitor who is not the buyer sees the state alone.
    """
    reference = request.GET.get("reference") or request.GET.get("trxref") or ""
    payment, is_reached = payment_asked(reference)
    booking = booking_full(payment.booking.reference)
    if booking is None:
        raise Http404
    payment = next(row for row in booking.payments.all() if row.pk == payment.pk)
    now = database_now()
    is_theirs = is_buyer(request, booking)
    stage = payment_stage(payment, booking.status_at(now))
    if is_theirs and stage == Stage.BOOKED:
        return _see_other(booking.get_absolute_url())
    context = {
        "payment": payment,
        "stage": stage,
        "is_reached": is_reached,
        "wait_seconds": wait_seconds(payment, now),
        "now": now,
        "timezone": booking.showtime.screen.theatre.timezone,
    }
    if is_theirs:
        context |= _of_the_buyer(booking, payment, now)
    response = render(request, "payments/verify.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _of_the_buyer(booking: Booking, payment: Payment, now: datetime) -> dict[str, Any]:
    """What a payment's page says to the buyer alone. `again`: where the same seats are picked, while they are sold."""
    lines = kept_lines(booking)
    is_sold = sales_open(booking.showtime, now)
    return {
        "booking": booking,
        "status": booking.status_at(now),
        "showtime": booking.showtime,
        "theatre": booking.showtime.screen.theatre,
        "lines": lines,
        "names": ", ".join(line.label for line in lines),
        "asks_until": asks_until(payment, now),
        "again": seats_address(booking.showtime_id, lines) if is_sold else "",
    }


def payment_asked(reference: str) -> tuple[Payment, bool]:
    """Return our payment after asking Paystack about it, and whether Paystack answered. Raises Http404."""
    payment = Payment.objects.select_related("booking").filter(reference=reference.strip()).first()
    if payment is None:
        raise Http404
    try:
        return payment_look(payment.reference, via=paystack.PERSON_WAITS), True
    except OutsideUnavailable:
        return payment, False


@for_buyers
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what cancelling would bring back, then do it."""
    booking, now = booking_of(request, reference)
    if request.method != "POST":
        return _cancel_page(request, booking, now=now)
    form = CancelForm(request.POST)
    form.full_clean()
    if form.cleaned_data["look"]:
        return _cancel_page(request, booking, now=now, ticked=form.labels)
    try:
        booking_give_back(reference, labels=form.labels_meant, actor_id=request.user.pk)
    except DomainError as error:
        return _cancel_page(
            request, booking, now=now, ticked=form.labels, error=str(error.message), status=error.status
        )
    return _see_other(booking.get_absolute_url())


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take Paystack's message: 200 once it is stored, whatever it says; 401 when it isn't signed with our key."""
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    if not paystack.signature_is_valid(body, request.headers.get("x-paystack-signature", "")):
        return HttpResponse(status=401)
    now = database_now()
    digest = run_in_transaction(lambda: message_store(body, now=now), find=again)
    try:
        message_handle(digest, via=paystack.WEBHOOK)
    except OutsideUnavailable:
        pass  # the worker looks again; the message is kept
    except Exception as error:  # a bug of ours is none of Paystack's: kept too, and seen to
        if is_database_away(error):
            raise
        logger.exception("a message waits for the worker: %s", digest)
    return HttpResponse(status=200)


def _cancel_page(
    request: HttpRequest,
    booking: Booking,
    *,
    now: datetime,
    ticked: Collection[str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """What giving back the ticked seats would bring, all of them if None: to htmx that alone."""
    lines = kept_lines(booking)
    labels = [line.label for line in lines if ticked is None or line.label in ticked]
    context: dict[str, Any] = {
        "booking": booking,
        "showtime": booking.showtime,
        "theatre": booking.showtime.screen.theatre,
        "status": booking.status_at(now),
        "lines": lines,
        "ticked": labels,
        "cancellation": cancellation(booking, now=now),
        "refund": cancellation(booking, now=now, labels=labels).refund,
        "error": error,
    }
    template = "payments/_comes_back.html" if request.htmx else "payments/cancel.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
