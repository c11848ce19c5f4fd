"""A guest on two devices: books and pays on one, opens the mail's link on the other and gives the seats back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    BOOKING,
    GOOD_CARD,
    expect_confirmed,
    expect_payable,
    go_to_pay,
    pick,
    seat,
    sign_in,
    twice,
    type_card,
)
from tests.browser.test_cancelling import expect_one_mail_each
from tests.browser.test_every_page import problems
from tests.running import RunningMovy, wait_for

NAME = "Efe Adeleke"


def go_on_as_guest(page: Page, email: str) -> None:
    form = page.locator("form", has=page.get_by_role("heading", name="Continue without an account"))
    form.get_by_label("E-mail").fill(email)
    form.get_by_label("Name").fill(NAME)
    form.get_by_role("button", name="Hold my seats").click()


def link_mailed(movy: RunningMovy, email: str) -> str:
    """Return the link that opens the booking, once its mail has been sent."""

    def link() -> str:
        texts = [mail.get_body(("plain",)).get_content() for mail in movy.mails(email)]
        return next(iter(re.findall(r"http\S+/open/\S+", "".join(texts))), "")

    return wait_for(link, what=f"a link to the booking for {email}")


@twice
def test_a_guest_books_on_a_phone_closes_it_and_gives_the_seats_back_on_a_laptop(
    movy: RunningMovy, new_visitor: NewVisitor, showtime: dict[str, Any], javascript: bool
) -> None:
    email = f"guest.{'quick' if javascript else 'plain'}@visitor.test"
    phone = new_visitor(viewport={"width": 360, "height": 740})
    phone.goto(f"/booking/{showtime['id']}")
    labels = pick(phone)
    phone.get_by_role("button", name="Hold these seats").click()
    expect(phone.get_by_text(f"For seats {', '.join(labels)}.")).to_be_visible()
    assert not javascript or problems(phone) == []
    go_on_as_guest(phone, email.replace("visitor.test", "gmial.com"))
    expect(phone.locator(".error", has_text="Did you mean")).to_be_visible()
    assert not javascript or problems(phone) == []
    expect(phone.get_by_label("Name")).to_have_value(NAME)
    go_on_as_guest(phone, email)
    phone.wait_for_url(BOOKING)
    expect_payable(phone, labels)
    go_to_pay(phone)
    type_card(phone, GOOD_CARD)
    expect_confirmed(phone, labels)
    phone.close()

    laptop = new_visitor()
    laptop.goto(link_mailed(movy, email))
    expect_confirmed(laptop, labels)
    laptop.get_by_role("link", name="Cancel this booking").click()
    laptop.get_by_role("button", name="Give them back").click()
    laptop.wait_for_url(BOOKING)
    expect(laptop.get_by_text("This booking is cancelled and its seats are free for others.")).to_be_visible()
    expect(laptop.locator(".timeline")).to_contain_text("On its way back")
    expect_one_mail_each(movy, email, "Your tickets for", "Cancelled:", "has been sent back to you")


@pytest.mark.parametrize("javascript", [True])
def test_who_signs_up_after_all_has_the_booking_in_the_account(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor, showtime: dict[str, Any]
) -> None:
    page.goto(f"/booking/{showtime['id']}")
    labels = pick(page)
    page.get_by_role("button", name="Hold these seats").click()
    go_on_as_guest(page, "later@visitor.test")
    page.wait_for_url(BOOKING)
    booking = page.url
    other = new_visitor()
    other.goto(booking)
    expect(other.get_by_label("Password")).to_be_visible()

    person = movy.person_new("Later")
    page.goto("/auth/user/login?next=/bookings")
    sign_in(page, person)
    page.locator(".booking-row").get_by_role("link").click()
    assert page.url == booking
    expect_payable(page, labels)
    other.goto(f"/booking/{showtime['id']}")
    for label in labels:
        expect(seat(other, label)).to_be_disabled()
