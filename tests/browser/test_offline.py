"""The network goes: what was opened once and is wanted at the door still shows, and nothing else pretends to."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import arrive_signed_in
from tests.running import RunningMovy

KEPT = "async () => (await (await caches.open('movy-tickets')).keys()).map((request) => new URL(request.url).pathname)"
READY = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50));
}"""
UNTIL = """async ([address, isKept]) => {
  const kept = %s;
  while ((await kept()).includes(address) !== isKept) await new Promise((resolve) => setTimeout(resolve, 50));
}"""


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return new_visitor(viewport={"width": 360, "height": 760}, service_workers="allow")


@pytest.fixture
def booking(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> dict[str, Any]:
    """A paid booking whose buyer has signed in here."""
    person = movy.person_new()
    booking = movy.paid_booking(person, showtime["id"])
    arrive_signed_in(page, person)
    page.evaluate(READY)
    return booking


def wait_until_kept(page: Page, address: str) -> None:
    page.evaluate(UNTIL % KEPT, [address, True])


def test_a_ticket_that_was_opened_once_is_shown_without_the_network(page, booking):
    address = f"/bookings/{booking['reference']}/ticket"
    page.goto(address)
    wait_until_kept(page, address)
    page.context.set_offline(True)
    page.reload()
    for ticket in booking["tickets"]:
        code = page.get_by_role("img", name=f"QR code of the ticket for seat {ticket['seat']}", exact=True)
        expect(code).to_be_visible()
        assert code.evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.evaluate("getComputedStyle(document.querySelector('.ticket')).textAlign") == "center"  # styled


def test_the_bookings_page_is_enough_to_keep_its_tickets(page, booking):
    page.goto(f"/bookings/{booking['reference']}")
    wait_until_kept(page, f"/bookings/{booking['reference']}/ticket")


def test_without_the_network_other_pages_say_so_and_lead_to_the_tickets(page, booking, showtime):
    page.goto(f"/booking/{showtime['id']}")
    page.goto(f"/bookings/{booking['reference']}/ticket")
    wait_until_kept(page, f"/bookings/{booking['reference']}/ticket")
    page.context.set_offline(True)
    page.goto(f"/booking/{showtime['id']}")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.locator(".seat")).to_have_count(0)
    page.get_by_role("link", name=showtime["movie"]["title"]).click()
    expect(page.locator("img.qr").first).to_be_visible()


def test_who_signs_out_leaves_no_ticket_behind(page, booking):
    address = f"/bookings/{booking['reference']}/ticket"
    page.goto(address)
    wait_until_kept(page, address)
    page.goto("/auth/user")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate(KEPT) == []


def test_a_ticket_that_is_somebodys_no_more_is_not_kept(page, booking):
    """Signed out from another device."""
    address = f"/bookings/{booking['reference']}/ticket"
    page.goto(address)
    wait_until_kept(page, address)
    page.context.clear_cookies()
    page.goto(address)
    expect(page.get_by_label("Password")).to_be_visible()
    page.evaluate(UNTIL % KEPT, [address, False])
