"""Letting people in: by typing, by a hand scanner, through the camera, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from scripts.contact_sheet import FLAGS, chromium
from tests.browser.conftest import PATIENCE, NewVisitor, Watch
from tests.browser.steps import arrive_signed_in, twice
from tests.browser.test_every_page import problems
from tests.running import Person, RunningMovy

USHER = Person("door@movy.test", token="", password="movy-demo")  # noqa: S106 - the demo's, printed at every start
FRAME = (640, 480)  # pixels


@pytest.fixture
def codes(movy: RunningMovy, showtime: dict[str, Any]) -> list[str]:
    """The codes of three tickets that the desk has sold for this test's showing."""
    clerk = movy.api("POST", "/auth/user/login", {"email": "desk@movy.test", "password": "movy-demo"})
    seats = movy.api("GET", f"/booking/{showtime['id']}")["seats"]
    free = [row["label"] for row in seats if row["status"] == "free"][:3]
    sale = {"showtime": showtime["id"], "seats": free, "paid_by": "cash", "name": "Ngozi Okoye"}
    path = f"/theatre/{showtime['theatre']['id']}/box-office"
    booking = movy.api("POST", path, sale, token=clerk["access_token"])["booking"]
    return [ticket["code"] for ticket in booking["tickets"]]


def open_door(page: Page, showtime: dict[str, Any]) -> None:
    arrive_signed_in(page, USHER)
    page.goto(f"/theatre/{showtime['theatre']['id']}/check-in?showtime={showtime['id']}")


def scan(page: Page, code: str) -> None:
    page.get_by_label("Ticket code").fill(code)
    page.get_by_label("Ticket code").press("Enter")


def expect_verdict(page: Page, look: str, word: str) -> None:
    expect(page.locator(f".verdict.{look} .word")).to_have_text(word)


@twice
def test_a_ticket_lets_in_once_and_says_so(page: Page, showtime: dict[str, Any], codes: list[str]) -> None:
    open_door(page, showtime)
    scan(page, codes[0])
    expect_verdict(page, "in", "Let in")
    expect(page.locator(".count-in")).to_contain_text("1 of")
    scan(page, codes[0].lower())
    expect_verdict(page, "again", "Just let in")
    scan(page, "K7MR")
    expect_verdict(page, "stop", "No ticket")
    scan(page, codes[1])
    expect_verdict(page, "in", "Let in")


def test_the_answer_fills_the_screen_and_a_hand_scanner_goes_on_at_once(
    new_visitor: NewVisitor, showtime: dict[str, Any], codes: list[str]
) -> None:
    page = new_visitor(viewport={"width": 360, "height": 740})
    open_door(page, showtime)
    for code in codes:
        page.keyboard.type(f"{code}\n")  # as a scanner types, wherever the focus is
        expect_verdict(page, "in", "Let in")
        box = page.locator(".verdict").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (360, 740)
        page.keyboard.press("Escape")
        expect(page.locator(".verdict")).to_have_count(0)


def test_without_a_connection_nobody_is_let_in_and_the_code_is_not_lost(
    page: Page, showtime: dict[str, Any], codes: list[str]
) -> None:
    open_door(page, showtime)
    page.context.set_offline(True)
    scan(page, codes[0])
    expect(page.locator(".verdict.again")).to_contain_text("No connection. Nobody is let in by this")
    page.context.set_offline(False)
    expect_verdict(page, "in", "Let in")


def test_an_answer_that_was_lost_on_its_way_is_no_second_person(
    page: Page, showtime: dict[str, Any], codes: list[str]
) -> None:
    open_door(page, showtime)
    losses = iter([True])

    def lose_the_first(route: Any) -> None:
        if route.request.method == "POST" and next(losses, False):
            route.fetch()  # the server lets the ticket in
            route.abort()
        else:
            route.continue_()

    page.route("**/check-in*", lose_the_first)
    scan(page, codes[0])
    expect_verdict(page, "again", "Just let in")
    page.unroute_all(behavior="wait")


def test_who_is_missing_can_be_searched(page: Page, showtime: dict[str, Any], codes: list[str]) -> None:
    open_door(page, showtime)
    scan(page, codes[0])
    expect_verdict(page, "in", "Let in")
    page.keyboard.press("Escape")
    page.locator(".count").click()
    page.get_by_label("Seat, name or reference").fill("ngo")
    expect(page.get_by_role("heading", name="2 missing")).to_be_visible()
    expect(page.get_by_role("heading", name="1 in", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_door_fits_and_can_be_read_in_light_and_dark(
    new_visitor: NewVisitor, showtime: dict[str, Any], codes: list[str], width: int
) -> None:
    page = new_visitor(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    open_door(page, showtime)
    assert problems(page) == []
    for code in (codes[0], codes[0], "K7MR"):
        scan(page, code)
        expect(page.locator(".verdict .word")).to_be_visible()
        assert problems(page) == []
    page.keyboard.press("Escape")
    page.locator(".count").click()
    expect(page.get_by_role("heading", name=re.compile("missing$"))).to_be_visible()
    assert problems(page) == []


# ---- The camera


@pytest.fixture
def page_with_camera(browser: Browser, movy: RunningMovy, codes: list[str], tmp_path: Path) -> Iterator[Page]:
    """A page of a browser whose camera sees the first ticket, and that lends it without asking."""
    film = tmp_path / "ticket.y4m"
    film.write_bytes(film_of(codes[0]))
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    watch = Watch(movy)
    with browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *camera]) as with_camera:
        context = with_camera.new_context(base_url=movy.base_url, viewport={"width": 360, "height": 740})
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        yield context.new_page()
    assert watch.faults == []


def film_of(code: str) -> bytes:
    """Return an uncompressed video (Y4M) in which a ticket's QR code is held before the camera."""
    width, height = FRAME
    dots = [list(row) for row in segno.make(code, error="m").matrix_iter(scale=8, border=4)]
    left, top = (width - len(dots[0])) // 2, (height - len(dots)) // 2
    light = bytearray([235] * (width * height))
    for y, row in enumerate(dots):
        for x, dot in enumerate(row):
            light[(top + y) * width + left + x] = 16 if dot else 235
    frame = b"FRAME\n" + bytes(light) + bytes([128] * (width * height // 2))
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420mpeg2\n".encode() + frame * 5


def test_a_ticket_before_the_camera_lets_in_once(page_with_camera: Page, showtime: dict[str, Any]) -> None:
    page = page_with_camera
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    open_door(page, showtime)
    posts.clear()
    if page.get_by_role("button", name="Scan with the camera").is_visible():
        page.get_by_role("button", name="Scan with the camera").click()
    expect_verdict(page, "in", "Let in")
    expect(page.locator(".verdict")).to_have_count(0)  # ready for the next one, and this one lies there still
    page.wait_for_timeout(1500)
    assert len(posts) == 1
    page.get_by_role("button", name="Camera off").click()
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
