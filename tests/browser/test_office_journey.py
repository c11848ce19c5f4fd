"""A theatre's first day, without leaving the browser: from an empty house to the day's return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from scripts.contact_sheet import sign_in
from tests.browser.conftest import PAGE_WITH_TMDB_PICTURES, NewVisitor
from tests.browser.steps import GOOD_CARD, arrive_signed_in, expect_confirmed, go_to_pay, hold_two, type_card
from tests.browser.test_desk import expect_sold
from tests.browser.test_door import expect_verdict, scan
from tests.browser.test_plan_editor import DRAWN, save
from tests.running import RunningMovy

HOUSE = "Marina Bioscope"
MANAGER = "manager@movy.test"
LAGOS = ZoneInfo("Africa/Lagos")
SCHEDULE = "/admin/catalog/showtime/schedule/"
TODAY = datetime.now(LAGOS)


@pytest.fixture(scope="module")
def movy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMovy]:
    """A Movy of its own: afterwards the manager has two theatres, which changes what other tests would see."""
    with RunningMovy(tmp_path_factory.mktemp("clone") / "movy") as running:
        yield running


def test_from_an_empty_theatre_to_the_days_return(movy: RunningMovy, new_visitor: NewVisitor, tmp_path: Path) -> None:
    owner, manager, buyer = (new_visitor(reduced_motion="reduce") for _person in range(3))
    sign_in(owner, movy.base_url, "admin@movy.test")
    sign_in(manager, movy.base_url, MANAGER)
    open_house(owner)
    take_over(manager, movy)
    draw(manager)
    put_on_list(manager)
    show, another = (movy.api("GET", f"/showtimes/{number}") for number in schedule(manager))
    manager.screenshot(path=tmp_path / "week.png", full_page=True)
    code = sell_at_the_desk(manager, show)
    arrive_signed_in(buyer, movy.person_new())
    labels = hold_two(buyer, show["id"])
    go_to_pay(buyer)
    type_card(buyer, GOOD_CARD)
    expect_confirmed(buyer, labels)
    let_in(manager, show, code)
    call_off(manager, another)
    rows = days_return(manager, show)
    manager.screenshot(path=tmp_path / "return.png", full_page=True)
    [line] = [row for row in rows if "Metropolis" in row]
    assert "4" in line.split(",")  # two at the desk, two online
    assert "14000.00" in line


def open_house(owner: Page) -> None:
    """The platform's owner makes a theatre and invites its manager."""
    owner.goto("/admin/theatres/theatre/add/")
    fields = {"name": HOUSE, "slug": "marina-bioscope", "address": "9 Marina", "city": "Lagos", "country": "NG"}
    for field, text in (fields | {"timezone": "Africa/Lagos"}).items():
        owner.locator(f"#id_{field}").fill(text)
    owner.locator("#id_currency").select_option("NGN")
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.get_by_text("was added successfully")).to_be_visible()
    owner.goto("/admin/theatres/theatre/")
    owner.get_by_role("link", name=HOUSE).click()
    owner.get_by_role("link", name="People", exact=True).last.click()
    owner.get_by_label("E-mail").fill(MANAGER)
    owner.get_by_label("May work as", exact=True).select_option("manager")
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_text(f"We have sent an invitation to {MANAGER}")).to_be_visible()


def take_over(manager: Page, movy: RunningMovy) -> None:
    manager.goto(movy.mailed_link(MANAGER, f"{HOUSE} invites you"))
    manager.get_by_role("button", name="Accept").click()
    manager.goto("/admin/")
    manager.get_by_role("link", name=HOUSE).click()
    expect(manager.get_by_role("heading", name="Your first steps")).to_be_visible()


def draw(manager: Page) -> None:
    """A screen of 120 seats with an aisle and two accessible places."""
    manager.goto("/admin/theatres/screen/add/")
    manager.get_by_label("Theatre").select_option(label=HOUSE)
    manager.get_by_label("Name").fill("Upper Hall")
    manager.get_by_role("button", name="Save", exact=True).click()
    manager.get_by_label("The same plan as text").fill(DRAWN.replace("2c", "2w"))
    expect(manager.locator("#plan-count")).to_have_text("120 seats")
    save(manager, said="Adds 120 seats")


def put_on_list(manager: Page) -> None:
    manager.goto(PAGE_WITH_TMDB_PICTURES)
    manager.get_by_label("Title").fill("metropolis")
    manager.locator("#id_theatre").select_option(label=HOUSE)
    manager.get_by_role("button", name="Search TMDB").click()
    manager.get_by_role("button", name=re.compile(r"^Add Metropolis")).first.click()
    expect(manager.get_by_text(f"is on the list of {HOUSE} now")).to_be_visible()


def schedule(manager: Page) -> tuple[int, int]:
    """Two weeks of it, every evening; return the numbers of two shows of the week that is then on the page."""
    manager.goto(SCHEDULE)
    manager.get_by_role("link", name=HOUSE).click()
    manager.get_by_role("link", name="New showing").click()
    manager.get_by_label("Film", exact=True).select_option(index=1)
    manager.get_by_label("Screen", exact=True).select_option(label="Upper Hall")
    manager.get_by_label("Day", exact=True).fill((TODAY + timedelta(days=1)).date().isoformat())
    manager.get_by_label("Time", exact=True).fill("19:00")
    manager.get_by_label("Prices", exact=True).select_option("own")
    manager.get_by_label("Price of every seat").fill("3,500")
    manager.get_by_label("Repeat until").fill((TODAY + timedelta(days=14)).date().isoformat())
    manager.get_by_role("button", name="Schedule it").click()
    manager.get_by_role("button", name="Schedule all 14").click()
    expect(manager.get_by_text("14 showings scheduled.")).to_be_visible()
    shows = manager.locator("a.show")
    first, second = (re.findall(r"\d+", str(shows.nth(place).get_attribute("href")))[-1] for place in (0, 1))
    return int(first), int(second)


def sell_at_the_desk(manager: Page, show: dict[str, Any]) -> str:
    """Sell two seats for cash; return the code of the first ticket."""
    manager.goto(f"/theatre/{show['theatre']['id']}/box-office?date={day(show)}&showtime={show['id']}")
    manager.get_by_label("Seats", exact=True).fill("B1 B2")
    manager.get_by_label("Seats", exact=True).press("Enter")
    manager.get_by_role("button", name="Sell ₦7,000").click()
    expect_sold(manager, ["B1", "B2"])
    return re.findall(r"/tickets/(\w+)", manager.content())[0]


def let_in(manager: Page, show: dict[str, Any], code: str) -> None:
    manager.goto(f"/theatre/{show['theatre']['id']}/check-in?showtime={show['id']}")
    scan(manager, code)
    expect_verdict(manager, "in", "Let in")


def call_off(manager: Page, show: dict[str, Any]) -> None:
    manager.goto(f"/admin/catalog/showtime/{show['id']}/call-off/")
    manager.get_by_label("Yes, call it off").check()
    manager.get_by_role("button", name="Call it off").click()
    expect(manager.get_by_role("heading", name="Called off:")).to_be_visible()


def days_return(manager: Page, show: dict[str, Any]) -> list[str]:
    """Return the lines of the exported return of the show's day."""
    manager.goto(f"/admin/reports/return/?theatre={show['theatre']['id']}&first={day(show)}&last={day(show)}")
    with manager.expect_download() as download:
        manager.get_by_role("link", name="CSV").click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()


def day(show: dict[str, Any]) -> str:
    return datetime.fromisoformat(show["starts_at"]).astimezone(LAGOS).date().isoformat()
