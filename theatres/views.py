"""Where the theatres are, and what an invitation to work at one leads to."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from movy.lib.addresses import canonical
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from theatres.errors import InvitationGone, InvitationOfAnother
from theatres.forms import TheatreFilterForm
from theatres.models import Invitation, Membership, Role, Theatre
from theatres.people import invitation_accept, invitation_of
from theatres.selectors import (
    cities_of,
    distance_km,
    distance_text,
    theatres_all,
    theatres_by_distance,
    theatres_chosen,
)


@require_safe
def theatres(request: HttpRequest) -> HttpResponse:
    """All theatres by city; `?city=` narrows, `?near=latitude,longitude` lists the nearest first."""
    found = theatres_all()
    form = TheatreFilterForm(request.GET)
    is_read = form.is_valid()
    near = form.cleaned_data.get("near")
    city = "" if near else form.cleaned_data.get("city", "")
    chosen = theatres_chosen(found, city=city)
    context = {
        "by_city": [(name, list(there)) for name, there in groupby(chosen, key=lambda theatre: theatre.city)],
        "by_distance": _by_distance(chosen, *near) if near else [],
        "cities": cities_of(found),
        "city": city.strip(),
        "is_unread": not is_read,
        "canonical_url": canonical(request.path),
        "nav_current": "theatres",
    }
    return render(request, "theatres/theatres.html", context)


def _by_distance(theatres: list[Theatre], latitude: float, longitude: float) -> list[tuple[Theatre, str]]:
    """Return theatres, the nearest first, each with how far it is in words."""
    place = {"latitude": latitude, "longitude": longitude}
    return [
        (theatre, distance_text(distance_km(theatre, **place))) for theatre in theatres_by_distance(theatres, **place)
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what somebody is invited to, and how they sign in; POST accepts it. A used link leads its owner on."""
    now = database_now()
    try:
        found = invitation_of(token)
        if found.accepted_at is None and found.expires_at <= now:
            raise InvitationGone
        if request.method == "POST":
            return _accepted(request, token)
        if found.accepted_at is not None:
            return _led_on(request, found)
    except InvitationOfAnother as error:
        return _invitation_page(request, found, refusal=error)
    except DomainError as error:
        return _invitation_page(request, None, refusal=error)
    return _invitation_page(request, found)


def _accepted(request: HttpRequest, token: str) -> HttpResponse:
    """Raises InvitationGone, InvitationOfAnother."""
    if not request.user.is_authenticated:
        response = redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    else:
        user, now = request.user, database_now()
        membership = run_in_transaction(
            lambda: invitation_accept(token=token, user=user, now=now),
            find=again,  # a second run finds what the first gave
        )
        messages.success(
            request,
            _("You are at %(theatre)s now, as: %(role)s.")
            % {"theatre": membership.theatre.name, "role": membership.get_role_display()},
        )
        response = redirect(_workplace(membership))
    response.status_code = 303
    return response


def _led_on(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Somebody opens a link that they have accepted. Raises InvitationGone for everybody else."""
    own = Membership.objects.filter(theatre=found.theatre_id, user=request.user.pk).first()
    if own is None or found.email != getattr(request.user, "email", None):
        raise InvitationGone
    return redirect(_workplace(own))


def _workplace(membership: Membership) -> str:
    """Where this role works."""
    if membership.role == Role.MANAGER:
        return reverse("admin:index")
    page = "payments:desk" if membership.role == Role.BOX_OFFICE else "bookings:door"
    return reverse(page, args=[membership.theatre.id_slug])


def _invitation_page(
    request: HttpRequest, found: Invitation | None, *, refusal: DomainError | None = None
) -> HttpResponse:
    back = {"next": request.path}
    is_theirs = found is not None and getattr(request.user, "email", None) == found.email
    if found is not None and request.user.is_authenticated and not is_theirs:
        refusal = refusal or InvitationOfAnother()
    context = {
        "invitation": found,
        "is_theirs": is_theirs,
        "refusal": refusal.message if refusal else None,
        "login_url": f"{reverse('account_login')}?{urlencode(back)}",
        "signup_url": f"{reverse('account_signup')}?{urlencode(back | {'email': found.email if found else ''})}",
    }
    return render(request, "theatres/invitation.html", context, status=refusal.status if refusal else 200)
