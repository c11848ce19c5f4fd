"""Where the theatres are."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from theatres.selectors import theatres_all, theatres_chosen


@require_safe
def theatres(request: HttpRequest) -> HttpResponse:
    """All theatres by city; `?city=` narrows."""
    found, city = theatres_all(), request.GET.get("city", "")[:80]
    chosen = theatres_chosen(found, city=city)
    context = {
        "by_city": [(name, list(there)) for name, there in groupby(chosen, key=lambda theatre: theatre.city)],
        "cities": sorted({theatre.city for theatre in found}),
        "city": city.strip(),
        "nav_current": "theatres",
    }
    return render(request, "theatres/theatres.html", context)
