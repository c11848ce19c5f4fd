"""Selling at the desk: by the keyboard alone, by touch on a phone, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import ASKED, STREAM, arrive_signed_in, free_seats, seat, twice, without_javascript
from tests.browser.test_every_page import problems
from tests.running import Person, RunningMovy

CLERK = Person("desk@movy.test", token="", password="movy-demo")  # noqa: S106 - the demo's, printed at every start
SOLD = re.compile(r"/box-office/[A-Z0-9]{10}\?sold=1")
MILLIMETRE = 72 / 25.4  # points


def open_desk(page: Page, showtime: dict[str, Any]) -> str:
    """Return the desk's address for a showing, which the page shows."""
    arrive_signed_in(page, CLERK)
    address = (
        f"/theatre/{showtime['theatre']['id']}/box-office?date={showtime['starts_at'][:10]}&showtime={showtime['id']}"
    )
    page.goto(address)
    return address


def free_labels(page: Page, count: int = 2) -> list[str]:
    return [str(box.get_attribute("value")) for box in free_seats(page).all()[:count]]


def expect_sold(page: Page, labels: list[str]) -> None:
    page.wait_for_url(SOLD)
    expect(page.get_by_role("heading", name="Sold", exact=True)).to_be_visible()
    for label in labels:
        expect(page.get_by_role("img", name=f"QR code of the ticket for seat {label}", exact=True)).to_be_visible()


def naira(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_a_whole_sale_and_the_next_customer_by_the_keyboard_alone(page: Page, showtime: dict[str, Any]) -> None:
    open_desk(page, showtime)
    first, second = free_labels(page)
    expect(page.get_by_label("Seats", exact=True)).to_be_focused()
    page.keyboard.type(f"{first.lower()} {second.lower()}/child")
    page.keyboard.press("Enter")
    expect(page.locator(".picks li")).to_have_count(2)
    expect(page.get_by_label(re.compile(rf"Ticket type, {second}$"))).to_have_value("child")
    page.keyboard.press("Enter")  # on the empty line
    expect(page.get_by_label("Given")).to_be_focused()
    total = naira(page.locator("#total").inner_text())
    page.keyboard.type("50000")
    expect(page.locator("#change")).to_have_text(f"Change ₦{50000 - total:,}")
    page.keyboard.press("Enter")
    expect_sold(page, [first, second])
    expect(page.locator(".change-due strong")).to_have_text(f"₦{50000 - total:,}")
    page.keyboard.press("n")
    expect(page.get_by_label("Seats", exact=True)).to_be_focused()
    expect(seat(page, first)).to_be_disabled()

    third = free_labels(page)[0]
    page.keyboard.type(f"{third}\n")
    page.keyboard.press("Control+Enter")
    expect_sold(page, [third])
    expect(page.locator(".change-due")).to_have_count(0)


def test_words_take_rows_of_seats_let_them_go_and_name_what_is_not_there(page: Page, showtime: dict[str, Any]) -> None:
    open_desk(page, showtime)
    label = free_labels(page)[0]
    typed = page.get_by_label("Seats", exact=True)
    typed.fill(f"{label} zz99")
    typed.press("Enter")
    expect(page.locator("#picked")).to_contain_text("ZZ99")
    expect(seat(page, label)).to_be_checked()
    typed.fill(f"-{label}")
    typed.press("Enter")
    expect(seat(page, label)).not_to_be_checked()
    typed.fill(label)
    typed.press("Enter")
    typed.press("Escape")
    expect(page.locator(".picks li")).to_have_count(0)


def test_a_sale_by_touch_on_a_phone(new_visitor: NewVisitor, showtime: dict[str, Any]) -> None:
    page = new_visitor(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    open_desk(page, showtime)
    labels = free_labels(page)
    for label in labels:
        page.locator(".seat", has=seat(page, label)).tap()
        expect(seat(page, label)).to_be_checked()
    page.locator("label", has=page.get_by_role("radio", name="Card terminal")).tap()
    button = page.get_by_role("button", name=re.compile("^Sell ₦"))
    expect(button).to_be_in_viewport()
    button.tap()
    expect_sold(page, labels)


@without_javascript
def test_without_javascript_the_sum_is_a_step_between(page: Page, showtime: dict[str, Any]) -> None:
    open_desk(page, showtime)
    first, second = free_labels(page)
    page.get_by_label("Seats", exact=True).fill(f"{first} {second}")
    page.get_by_label("Seats", exact=True).press("Enter")
    expect(page.locator("#total")).to_contain_text("₦")
    page.get_by_label(f"Ticket for {second}").select_option("child")
    page.get_by_label("Given").fill("50000")
    page.get_by_role("button", name="Sell", exact=True).click()
    expect_sold(page, [first, second])
    expect(page.locator(".change-due strong")).to_contain_text("₦")


@twice
def test_seats_that_went_unseen_are_named_and_the_rest_stays(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    for way in (STREAM, ASKED):  # or the map would drop the seat before the click now and then
        page.route(way, lambda route: route.abort("connectionrefused"))
    open_desk(page, showtime)
    first, gone, last = free_labels(page, 3)
    for label in (first, gone, last):
        page.locator(".seat", has=seat(page, label)).click()
    body = {"showtime": showtime["id"], "seats": [gone]}
    movy.api("POST", "/booking", body, token=movy.person_new("Kwabena").token)
    page.get_by_role("button", name=re.compile("^Sell")).click()
    expect(page.get_by_role("alert")).to_contain_text(gone)
    expect(seat(page, gone)).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Sell")).click()
    expect_sold(page, [first, last])


def test_tickets_print_on_a_roll_and_on_a4(page: Page, showtime: dict[str, Any]) -> None:
    open_desk(page, showtime)
    labels = free_labels(page, 3)
    page.get_by_label("Seats", exact=True).fill(" ".join(labels))
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect_sold(page, labels)
    assert pages_printed(page) == [80, 80, 80]
    page.get_by_role("button", name="A4").click()
    expect(page.get_by_role("button", name="A4")).to_have_attribute("aria-pressed", "true")
    assert pages_printed(page) == [210]


def pages_printed(page: Page) -> list[int]:
    """Return the width of each page that comes out of the printer, in millimetres."""
    paper = page.pdf(prefer_css_page_size=True)
    return [round(float(width) / MILLIMETRE) for width in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+)", paper)]


def test_a_lost_ticket_is_found_again_by_its_reference(page: Page, showtime: dict[str, Any]) -> None:
    desk = open_desk(page, showtime)
    label = free_labels(page)[0]
    page.get_by_label("Seats", exact=True).fill(label)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect_sold(page, [label])
    reference = re.findall(r"/box-office/([A-Z0-9]{10})", page.url)[0]
    page.goto(desk)
    page.get_by_placeholder("Reference or ticket code").fill(reference.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Booking {reference}")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_fits_and_can_be_read_in_light_and_dark(
    new_visitor: NewVisitor, showtime: dict[str, Any], width: int
) -> None:
    page = new_visitor(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    open_desk(page, showtime)
    labels = free_labels(page)
    page.get_by_label("Seats", exact=True).fill(" ".join(labels))
    page.get_by_label("Seats", exact=True).press("Enter")
    page.get_by_text("Selling by keyboard").click()
    page.get_by_text("Name, e-mail, phone").click()
    page.get_by_label("Given").fill("1")
    assert problems(page) == []
    page.get_by_label("Given").fill("50000")
    page.get_by_label("Given").press("Enter")
    expect_sold(page, labels)
    assert problems(page) == []
