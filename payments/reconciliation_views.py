"""The reconciliation desk in the office: five queues, each row with its button, and the walk through what Paystack has.

Behind OfficeSite.admin_view: a manager meets the money of the own theatres, the platform owner all. What is somebody
else's is not found. Buttons are POSTs, and safe to press twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from movy.lib.http import OutsideUnavailable
from payments.constants import WALK_DAYS, WALK_DAYS_MAX
from payments.flows.office import refund_again
from payments.flows.putting_right import (
    finding_away,
    payment_check,
    payment_give_back,
    refund_check,
    stranger_check,
)
from payments.models import Finding, FindingKind, Payment, Refund, RefundStatus, Walk
from payments.queue_rows import queues
from payments.queues import Whose
from payments.refund_views import bank_form_of
from payments.services import walk_begin
from theatres.models import Theatre

LOOK_AGAIN_SECONDS = 2
"""How often the page asks how far a walk has come."""

AWAY = gettext_lazy("Paystack can't be reached right now. Nothing was changed: please try again in a minute.")


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses for a site's own list."""

    def page(address: str, view: Any, name: str) -> URLPattern:
        return path(f"reconciliation/{address}", site.admin_view(view), name=name)

    return [
        page("", require_GET(desk), "reconciliation"),
        page("walk/", require_POST(walk_start), "reconciliation_walk"),
        page("payments/<str:reference>/check/", require_POST(check), "reconciliation_check"),
        page("payments/<str:reference>/give-back/", require_POST(give_back), "reconciliation_give_back"),
        page("refunds/<str:reference>/check/", require_POST(check_refund), "reconciliation_refund_check"),
        page("refunds/<str:reference>/again/", require_POST(ask_again), "reconciliation_refund_again"),
        page("refunds/<str:reference>/bank-details/", bank_details, "reconciliation_refund_details"),
        page("seen/<slug:kind>/<str:reference>/", put_away, "reconciliation_put_away"),
    ]


class WalkForm(forms.Form):
    days = forms.IntegerField(label=gettext_lazy("Days back"), min_value=1, max_value=WALK_DAYS_MAX, initial=WALK_DAYS)


class PutAwayForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why is this in order?"),
        max_length=120,
        help_text=gettext_lazy("Kept in the history with your name. It is not shown again."),
    )


def user_of(request: HttpRequest) -> User:
    """Return who asks; OfficeSite.admin_view has let nobody else in."""
    return cast(User, request.user)


def whose_of(request: HttpRequest) -> tuple[Whose, list[Theatre]]:
    """Return whose money was asked for, by default all that this person may see, and the theatres to choose from.

    Raises Http404 for a theatre that isn't among them, whether or not there is one.
    """
    user = user_of(request)
    own = list(Theatre.objects.visible_to(user).order_by("name", "pk"))
    asked = request.GET.get("theatre") or request.POST.get("theatre") or ""
    theatre = next((theatre for theatre in own if str(theatre.pk) == asked), None)
    if asked and theatre is None:
        raise Http404
    if theatre is None and len(own) == 1 and not user.is_superuser:
        theatre = own[0]
    return Whose(user, theatre), own


def desk(request: HttpRequest) -> HttpResponse:
    """The queues, and how far the walk is; to htmx the walk alone, until it is over."""
    whose, own = whose_of(request)
    walks = _walks(request, whose)
    running = walks.filter(finished_at=None).first()
    context: dict[str, Any] = {
        "whose": whose,
        "theatre": whose.theatre,
        "own_theatres": own,
        "walk": running,
        "walked": walks.exclude(finished_at=None).select_related("theatre").first(),
        "checked": _last_checked(whose),
        "form": WalkForm(),
        "query": _query(whose),
        "seconds": LOOK_AGAIN_SECONDS,
        "can_walk": whose.theatre is not None or user_of(request).is_superuser,
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "admin/payments/reconciliation/_walk.html", context)
        if running is None:
            answer["HX-Refresh"] = "true"  # what it has found is on the page
        return answer
    context |= {"queues": queues(whose, database_now()), "title": _("Reconciliation")}
    return _page(request, "desk", context)


def walk_start(request: HttpRequest) -> HttpResponse:
    """Begin a walk: of the theatre asked for, or for the platform owner of all that Paystack has."""
    whose, _own = whose_of(request)
    if whose.theatre is None and not user_of(request).is_superuser:
        raise Http404
    form = WalkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose 1 to %d days.") % WALK_DAYS_MAX)
        return _back(whose)
    theatre_id = whose.theatre.pk if whose.theatre else None
    days, now = form.cleaned_data["days"], database_now()
    walk = run_in_transaction(
        lambda: walk_begin(theatre_id=theatre_id, days=days, asked_by_id=user_of(request).pk, now=now), find=again
    )
    told = _("The comparison with Paystack has begun. You can close this page.")
    if walk.started_at != now:
        told = _("A comparison with Paystack is under way already.")
    messages.success(request, told)
    return _back(whose)


# ---- The buttons


def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask Paystack about a payment and its refunds; for the platform owner, about a charge that isn't ours too."""
    user = user_of(request)
    is_own = Payment.objects.visible_to(user).filter(reference=reference).exists()
    strange = Finding.objects.visible_to(user).filter(kind=FindingKind.STRANGER, reference=reference)
    if not is_own and not strange.exists():
        raise Http404

    def ask() -> str:
        is_news = payment_check(reference, actor_id=user.pk) if is_own else stranger_check(reference)
        if is_news:
            return _("Paystack was asked about %(ref)s, and there is news: see below, or the booking's page.")
        return _("Paystack was asked about %(ref)s. Nothing is new.")

    return _pressed(request, lambda: ask() % {"ref": reference})


