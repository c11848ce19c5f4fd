"""What Paystack took, kept, pays out to the theatre's account and leaves with the platform's: per day and currency."""

from __future__ import annotations

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from movy.lib.exports import Table
from movy.lib.money import Money
from payments.models import Channel
from payments.reports.fees import FEES_BY, charges, money_back
from payments.reports.grouping import added_up
from payments.reports.scope import Scope
from payments.reports.tables import number, table_make, text, totals

PAYOUTS_BY = FEES_BY
ONLINE = [Channel.CARD, Channel.BANK_TRANSFER, Channel.USSD, Channel.MOBILE_MONEY]
SHARES = ("charged", "for_tickets", "fees", "theatre", "platform", "untold", "back")


def payouts(scope: Scope, by: str) -> Table:
    """Charges through Paystack and who gets what of them, by day or way of paying. Two queries.

    In every row charged = fees + to the theatre + to the platform + not told yet.
    """
    grouping, told = PAYOUTS_BY[by], Q(platform_minor__isnull=False)
    taken = {
        "payments": Count("pk"),
        "charged": Sum("charged_minor"),
        "for_tickets": Sum("charged_minor", filter=Q(confirms__isnull=False), default=0),
        "fees": Sum("fees_minor", filter=told, default=0),
        "theatre": Sum("theatre_minor", default=0),
        "platform": Sum("platform_minor", default=0),
        "untold": Sum("charged_minor", filter=~told, default=0),
    }
    sums = added_up(
        scope,
        grouping,
        charges(scope, taken, channel__in=ONLINE),
        money_back(scope, payment__channel__in=ONLINE),
    )
    rows = [
        (
            *grouping.cells(scope, key),
            figures["payments"],
            *(Money(figures[name], currency) for name in SHARES),
        )
        for (key, currency), figures in sorted(sums.items(), key=lambda item: item[0])
    ]
    titles = (
        _("Payments"),
        _("Charged"),
        _("For tickets"),
        _("Fees"),
        _("To the theatre"),
        _("To the platform"),
        _("Not told"),
        _("Money back"),
    )
    return table_make(
        scope,
        title=_("Payouts by %(what)s") % {"what": grouping.name},
        name=f"payouts-{by}",
        columns=[*(text(str(title)) for title in grouping.titles), *map(number, titles)],
        rows=rows,
        totals=totals(rows),
        notes=_notes(scope, is_untold=any(figures["untold"] for figures in sums.values())),
    )


def _notes(scope: Scope, *, is_untold: bool) -> list[str]:
    """What the figures mean, and what nobody has told us."""
    notes = [
        _(
            "Charges through Paystack on the day they were paid, as Paystack divided them: its fee, what it pays out to"
            " the theatre's account, and what stays with the platform's. Money back counts on the day it was asked"
            " for. Paystack takes it from the platform's account; whether any of it comes off the theatre's payout,"
            " Paystack's own statement tells. The day of a payout to the bank is Paystack's, too."
        )
    ]
    if not scope.theatre.paystack_subaccount:
        notes.append(_("This theatre has no account of its own at Paystack: all but the fee stays with the platform."))
    if is_untold:
        notes.append(_("“Not told” is charged, but Paystack has not said how it is divided. Movy asks every day."))
    return notes
