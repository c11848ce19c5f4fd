"""What was sold by the day it was paid, and sent back by the day that was asked for: takings, and the desk's part."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.utils.translation import gettext as _

from bookings.models import BookedSeat
from movy.lib.exports import Table
from movy.lib.money import Money
from payments.models import Channel, Refund
from payments.reports.grouping import BY_CHANNEL, BY_DAY, BY_FILM, BY_SCREEN, BY_SHOW, Grouping, Key, Part, added_up
from payments.reports.scope import Scope
from payments.reports.tables import Row, number, person_name, table_make, text, totals

AT_THE_DESK = (Channel.CASH, Channel.CARD_TERMINAL)

TAKINGS_BY = {"day": BY_DAY, "show": BY_SHOW, "film": BY_FILM, "screen": BY_SCREEN, "channel": BY_CHANNEL}

BY_SELLER = Grouping(
    name="",
    titles=[],
    fields=[
        "sold_by__first_name",
        "sold_by__last_name",
        "sold_by__email",
        "sold_by_id",
        "confirming_payment__channel",
    ],
    cells=lambda scope, key: (person_name(*key[:3]), str(Channel(key[4]).label)),
)

PAYMENT = "booking__confirming_payment__"
PAID_AT = f"{PAYMENT}paid_at"


def lines_sold(scope: Scope) -> QuerySet[Any]:
    """Tickets of bookings that were paid within the period, also those given back later. A free booking has none."""
    return BookedSeat.objects.filter(**scope.period.within(PAID_AT), **scope.of_money(PAYMENT, "booking__"))


def refunds_of_sales(scope: Scope) -> QuerySet[Any]:
    """Money back for tickets, asked for within the period; not that for charges that bought none."""
    return Refund.objects.filter(
        payment__confirms__isnull=False,
        **scope.period.within("created_at"),
        **scope.of_money("", "payment__booking__"),
    )


def takings(scope: Scope, by: str) -> Table:
    """Sold, sent back and kept by day, show, film, screen or way of paying. Two queries."""
    grouping = TAKINGS_BY[by]
    rows = _sold_and_back(scope, grouping, lines_sold(scope), refunds_of_sales(scope), tickets=Count("pk"))
    titles = (_("Tickets"), _("Sold"), _("Money back"), _("Net"))
    note = _(
        "Tickets count on the day they were paid, money back on the day it was asked for. Free bookings and charges"
        " that bought no ticket are not takings."
    )
    return table_make(
        scope,
        title=_("Takings by %(what)s") % {"what": grouping.name},
        name=f"takings-{by}",
        columns=[*(text(str(title)) for title in grouping.titles), *map(number, titles)],
        rows=rows,
        totals=totals(rows),
        notes=[note],
    )


def takings_by_ticket_type(scope: Scope, by: str) -> Table:
    """Sold by kind of ticket. One query."""
    found = (
        lines_sold(scope)
        .values("ticket_type", "booking__currency")
        .annotate(name=Max("ticket_type_name"), tickets=Count("pk"), minor=Sum("price_minor"))
        .order_by("-minor", "ticket_type")
    )
    rows = [(row["name"], row["tickets"], Money(row["minor"], row["booking__currency"])) for row in found]
    return table_make(
        scope,
        title=_("Takings by ticket type"),
        name="takings-ticket-type",
        columns=[text(_("Ticket type")), number(_("Tickets")), number(_("Sold"))],
        rows=rows,
        totals=totals(rows),
        notes=[_("Before money back, which belongs to a booking and not to one of its tickets.")],
    )


def desk_sales(scope: Scope, by: str) -> Table:
    """What each person sold at the desk, for cash and by card terminal. Two queries."""
    rows = _sold_and_back(
        scope,
        BY_SELLER,
        lines_sold(scope).filter(booking__confirming_payment__channel__in=AT_THE_DESK),
        refunds_of_sales(scope).filter(payment__channel__in=AT_THE_DESK),
        sales=Count("booking", distinct=True),
        tickets=Count("pk"),
    )
    rows.sort(key=lambda row: (str(row[0]), str(row[1])))
    titles = (_("Sales"), _("Tickets"), _("Taken"), _("Money back"), _("Net"))
    return table_make(
        scope,
        title=_("Sales at the desk"),
        name="desk",
        columns=[text(_("Sold by")), text(_("Way of paying")), *map(number, titles)],
        rows=rows,
        totals=totals(rows),
        notes=[_("Money back stands with the person who sold, on the day it was asked for.")],
    )


def _sold_and_back(
    scope: Scope, grouping: Grouping, lines: QuerySet[Any], refunds: QuerySet[Any], **counts: Count
) -> list[Row]:
    """Return a row for each group: its texts, its counts, sold, money back, net. Two queries."""
    sums = added_up(
        scope,
        grouping,
        Part(lines, "booking__", PAID_AT, "booking__currency", counts | {"sold": Sum("price_minor")}),
        Part(refunds, "payment__booking__", "created_at", "currency", {"back": Sum("amount_minor")}),
    )
    if grouping is BY_DAY and sums:  # a day without a sale has its row, or a chart would skip it
        nothing = dict.fromkeys((*counts, "sold", "back"), 0)
        sums |= {((day, scope.theatre.currency)): nothing for day in _days_missing(scope, sums)}
    groups = sorted(
        sums.items(), key=lambda item: item[0] if grouping.is_in_time else (item[1]["back"] - item[1]["sold"],)
    )
    return [
        (
            *grouping.cells(scope, key),
            *(figures[name] for name in counts),
            Money(figures["sold"], currency),
            Money(figures["back"], currency),
            Money(figures["sold"] - figures["back"], currency),
        )
        for (key, currency), figures in groups
    ]


def _days_missing(scope: Scope, sums: dict[tuple[Key, str], Any]) -> list[Key]:
    present = {key for key, _currency in sums}
    return [(day,) for day in range(len(scope.period.days)) if (day,) not in present]
