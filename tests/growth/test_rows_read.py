"""How many rows the database reads for each page, endpoint and job: as many in a house that is many times larger.

Two towns of small halls are built, one after the other. What a page about one theatre, one show or one person reads
doesn't depend on how many others there are. What rightly grows stands in GROWS, with what it grows with; it may grow as
the house does, and no faster. Counted by MariaDB, so that a busy machine changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from movy.lib.clock import database_now
from movy.models import CatalogueChange
from tests.growth.reading import rows_read
from tests.growth.visits import visits, world_of_town

pytestmark = pytest.mark.mariadb

RATIO = 1.2
SOME, SOME_A_TIME = 100, 20
"""Rows that a look may read besides: a page that is full now; and with each time that the house is larger four theatres
more to choose from, here and there twice."""

GROWS = {
    r"^(api/v1/)?theatres$": "the list of all theatres, which it shows",
    r"^sitemap": "all films with something to come, and when their shows changed, which crawlers ask for now and then",
    r"^(api/v1/)?movies/<": "a film's own shows of the days ahead, and theatres, wherever it is shown",
    r"^(api/v1/)?movies\?": "the films there are: each is asked for its next show in the place that was chosen",
    r"^admin/changes/ \(owner\)": "all who ever worked somewhere, to choose from",
    r"^admin/(catalog/(pricecard|movie|person)|theatres/\w+)/ \(owner\)": "what the house has, listed by name",
    r"^admin/accounts/user/ \(owner\)": "the list of all people, which is counted",
    r"^admin/reports/ \(owner\)": "the theatres to choose from",
    r"^admin/reconciliation/ \(owner\)": "tickets without money are looked for among 10,000 bookings at most",
    r"^admin/(payments/refund|catalog/(showtime|listing))/ \(owner\)": "counted, to a thousand at most",
    r"^(worker: books: folded|metrics: unfolded)$": "the showings whose seats have rows: a thousand are looked at",
    r"^api/v1/theatre/.*/movies$": "a page of the theatre's list, until it is full",
}
"""Pattern of a visit's name → what it grows with."""


@pytest.mark.django_db(transaction=True)  # a town is built on a connection of its own
@pytest.mark.parametrize(
    ("times", "sizes"),
    [
        pytest.param(10, {"days_past": 2, "days_coming": 3}, id="10 times"),
        pytest.param(20, {"days_past": 15, "days_coming": 15}, id="20 times", marks=pytest.mark.long),
    ],
)
def test_no_page_endpoint_or_job_reads_more_in_a_larger_house(town_of, paystack, settings, times, sizes):
    settings.RATE_LIMITS = False
    small = rows_by_visit(town_of(times=1, seats_max=24, **sizes))
    large = rows_by_visit(town_of(times=times, seats_max=24, **sizes))
    assert small.keys() == large.keys()
    grown = list(too_much(small, large, times=times))
    assert not grown, "\n".join(grown)


def rows_by_visit(town: AbstractContextManager[None]) -> dict[str, int]:
    """Return what each visit reads in the town."""
    with town:
        CatalogueChange.objects.all().delete()  # the building's own: an hour later the worker has deleted them
        return {visit.name: rows_read(visit) for visit in visits(world_of_town(database_now()))}


def too_much(small: dict[str, int], large: dict[str, int], *, times: int) -> Iterator[str]:
    """Yield what reads more than it may in the large town."""
    for name, rows in large.items():
        grows = any(re.search(pattern, name) for pattern in GROWS)
        if rows > small[name] * (times if grows else 1) * RATIO + SOME + SOME_A_TIME * times:
            yield f"{name}: {small[name]} rows, then {rows}"


def test_a_look_that_grows_with_the_house_is_noticed():
    """So that the test above can fail."""
    assert not list(too_much({"bookings": 500, "theatres": 500}, {"bookings": 900, "theatres": 5000}, times=10))
    assert list(too_much({"bookings": 500}, {"bookings": 901}, times=10)) == ["bookings: 500 rows, then 901"]
    assert list(too_much({"theatres": 500}, {"theatres": 6301}, times=10)) == ["theatres: 500 rows, then 6301"]
