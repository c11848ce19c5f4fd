"""Where a refund is to go that the bank could not take back by the way it was paid: asked of the buyer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.views import see_other
from bookings.visitors import booking_of, for_buyers
from movy.lib.errors import DomainError
from movy.lib.http import OutsideUnavailable
from movy.lib.limits import Throttled, tries_check
from payments.flows.putting_right import refund_details_give
from payments.forms import BankForm
from payments.gateway import paystack
from payments.models import Refund, RefundStatus

TRIES_OF_A_REFUND = 6  # a minute


@see_other
@for_buyers
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def refund_details(request: HttpRequest, reference: str, refund_reference: str) -> HttpResponse:
    """Ask the buyer for an account that the money can go to, and tell Paystack."""
    booking, _read_at = booking_of(request, reference)
    refund = Refund.objects.filter(reference=refund_reference, payment__booking=booking).first()
    if refund is None:
        raise Http404
    if refund.status != RefundStatus.NEEDS_ATTENTION:
        messages.info(request, _("This refund needs no bank details any more."))
        return redirect(booking)
    form, error, status = None, "", 200
    try:
        if request.method == "POST":
            tries_check(f"bank-details:{refund.reference}", most=TRIES_OF_A_REFUND)
        form = bank_form_of(request, refund, actor_id=request.user.pk)
    except OutsideUnavailable:
        error, status = _("We can’t reach Paystack at the moment. Please try again in a minute."), 502
    except Throttled as throttled:
        error, status = str(throttled.message), throttled.status
    else:
        if form is None:
            words = {"money": refund.money}
            messages.success(request, _("Thank you. %(money)s is on its way to that account.") % words)
            return redirect(booking)
    context = {
        "booking": booking,
        "showtime": booking.showtime,
        "theatre": booking.showtime.screen.theatre,
        "refund": refund,
        "form": form,
        "error": error,
    }
    if form is not None and form.errors:
        status = 400
    return render(request, "payments/refund_details.html", context, status=status)


def bank_form_of(request: HttpRequest, refund: Refund, *, actor_id: int | None) -> BankForm | None:
    """Return the form to show, with what is wrong about it; None once Paystack has been told what was typed. Raises
    OutsideUnavailable."""
    try:
        banks = paystack.banks(refund.currency)
    except paystack.Refused as refused:
        raise OutsideUnavailable(refused.message) from refused
    form = BankForm(request.POST if request.method == "POST" else None, banks=banks)
    if not form.is_valid():
        return form
    try:
        refund_details_give(
            refund.reference,
            account_number=form.cleaned_data["account_number"],
            bank_id=form.cleaned_data["bank"],
            actor_id=actor_id,
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return form
    return None
