"""An open map moves while one looks at it: by the stream of the live process, and without it by asking again."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response, Route, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import ASKED, STREAM, arrive_signed_in, free_seats, hold, pick, seat
from tests.browser.test_desk import open_desk
from tests.browser.test_every_page import problems
from tests.processes import kill, serving
from tests.running import Person, RunningMovy

SECOND = 1.0
ASK_SECONDS = 4  # static/js/live.js
STARTED_AGAIN_SECONDS = 40  # a new live process on a busy machine, and the page's longest pause between two tries

Rival = Callable[..., str]


class Heard:
    """What a page asks for: its streams, and how often it asked for the whole map."""

    def __init__(self, page: Page) -> None:
        self.streams: list[Request] = []
        self.asked: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if STREAM.search(request.url):
            self.streams.append(request)
        elif ASKED.search(request.url):
            self.asked.append(request)


@pytest.fixture
def rival(movy: RunningMovy, showtime: dict[str, Any]) -> Rival:
    """Return a function that takes seats of the showing as somebody new, and returns the booking's reference."""

    def take(*labels: str, who: Person | None = None) -> str:
        body = {"showtime": showtime["id"], "seats": list(labels)}
        who = who or movy.person_new("Kwabena")
        return str(movy.api("POST", "/booking", body, token=who.token)["booking"]["reference"])

    return take


def labels_of(page: Page) -> list[str]:
    return [str(box.get_attribute("value")) for box in free_seats(page).all()]


def seconds_until_seen(page: Page, label: str, state: str = "held") -> float:
    """Wait until the map shows the seat like that. Return how long that took."""
    started = time.monotonic()
    page.locator(f".seat.{state} input[value='{label}']").wait_for(state="attached")
    return time.monotonic() - started


def open_map(page: Page, showtime: dict[str, Any]) -> Heard:
    """Open the map, and wait until it is at its stream."""
    heard = Heard(page)
    with page.expect_response(STREAM):
        page.goto(f"/booking/{showtime['id']}")
    return heard


def test_a_hold_in_one_browser_is_seen_in_the_other_within_a_second_and_nobody_asks_for_it(
    movy: RunningMovy, new_visitor: NewVisitor, showtime: dict[str, Any], rival: Rival
) -> None:
    ada, ben = new_visitor(), new_visitor()
    arrive_signed_in(ada, movy.person_new())
    ada.goto(f"/booking/{showtime['id']}")
    heard = open_map(ben, showtime)
    taken = pick(ada)
    with ada.expect_response(lambda answer: answer.request.method == "POST"):
        ada.get_by_role("button", name="Hold these seats").click()
    seconds = [max(seconds_until_seen(ben, label) for label in taken)]
    for label in labels_of(ben)[:2]:
        rival(label)
        seconds.append(seconds_until_seen(ben, label))
    assert statistics.median(seconds) < SECOND
    assert [len(heard.streams), heard.asked] == [1, []]


