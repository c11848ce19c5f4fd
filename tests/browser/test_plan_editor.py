"""A manager draws a screen: with the pointer and the keyboard, or as pasted text, and also without JavaScript."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import arrive_signed_in, without_javascript
from tests.browser.test_every_page import problems_in_office
from tests.running import Person

MANAGER = Person("manager@movy.test", token="", password="movy-demo")
PLAN = re.compile(r"/admin/theatres/screen/\d+/plan/$")
DRAWN = "A: 1w 2c 3-6 _ 7-12\n" + "".join(f"{row}: 1-6 _ 7-12\n" for row in "BCDEFGHIJ")
_numbers = count(1)


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """The page of the demo's manager, whose colours change at once."""
    page = new_visitor(reduced_motion="reduce")
    arrive_signed_in(page, MANAGER)
    return page


def new_screen(page: Page) -> None:
    page.goto("/admin/theatres/screen/add/")
    page.get_by_label("Name").fill(f"Drawn {next(_numbers)}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(PLAN)


def save(page: Page, *, said: str) -> None:
    page.get_by_role("button", name="Look what this changes").click()
    expect(page.get_by_role("heading", name="What this plan changes")).to_be_visible()
    expect(page.locator(".plan-touch")).to_contain_text(said)
    page.get_by_role("button", name="Save this plan").click()
    expect(page.get_by_text("The plan is saved: 120 seats added, 0 retired.")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag on the paper; places in tenths of a seat, as the drawing counts."""
    paper = page.locator("#plan-drawing")
    box = paper.bounding_box()
    left, top, width, _height = map(float, str(paper.get_attribute("viewBox")).split())
    assert box is not None
    scale = box["width"] / width
    places = [(box["x"] + (x - left) * scale, box["y"] + (y - top) * scale) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def test_120_seats_with_an_aisle_and_two_places_are_drawn_by_pointer_and_key(page: Page, tmp_path: Path) -> None:
    new_screen(page)
    seats = page.locator("#plan-count")
    drag(page, (5, 5), (115, 5))
    expect(seats).to_have_text("12 seats")
    page.locator("#plan-drawing").focus()
    press(page, *["ArrowLeft"] * 5, "a", *["d"] * 9)
    expect(seats).to_have_text("120 seats")
    press(page, *["ArrowUp"] * 9, *["ArrowLeft"] * 6, "w", "ArrowRight", "c")
    expect(page.locator("#plan-place")).to_have_text(re.compile("A2, .*companion seat"))
    press(page, "Control+a", "Delete")
    expect(seats).to_have_text("0 seats")
    press(page, "Control+z")
    expect(seats).to_have_text("120 seats")
    expect(page.get_by_label("The same plan as text")).to_have_value(DRAWN)
    expect(page.locator("#plan-preview .seat")).to_have_count(120)
    page.screenshot(path=tmp_path / "drawn.png", full_page=True)
    save(page, said="Adds 120 seats")
    expect(page.get_by_label("The same plan as text")).to_have_value(DRAWN)


def test_a_pasted_text_is_the_same_plan_and_its_mistakes_are_told_by_line(page: Page) -> None:
    new_screen(page)
    text = page.get_by_label("The same plan as text")
    text.fill(DRAWN.replace("B:", "B"))
    expect(page.get_by_text("Line 2: A row begins with its name and a colon")).to_be_visible()
    text.fill(DRAWN)
    expect(page.locator("#plan-count")).to_have_text("120 seats")
    expect(page.locator(".paper-seat.accessible")).to_have_count(1)
    save(page, said="Adds 120 seats")


@without_javascript
def test_a_plan_is_typed_looked_at_and_saved_without_javascript(page: Page) -> None:
    new_screen(page)
    page.get_by_label("The same plan as text").fill(DRAWN)
    save(page, said="Adds 120 seats")
    expect(page.locator("#plan-preview .seat.accessible")).to_have_count(1)


def test_a_screen_with_sales_says_who_keeps_a_seat_and_everybody_can_read_it(page: Page) -> None:
    page.goto("/admin/theatres/screen/")
    page.get_by_role("link", name="Studio", exact=True).click()
    page.get_by_role("link", name="Seating plan").click()
    text = page.get_by_label("The same plan as text")
    text.fill(re.sub(r"^H.*\n", "", text.input_value(), flags=re.MULTILINE))
    page.get_by_role("button", name="Look what this changes").click()
    told = page.locator(".plan-touch")
    expect(told).to_contain_text("showings on sale follow at once")
    expect(told.get_by_role("link").first).to_be_visible()
    assert problems_in_office(page) == []
