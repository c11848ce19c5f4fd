"""What search engines ask for first: where our pages are, and where they need not look (docs/found.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Listing, Movie, Showtime
from movy.lib.addresses import canonical
from movy.lib.clock import database_now
from theatres.models import Theatre

CHUNK = 5_000
"""Addresses in one sitemap, of the 50,000 that the protocol allows: a request stays small."""

MAPS_MAX = 1_000
SECONDS = 60 * 60

Address = tuple[str, datetime | None]
"""Where a page is, and when what it tells changed last, where that is known."""


@require_safe
@cache_control(public=True, max_age=SECONDS)
def robots(request: HttpRequest) -> HttpResponse:
    """What needs no visit. Pages that are somebody's own say `noindex` instead: a crawler that may not look at one
    would not see that, and list its address all the same."""
    lines = ["User-agent: *", "Disallow: /admin", "Disallow: /api/", f"Sitemap: {canonical(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=SECONDS)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemaps there are. Two queries."""
    now = database_now()
    maps = -(-_films(now).count() // CHUNK)
    places = [canonical(reverse("sitemap_places"))]
    places += [canonical(reverse("sitemap_films", args=[number])) for number in range(1, min(maps, MAPS_MAX) + 1)]
    return render(request, "sitemaps.xml", {"addresses": places}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=SECONDS)
def sitemap_places(request: HttpRequest) -> HttpResponse:
    """Home, the lists, and theatres. One query."""
    lists = [reverse("catalog:home"), reverse("catalog:movies"), reverse("theatres:list")]
    lists.append(f"{reverse('catalog:movies')}?status=coming_soon")
    theatres = Theatre.objects.order_by("pk")[:CHUNK]
    return _urls(request, [*((path, None) for path in lists), *((row.get_absolute_url(), None) for row in theatres)])


@require_safe
@cache_control(public=True, max_age=SECONDS)
def sitemap_films(request: HttpRequest, number: int) -> HttpResponse:
    """One part of the films. Two queries. 404 beyond the last."""
    if not 1 <= number <= MAPS_MAX:
        raise Http404
    now = database_now()
    changed = Showtime.objects.coming(now).filter(movie=OuterRef("pk")).order_by().values("movie")
    part = _films(now).annotate(changed_at=changed.annotate(last=Max("updated_at")).values("last"))
    rows: list[Any] = list(part.only("title", "slug").order_by("pk")[(number - 1) * CHUNK : number * CHUNK])
    if not rows:
        raise Http404
    return _urls(request, [(row.get_absolute_url(), row.changed_at) for row in rows])


def _films(now: datetime) -> QuerySet[Movie]:
    """Films that somebody may want to see: those with a show to come, and those on a theatre's list."""
    shows = Showtime.objects.coming(now).filter(movie=OuterRef("pk"))
    return Movie.objects.filter(Exists(shows) | Exists(Listing.objects.filter(movie=OuterRef("pk"))))


def _urls(request: HttpRequest, addresses: Iterable[Address]) -> HttpResponse:
    found = [(canonical(path), changed_at) for path, changed_at in addresses]
    return render(request, "sitemap.xml", {"addresses": found}, content_type="application/xml")
