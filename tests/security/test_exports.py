"""Names that a spreadsheet would run, in every file that leaves the office: reports as CSV and XLSX, a week of the
schedule and its template. Where PDFs are drawn nothing runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from movy.lib import exports
from movy.lib.clock import local_day
from movy.lib.exports import BOM, FORMULA_STARTS
from payments.models import Refund, RefundStatus
from payments.reports.catalogue import REPORTS
from tests.security.page_world import PageWorld, page_world
from tests.security.planting import plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

FORMULA = "1+1|cmd"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DAYS = {
    "first": (timezone.now() - timedelta(days=2)).date().isoformat(),
    "last": (timezone.now() + timedelta(days=5)).date().isoformat(),
}
GROUPINGS = ("", "film", "show", "ticket_type")


def files(here: PageWorld) -> Iterator[tuple[str, str, Any]]:
    """Yield each file as (what it is, its kind, the answer), some of them by several groupings."""
    client: Client = here.browser("manager")
    for name in REPORTS:
        for by in GROUPINGS:
            for kind in ("csv", "xlsx"):
                asked = DAYS | {"format": kind} | ({"by": by} if by else {})
                answer = client.get(reverse("admin:report", args=[name]), asked)
                if answer.status_code == 200:
                    yield f"{name} by {by}", kind, answer
    theatre = here.ids["theatre_id"]
    day = local_day(here.api.draft.starts_at, here.api.draft.screen.theatre.timezone).isoformat()
    yield "week", "csv", client.get(reverse("admin:schedule_export", args=[theatre]), {"day": day})
    yield "template", "csv", client.get(reverse("admin:schedule_template", args=[theatre]))


def cells(kind: str, answer: Any) -> list[Any]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        rows = csv.reader(io.StringIO(content.decode().removeprefix(BOM), newline=""))
        return [cell for row in rows for cell in row]
    sheet = load_workbook(io.BytesIO(content)).active
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    return [cell.value for row in sheet for cell in row if isinstance(cell.value, str)]


def runs(cell: str) -> bool:
    return cell.replace("_x000D_", "\r").startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell)


def test_no_file_holds_a_name_that_a_spreadsheet_would_run():
    here, shown = page_world(), set()
    Refund.objects.update(status=RefundStatus.NEEDS_ATTENTION)
    plant([f"={FORMULA}"])
    for name, kind, answer in files(here):
        found = cells(kind, answer)
        assert not [cell for cell in found if runs(cell)], f"{name} as {kind}"
        shown |= {name for cell in found if FORMULA in cell}
    assert {"week", "template", "takings by film"} <= shown


def test_nor_one_that_begins_in_any_other_such_way():
    here, page = page_world(), reverse("admin:report", args=["takings"])
    for start in FORMULA_STARTS:
        plant([f"{start}{FORMULA}"])
        for kind in ("csv", "xlsx"):
            found = cells(kind, here.browser("manager").get(page, DAYS | {"format": kind, "by": "film"}))
            assert any(FORMULA in cell for cell in found)
            assert not [cell for cell in found if runs(cell)], repr(start)


def test_a_file_that_kept_names_as_they_are_would_be_noticed(monkeypatch):
    monkeypatch.setattr(exports, "formula_safe", str)
    here = page_world()
    plant([f"={FORMULA}"])
    assert any(runs(cell) for _, kind, answer in files(here) if kind == "csv" for cell in cells(kind, answer))
