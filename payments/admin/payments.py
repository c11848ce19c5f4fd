"""Money in and money back, as it was recorded. Nothing is changed here but by asking Paystack again; what a person does
about a booking's money is on the booking's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from movy.lib.admin import ReadOnly, TenantAdmin, TenantInline, local_time
from movy.lib.http import OutsideUnavailable
from movy.lib.long_lists import LongList, LongListPaginator
from movy.lib.money import money_text
from payments.flows import payment_look
from payments.gateway import paystack
from payments.models import Payment, PaymentEvent, Refund

CHECKS_MAX = 5
"""Payments that one click may ask about: a person waits, and holds a thread meanwhile."""


class RefundInline(ReadOnly, TenantInline):
    model = Refund
    fields = ["reference", "money_text", "reason", "status", "asked_at", "provider_note"]
    readonly_fields = ["money_text", "asked_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("payment__booking__showtime__screen__theatre")

    @admin.display(description=_("amount"))
    def money_text(self, refund: Refund) -> str:
        return str(refund.money)

    @admin.display(description=_("asked at"))
    def asked_at(self, refund: Refund) -> str:
        return local_time(refund.created_at, refund.payment.booking.showtime.screen.theatre.zone)


class PaymentEventInline(ReadOnly, TenantInline):
    model = PaymentEvent
    verbose_name_plural = _("history")
    fields = ["when", "kind", "actor", "detail"]
    readonly_fields = ["when"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("actor", "payment__booking__showtime__screen__theatre")

    @admin.display(description=_("when"))
    def when(self, event: PaymentEvent) -> str:
        return local_time(event.at, event.payment.booking.showtime.screen.theatre.zone)


class MismatchFilter(admin.SimpleListFilter):
    title = _("what was paid")
    parameter_name = "matches"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Something else than asked"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.exclude(mismatch="") if self.value() == "no" else queryset


@admin.register(Payment)
class PaymentAdmin(ReadOnly, TenantAdmin):
    list_display = ["reference", "booking", "money_text", "status", "mismatch", "channel", "made_at"]
    list_filter = ["status", MismatchFilter, "channel", "booking__showtime__screen"]
    list_select_related = ["booking__showtime__screen__theatre"]
    ordering = ["-pk"]
    paginator = LongListPaginator
    search_fields = ["reference", "booking__reference", "booking__email", "provider_id"]
    search_help_text = _("Reference of the payment or the booking, e-mail, Paystack's number")
    inlines = [RefundInline, PaymentEventInline]
    actions = ["check_again"]
    fieldsets = [
        (None, {"fields": ["reference", "booking", "status", "money_text", "channel"]}),
        (
            _("What Paystack took"),
            {"fields": ["charged_text", "fees_text", "mismatch", "provider_id", "provider_note"]},
        ),
        (_("When"), {"fields": ["made_at", "kept_until", "paid"]}),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    @admin.action(description=_("Check again with Paystack"), permissions=["view"])
    def check_again(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """The same two steps as every other way in which a payment is believed: ask, then settle."""
        references = list(queryset.values_list("reference", flat=True)[: CHECKS_MAX + 1])
        if len(references) > CHECKS_MAX:
            self.message_user(request, _("Choose %d payments at most.") % CHECKS_MAX, messages.WARNING)
            return
        try:
            for reference in references:
                payment = payment_look(reference, via=paystack.PERSON_WAITS)
                self.message_user(request, f"{reference}: {payment.get_status_display()}")
        except OutsideUnavailable:
            self.message_user(request, _("Paystack can't be reached right now. Nothing was changed."), messages.ERROR)

    @admin.display(description=_("amount"), ordering="amount_minor")
    def money_text(self, payment: Payment) -> str:
        return str(payment.money)

    @admin.display(description=_("charged"))
    def charged_text(self, payment: Payment) -> str:
        return str(payment.charged or "–")

    @admin.display(description=_("Paystack's fee"))
    def fees_text(self, payment: Payment) -> str:
        return "–" if payment.fees_minor is None else money_text(payment.fees_minor, payment.currency)

    @admin.display(description=_("made at"), ordering="created_at")
    def made_at(self, payment: Payment) -> str:
        return local_time(payment.created_at, payment.booking.showtime.screen.theatre.zone)

    @admin.display(description=_("seats kept until"))
    def kept_until(self, payment: Payment) -> str:
        return local_time(payment.deadline_at, payment.booking.showtime.screen.theatre.zone)

    @admin.display(description=_("paid at"))
    def paid(self, payment: Payment) -> str:
        return local_time(payment.paid_at, payment.booking.showtime.screen.theatre.zone)


@admin.register(Refund)
class RefundAdmin(ReadOnly, TenantAdmin):
    list_display = ["reference", "payment", "money_text", "reason", "status", "asked_at", "provider_note"]
    list_filter = ["status", "reason", "payment__booking__showtime__screen"]
    list_select_related = ["payment__booking__showtime__screen__theatre"]
    ordering = ["-pk"]
    paginator = LongListPaginator
    search_fields = ["reference", "payment__reference", "payment__booking__reference", "payment__booking__email"]
    search_help_text = _("Reference of the refund, the payment or the booking, e-mail")
    fields = ["reference", "payment", "money_text", "reason", "status", "asked_at", "ended_at", "provider_note"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    @admin.display(description=_("amount"), ordering="amount_minor")
    def money_text(self, refund: Refund) -> str:
        return str(refund.money)

    @admin.display(description=_("asked at"), ordering="created_at")
    def asked_at(self, refund: Refund) -> str:
        return local_time(refund.created_at, refund.payment.booking.showtime.screen.theatre.zone)

    @admin.display(description=_("ended at"))
    def ended_at(self, refund: Refund) -> str:
        return local_time(refund.settled_at, refund.payment.booking.showtime.screen.theatre.zone)