def test_picks_that_others_take_are_said_once_and_together_and_the_rest_stays_as_it_was(
    movy: RunningMovy, page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    open_map(page, showtime)
    first, one, other, last = pick(page, 4)
    price = int(re.sub(r"\D", "", page.locator("#total").inner_text())) // 4
    page.get_by_label(re.compile(rf"Ticket type, {one}$")).focus()  # a list of a pick that goes
    kwabena = movy.person_new("Kwabena")
    reference = rival(one, other, who=kwabena)
    both = f"{one} and {other} have just been taken"
    expect(page.locator("#picked")).to_have_text(both)
    expect(page.locator("#map-news")).to_have_text(both)
    expect(page.locator("#map-news")).to_have_attribute("aria-live", "polite")
    assert "select" in page.evaluate("document.activeElement.localName")
    expect(page.locator(".just-taken input")).to_have_count(2)
    for label in (first, last):
        expect(seat(page, label)).to_be_checked()
    expect(page.locator("#total")).to_have_text(f"₦{2 * price:,}")
    assert problems(page) == []

    seat(page, first).focus()
    expect(page.locator(".picks li")).to_have_count(2)
    movy.api("POST", f"/cancel-booking/{reference}", {}, token=kwabena.token)
    expect(page.locator(".just-taken")).to_have_count(0)
    expect(page.locator("#picked")).to_have_text("")
    expect(seat(page, first)).to_be_focused()
    page.locator(".seat", has=seat(page, one)).click()
    expect(seat(page, one)).to_be_checked()
    expect(page.locator("#total")).to_have_text(f"₦{3 * price:,}")


def test_a_seat_that_goes_under_the_focus_keeps_it_and_is_not_picked(
    page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    open_map(page, showtime)
    label, other = labels_of(page)[:2]
    seat(page, label).focus()
    rival(label)
    seconds_until_seen(page, label)
    expect(seat(page, label)).to_be_focused()
    expect(page.locator("#map-news")).to_have_text("")  # nobody's pick: no news
    page.keyboard.press("Space")
    expect(page.locator("#map-news")).to_have_text(f"{label} has just been taken")
    expect(seat(page, label)).not_to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(seat(page, other)).to_be_focused()
    expect(seat(page, label)).to_be_disabled()


def test_what_one_holds_oneself_is_no_loss_in_another_tab_nor_on_the_way_back(
    movy: RunningMovy, page: Page, showtime: dict[str, Any]
) -> None:
    arrive_signed_in(page, movy.person_new())
    page.goto(f"/booking/{showtime['id']}")
    tab = page.context.new_page()
    open_map(tab, showtime)
    mine = pick(page)
    assert pick(tab) == mine
    hold(page)
    for label in mine:
        seconds_until_seen(tab, label, "mine")
    page.go_back()
    for label in mine:
        seconds_until_seen(page, label, "mine")
    time.sleep(SECOND)  # for the stream, which says "held"
    for map_ in (tab, page):
        assert map_.locator(".just-taken, .warned").count() == 0
        expect(seat(map_, mine[0])).not_to_be_checked()


def test_the_desk_sees_what_is_held_and_its_line_keeps_the_focus(
    page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    with page.expect_response(STREAM):
        open_desk(page, showtime)
    gone, other = labels_of(page)[:2]
    page.keyboard.type(f"{gone} {other}")
    page.keyboard.press("Enter")
    expect(page.locator(".picks li")).to_have_count(2)
    rival(gone)
    expect(page.locator("#picked")).to_have_text(f"{gone} has just been taken")
    expect(page.locator(".picks li")).to_have_count(1)
    expect(page.get_by_label("Seats", exact=True)).to_be_focused()


def test_with_the_live_process_killed_a_map_asks_and_listens_to_the_next_one(
    movy: RunningMovy, page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    heard = open_map(page, showtime)
    mine, first, second = labels_of(page)[:3]
    page.locator(".seat", has=seat(page, mine)).click()
    seat(page, mine).focus()
    answered: list[Response] = []
    page.on("response", lambda answer: answered.append(answer) if STREAM.search(answer.url) else None)
    kill(serving(movy.keeper_pid, "movy.asgi")[0])
    rival(first)
    assert seconds_until_seen(page, first) < ASK_SECONDS + SECOND
    assert heard.asked, "the fallback showed it"
    deadline = time.monotonic() + STARTED_AGAIN_SECONDS
    while not answered and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert answered, "the page came back to its stream"
    heard.asked.clear()
    rival(second)
    assert seconds_until_seen(page, second) < SECOND
    assert heard.asked == []
    expect(seat(page, mine)).to_be_checked()
    expect(seat(page, mine)).to_be_focused()


def test_a_map_that_nobody_answers_says_so_in_time_and_takes_it_back_when_somebody_does(
    page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    page.clock.install()
    page.context.route(STREAM, lambda route: route.abort("connectionrefused"))
    page.context.route(ASKED, lambda route: route.abort("connectionrefused"))
    page.goto(f"/booking/{showtime['id']}")
    label = labels_of(page)[0]
    rival(label)
    age = page.locator("#map-age")
    passes(page, 15)
    expect(age).to_have_text("")
    passes(page, 15)
    expect(age).to_have_text("We can’t reach Movy: this map may be old.")
    expect(age).to_have_attribute("role", "status")
    assert problems(page) == []
    page.context.unroute(ASKED)
    passes(page, ASK_SECONDS)
    expect(age).to_have_text("")
    seconds_until_seen(page, label)


def test_a_map_asks_once_at_a_time_and_seldom_behind_another_tab(page: Page, showtime: dict[str, Any]) -> None:
    waiting: list[Route] = []
    page.clock.install()
    page.context.route(STREAM, lambda route: route.abort("connectionrefused"))
    page.context.route(ASKED, lambda route: waiting.append(route))
    page.goto(f"/booking/{showtime['id']}")
    passes(page, 9)  # it gives an answer 10
    assert len(waiting) == 1
    hide(page)
    waiting.pop().continue_()
    passes(page, 25)
    assert waiting == []
    passes(page, 10)
    assert len(waiting) == 1


def test_a_map_that_nobody_looks_at_rests_and_is_fresh_when_somebody_does(
    page: Page, showtime: dict[str, Any], rival: Rival
) -> None:
    page.clock.install()
    heard = open_map(page, showtime)
    label = labels_of(page)[0]
    hide(page)
    with page.expect_event("requestfailed", lambda request: request == heard.streams[0]):
        passes(page, 130)
    heard.asked.clear()
    rival(label)
    passes(page, 300)
    assert [len(heard.streams), heard.asked] == [1, []]
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    assert seconds_until_seen(page, label) < SECOND
    assert len(heard.streams) == 2


def passes(page: Page, seconds: int) -> None:
    """Let the page's clock go on, a second at a time, with a moment for what answers in between."""
    for _second in range(seconds):
        page.clock.run_for(1000)


def hide(page: Page) -> None:
    """Have another tab stand before this one."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
