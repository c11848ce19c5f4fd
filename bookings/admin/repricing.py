"""The page on which changed price cards are applied to coming showings: what would change, then the button."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.admin.pages import led_back
from bookings.admin.schedule import TheatrePages
from bookings.repricing import Reprice, reprices, reprices_apply
from movy.lib.clock import database_now
from theatres.models import Theatre


class RepricePages(TheatrePages):
    """Mixed into the showtimes' admin class."""

    def get_urls(self) -> list[URLPattern]:
        return [self.schedule_path("<int:theatre_id>/reprice/", self.reprice_view, "reprice"), *super().get_urls()]

    def reprice_view(self, request: HttpRequest, theatre_id: int) -> HttpResponse:
        """GET: what would change. POST: changes just that; when it is something else by now, shows it again."""
        theatre, now = self.theatre_of(request, theatre_id), database_now()
        found = reprices(theatre, now=now)
        if request.method != "POST":
            return self._page(request, theatre, found)
        if request.POST.get("seen") != _seen(found):
            return self._page(request, theatre, found, refusal=_("Prices have changed since you looked. Look again."))
        done = reprices_apply(found, theatre=theatre, now=now)
        self.message_user(request, ngettext("%d showing has new prices.", "%d showings have new prices.", done) % done)
        return led_back(reverse("admin:schedule_week", args=[theatre.pk]))

    def _page(self, request: HttpRequest, theatre: Theatre, found: list[Reprice], *, refusal: str = "") -> HttpResponse:
        return self.page(
            request,
            "reprice",
            theatre,
            title=_("Apply the price cards"),
            status=409 if refusal else 200,
            found=found,
            good=sum(one.is_complete for one in found),
            seen=_seen(found),
            refusal=refusal,
        )


def _seen(found: list[Reprice]) -> str:
    """Name a set of changes as it was looked at."""
    told = [
        (one.showtime.pk, one.card.pk, sorted((c, sorted(row.items())) for c, row in one.prices.items()))
        for one in found
    ]
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
