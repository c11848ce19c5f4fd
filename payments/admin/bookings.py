"""A booking in the office with its money: everything about it on one page, and what a person can do about it. The rules
are the services'; each button is a POST, and where money moves a page says so before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from bookings.admin.bookings import BookingAdmin
from bookings.admin.pages import change_page, led_back, office_page, refused, row_of
from bookings.models import Booking
from movy.lib.clock import database_now
from movy.lib.errors import DomainError
from movy.lib.http import OutsideUnavailable
from movy.lib.money import Money, major_to_minor, minor_to_major
from payments.flows import booking_refund_at_office, payment_look, refund_again, refund_paid_out
from payments.gateway import paystack
from payments.models import Payment, Refund, RefundStatus
from payments.selectors import Dossier, booking_dossier


class RefundForm(forms.Form):
    """Which seats are taken back, how much goes back, and why. `confirmed` comes from the page that sums it up."""

    seats = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    amount = forms.DecimalField(label=_("Amount to give back"), min_value=0, max_digits=11, decimal_places=2)
    why = forms.CharField(label=_("Why"), max_length=120, help_text=_("For the books. The buyer does not see it."))
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = dossier.booking.currency
        self.fields["seats"].choices = [(line.label, line.label) for line in dossier.kept]  # type: ignore[attr-defined]

    @property
    def money(self) -> Money:
        return Money(major_to_minor(self.cleaned_data["amount"], self.currency), self.currency)


@admin.register(Booking)
class BookingOfficeAdmin(BookingAdmin):
    search_help_text = _("Reference, name, e-mail, phone, a ticket's code or Paystack's number")

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"bookings_booking_{name}")

        own = [
            page("<path:pk>/check/", require_POST(self.check_view), "check"),
            page("<path:pk>/refund/", self.refund_view, "refund"),
            page("<path:pk>/refunds/<str:reference>/again/", self.again_view, "refund_again"),
            page("<path:pk>/refunds/<str:reference>/paid-out/", self.paid_out_view, "refund_paid_out"),
        ]
        return own + super().get_urls()

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """By a reference of ours or of Paystack's, if it is one; else by what the buyer has at hand."""
        term = search_term.strip().upper()
        if term:
            payments = Payment.objects.filter(Q(reference=term) | Q(provider_id=term))
            refunds = Refund.objects.filter(Q(reference=term) | Q(provider_id=term))
            ids = {
                *payments.values_list("booking_id", flat=True),
                *refunds.values_list("payment__booking_id", flat=True),
            }
            if ids:
                return queryset.filter(pk__in=ids), False
        return super().get_search_results(request, queryset, search_term)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        booking = context["original"]
        dossier = booking_dossier(booking.pk, now=database_now())
        context |= {"dossier": dossier, "theatre": dossier.booking.showtime.screen.theatre, "title": str(booking)}
        return super().render_change_form(request, context, *args, **kwargs)

    # ---- What can be done

    def check_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Ask Paystack about one of the booking's payments: the one way in which a payment is believed."""
        booking: Booking = row_of(self, request, pk)
        payment = Payment.objects.filter(booking=booking, reference=request.POST.get("payment", "")).first()
        if payment is None or payment.is_by_hand:
            raise Http404
        try:
            payment = payment_look(payment.reference, via=paystack.PERSON_WAITS)
        except OutsideUnavailable:
            told = _t("Paystack can't be reached right now. Nothing was changed.")
            self.message_user(request, told, messages.ERROR)
        else:
            state = payment.get_status_display()  # type: ignore[attr-defined]
            told = _t("Paystack was asked: %(payment)s is %(state)s.") % {"payment": payment.reference, "state": state}
            self.message_user(request, told)
        return led_back(change_page(self, booking.pk))

    def refund_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Take seats back and give money, whatever the refund rule says: filled in, summed up, then done."""
        booking: Booking = row_of(self, request, pk)
        dossier = booking_dossier(booking.pk, now=database_now())
        if request.method != "POST":
            start = {"seats": [line.label for line in dossier.kept], "amount": _major(dossier.left)}
            return self._refund_page(request, dossier, RefundForm(initial=start, dossier=dossier))
        form = RefundForm(request.POST, dossier=dossier)
        if not form.is_valid():
            return self._refund_page(request, dossier, form, status=400)
        if form.money > dossier.left:
            form.add_error("amount", _t("At most %(left)s is left of what was paid.") % {"left": dossier.left})
            return self._refund_page(request, dossier, form, status=400)
        if not form.cleaned_data["confirmed"] or "back" in request.POST:
            return self._refund_page(request, dossier, form, is_summed_up="back" not in request.POST)
        try:
            refund = booking_refund_at_office(
                booking.reference,
                labels=form.cleaned_data["seats"],
                amount_minor=form.money.amount_minor,
                why=form.cleaned_data["why"],
                actor_id=cast(User, request.user).pk,
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
            return self._refund_page(request, dossier, form, status=error.status)
        self.message_user(request, _refund_told(refund))
        return led_back(change_page(self, booking.pk))

    def again_view(self, request: HttpRequest, pk: str, reference: str) -> HttpResponse:
        """Ask once more for a refund that failed."""
        return self._refund_step(request, pk, reference, "admin/bookings/booking/refund_again.html", refund_again)

    def paid_out_view(self, request: HttpRequest, pk: str, reference: str) -> HttpResponse:
        """Record that what the desk once took was handed back."""
        return self._refund_step(request, pk, reference, "admin/bookings/booking/refund_paid_out.html", refund_paid_out)

    def _refund_step(
        self, request: HttpRequest, pk: str, reference: str, template: str, step: Callable[..., Refund]
    ) -> HttpResponse:
        booking: Booking = row_of(self, request, pk)
        of_booking = Refund.objects.filter(payment__booking=booking).select_related("payment")
        refund = of_booking.filter(reference=reference).first()
        if refund is None:
            raise Http404
        if request.method != "POST":
            return office_page(self, request, template, title=_t("Refund"), booking=booking, refund=refund)
        try:
            refund = step(reference, actor_id=cast(User, request.user).pk)
        except DomainError as error:
            refused(self, request, error)
        else:
            self.message_user(request, _refund_told(refund))
        return led_back(change_page(self, booking.pk))

    def _refund_page(
        self,
        request: HttpRequest,
        dossier: Dossier,
        form: RefundForm,
        *,
        is_summed_up: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        return office_page(
            self,
            request,
            "admin/bookings/booking/refund.html",
            title=_t("Give back"),
            status=status,
            booking=dossier.booking,
            dossier=dossier,
            form=form,
            chosen=form["seats"].value() or [],
            is_summed_up=is_summed_up,
        )


def _major(money: Money) -> Any:
    return minor_to_major(money.amount_minor, money.currency)


def _refund_told(refund: Refund | None) -> str:
    if refund is None:
        return _t("The seats are taken back. No money moves.")
    if refund.status == RefundStatus.PROCESSED:
        return _t("%(money)s is noted as paid out.") % {"money": refund.money}
    if refund.payment.is_by_hand:
        return _t("%(money)s is to be paid out at the desk. Note it here once it is.") % {"money": refund.money}
    return _t("%(money)s goes back the way it was paid. Movy asks Paystack within a minute.") % {"money": refund.money}
