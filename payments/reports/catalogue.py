"""The reports there are, by the name in their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from movy.lib.exports import Table
from payments.reports.fees import FEES_BY, fees, refunds
from payments.reports.payouts import PAYOUTS_BY, payouts
from payments.reports.scope import Scope
from payments.reports.shows import OCCUPANCY_BY, distributor_return, occupancy
from payments.reports.takings import TAKINGS_BY, desk_sales, takings, takings_by_ticket_type


@dataclass(frozen=True)
class Report:
    """`choices`: what it can be added up by, the first unless asked otherwise. `days`: the span it opens with.
    `chart_column`: which column its bars show, None for a report without."""

    title: Any
    summary: Any
    make: Callable[[Scope, str], Table]
    days: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    chart_column: int | None = -1


def _names(groupings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: grouping.name for name, grouping in groupings.items()}


def _takings(scope: Scope, by: str) -> Table:
    return takings_by_ticket_type(scope, by) if by == "ticket_type" else takings(scope, by)


REPORTS: dict[str, Report] = {
    "takings": Report(
        _("Takings"),
        _("What was sold and what was sent back, by the day the money moved."),
        _takings,
        "week",
        _names(TAKINGS_BY) | {"ticket_type": _("ticket type")},
    ),
    "occupancy": Report(
        _("Occupancy"),
        _("How full the shows were, and how many people came in."),
        occupancy,
        "week",
        _names(OCCUPANCY_BY),
    ),
    "return": Report(
        _("Distributor's return"),
        _("Film by screen by day: shows, admissions by ticket type and price, gross and net, from Friday to Thursday."),
        distributor_return,
        "week_before",
        chart_column=None,
    ),
    "fees": Report(
        _("Payments, fees and refunds"),
        _("Every charge, what Paystack kept of it, what went back and what is left."),
        fees,
        "month",
        _names(FEES_BY),
    ),
    "payouts": Report(
        _("Payouts"),
        _("What Paystack pays out to the theatre's account, what it keeps, and what stays with the platform."),
        payouts,
        "month",
        _names(PAYOUTS_BY),
        chart_column=2,
    ),
    "refunds": Report(
        _("Refunds by reason"), _("Why money went back, and how far it got."), refunds, "month", chart_column=None
    ),
    "desk": Report(
        _("Sales at the desk"),
        _("What each person sold, for cash and by card terminal, to count the till by."),
        desk_sales,
        "today",
        chart_column=None,
    ),
}
