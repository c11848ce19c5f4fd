"""Which way the planner goes: no page, no endpoint and no job of the worker reads a growing table whole, or sorts it.

Asked of MariaDB by EXPLAIN, with the statements that really are sent, in a town that is large enough for the planner to
choose as it would in a larger one. docs/performance.md tells what growing costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from math import prod

import pytest

from accounts.models import User
from bookings.models import BookedSeat, Booking, BookingEvent, ShowtimeSeat, Ticket
from bookings.selectors import bookings_mine
from catalog.models import Showtime, ShowtimePrice
from movy.lib.clock import database_now
from movy.lib.cursors import cut
from movy.outbox.models import Mail
from payments.models import Payment, PaymentEvent, Refund, WebhookMessage
from tests.growth.reading import Step, rows_read, statements, steps
from tests.growth.visits import visits, world_of_town

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db]

GROWING = {
    model._meta.db_table
    for model in (Booking, BookedSeat, BookingEvent, ShowtimeSeat, Ticket, Payment, PaymentEvent, Refund)
    + (WebhookMessage, Mail, Showtime, ShowtimePrice, User)
} | {"django_session"}

WHOLE_MAX = 400
"""Rows of a growing table that may be read from one end to the other."""
SORTED_MAX = 4000
"""Rows that may be sorted or grouped where a growing table is among them: more than a theatre's fortnight."""

ALLOWED = {
    r"^admin/reports/": "a report adds up its period, as long as that was chosen",
    r"^admin/ \(": "the office's home adds up one day of one theatre",
    r"^admin/changes/ \(manager\)": "it may sort all events that a theatre has",
    r"^admin/accounts/user/ \(owner\)": "the platform owner's list of all people is counted",
}
"""Pattern of a visit's name → why it may read that much."""


@pytest.fixture(scope="module")
def town(town_of) -> Iterator[None]:
    with town_of(times=1, days_past=4, days_coming=3):
        yield


def test_nothing_reads_or_sorts_a_growing_table_whole(town, paystack, settings):
    settings.RATE_LIMITS = False
    found, known = [], set()
    for visit in visits(world_of_town(database_now())):
        visit()  # what a process reads once is read now
        with statements() as sent:
            visit()
        for statement in sent:
            if statement.sql not in known:
                known.add(statement.sql)
                found += [f"{visit.name}: {why}" for why in too_much(steps(statement))]
    unknown = [line for line in found if not any(re.search(name, line.partition(": ")[0]) for name in ALLOWED)]
    assert not unknown, "\n".join(unknown)


def too_much(plan: Sequence[Step]) -> Iterator[str]:
    """Yield what a plan reads or sorts without an end."""
    for _number, part in groupby(plan, key=lambda step: step.select):
        read = list(part)
        sorts = any("filesort" in step.extra or "temporary" in step.extra for step in read)
        for step in read:
            stops = step.access == "index" and "LIMIT" in step.sql and not sorts  # in the index's own order
            if step.table in GROWING and step.access in ("ALL", "index") and step.rows > WHOLE_MAX and not stops:
                yield f"reads {step.table} by {step.access}, {step.rows} rows: {step.sql[:300]}"
        looked = prod(max(step.rows, 1) for step in read)
        if sorts and looked > SORTED_MAX and any(step.table in GROWING for step in read):
            yield f"sorts {looked} rows of {[step.table for step in read]}: {read[0].sql[-300:]}"


def test_a_table_without_its_index_is_noticed(town):
    """So that the test above can fail."""
    with statements() as sent:
        list(Booking.objects.filter(name="Nobody").order_by("address"))
    assert len(list(too_much(steps(sent[0])))) == 2


@pytest.mark.parametrize("path", ["bookings/booking", "payments/payment", "payments/refund"])
def test_a_long_list_of_the_office_is_read_by_its_own_key_alone(town, admin_client, path):
    """In a join the planner of a large town begins with the few theatres, and sorts all rows for one page."""
    table = path.replace("/", "_")
    admin_client.get(f"/admin/{path}/")
    with statements() as sent:
        admin_client.get(f"/admin/{path}/")
    page = next(one for one in sent if f"FROM `{table}`" in one.sql and "LIMIT 50" in one.sql)
    assert [(step.table, step.access, step.key) for step in steps(page)] == [(table, "index", "PRIMARY")]


@pytest.mark.parametrize("when", [None, "upcoming", "past"])
def test_a_page_deep_in_ones_bookings_is_read_as_the_first_one_is(town, when):
    """By page number it would read all rows before it; joined with showings and theatres the first page would too."""
    now, ada = database_now(), User.objects.create_user(f"{when}@town.test")
    side = {"upcoming": "showtime__ends_at__gt", "past": "showtime__ends_at__lte"}
    some = Booking.objects.filter(**{side[when]: now} if when else {}).values_list("pk", flat=True)
    Booking.objects.filter(pk__in=list(some[:1000])).update(user=ada)
    mine = bookings_mine(ada, when=when, now=now)
    deep = cut(mine, "", size=500).older or ""
    back = cut(mine, deep, size=20).newer or ""
    first, *further = [rows_read(partial(cut, mine, cursor, size=20)) for cursor in ("", deep, back)]
    assert deep
    assert back
    assert 60 < first < 400  # its own rows, each with show, film, hall, theatre, lines and tickets
    assert max(further) < 1.2 * first + 20
