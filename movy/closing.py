"""Closing an account. It is here because every app has something of a person, and none below may know the others."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import UserView
from accounts.errors import LastOwner
from accounts.models import User
from accounts.services import user_addresses, user_delete
from accounts.views import see_other
from bookings.forgetting import buyer_forget, buyer_references
from bookings.models import BookingStatus
from bookings.selectors import bookings_mine
from catalog.alerts import alerts_forget
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.refusals import refusal_describe
from movy.lib.schema import Answer, operation
from movy.lib.shapes import Shape
from movy.outbox.services import mails_forget
from theatres.errors import LastManager
from theatres.services import memberships_end


class LastManagerShape(Shape):
    """What `last_manager` tells besides."""

    theatres = serializers.ListField(child=serializers.CharField(), help_text="Their names.")

    example = {"theatres": ["Movy Marina"]}


refusal_describe(LastManager, example=lambda: LastManager(LastManagerShape.example["theatres"]), shape=LastManagerShape)


def account_close(user_id: int) -> None:
    """Keep what the books need of a person, and forget the person: all of it or nothing. Opens its own transaction.

    Unpaid holds are let go; tickets that were paid stay good for whoever has their codes. Mails to them, and about
    their bookings, are deleted, also those that are still to go out. Raises LastManager and
    LastOwner.
    """
    now = database_now()

    def close() -> None:
        buyer_forget(user_id=user_id, now=now)
        addresses = user_addresses(user_id)
        mails_forget(addresses=addresses, about=buyer_references(user_id))
        alerts_forget(addresses)
        memberships_end(user_id=user_id)
        user_delete(user_id)

    run_in_transaction(close, find=again)


@extend_schema(tags=["accounts"])  # beside its kin
class AccountView(UserView):
    """The user's own record, with its end."""

    @operation(
        "user_close",
        "Close my account",
        description="For good. Unpaid holds are let go. Paid tickets stay good for whoever has their codes: keep those"
        " that you still need. The books keep what they must, without the person, and the e-mail is free for a new"
        " account.",
        answers={204: Answer("Closed; every token is dead.")},
        refusals=[LastManager, LastOwner],
    )
    def delete(self, request: Request) -> Response:
        account_close(cast(User, request.user).pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


BOOKINGS_NAMED = 20  # coming ones that the page names; whoever has more of them knows


class CloseForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Close my account for good"),
        error_messages={"required": gettext_lazy("Tick this if you really want to close it.")},
    )


@see_other
@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close_page(request: HttpRequest) -> HttpResponse:
    """What closing the account means for this person, and the button that does it."""
    user = cast(User, request.user)
    form = CloseForm(request.POST if request.method == "POST" else None)
    status_code, refusal = 200, ""
    if form.is_valid():
        try:
            account_close(user.pk)
        except DomainError as error:
            status_code, refusal = error.status, str(error.message)
        else:
            logout(request)
            messages.success(request, _("Your account is closed, and we have forgotten who you are."))
            return redirect("catalog:home")
    elif form.is_bound:
        status_code = 400
    context = _coming(user) | {"form": form, "refusal": refusal}
    return render(request, "account/close.html", context, status=status_code)


def _coming(user: User) -> dict[str, Any]:
    """Return what somebody still has of coming shows: `paid` bookings, and whether there are unpaid `holds`."""
    now = database_now()
    coming = list(bookings_mine(user, when="upcoming", now=now)[:BOOKINGS_NAMED])
    states = {booking: booking.status_at(now) for booking in coming}
    return {
        "paid": [booking for booking, state in states.items() if state == BookingStatus.CONFIRMED],
        "holds": BookingStatus.HELD in states.values(),
    }
