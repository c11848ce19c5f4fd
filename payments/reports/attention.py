"""What somebody at the theatre has to see to, each with where it is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking
from catalog.models import Listing, Showtime, ShowtimePrice, ShowtimeStatus
from movy.outbox.models import Mail
from payments.models import RefundStatus
from payments.queues import (
    LOOK_BACK,
    Whose,
    findings,
    mismatches,
    paid_without_ticket,
    stuck_refunds,
    ticket_without_money,
)
from payments.reports.tables import local_start
from theatres.models import Seat, Theatre

DRAFT_SOON = timedelta(hours=48)
NAMED_MAX = 5
"""Shows named one by one; the rest are counted."""


@dataclass(frozen=True)
class Matter:
    """`is_urgent`: money or an evening is at stake."""

    text: str
    url: str
    link: str
    is_urgent: bool = False


def matters_of(theatre: Theatre, now: datetime) -> list[Matter]:
    """Return what needs a hand, the urgent first. Nine queries."""
    found = [*_money(theatre, now), *_shows(theatre, now), *_mails(theatre, now)]
    return sorted(found, key=lambda matter: not matter.is_urgent)


@dataclass(frozen=True)
class Step:
    text: str
    url: str
    is_done: bool


def first_steps(theatre: Theatre) -> list[Step]:
    """Return what a new theatre does before it can sell; nothing once a show is scheduled. One query, or three."""
    if Showtime.objects.filter(screen__theatre=theatre).exists():
        return []
    has_screen = Seat.objects.filter(screen__theatre=theatre)
    has_film = Listing.objects.filter(theatre=theatre)
    return [
        Step(_("Draw a screen"), reverse("admin:theatres_screen_add"), has_screen.exists()),
        Step(_("Put a film on the list"), reverse("admin:catalog_listing_find"), has_film.exists()),
        Step(_("Schedule it"), reverse("admin:schedule_new", args=[theatre.pk]), False),
    ]


def _money(theatre: Theatre, now: datetime) -> Iterator[Matter]:
    """What stands in the queues of the reconciliation desk and doesn't go on by itself. Five queries."""
    whose = Whose(theatre=theatre)
    found = dict(findings(whose).values_list("kind").annotate(Count("pk")).order_by())
    refunds = dict(stuck_refunds(whose).values_list("status").annotate(Count("pk")).order_by())
    unpaid = ticket_without_money(whose, now).count() + found.get("unpaid", 0) + found.get("taken_back", 0)
    for queue, count, sentence in (
        ("paid-without-ticket", paid_without_ticket(whose).count() + found.get("unsettled", 0), _no_ticket),
        ("ticket-without-money", unpaid, _no_money),
        ("refunds", refunds.get(RefundStatus.NEEDS_ATTENTION, 0), _needs_details),
        ("refunds", refunds.get(RefundStatus.FAILED, 0), _failed),
        ("refunds", found.get("over_refunded", 0), _too_much),
        ("mismatch", mismatches(whose, now).count() + found.get("differs", 0), _odd),
    ):
        if count:
            url = f"{reverse('admin:reconciliation')}?theatre={theatre.pk}#{queue}"
            yield Matter(sentence(count) % {"count": count}, url, _("See to it"), is_urgent=queue != "mismatch")


def _no_ticket(count: int) -> str:
    return ngettext(
        "%(count)d payment has neither its ticket nor its refund",
        "%(count)d payments have neither their tickets nor their refunds",
        count,
    )


def _no_money(count: int) -> str:
    return ngettext(
        "%(count)d booking has tickets whose money Paystack does not have",
        "%(count)d bookings have tickets whose money Paystack does not have",
        count,
    )


def _needs_details(count: int) -> str:
    return ngettext(
        "%(count)d refund needs the customer's bank details",
        "%(count)d refunds need the customers' bank details",
        count,
    )


def _failed(count: int) -> str:
    return ngettext("%(count)d refund failed", "%(count)d refunds failed", count)


def _too_much(count: int) -> str:
    return ngettext(
        "%(count)d refund in Paystack's dashboard is more than was left",
        "%(count)d refunds in Paystack's dashboard are more than was left",
        count,
    )


def _odd(count: int) -> str:
    return ngettext(
        "%(count)d payment of the last 30 days is not what was asked for",
        "%(count)d payments of the last 30 days are not what was asked for",
        count,
    )


def _shows(theatre: Theatre, now: datetime) -> Iterator[Matter]:
    """Shows on sale that have seats without a price, and drafts about to start. Three queries."""
    coming = (
        Showtime.objects.filter(screen__theatre=theatre, starts_at__gt=now)
        .filter(Q(status=ShowtimeStatus.ON_SALE) | Q(status=ShowtimeStatus.DRAFT, starts_at__lte=now + DRAFT_SOON))
        .select_related("movie")
        .order_by("starts_at", "pk")
    )
    shows = list(coming)
    on_sale = [show for show in shows if show.status == ShowtimeStatus.ON_SALE]
    needed = _sets(Seat.objects.in_use().filter(screen__theatre=theatre).values_list("screen_id", "category_id"))
    prices = ShowtimePrice.objects.filter(
        showtime__screen__theatre=theatre, showtime__starts_at__gt=now, showtime__status=ShowtimeStatus.ON_SALE
    )
    priced = _sets(prices.values_list("showtime_id", "category_id"))
    bare = [show for show in on_sale if needed[show.screen_id] - priced[show.pk]]
    yield from _named(theatre, bare, _("%(show)s is on sale with seats that have no price"), is_urgent=True)
    drafts = [show for show in shows if show.status == ShowtimeStatus.DRAFT]
    yield from _named(theatre, drafts, _("%(show)s is a draft: nobody can book it yet"), is_urgent=False)


def _sets(pairs: QuerySet[Any, Any]) -> dict[int, set[int]]:
    """Return the distinct second values by the first. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs.order_by().distinct():
        found[first].add(second)
    return found


def _named(theatre: Theatre, shows: list[Any], sentence: str, *, is_urgent: bool) -> Iterator[Matter]:
    for show in shows[:NAMED_MAX]:
        name = f"{show.movie.title}, {local_start(show.starts_at, theatre.zone)}"
        url = reverse("admin:catalog_showtime_change", args=[show.pk])
        yield Matter(sentence % {"show": name}, url, _("Open the show"), is_urgent)
    if more := len(shows[NAMED_MAX:]):
        text = ngettext("and %(count)d more show like these", "and %(count)d more shows like these", more)
        yield Matter(
            text % {"count": more}, reverse("admin:catalog_showtime_changelist"), _("See the shows"), is_urgent
        )


def _mails(theatre: Theatre, now: datetime) -> Iterator[Matter]:
    """Mails of this theatre's bookings that were given up. `about` is the booking's reference."""
    given_up = Mail.objects.filter(sent_at=None, next_try_at=None, created_at__gte=now - LOOK_BACK).exclude(about="")
    about = list(given_up.values_list("about", flat=True)[:200])
    own = Booking.objects.filter(reference__in=about, showtime__screen__theatre=theatre)
    references = list(own.values_list("reference", flat=True)[:NAMED_MAX]) if about else []
    for reference in references:
        url = f"{reverse('admin:bookings_booking_changelist')}?q={reference}"
        yield Matter(
            _("A mail about booking %(ref)s could not be sent") % {"ref": reference}, url, _("See the booking")
        )
