"""What a visitor does, step by step, by the words on the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Person

twice = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
without_javascript = pytest.mark.parametrize("javascript", [False], ids=["plain"])

GOOD_CARD = ("4084 0840 8408 4081", "12/30", "408")
DECLINED_CARD = ("4084 0800 0000 5408", "12/30", "001")
STREAM = re.compile(r"/booking/\d+/live$")
ASKED = re.compile(r"/api/v1/booking/\d+$")
"""The two ways by which an open map hears of changes."""

BOOKING = re.compile(r"/bookings/[A-Z0-9]{10}$")
CHECKOUT = re.compile(r"/checkout/")


def sign_in(page: Page, person: Person) -> None:
    """Sign in on the page that asks for it, wherever that leads."""
    form = page.locator("form", has=page.get_by_label("Password"))  # a guest's stands beside it
    form.get_by_label("E-mail").fill(person.email)
    form.get_by_label("Password").fill(person.password)
    form.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Password")).to_have_count(0)


def arrive_signed_in(page: Page, person: Person) -> None:
    page.goto("/auth/user/login")
    sign_in(page, person)


def free_seats(page: Page) -> Locator:
    return page.locator(".seat.free input")


def seat(page: Page, label: str) -> Locator:
    """Return a seat's checkbox: its accessible name begins with the label."""
    return page.get_by_role("checkbox", name=re.compile(rf"^{label},"))


def pick(page: Page, count: int = 2) -> list[str]:
    """Tick the first free seats, as a mouse does, and return their labels."""
    labels = [str(box.get_attribute("value")) for box in free_seats(page).all()[:count]]
    for label in labels:
        page.locator(".seat", has=seat(page, label)).click()
        expect(seat(page, label)).to_be_checked()
    return labels


def hold(page: Page) -> None:
    page.get_by_role("button", name="Hold these seats").click()
    page.wait_for_url(BOOKING)


def hold_two(page: Page, showtime_id: int) -> list[str]:
    """From a showtime's map to the booking's page, signed in. Return the seats."""
    page.goto(f"/booking/{showtime_id}")
    labels = pick(page)
    hold(page)
    return labels


def go_to_pay(page: Page, way: str = "Card") -> None:
    page.get_by_role("radio", name=re.compile(f"^{way}", re.IGNORECASE)).check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(CHECKOUT)


def type_card(page: Page, card: tuple[str, str, str]) -> None:
    number, expiry, cvv = card
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill(expiry)
    page.get_by_label("CVV").fill(cvv)
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def expect_confirmed(page: Page, labels: list[str]) -> None:
    """Wait for the booking's page to say that the seats are ours, with a code for each."""
    page.wait_for_url(BOOKING)
    expect(page.get_by_text("Your seats are yours")).to_be_visible()
    for label in labels:
        expect(page.get_by_role("img", name=f"QR code of the ticket for seat {label}", exact=True)).to_be_visible()


def expect_payable(page: Page, labels: list[str]) -> None:
    """See that the booking on this page still waits for its payment, its seats kept."""
    expect(page.get_by_text("Your seats are held until")).to_be_visible()
    for label in labels:
        expect(page.locator(".lines").get_by_text(label, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Pay "))).to_be_visible()
