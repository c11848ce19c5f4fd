"""The office's home and its reports, as the demo's manager sees them: they fit, a screen reader can work with them, and
a report comes home as a file."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from scripts.contact_sheet import sign_in
from tests.browser.conftest import NewVisitor
from tests.browser.test_every_page import problems_in_office
from tests.running import RunningMovy

REPORTS = ["takings/?by=film", "occupancy/", "return/", "fees/", "payouts/", "refunds/", "desk/"]


def manager(new_visitor: NewVisitor, movy: RunningMovy, *, width: int = 1280) -> Page:
    page = new_visitor(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    sign_in(page, movy.base_url, "manager@movy.test")
    return page


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_home_and_reports_fit_and_can_be_read_in_light_and_dark(
    new_visitor: NewVisitor, movy: RunningMovy, width: int
) -> None:
    page = manager(new_visitor, movy, width=width)
    found = {}
    for address in ["", "changes/", "reconciliation/", "reports/", *(f"reports/{report}" for report in REPORTS)]:
        page.goto(f"/admin/{address}")
        for closed in page.locator("details:not([open]) > summary").all():
            closed.click()
        if wrong := problems_in_office(page):
            found[address] = wrong
    assert found == {}


def test_a_manager_goes_from_home_to_the_takings_and_takes_them_home(
    new_visitor: NewVisitor, movy: RunningMovy
) -> None:
    page = manager(new_visitor, movy)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Eko Lantern")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Today's shows by screen"))).to_be_visible()
    page.get_by_role("link", name="Takings", exact=True).click()
    page.get_by_label("Added up by").select_option("film")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Takings by film")).to_be_visible()
    rows = page.locator(".report-table tbody tr")
    expect(rows.first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert re.fullmatch(r"eko-lantern-takings-film-\d{8}-\d{8}\.csv", download.value.suggested_filename)
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == rows.count() + 2  # header and total
