"""A buyer whose bank is slow, whose tab closed, who paid twice, who paid late: every page says what goes on."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, NewVisitor
from tests.browser.steps import (
    BOOKING,
    GOOD_CARD,
    arrive_signed_in,
    expect_confirmed,
    go_to_pay,
    hold,
    hold_two,
    seat,
    twice,
    type_card,
    without_javascript,
)
from tests.running import Person, RunningMovy


def payment_of(movy: RunningMovy, person: Person, booking: str) -> str:
    """Return the reference of the payment that the buyer is at. booking: the address of its page."""
    return str(movy.api("GET", f"/bookings/{booking[-10:]}", token=person.token)["payment"]["reference"])


def bank_pays(movy: RunningMovy, payment: str, *, channel: str) -> None:
    movy.paystack("POST", f"/transactions/{payment}/pay", {"channel": channel})


def shown_again(movy: RunningMovy) -> dict[str, Any]:
    """Return a show whose film comes again in the same hall."""
    shows = list(movy.showtimes("Orisun Picture House"))
    halls = [(show["movie"]["id"], show["screen"]["id"]) for show in shows]
    return next(show for show, hall in zip(shows, halls, strict=True) if halls.count(hall) > 2)


def hold_ends(movy: RunningMovy, booking: str) -> None:
    """Let a minute have passed since the end of a booking's time, wherever that stands."""
    ended_at = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    of_payment = "booking_id = (SELECT id FROM bookings_booking WHERE reference = ?)"
    with sqlite3.connect(movy.folder / "var" / "movy.sqlite3", timeout=20) as database:
        database.execute("UPDATE bookings_booking SET hold_expires_at = ? WHERE reference = ?", (ended_at, booking))
        database.execute("UPDATE bookings_showtimeseat SET held_until = ? WHERE booking_id = ?", (ended_at, booking))
        database.execute(f"UPDATE payments_payment SET deadline_at = ? WHERE {of_payment}", (ended_at, booking))  # noqa: S608


@twice
def test_whose_bank_is_slow_is_told_what_we_wait_for_until_the_tickets_are_there(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    person = movy.person_new()
    arrive_signed_in(page, person)
    labels = hold_two(page, showtime["id"])
    booking = page.url
    expect(page.get_by_text("Dial a code on your phone")).to_contain_text(re.compile(r"kept until \d\d:\d\d"))
    go_to_pay(page, "USSD")
    payment = payment_of(movy, person, booking)

    page.goto(f"/verify-payment?reference={payment}")
    expect(page.get_by_role("heading", name="Waiting for your bank")).to_be_visible()
    expect(page.get_by_text(f"Seats {', '.join(labels)} are yours until")).to_be_visible()
    expect(page.get_by_text("You can close this page.")).to_contain_text(person.email)
    expect(page.get_by_role("link", name="Pay in another way")).to_be_visible()

    bank_pays(movy, payment, channel="ussd")
    expect_confirmed(page, labels)  # by itself: the page asks again


@without_javascript
def test_whose_tab_closed_finds_the_money_by_e_mail_and_reference(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor, showtime: dict[str, Any]
) -> None:
    person = movy.person_new()
    arrive_signed_in(page, person)
    hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page, "Bank transfer")
    payment = payment_of(movy, person, booking)
    page.close()
    bank_pays(movy, payment, channel="bank_transfer")

    later = new_visitor()
    later.goto("/")
    later.get_by_role("link", name="Paid, but no ticket?").click()

    def ask(email: str) -> None:
        later.get_by_label("E-mail").fill(email)
        later.get_by_label("Reference of the payment").fill(payment.lower().replace("-", " "))
        later.get_by_role("button", name="Find my money").click()

    ask("somebody@else.test")
    expect(later.get_by_role("alert")).to_contain_text("We know no payment with this e-mail and this reference.")
    ask(person.email.upper())
    expect(later.get_by_text("is paid and confirmed")).to_be_visible()
    expect(later.locator(".timeline")).to_contain_text("paid by bank transfer")
    later.get_by_role("button", name="Mail me the tickets again").click()
    expect(later.get_by_role("status")).to_contain_text(f"The tickets are on their way to {person.email}")


@twice
def test_who_paid_twice_in_two_tabs_has_the_seats_and_gets_the_second_payment_back(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    person = movy.person_new()
    arrive_signed_in(page, person)
    labels = hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page, "USSD")
    forgotten = payment_of(movy, person, booking)

    tab = page.context.new_page()
    tab.goto(booking)
    go_to_pay(tab)
    type_card(tab, GOOD_CARD)
    expect_confirmed(tab, labels)

    page.goto(f"/verify-payment?reference={forgotten}")
    expect(page.get_by_role("heading", name="Your seats are paid for already")).to_be_visible()
    bank_pays(movy, forgotten, channel="ussd")
    expect(page.get_by_text("You paid twice for the same seats.").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Show my tickets").click()
    expect_confirmed(page, labels)
    expect(page.locator(".timeline").last).to_contain_text("asked back")


@twice
def test_who_paid_late_is_offered_the_same_seats_and_books_them(movy: RunningMovy, page: Page) -> None:
    showtime = shown_again(movy)
    person, faster = movy.person_new(), movy.person_new("Kofi")
    arrive_signed_in(page, person)
    labels = hold_two(page, showtime["id"])
    booking = page.url
    go_to_pay(page, "Bank transfer")
    payment = payment_of(movy, person, booking)
    hold_ends(movy, booking[-10:])
    page.goto(f"/verify-payment?reference={payment}")
    expect(page.get_by_role("heading", name="The time for your seats has run out")).to_be_visible()
    movy.api("POST", "/booking", {"showtime": showtime["id"], "seats": labels[:1]}, token=faster.token)

    bank_pays(movy, payment, channel="bank_transfer")
    offer = page.get_by_role("heading", name="The same seats are free in the next showing")
    expect(offer).to_be_visible(timeout=PATIENCE)  # by itself, again
    expect(page.get_by_text("have been taken since").first).to_be_visible()
    offered = page.get_by_role("link", name=f"Choose {', '.join(labels)} there")
    address = str(offered.get_attribute("href"))
    assert movy.mailed_link(person.email, "is on its way back").endswith(address)

    offered.click()
    for label in labels:
        expect(seat(page, label)).to_be_checked()
    hold(page)
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    page.wait_for_url(BOOKING)
    expect_confirmed(page, labels)
