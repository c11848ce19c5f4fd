"""A paid booking given back: the seats at once, the money step by step, a mail for each."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    BOOKING,
    GOOD_CARD,
    arrive_signed_in,
    expect_confirmed,
    go_to_pay,
    hold_two,
    seat,
    twice,
    type_card,
)
from tests.running import RunningMovy, wait_for


def expect_one_mail_each(movy: RunningMovy, recipient: str, *subjects: str) -> None:
    """See that the worker has sent these mails and no others but the one that confirms the address."""

    def sent() -> list[str]:
        return [mail["Subject"] for mail in movy.mails(recipient) if "is this your e-mail" not in mail["Subject"]]

    wait_for(lambda: len(sent()) >= len(subjects), what=f"{len(subjects)} mails")
    assert [said for said, subject in zip(sent(), subjects, strict=True) if subject not in said] == []


def expect_refund_follows_ticks(page: Page, labels: list[str]) -> None:
    """See what comes back told for whatever is ticked: at once, or without JavaScript by a button; then tick all."""
    told, by_hand = page.locator("#comes-back"), page.get_by_role("button", name="Show what comes back for these")
    for is_ticked in (False, True):
        page.get_by_role("checkbox", name=labels[0]).set_checked(is_ticked)
        if by_hand.count():
            by_hand.click()
        expect(told).to_contain_text(f"For {', '.join(labels if is_ticked else labels[1:])} you get")


@twice
def test_a_cancelled_booking_frees_its_seats_and_brings_the_money_back(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor, showtime: dict[str, Any]
) -> None:
    person = movy.person_new()
    arrive_signed_in(page, person)
    labels = hold_two(page, showtime["id"])
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)
    code = page.locator(".ticket code").first.inner_text()

    page.get_by_role("link", name="Cancel this booking").click()
    expect_refund_follows_ticks(page, labels)
    page.get_by_role("button", name="Give them back").click()
    page.wait_for_url(BOOKING)
    expect(page.get_by_text("This booking is cancelled and its seats are free for others.")).to_be_visible()
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text("asked back")
    expect(timeline).to_contain_text("On its way back")

    stranger = new_visitor()
    stranger.goto(f"/booking/{showtime['id']}")
    for label in labels:
        expect(seat(stranger, label)).to_be_enabled()
    stranger.goto(f"/tickets/{code}")
    expect(stranger.get_by_text("Cancelled: this ticket lets nobody in.")).to_be_visible()

    reference = movy.api("GET", f"/bookings/{page.url[-10:]}", token=person.token)["payment"]["reference"]

    def is_sent_back() -> bool:
        page.reload()
        return "sent back" in timeline.inner_text()

    wait_for(is_sent_back, what="the refund's last step")
    at_paystack = [row["status"] for row in movy.paystack("GET", "/refunds") if row["reference"] == reference]
    assert at_paystack == ["processed"]
    expect_one_mail_each(movy, person.email, "Your tickets for", "Cancelled:", "has been sent back to you")


@twice
def test_one_seat_of_two_can_be_given_back(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    go_to_pay(page)
    type_card(page, GOOD_CARD)
    expect_confirmed(page, labels)

    page.get_by_role("link", name="Cancel this booking").click()
    page.get_by_role("checkbox", name=labels[1]).uncheck()
    page.get_by_role("button", name="Give them back").click()
    page.wait_for_url(BOOKING)
    expect(page.locator(".ticket .seat")).to_have_text([labels[1]])
    page.goto(f"/booking/{showtime['id']}")
    expect(seat(page, labels[0])).to_be_enabled()
    expect(seat(page, labels[1])).to_be_disabled()


@twice
def test_seats_that_were_not_paid_are_let_go_at_once(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, movy.person_new())
    labels = hold_two(page, showtime["id"])
    page.get_by_role("link", name="Let these seats go").click()
    page.get_by_role("button", name="Let them go").click()
    page.wait_for_url(BOOKING)
    expect(page.get_by_text("This booking is cancelled")).to_be_visible()
    page.goto(f"/booking/{showtime['id']}")
    for label in labels:
        expect(seat(page, label)).to_be_enabled()
