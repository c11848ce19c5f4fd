"""Every charge, whether it bought a ticket or not: what Paystack kept of it, what was sent back, and why."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from movy.lib.exports import Table
from movy.lib.money import Money
from payments.models import Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from payments.reports.grouping import BY_CHANNEL, BY_DAY
from payments.reports.scope import Scope
from payments.reports.tables import number, table_make, text, totals

FEES_BY = {"day": BY_DAY, "channel": BY_CHANNEL}


def fees(scope: Scope, by: str) -> Table:
    """Charged, kept by Paystack, sent back and left, by day or way of paying. Two queries.

    Every paid payment stands here, so over all days this is the "money in" of `manage.py audit`.
    """
    grouping = FEES_BY[by]
    sums: dict[tuple[Any, str], dict[str, int]] = {}
    nothing = dict.fromkeys(("payments", "charged", "for_nothing", "fees", "back"), 0)
    paid = Payment.objects.filter(
        status=PaymentStatus.PAID, **scope.period.within("paid_at"), **scope.of_bookings("booking__")
    ).annotate(group=scope.period.day_of("paid_at") if grouping is BY_DAY else F("channel"))
    for row in (
        paid.values("group", "charged_currency")
        .annotate(
            payments=Count("pk"),
            charged=Sum("charged_minor"),
            for_nothing=Sum("charged_minor", filter=Q(confirms=None), default=0),
            fees=Sum("fees_minor", default=0),
        )
        .order_by()
    ):
        sums[row["group"], row["charged_currency"]] = {name: row.get(name, 0) for name in nothing}
    back = Refund.objects.filter(
        **scope.period.within("created_at"), **scope.of_bookings("payment__booking__")
    ).annotate(group=scope.period.day_of("created_at") if grouping is BY_DAY else F("payment__channel"))
    for row in back.values("group", "currency").annotate(minor=Sum("amount_minor")).order_by():
        key = (row["group"], row["currency"])
        sums[key] = sums.get(key, nothing) | {"back": row["minor"]}
    rows = [
        (
            *grouping.cells(scope, (group,)),
            figures["payments"],
            *(Money(figures[name], currency) for name in ("charged", "for_nothing", "fees", "back")),
            Money(figures["charged"] - figures["fees"] - figures["back"], currency),
        )
        for (group, currency), figures in sorted(sums.items(), key=lambda item: item[0])
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
        Refund.objects.filter(**scope.period.within("created_at"), **scope.of_bookings("payment__booking__"))
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
