"""Choosing seats with help: the best ones in one tap, the map as a list, near and far, and places that are kept for
somebody."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import BOOKING, arrive_signed_in, hold, seat, sign_in, twice, without_javascript
from tests.running import RunningMovy

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FINGER = 44  # pixels
BELOW = """document.getElementById("bar").getBoundingClientRect().top
    - document.activeElement.getBoundingClientRect().bottom"""


@pytest.fixture(scope="session")
def _grand_shows(movy: RunningMovy) -> Iterator[dict[str, Any]]:
    return (show for show in movy.showtimes("Eko Lantern") if show["screen"]["name"] == "Grand Hall")


@pytest.fixture
def grand(_grand_shows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """A show of this test's own in the hall of 420 seats, all of which are free."""
    return next(_grand_shows)


def best_for(page: Page, count: int) -> None:
    page.get_by_role("button", name=re.compile(rf"^{count} (person|people)$")).click()


def marked(page: Page) -> list[str]:
    return [str(box.get_attribute("value")) for box in page.locator(".seat input:checked").all()]


def regular(page: Page) -> Locator:
    return page.locator(".seat.free:not(.accessible, .companion) input")


def tick(page: Page, label: str) -> None:
    page.locator(".seat", has=seat(page, label)).click()


def width(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["width"]


# ---- The best seats together


def test_ten_friends_in_a_hall_that_is_seventy_percent_taken_are_seated_in_one_tap(
    movy: RunningMovy, page: Page, grand: dict[str, Any]
) -> None:
    labels = [row["label"] for row in movy.api("GET", f"/booking/{grand['id']}")["seats"]]
    taken = random.Random(7).sample(labels, k=len(labels) * 7 // 10)
    with closing(sqlite3.connect(movy.folder / "var" / "movy.sqlite3", timeout=10)) as database, database:
        named = ", ".join("?" * len(taken))
        database.execute(
            "UPDATE bookings_showtimeseat SET status = 'blocked' WHERE showtime_id = ? AND seat_id IN (SELECT id FROM"
            f" theatres_seat WHERE screen_id = ? AND row || number IN ({named}))",
            [grand["id"], grand["screen"]["id"], *taken],
        )
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{grand['id']}")
    best_for(page, 10)
    expect(page.locator("#best-said")).to_have_text(re.compile(r"^No 10 together are left: \d in row .+ and \d .+\."))
    expect(page.locator(".seat input:checked")).to_have_count(10)
    chosen = marked(page)
    assert not set(chosen) & set(taken)
    hold(page)
    for label in chosen:
        expect(page.locator(".lines").get_by_text(label, exact=True)).to_be_visible()


def test_another_number_marks_other_seats_and_holds_nothing(
    movy: RunningMovy, page: Page, grand: dict[str, Any]
) -> None:
    page.goto(f"/booking/{grand['id']}")
    best_for(page, 4)
    expect(page.locator(".seat input:checked")).to_have_count(4)
    expect(page.locator("#best-said")).to_contain_text("4 seats together are marked for you")
    best_for(page, 2)
    expect(page.locator(".seat input:checked")).to_have_count(2)
    expect(page.locator("#total")).not_to_be_empty()
    assert movy.api("GET", f"/showtimes/{grand['id']}")["seats_free"] == grand["seats_free"]
    tick(page, marked(page)[0])
    expect(page.locator("#best-said")).to_be_empty()


@twice
def test_the_wish_for_the_best_seats_survives_a_sign_in(
    movy: RunningMovy, page: Page, showtime: dict[str, Any], javascript: bool
) -> None:
    page.goto(f"/booking/{showtime['id']}")
    best_for(page, 3)
    if javascript:
        expect(page.locator(".seat input:checked")).to_have_count(3)
        page.get_by_role("button", name="Hold these seats").click()
    sign_in(page, movy.person_new())
    expect(page.locator(".seat input:checked")).to_have_count(3)
    hold(page)
    expect(page.locator(".lines tbody tr")).to_have_count(3)


@without_javascript
def test_without_javascript_a_tap_holds_the_best_seats(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{showtime['id']}")
    best_for(page, 2)
    page.wait_for_url(BOOKING)
    expect(page.locator(".lines tbody tr")).to_have_count(2)


# ---- A seat left by itself


def test_a_seat_left_by_itself_is_a_hint_and_one_tap_moves_over(page: Page, grand: dict[str, Any]) -> None:
    page.goto(f"/booking/{grand['id']}")
    tick(page, "B7")
    tick(page, "B8")
    advice = page.locator("#advice")
    expect(advice).to_contain_text("Seat B6 would be left free by itself.")
    expect(page.get_by_role("button", name="Hold these seats")).to_be_enabled()
    page.get_by_role("button", name="Move over").click()
    expect(advice).to_be_hidden()
    assert marked(page) == ["B6", "B7"]
    expect(seat(page, "B6")).to_be_focused()


# ---- Wheelchair places


def test_wheelchair_places_are_found_and_say_whom_they_are_for(page: Page, grand: dict[str, Any]) -> None:
    page.goto(f"/booking/{grand['id']}")
    page.get_by_role("link", name="Show wheelchair places").click()
    place = page.locator(":focus")
    expect(place).to_have_attribute("aria-label", re.compile("wheelchair place$"))
    page.keyboard.press("Space")
    expect(place).to_be_checked()
    note = page.locator("#picks .place-note")
    expect(note).to_contain_text("A place for a wheelchair")
    expect(page.locator("#map-news")).to_contain_text("A place for a wheelchair")
    page.keyboard.press("Space")
    expect(note).to_have_count(0)


# ---- The list


@twice
def test_the_same_seats_can_be_chosen_from_a_list(movy: RunningMovy, page: Page, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{showtime['id']}")
    page.locator(".looks").click()
    expect(page.get_by_role("checkbox", name="List instead of map")).to_be_checked()
    expect(page.locator(".silver")).to_be_hidden()
    for taken in page.locator(".seat-row .seat:is(.sold, .held, .blocked)").all():
        expect(taken).to_be_hidden()
    first = regular(page).first
    label = str(first.get_attribute("value"))
    shown = first.evaluate("input => getComputedStyle(input, '::after').content")
    assert label in shown or "aria-label" in shown
    first.locator("xpath=..").click()
    expect(seat(page, label)).to_be_checked()
    hold(page)
    expect(page.locator(".lines").get_by_text(label, exact=True)).to_be_visible()


# ---- Near and far


def test_on_a_phone_the_whole_hall_can_be_seen_and_a_tap_comes_near(
    new_visitor: NewVisitor, grand: dict[str, Any]
) -> None:
    page = new_visitor(**PHONE)
    page.goto(f"/booking/{grand['id']}")
    any_seat = page.locator(".hall .seat").first
    assert width(any_seat) >= FINGER
    page.get_by_role("button", name="Whole hall").click()
    hidden = page.locator(".hall").evaluate("hall => hall.scrollWidth - hall.clientWidth")
    assert hidden <= 0
    page.locator(".hall").click()
    assert width(any_seat) >= FINGER
    expect(page.locator(".seat input:checked")).to_have_count(0)
    page.get_by_role("button", name="Larger").click()
    assert width(any_seat) > FINGER
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_two_fingers_make_the_map_smaller_and_leave_the_page_as_it_is(
    new_visitor: NewVisitor, grand: dict[str, Any]
) -> None:
    page = new_visitor(**PHONE)
    page.goto(f"/booking/{grand['id']}")
    page.locator(".legend").evaluate("legend => legend.scrollIntoView()")
    any_seat = page.locator(".hall .seat").first
    before = width(any_seat)
    fingers = page.context.new_cdp_session(page)
    for step, apart in (("touchStart", 160), ("touchMove", 120), ("touchMove", 80), ("touchEnd", None)):
        points = [] if apart is None else [{"x": 180 + way * apart / 2, "y": 400} for way in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": step, "touchPoints": points})
    assert width(any_seat) < 0.7 * before
    assert page.evaluate("visualViewport.scale") == 1


def test_keys_make_the_map_larger_and_smaller(page: Page, grand: dict[str, Any]) -> None:
    page.goto(f"/booking/{grand['id']}")
    any_seat = page.locator(".hall .seat").first
    before = width(any_seat)
    regular(page).first.focus()
    page.keyboard.press("+")
    larger = width(any_seat)
    assert larger > before
    page.keyboard.press("-")
    assert width(any_seat) < larger


# ---- Keys


def test_home_end_and_a_typed_label_lead_to_seats(page: Page, grand: dict[str, Any]) -> None:
    page.goto(f"/booking/{grand['id']}")
    seat(page, "B5").focus()
    for key, label in (("End", "B20"), ("Home", "B1")):
        page.keyboard.press(key)
        expect(seat(page, label)).to_be_focused()
    page.keyboard.type("m10")
    expect(seat(page, "M10")).to_be_focused()


def test_the_bar_never_covers_the_seat_that_has_the_focus(new_visitor: NewVisitor, grand: dict[str, Any]) -> None:
    page = new_visitor(**PHONE)
    page.goto(f"/booking/{grand['id']}")
    best_for(page, 10)
    expect(page.locator(".seat input:checked")).to_have_count(10)
    regular(page).first.focus()
    for _step in range(16):
        page.keyboard.press("ArrowDown")
        assert page.evaluate(BELOW) >= 0


# ---- The time to pay


def test_the_time_to_pay_is_said_at_five_and_at_one_minute_and_then_the_seats_can_be_chosen_again(
    movy: RunningMovy, page: Page, grand: dict[str, Any]
) -> None:
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{grand['id']}")
    best_for(page, 2)
    expect(page.locator(".seat input:checked")).to_have_count(2)
    chosen = marked(page)
    page.clock.install()
    hold(page)
    voice = page.locator("#countdown [aria-live]")
    expect(page.locator("#countdown")).to_contain_text(re.compile(r"(10:00|9:\d\d) left to pay"))
    expect(voice).to_be_empty()
    page.clock.fast_forward("05:00")
    expect(voice).to_have_text("5 minutes left to pay")
    page.clock.fast_forward("03:00")
    expect(voice).to_have_text("5 minutes left to pay")
    page.clock.fast_forward("01:05")
    expect(voice).to_have_text("1 minute left to pay")
    reference = page.url.rpartition("/")[2]
    with closing(sqlite3.connect(movy.folder / "var" / "movy.sqlite3", timeout=10)) as database, database:
        database.execute(
            "UPDATE bookings_booking SET hold_expires_at = '2026-01-01 00:00:00' WHERE reference = ?", [reference]
        )
        database.execute(
            "UPDATE bookings_showtimeseat SET held_until = '2026-01-01 00:00:00' WHERE booking_id = ?", [reference]
        )
    page.clock.fast_forward("01:00")
    expect(page.locator("#countdown")).to_contain_text("The time is up")
    page.clock.fast_forward("00:05")
    page.get_by_role("link", name="Choose these seats again").click()
    expect(page.locator(".seat input:checked")).to_have_count(2)
    assert marked(page) == chosen
