"""What the seat map's script asks while somebody chooses."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bookings.drafts import best_seats
from bookings.forms import BestSeatsForm
from bookings.maps import SeatMap, drawn_once, seat_map
from bookings.proposals import groups_said
from movy.lib.errors import DomainError, NotFound

TICKETS_ASKED = 2  # where the address doesn't say


@require_safe
@cache_control(no_store=True)
def best(request: HttpRequest, showtime_id: int) -> JsonResponse:
    """Propose the best seats together, for two people unless `tickets` says otherwise, and hold nothing: `seats`, their
    labels, and `said`, a sentence about them. Where there are none, `said` tells why, with the status that holding them
    would have."""
    form = BestSeatsForm({"tickets": TICKETS_ASKED} | request.GET.dict())
    if not form.is_valid():
        return JsonResponse({"seats": [], "said": next(iter(form.errors.values()))[0]}, status=400)
    count, category = form.cleaned_data["tickets"], form.cleaned_data["category"] or None
    try:
        drawn = seat_map(showtime_id)
        key = ("best", drawn.key, count, category, get_language())
        return JsonResponse(drawn_once(key, lambda: _told(drawn, count, category)))
    except NotFound as missing:
        raise Http404 from missing
    except DomainError as error:
        return JsonResponse({"seats": [], "said": str(error.message)}, status=error.status)


def _told(drawn: SeatMap, count: int, category: str | None) -> dict[str, object]:
    groups = best_seats(drawn, count=count, category=category)
    return {"seats": [seat.label for group in groups for seat in group], "said": groups_said(groups)}
