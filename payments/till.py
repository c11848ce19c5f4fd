"""The till of a theatre's desk: what is given back, and what one person has taken today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from movy.lib.clock import day_bounds, local_day
from movy.lib.errors import DomainError
from movy.lib.money import Money
from payments.models import Channel, Payment
from theatres.models import Theatre


class GivenTooLittle(DomainError):
    """The notes on the counter are not enough."""

    code = "given_too_little"
    status = 400

    def __init__(self, short: Money) -> None:
        super().__init__(_("%(money)s is missing. Nothing has been sold yet.") % {"money": short})


def change_due(total: Money, *, given_minor: int) -> Money:
    """Return what a buyer gets back who pays `total` in cash. Raises GivenTooLittle."""
    if given_minor < total.amount_minor:
        raise GivenTooLittle(Money(total.amount_minor - given_minor, total.currency))
    return Money(given_minor - total.amount_minor, total.currency)


@dataclass(frozen=True)
class Takings:
    """What one person has sold at one desk on one of the theatre's days."""

    cash: Money
    card: Money
    sales: int


def takings_today(theatre: Theatre, *, seller_id: int, now: datetime) -> Takings:
    """Return somebody's own sales of the theatre's day, for the end of the shift. One query.

    What was sold: money that the office has given back since is not taken off.
    """
    start, end = day_bounds(local_day(now, theatre.timezone), theatre.timezone)
    own = Payment.objects.filter(
        booking__sold_by=seller_id,
        theatre=theatre,
        channel__in=[Channel.CASH, Channel.CARD_TERMINAL],
        paid_at__gte=start,
        paid_at__lt=end,
    )
    rows = own.order_by().values_list("channel").annotate(Sum("charged_minor"), Count("pk"))
    taken = {channel: (minor, sales) for channel, minor, sales in rows}

    def money(channel: Channel) -> Money:
        return Money(taken.get(channel, (0, 0))[0], theatre.currency)

    return Takings(money(Channel.CASH), money(Channel.CARD_TERMINAL), sum(sales for _minor, sales in taken.values()))