def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Give back all that is left of a charge that bought no ticket."""
    user = user_of(request)
    if not Payment.objects.visible_to(user).filter(reference=reference).exists():
        raise Http404

    def give() -> str:
        refund = payment_give_back(reference, actor_id=user.pk)
        told = _("%(money)s goes back the way it was paid. Movy asks Paystack within a minute.")
        return told % {"money": refund.money}

    return _pressed(request, give)


def check_refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Look where a refund is."""
    _refund(request, reference)

    def look() -> str:
        refund = refund_check(reference, actor_id=user_of(request).pk)
        state = refund.get_status_display()  # type: ignore[attr-defined]
        return _("Paystack was asked: refund %(ref)s is %(state)s.") % {"ref": reference, "state": state}

    return _pressed(request, look)


def ask_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more for a refund that failed."""
    _refund(request, reference)

    def again_asked() -> str:
        refund = refund_again(reference, actor_id=user_of(request).pk)
        told = _("%(money)s is asked for again. Movy looks first whether an earlier try was done after all.")
        return told % {"money": refund.money}

    return _pressed(request, again_asked)


def bank_details(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter where a refund is to go, for Paystack's own retry."""
    whose, _own = whose_of(request)
    refund = _refund(request, reference)
    if refund.status != RefundStatus.NEEDS_ATTENTION:
        messages.error(request, _("This refund needs no bank details any more."))
        return _back(whose)
    try:
        form = bank_form_of(request, refund, actor_id=user_of(request).pk)
    except OutsideUnavailable:
        messages.error(request, str(AWAY))
        return _back(whose)
    if form is None:
        messages.success(
            request, _("Paystack has the bank details. %(money)s is on its way.") % {"money": refund.money}
        )
        return _back(whose)
    context = {"refund": refund, "booking": refund.payment.booking, "form": form, "query": _query(whose)}
    return _page(request, "bank_details", context | {"title": _("Bank details")}, status=400 if form.errors else 200)


def put_away(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Say why something is in order, so that it leaves its queue."""
    whose, _own = whose_of(request)
    row = _row_put_away(request, whose, kind, reference)
    if row is None:
        messages.error(request, _("This is in order already: somebody was faster, or Paystack has mended it."))
        return _back(whose)
    form = PutAwayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        payment = Payment.objects.visible_to(user_of(request)).filter(reference=row.reference).first()
        try:
            finding_away(
                FindingKind(kind),
                reference,
                payment=payment,
                money=row.money,
                why=form.cleaned_data["why"],
                actor_id=user_of(request).pk,
            )
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("Put away, with your reason in the history."))
        return _back(whose)
    context = {"row": row, "form": form, "query": _query(whose), "title": _("Put away")}
    return _page(request, "put_away", context, status=400 if form.errors else 200)


# ---- What they have in common


def _pressed(request: HttpRequest, press: Callable[[], str]) -> HttpResponse:
    """Do what a button says, tell what became of it, and lead back to the queues."""
    whose, _own = whose_of(request)
    try:
        messages.success(request, press())
    except OutsideUnavailable:
        messages.error(request, str(AWAY))
    except DomainError as error:
        messages.error(request, str(error.message))
    return _back(whose)


def _row_put_away(request: HttpRequest, whose: Whose, kind: str, reference: str) -> Any:
    """Return the row of a queue that can be put away by this name; None when it has left its queue.

    Raises Http404 where this person has nothing of that name.
    """
    named = [(row.put_away, row) for queue in queues(whose, database_now()) for row in queue.rows if row.put_away]
    for name, row in named:
        if name == (kind, reference):
            return row
    seen = Finding.objects.visible_to(user_of(request)).filter(kind=kind, reference=reference)
    if not seen.exists():
        raise Http404
    return None


def _refund(request: HttpRequest, reference: str) -> Refund:
    own = Refund.objects.visible_to(user_of(request)).select_related("payment__booking__showtime__screen__theatre")
    refund: Refund | None = own.filter(reference=reference).first()
    if refund is None:
        raise Http404
    return refund


def _walks(request: HttpRequest, whose: Whose) -> Any:
    """The walks that this person's page tells about: a theatre's own, or the account's."""
    return Walk.objects.visible_to(user_of(request)).filter(theatre=whose.theatre).order_by("-pk")


def _last_checked(whose: Whose) -> Any:
    """When these payments were last compared with Paystack's, by a walk of their own or the account's; None: never."""
    about = Q(theatre=None) if whose.theatre is None else Q(theatre=None) | Q(theatre=whose.theatre)
    done = Walk.objects.filter(about, finished_at__isnull=False).order_by("-finished_at")
    return done.values_list("finished_at", flat=True).first()


def _query(whose: Whose) -> str:
    return f"?{urlencode({'theatre': whose.theatre.pk})}" if whose.theatre else ""


def _back(whose: Whose) -> HttpResponse:
    """303 to the queues, so that a reload does nothing again."""
    response = HttpResponseRedirect(reverse("admin:reconciliation") + _query(whose))
    response.status_code = 303
    return response


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    frame = admin.site.each_context(request)
    return render(request, f"admin/payments/reconciliation/{template}.html", frame | context, status=status)
