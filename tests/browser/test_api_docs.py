"""The API's docs: drawn by a library that was not written for our content security policy, and keeps to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.running import RunningMovy


@pytest.mark.parametrize("width", [360, 1280])
def test_every_operation_is_shown_without_anything_from_outside(
    movy: RunningMovy, new_visitor: NewVisitor, width: int
) -> None:
    page = new_visitor(viewport={"width": width, "height": 800})
    page.goto(f"{movy.base_url}/api/v1/docs")
    schema = page.request.get(f"{movy.base_url}/api/v1/schema").json()
    expect(page.locator(".opblock")).to_have_count(sum(len(path) for path in schema["paths"].values()))
    page.locator("#operations-bookings-book_seats .opblock-summary-control").click()
    expect(page.get_by_text("seats_unavailable").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
