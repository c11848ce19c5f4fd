"""The reports' pages and files, as a manager meets them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from catalog.tests.factories import MovieFactory
from movy.lib.exports import BOM
from payments import report_views
from payments.reports.catalogue import REPORTS
from payments.tests.sold import sold
from payments.tests.test_reports import FRIDAY, LABELS, NOON, THURSDAY, show
from tests.security.admin_world import person
from theatres.models import Theatre
from theatres.tests.factories import MembershipFactory, TheatreFactory

pytestmark = pytest.mark.django_db

WEEK = {"first": FRIDAY.isoformat(), "last": THURSDAY.isoformat()}


@pytest.fixture
def theatre() -> Theatre:
    return TheatreFactory(name="Eko Lantern", slug="eko-lantern")


@pytest.fixture
def manager(theatre) -> Client:
    return signed_in(MembershipFactory(theatre=theatre, user=person("manager@movy.test")).user)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str) -> str:
    return reverse("admin:report", args=[name])


def read(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_page_and_its_three_files(theatre, manager, name):
    sold(show(theatre), ["A1", "A2"], NOON)
    for by in REPORTS[name].choices or [""]:
        query = WEEK | {"by": by}
        assert manager.get(page(name), query).status_code == 200
        begins = {"csv": BOM.encode(), "xlsx": b"PK", "pdf": b"%PDF"}
        for file_format, start in begins.items():
            answer = manager.get(page(name), query | {"format": file_format})
            assert answer.status_code == 200
            assert read(answer).startswith(start)
            stem = f"eko-lantern-{name}"
            assert answer["Content-Disposition"].startswith(f'attachment; filename="{stem}')
            assert answer["Content-Disposition"].endswith(f'-20260605-20260611.{file_format}"')


def test_a_file_holds_what_the_page_shows_and_no_formula(theatre, manager):
    movie = MovieFactory(title='=HYPERLINK("http://evil")')
    sold(show(theatre, movie=movie), ["A1", "A2"], NOON)
    query = WEEK | {"by": "film", "format": "csv"}
    text = read(manager.get(page("takings"), query)).decode()
    assert list(csv.reader(io.StringIO(text.removeprefix(BOM)))) == [
        ["Film", "Tickets", "Sold", "Money back", "Net", "Currency"],
        ['\'=HYPERLINK("http://evil")', "2", "7000.00", "0.00", "7000.00", "NGN"],
        ["Total", "2", "7000.00", "0.00", "7000.00", "NGN"],
    ]
    book = load_workbook(io.BytesIO(read(manager.get(page("takings"), query | {"format": "xlsx"})))).active
    assert [cell.value for cell in book[2]][1:] == [2, 7000, 0, 7000, "NGN"]
    assert book["A2"].data_type == "s"
    assert book["A2"].value.startswith("'")


def test_the_page_shows_money_with_its_sign_and_figures_to_the_right(theatre, manager):
    sold(show(theatre), ["A1", "A2"], NOON)
    text = manager.get(page("takings"), WEEK).content.decode()
    assert '<td class="number">₦7,000</td>' in text
    assert '<svg class="chart"' in text
    assert " style=" not in text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"first": "2026-06-11", "last": "2026-06-05"}, "last"),
        ({"first": "2025-01-01", "last": "2026-06-05"}, "last"),
        ({"first": "yesterday"}, "first"),
        ({"first": ""}, "first"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "first"),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "first"),
        ({"by": "is_superuser"}, "by"),
        ({"movie": "\x00"}, "movie"),
        ({"movie": "9" * 40}, "movie"),
        ({"format": "exe"}, "format"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept(theatre, manager, query, field):
    answer = manager.get(page("takings"), WEEK | query)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    if query.get("first") == "yesterday":
        assert 'value="yesterday"' in answer.content.decode()


def test_a_report_that_is_not_one_is_not_found(manager):
    assert manager.get(page("salaries")).status_code == 404


def test_an_empty_report_says_so_and_offers_no_files(theatre, manager):
    text = manager.get(page("takings"), WEEK).content.decode()
    assert "Nothing in these days" in text
    assert "format=csv" not in text


def test_too_many_rows_for_a_pdf_are_said_and_not_drawn(theatre, manager, monkeypatch):
    monkeypatch.setattr(report_views, "PDF_ROWS_MAX", 1)
    sold(show(theatre), ["A1"], NOON)
    answer = manager.get(page("takings"), WEEK | {"format": "pdf"})
    assert answer.status_code == 400
    assert "too many rows for a PDF" in answer.content.decode()


def test_a_page_shows_the_first_thousand_rows_and_says_so(theatre, manager, monkeypatch):
    monkeypatch.setattr(report_views, "ROWS_SHOWN", 3)
    sold(show(theatre), ["A1"], NOON)
    text = manager.get(page("takings"), WEEK).content.decode()
    assert "The first 3 of 7 rows" in text


def test_a_report_opens_with_its_own_days(manager):
    form = manager.get(page("return")).context["form"]
    first, last = date.fromisoformat(form["first"].value()), date.fromisoformat(form["last"].value())
    assert (first.weekday(), (last - first).days) == (4, 6)  # Friday to Thursday
    assert last < datetime.now(UTC).date() + timedelta(days=1)


def test_without_a_theatre_there_is_nothing_to_report(db):
    owner = signed_in(person("owner@movy.test", is_superuser=True))
    assert "nothing to report" in owner.get(reverse("admin:reports")).content.decode()
    assert owner.get(page("takings")).status_code == 404
    assert "Add the first one" in owner.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_takes_the_same_queries_for_many_rows_as_for_few(
    theatre, manager, name, django_assert_max_num_queries
):
    taken = []
    for number in (1, 8):
        for label in LABELS[:number]:
            at = show(theatre, NOON + timedelta(hours=3 * len(taken) + LABELS.index(label), days=number % 6))
            sold(at, [label], NOON + timedelta(days=number % 6))
        with django_assert_max_num_queries(12) as queries:
            manager.get(page(name), WEEK)
        taken.append(len(queries))
    assert taken[0] == taken[1]
