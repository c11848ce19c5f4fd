"""A change of anything that public pages show makes another stamp, whoever made it and however; nothing else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from bookings.maps import hall_now
from bookings.models import FoldedShowing, ShowtimeSeat
from bookings.tests.factories import NOW, hold, showtime_on_sale
from catalog.models import Credit, Genre, Job, Movie, Person, Showtime, ShowtimePrice
from catalog.tests.factories import GenreFactory, ListingFactory, ShowtimeFactory
from movy import public_pages
from movy.freshness import CHANGE, SHOWN, changes_prune
from movy.lib import stamp as stamps
from movy.lib.clock import database_now
from movy.lib.recent import forget_recent
from movy.lib.stamp import stamp
from movy.models import CatalogueChange
from tests.test_queries import world
from theatres.models import Theatre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def always_the_same_minute(monkeypatch):
    """What time changes is another test's."""
    monkeypatch.setattr(stamps, "now_sql", lambda: "'2026-11-22 18:30:00.000'")


def stamp_now() -> str:
    forget_recent()
    found = stamp()
    assert found is not None
    return found


def changes(change: Callable[[], object]) -> bool:
    before = stamp_now()
    change()
    return stamp_now() != before


@pytest.fixture
def showtime() -> Showtime:
    showtime = showtime_on_sale(starts_at=database_now() + timedelta(days=3))
    showtime.movie.genres.add(GenreFactory())
    Credit.objects.create(movie=showtime.movie, person=Person.objects.create(name="Ngozi"), job=Job.CAST)
    ListingFactory(theatre=showtime.screen.theatre, movie=showtime.movie)
    return showtime


def folded_showing() -> Showtime:
    """A showing whose seats' rows are no more (bookings/folding.py)."""
    past = ShowtimeFactory(status="on_sale")
    FoldedShowing.objects.create(showtime=past, at=NOW, seats_total=1, seats_sold=0, runs=[[1, 1]], blocked=[])
    return past


def test_public_pages_and_halls_are_made_of_what_is_watched_alone(client):
    """A table that a page or a map begins to show must be added to SHOWN, but for who has which seat."""
    here = world(2)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():  # where nothing is kept
        for route in public_pages.PUBLIC:
            assert client.get(here.path(route)).status_code == 200
        hall, _now = hall_now(Showtime.objects.public().first().pk)
        assert hall.refund_steps
        assert hall_now(folded_showing().pk)[0].folded
    asked = {table for query in queries for table in re.findall(r"(?:FROM|JOIN) [`\"]?(\w+)", query["sql"])}
    of_seats = {model._meta.db_table for model in (ShowtimeSeat, FoldedShowing)}
    assert asked - of_seats == {model._meta.db_table for model in SHOWN}


def test_another_price_is_on_the_next_map_and_a_hall_is_read_once(showtime, django_assert_num_queries):
    assert hall_now(showtime.pk)[0].price("standard").amount_minor == 350_000
    with django_assert_num_queries(1):
        hall_now(showtime.pk)
    showtime.prices.update(amount_minor=400_000)
    assert hall_now(showtime.pk)[0].price("standard").amount_minor == 400_000


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_each_way_to_change_a_row_makes_another_stamp(showtime, model: type[Model]):
    row = model._default_manager.first()
    assert row is not None
    if model is not Movie.genres.through:
        assert changes(row.save)
    field = next(field for field in model._meta.concrete_fields if not field.primary_key)
    same = {field.attname: getattr(row, field.attname)}
    assert changes(lambda: model._default_manager.filter(pk=row.pk).update(**same))
    assert changes(lambda: model._default_manager.bulk_update([row], [field.name]))


def test_adding_and_deleting_makes_another_stamp(showtime):
    assert changes(lambda: Genre.objects.bulk_create([Genre(name="Western"), Genre(name="Noir")]))
    assert changes(lambda: Genre.objects.bulk_create([Genre(name="Noir")], ignore_conflicts=True))
    assert changes(lambda: Genre.objects.get_or_create(name="Silent"))
    assert changes(lambda: showtime.movie.genres.set(Genre.objects.filter(name="Noir")))
    assert changes(lambda: Genre.objects.filter(name="Western").delete())
    assert changes(lambda: ShowtimePrice.objects.filter(showtime__status="on_sale").delete())


def test_a_hold_makes_no_other_stamp(showtime):
    assert not changes(lambda: hold(showtime, ("C4",), now=NOW))


def test_a_change_of_nothing_makes_no_other_stamp(showtime):
    assert not changes(lambda: Theatre.objects.filter(pk=0).update(name="Nowhere"))
    assert not changes(lambda: Person.objects.filter(pk=0).delete())


def test_a_transaction_says_once_that_it_changed_something(showtime):
    def change() -> None:
        with transaction.atomic():
            for name in ("One", "Two", "Three"):
                Theatre.objects.update(name=name)

    before = CatalogueChange.objects.count()
    change()
    assert CatalogueChange.objects.count() == before + 1


def test_a_change_that_is_taken_back_is_none_and_the_next_counts(showtime):
    def refused() -> None:
        with transaction.atomic():
            Theatre.objects.update(name="Not this")
            transaction.set_rollback(True)

    def refused_in_part() -> None:
        with transaction.atomic():
            refused()
            Theatre.objects.update(name="This")

    assert not changes(refused)
    assert changes(refused_in_part)


def test_of_two_changes_the_one_that_ends_last_is_seen_though_it_began_first(showtime):
    """Numbers are given when a row is added, and seen when it is committed."""
    CatalogueChange.objects.create(pk=10_000, at=database_now())
    assert changes(lambda: CatalogueChange.objects.create(pk=9_999, at=database_now()))


def test_inside_a_transaction_there_is_no_stamp(showtime):
    with transaction.atomic():
        assert stamp() is None


def test_another_minute_is_another_stamp(monkeypatch):
    before = stamp_now()
    monkeypatch.setattr(stamps, "now_sql", lambda: "'2026-11-22 18:31:00.000'")
    assert stamp_now() != before


def test_old_changes_are_deleted_and_others_stay():
    now = database_now()
    for age in (timedelta(hours=2), timedelta(minutes=59)):
        CatalogueChange.objects.create(at=now - age)
    assert changes_prune(now=now) == 1
    assert changes_prune(now=now) == 0
    assert CatalogueChange.objects.get().at > now - timedelta(hours=1)


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "catalog_genre" ("name") VALUES (%s)', "catalog_genre"),
        ("INSERT IGNORE INTO `catalog_genre` (`name`) VALUES (%s)", "catalog_genre"),
        ("INSERT OR IGNORE INTO catalog_genre VALUES (1)", "catalog_genre"),
        ("REPLACE INTO `catalog_genre` VALUES (1)", "catalog_genre"),
        ("  update `catalog_genre` SET `name` = %s", "catalog_genre"),
        ("DELETE FROM `catalog_genre` WHERE 1", "catalog_genre"),
        ("DELETE `catalog_genre` FROM `catalog_genre` INNER JOIN x", "catalog_genre"),
        ("SELECT name FROM catalog_genre FOR UPDATE", None),
        (
            "UPDATE `bookings_showtimeseat` SET x = 1 WHERE id IN (SELECT id FROM `catalog_showtime`)",
            "bookings_showtimeseat",
        ),
    ],
)
def test_a_statement_tells_which_table_it_changes(sql: str, table: str | None):
    found: Any = CHANGE.match(sql)
    assert (found["table"] if found else None) == table
