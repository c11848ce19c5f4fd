"""From the home page to the ticket, with JavaScript and without."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.servers import program
from tests.browser.steps import (
    BOOKING,
    DECLINED_CARD,
    GOOD_CARD,
    arrive_signed_in,
    expect_confirmed,
    expect_payable,
    go_to_pay,
    hold,
    hold_two,
    pick,
    seat,
    sign_in,
    twice,
    type_card,
)
from tests.running import RunningMovy


def decoded(picture: Path) -> str:
    """Return what a scanner reads off a picture."""
    scan = [program("zbarimg"), "--quiet", "--raw", str(picture)]
    return subprocess.run(scan, capture_output=True, text=True, check=True).stdout.strip()


@twice
def test_a_visitor_goes_from_the_home_page_to_a_ticket_that_scans(
    movy: RunningMovy, page: Page, javascript: bool, tmp_path: Path
) -> None:
    person = movy.person_new()
    page.goto("/")
    page.locator(".poster-card").get_by_role("link").first.click()
    page.get_by_label("Days").get_by_role("link").last.click()
    page.locator("a.showtime").last.click()
    labels = pick(page)
    page.get_by_role("button", name="Hold these seats").click()

    sign_in(page, person)  # on the way: the picks are still there
    for label in labels:
        expect(seat(page, label)).to_be_checked()
    hold(page)
    expect_payable(page, labels)
    countdown = page.locator("#countdown")
    expect(countdown).to_contain_text(re.compile(r"held until \d\d:\d\d"))
    clock = countdown.locator(".clock")
    if javascript:
        before = clock.inner_text()
        assert re.match(r"(9:\d\d|10:00) left to pay", before)
        expect(clock).not_to_have_text(before)
    else:
        expect(clock).to_be_empty()

    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)

    code = page.locator(".ticket code").first.inner_text()
    picture = tmp_path / "qr.png"
    page.locator(".ticket img.qr").first.screenshot(path=picture)
    assert decoded(picture) == code
    page.goto(f"/tickets/{code}")
    expect(page.locator(".ticket .seat")).to_have_text(labels[0])


@twice
def test_a_declined_card_leaves_the_seats_for_another_try(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page)
    type_card(page, DECLINED_CARD)
    expect(page.get_by_role("alert")).to_contain_text("Declined")
    page.goto(booking)
    expect_payable(page, labels)
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)


@twice
def test_a_cancelled_checkout_leads_back_to_a_booking_that_can_be_paid(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    go_to_pay(page)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(BOOKING)
    expect_payable(page, labels)
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)


@twice
@pytest.mark.parametrize("way_back", ["the booking", "my bookings"])
def test_a_closed_tab_leaves_a_booking_that_can_be_paid(
    movy: RunningMovy, page: Page, showtime: dict[str, Any], way_back: str
) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page)
    tab = page.context.new_page()
    page.close()
    if way_back == "the booking":
        tab.goto(booking)
    else:
        tab.goto("/bookings")
        expect(tab.get_by_text("Waiting for payment")).to_be_visible()
        tab.locator(".booking-row").get_by_role("link").click()
    expect_payable(tab, labels)
    go_to_pay(tab)
    type_card(tab, GOOD_CARD)
    expect_confirmed(tab, labels)


@twice
def test_a_bank_transfer_that_is_on_its_way_is_told_as_it_is(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page, "Bank transfer")
    page.get_by_role("button", name="Leave it waiting").click()
    expect(page.get_by_text("We are waiting for your bank.")).to_be_visible()

    page.goto(booking)
    page.get_by_role("link", name="Look now").first.click()
    expect(page.get_by_role("heading", name="Waiting for your bank")).to_be_visible()
    expect(page.get_by_text(f"Seats {', '.join(labels)} are yours until")).to_be_visible()

    reference = re.findall(r"reference=([^&]+)", page.url)[0]
    movy.paystack("POST", f"/transactions/{reference}/pay", {"channel": "bank_transfer"})
    expect_confirmed(page, labels)  # by itself: the page asks again
