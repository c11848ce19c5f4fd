"""Every charge, whether it bought a ticket or not: what Paystack kept of it, what was sent back, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from movy.lib.exports import Table
from movy.lib.money import Money
from payments.models import Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from payments.reports.grouping import BY_DAY, BY_OWN_CHANNEL, Part, added_up
from payments.reports.scope import Scope
from payments.reports.tables import number, table_make, text, totals

FEES_BY = {"day": BY_DAY, "channel": BY_OWN_CHANNEL}


def charges(scope: Scope, sums: Mapping[str, Any], **only: Any) -> Part:
    """Every paid payment of the period, whether or not it bought a ticket."""
    paid = Payment.objects.filter(
        status=PaymentStatus.PAID, **scope.period.within("paid_at"), **scope.of_money("", "booking__"), **only
    )
    return Part(paid, "", "paid_at", "charged_currency", sums)


def money_back(scope: Scope, **only: Any) -> Part:
    """Every refund asked for within the period, as `back`."""
    asked = Refund.objects.filter(
        **scope.period.within("created_at"), **scope.of_money("", "payment__booking__"), **only
    )
    return Part(asked, "payment__", "created_at", "currency", {"back": Sum("amount_minor")})


def fees(scope: Scope, by: str) -> Table:
    """Charged, kept by Paystack, sent back and left, by day or way of paying. Two queries.

    Every paid payment stands here, so over all days this is the "money in" of `manage.py audit`.
    """
    grouping = FEES_BY[by]
    taken = {
        "payments": Count("pk"),
        "charged": Sum("charged_minor"),
        "for_nothing": Sum("charged_minor", filter=Q(confirms=None), default=0),
        "fees": Sum("fees_minor", default=0),
    }
    sums = added_up(scope, grouping, charges(scope, taken), money_back(scope))
    rows = [
        (
            *grouping.cells(scope, key),
            figures["payments"],
            *(Money(figures[name], currency) for name in ("charged", "for_nothing", "fees", "back")),
            Money(figures["charged"] - figures["fees"] - figures["back"], currency),
        )
        for (key, currency), figures in sorted(sums.items(), key=lambda item: item[0])
    ]
    titles = (_("Payments"), _("Charged"), _("Of it for no ticket"), _("Paystack's fees"), _("Money back"), _("Left"))
    note = _(
        "Charges count on the day they were paid, money back on the day it was asked for. A charge for no ticket came"
        " too late, twice or not as asked, and goes back whole. Fees are what Paystack reported."
    )
    return table_make(
        scope,
        title=_("Payments, fees and refunds by %(what)s") % {"what": grouping.name},
        name=f"fees-{by}",
        columns=[*(text(str(title)) for title in grouping.titles), *map(number, titles)],
        rows=rows,
        totals=totals(rows),
        notes=[note],
    )


def refunds(scope: Scope, by: str) -> Table:
    """Why money went back, and how far it got. One query."""
    found = (
        Refund.objects.filter(**scope.period.within("created_at"), **scope.of_money("", "payment__booking__"))
        .values("reason", "status", "currency")
        .annotate(count=Count("pk"), minor=Sum("amount_minor"))
        .order_by("reason", "status", "currency")
    )
    rows = [
        (
            str(RefundReason(row["reason"]).label),
            str(RefundStatus(row["status"]).label),
            row["count"],
            Money(row["minor"], row["currency"]),
        )
        for row in found
    ]
    return table_make(
        scope,
        title=_("Refunds by reason"),
        name="refunds",
        columns=[text(_("Reason")), text(_("State")), number(_("Refunds")), number(_("Money back"))],
        rows=rows,
        totals=totals(rows),
        notes=[_("By the day they were asked for, in the state they are in now.")],
    )
