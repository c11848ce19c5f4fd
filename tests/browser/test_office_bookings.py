"""A manager keeps seats for the house, gives money back and calls a show off, and sees how far it is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    GOOD_CARD,
    arrive_signed_in,
    expect_confirmed,
    go_to_pay,
    hold_two,
    pick,
    seat,
    type_card,
)
from tests.browser.test_every_page import problems_in_office
from tests.running import Person, RunningMovy

MANAGER = Person("manager@movy.test", token="", password="movy-demo")


@pytest.fixture
def office(new_visitor: NewVisitor) -> Page:
    """The page of the demo's manager."""
    page = new_visitor(reduced_motion="reduce")  # no colour halfway to another
    arrive_signed_in(page, MANAGER)
    return page


def test_a_show_is_called_off_and_its_page_follows_until_everybody_has_their_money(
    movy: RunningMovy, page: Page, office: Page, showtime: dict[str, Any]
) -> None:
    person = movy.person_new()
    arrive_signed_in(page, person)
    labels = hold_two(page, showtime["id"])
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)
    reference = page.url.rpartition("/")[2]

    office.goto(f"/admin/bookings/booking/?q={reference}")
    office.get_by_role("link", name=reference).click()
    expect(office.get_by_text("Confirmed, tickets made")).to_be_visible()
    assert problems_in_office(office) == []

    office.goto(f"/admin/catalog/showtime/{showtime['id']}/call-off/")
    office.get_by_label("What people are told").fill("The projector is broken.")
    office.get_by_label("Yes, call it off").check()
    assert problems_in_office(office) == []
    office.get_by_role("button", name="Call it off").click()
    expect(office.get_by_role("heading", name="Called off:")).to_be_visible()
    expect(office.get_by_text("is back with its owners")).to_be_visible()
    expect(office.get_by_text("Everybody has been told")).to_be_visible()
    assert problems_in_office(office) == []

    page.goto(f"/bookings/{reference}")
    expect(page.get_by_text("This booking is cancelled")).to_be_visible()


def test_a_seat_of_the_house_is_not_on_the_public_map(page: Page, office: Page, showtime: dict[str, Any]) -> None:
    office.goto(f"/admin/catalog/showtime/{showtime['id']}/seats/")
    [label] = pick(office, count=1)
    office.get_by_label("Why").fill("Press")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text(f"Kept {label} for the house (Press)").first).to_be_visible()
    assert problems_in_office(office) == []
    page.goto(f"/booking/{showtime['id']}")
    expect(seat(page, label)).to_be_disabled()
