"""The seat map: quickened by JavaScript, whole without it, and by the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    ASKED,
    BOOKING,
    GOOD_CARD,
    STREAM,
    arrive_signed_in,
    expect_confirmed,
    expect_payable,
    free_seats,
    hold,
    pick,
    seat,
    twice,
    without_javascript,
)
from tests.running import RunningMovy

TABS_MAX = 40


def open_map(page: Page, movy: RunningMovy, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{showtime['id']}")


def take(movy: RunningMovy, showtime: dict[str, Any], *labels: str) -> None:
    """Somebody else holds these seats."""
    body = {"showtime": showtime["id"], "seats": list(labels)}
    movy.api("POST", "/booking", body, token=movy.person_new("Kwabena").token)


def naira(minor: int) -> str:
    return f"₦{minor // 100:,}"


def test_the_total_follows_the_picks_and_their_ticket_types(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    told = movy.api("GET", f"/booking/{showtime['id']}")
    kinds = {row["code"]: row for row in told["ticket_types"]}
    category = {row["label"]: row["category"] for row in told["seats"]}

    def price(label: str, kind: str) -> int:
        return int(kinds[kind]["price_by_category"][category[label]]["amount"])

    open_map(page, movy, showtime)
    expect(page.get_by_role("button", name="Choose ticket types")).to_have_count(0)
    first, second = pick(page)
    total = page.locator("#total")
    expect(total).to_have_text(naira(price(first, "adult") + price(second, "adult")))
    page.get_by_label(re.compile(rf"Ticket type, {second}$")).select_option("child")
    assert price(second, "child") < price(second, "adult")
    expect(total).to_have_text(naira(price(first, "adult") + price(second, "child")))
    seat(page, first).uncheck(force=True)
    expect(total).to_have_text(naira(price(second, "child")))
    hold(page)
    expect(page.locator(".lines tbody tr")).to_have_count(1)
    expect(page.locator(".lines tbody")).to_contain_text(kinds["child"]["name"])


@without_javascript
def test_without_javascript_ticket_types_are_a_step_between(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    open_map(page, movy, showtime)
    first, second = pick(page)
    page.get_by_role("button", name="Choose ticket types").click()
    page.get_by_label(f"Ticket for {second}").select_option("child")
    hold(page)
    rows = page.locator(".lines tbody tr")
    expect(rows.filter(has_text=first)).to_contain_text("Adult")
    expect(rows.filter(has_text=second)).to_contain_text("Child")


def test_an_eleventh_seat_is_not_picked(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> None:
    open_map(page, movy, showtime)
    pick(page, 10)
    free_seats(page).nth(10).click(force=True)
    expect(page.locator("#picked")).to_have_text("That is as many seats as one person can have.")
    expect(page.locator(".seat input:checked")).to_have_count(10)


@without_javascript
def test_without_javascript_eleven_seats_are_refused_and_stay_ticked(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    open_map(page, movy, showtime)
    labels = pick(page, 11)
    page.get_by_role("button", name="Hold these seats").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for label in labels:
        expect(seat(page, label)).to_be_checked()


def test_a_seat_that_goes_while_one_looks_is_marked_and_said_and_the_others_stay(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    open_map(page, movy, showtime)
    first, gone, last = pick(page, 3)
    take(movy, showtime, gone)
    expect(page.locator("#map-news")).to_have_text(f"{gone} has just been taken")
    expect(page.locator("#picked")).to_have_text(f"{gone} has just been taken")
    expect(page.locator(".seat", has=seat(page, gone))).to_have_class(re.compile("just-taken"))
    expect(seat(page, gone)).not_to_be_checked()
    hold(page)
    expect_payable(page, [first, last])


@twice
def test_a_seat_that_went_unseen_refuses_the_hold_by_name_and_keeps_the_others(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    for way in (STREAM, ASKED):
        page.route(way, lambda route: route.abort("connectionrefused"))
    open_map(page, movy, showtime)
    first, gone, last = pick(page, 3)
    take(movy, showtime, gone)
    page.get_by_role("button", name="Hold these seats").click()
    expect(page.get_by_role("alert")).to_contain_text(gone)
    expect(seat(page, gone)).to_be_disabled()
    expect(seat(page, first)).to_be_checked()
    expect(seat(page, last)).to_be_checked()
    hold(page)
    expect_payable(page, [first, last])


def test_arrow_keys_walk_through_the_hall(page: Page, showtime: dict[str, Any]) -> None:
    page.goto(f"/booking/{showtime['id']}")
    rows = [row.locator("input:enabled") for row in page.locator(".seat-row").all()]
    front, next_row = [row for row in rows if row.count() > 1][:2]
    front.first.focus()
    page.keyboard.press("ArrowRight")
    expect(front.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(front.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(next_row.and_(page.locator(":focus"))).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(front.and_(page.locator(":focus"))).to_have_count(1)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus. Raises AssertionError when it never does."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {target}")


@twice
def test_a_booking_by_the_keyboard_alone(
    movy: RunningMovy, page: Page, showtime: dict[str, Any], javascript: bool
) -> None:
    open_map(page, movy, showtime)
    tab_to(page, free_seats(page).first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight" if javascript else "Tab")
    page.keyboard.press("Space")
    labels = [str(box.get_attribute("value")) for box in page.locator(".seat input:checked").all()]
    assert len(labels) == 2
    page.keyboard.press("Enter")
    page.wait_for_url(BOOKING)
    tab_to(page, page.get_by_role("button", name=re.compile("^Pay ")))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Card number"))
    for text in GOOD_CARD:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_confirmed(page, labels)
