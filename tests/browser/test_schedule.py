"""Scheduling in the office: by the mouse, by keys, and without JavaScript; looked over by axe."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import arrive_signed_in, twice
from tests.browser.test_every_page import problems_in_office
from tests.running import Person

MANAGER = Person("manager@movy.test", token="", password="movy-demo")  # noqa: S106 - the demo's, printed at every start
SCHEDULE = "/admin/catalog/showtime/schedule/"
LAGOS = ZoneInfo("Africa/Lagos")


@pytest.fixture
def monday() -> date:
    """A Monday after all that the demo has scheduled."""
    today = datetime.now(LAGOS).date()
    return today + timedelta(days=42 - today.weekday())


def open_week(page: Page, day: date) -> str:
    """Sign in, open a week of the Lagos theatre, and return the schedule's address."""
    arrive_signed_in(page, MANAGER)
    page.goto(SCHEDULE)
    address = page.url.partition("?")[0]
    page.goto(f"{address}?day={day.isoformat()}")
    return address


def fill_in(page: Page, day: date, at: str) -> None:
    """A showing in Grand Hall that costs ₦3,500 a seat."""
    page.get_by_label("Film", exact=True).select_option(index=1)
    page.get_by_label("Screen", exact=True).select_option(label="Grand Hall")
    page.get_by_label("Day", exact=True).fill(day.isoformat())
    page.get_by_label("Time", exact=True).fill(at)
    page.get_by_label("Prices", exact=True).select_option("own")
    page.get_by_label("Price of every seat").fill("3,500")


def shows(page: Page, at: str) -> Locator:
    return page.locator("a.show", has_text=re.compile(rf"^\s*{at}"))


@twice
def test_a_repeat_is_looked_at_then_scheduled_and_a_second_one_told_what_is_in_the_way(
    page: Page, monday: date, javascript: bool
) -> None:
    monday += timedelta(weeks=2 if javascript else 4)
    open_week(page, monday)
    page.get_by_role("link", name="New showing").click()
    fill_in(page, monday, "19:00")
    page.get_by_label("Repeat until").fill((monday + timedelta(days=13)).isoformat())
    page.get_by_label("Monday").check()
    page.get_by_label("Friday").check()
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_text("4 showings can be scheduled.")).to_be_visible()
    page.get_by_role("button", name="Schedule all 4").click()
    expect(page.get_by_text("4 showings scheduled.")).to_be_visible()
    expect(shows(page, "19:00")).to_have_count(2)

    page.get_by_role("link", name="New showing").click()
    fill_in(page, monday, "19:30")
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_text(re.compile("runs in Grand Hall from 19:00"))).to_be_visible()
    expect(page.get_by_label("Price of every seat")).to_have_value("3,500")


def test_a_show_is_dragged_and_moved_by_keys_and_an_empty_place_asks_for_a_new_one(page: Page, monday: date) -> None:
    open_week(page, monday)
    page.get_by_role("link", name="New showing").click()
    fill_in(page, monday, "14:00")
    page.get_by_role("button", name="Schedule it").click()

    show = shows(page, "14:00")
    tuesday = page.locator("tr", has_text="Grand Hall").locator("svg.lane").nth(1)
    box = show.bounding_box()
    target = tuesday.bounding_box()
    assert box is not None
    assert target is not None
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, box["y"] + 40, steps=5)
    page.mouse.move(target["x"] + 20, box["y"] + 8 + 72, steps=5)  # 120 minutes at 0.6 pixels each
    page.mouse.up()
    expect(page.get_by_text("Moved:")).to_contain_text("16:00")

    shows(page, "16:00").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#schedule-told")).to_contain_text("Wednesday, 15:05")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved:")).to_contain_text("15:05")
    shows(page, "15:05").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(shows(page, "15:05")).to_be_focused()

    lane = page.locator("tr", has_text="Grand Hall").locator("svg.lane").nth(4)
    first = int(lane.get_attribute("data-first") or 0)
    lane.click(position={"x": 30, "y": (13 * 60 - first) * 0.6})  # 13 hours into the day: 18:00
    page.wait_for_url(re.compile("/new/"))
    expect(page.get_by_label("Time", exact=True)).to_have_value("18:00")
    expect(page.get_by_label("Day", exact=True)).to_have_value((monday + timedelta(days=4)).isoformat())


def test_the_schedules_pages_fit_and_are_clean_to_axe(new_visitor: NewVisitor) -> None:
    page = new_visitor(reduced_motion="reduce")  # no colour halfway to another
    address = open_week(page, datetime.now(LAGOS).date() + timedelta(days=7))
    first = page.locator("a.show").first.get_attribute("href") or ""
    pages = [page.url, first, f"{address}new/", f"{address}copy/", f"{address}import/", f"{address}reprice/"]
    for one in pages:
        page.goto(one)
        assert problems_in_office(page) == [], one
