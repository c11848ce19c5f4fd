"""From the home page to the ticket without an account, for people who have no mouse, no map, no JavaScript, a screen
magnified four times, no liking for motion, or colours of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import BOOKING, CHECKOUT, GOOD_CARD, expect_confirmed, free_seats, without_javascript
from tests.browser.test_seat_map import tab_to

SEATS = re.compile(r"/booking/\d+$")

Look = Callable[[Page], None]
"""What is looked at on every page of the way."""


class Pointer:
    """Books as most people do."""

    def press(self, target: Locator) -> None:
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        target.fill(text)

    def pick(self, page: Page) -> list[str]:
        """Tick two free seats and return their labels."""
        chosen = [page.locator(".seat.free:not(.accessible, .companion)").nth(place) for place in (0, 1)]
        labels = [str(seat.locator("input").get_attribute("value")) for seat in chosen]
        for label in labels:
            page.locator(".seat", has=page.locator(f"input[value={label}]")).click()
        return labels


class Keys(Pointer):
    """Has a keyboard and nothing else."""

    def press(self, target: Locator) -> None:
        tab_to(target.page, target)
        target.page.keyboard.press("Enter")

    def fill(self, target: Locator, text: str) -> None:
        tab_to(target.page, target)
        target.page.keyboard.type(text)

    def pick(self, page: Page) -> list[str]:
        tab_to(page, free_seats(page).first)
        for key in ("Space", "ArrowRight", "Space"):
            page.keyboard.press(key)
        return [str(box.get_attribute("value")) for box in page.locator(".seat input:checked").all()]


class Reader(Pointer):
    """Chooses from the list, where the map is of no use."""

    def pick(self, page: Page) -> list[str]:
        page.locator(".looks").click()
        expect(page.locator(".silver")).to_be_hidden()
        return super().pick(page)


@dataclass(frozen=True)
class Way:
    """How somebody goes to the ticket, and what must hold on every page."""

    hand: Pointer
    look: Look = lambda page: None


def book(page: Page, way: Way, email: str) -> None:
    hand = way.hand

    def on(target: Locator, to: str | re.Pattern[str]) -> None:
        hand.press(target)
        page.wait_for_url(to)  # scripts send some forms: the click is over before the next page comes
        way.look(page)

    page.goto("/")
    way.look(page)
    on(page.locator(".poster-card").get_by_role("link").nth(2), re.compile(r"/movies/"))
    on(page.locator("a.showtime").last, SEATS)
    labels = hand.pick(page)
    assert len(labels) == 2
    way.look(page)
    on(page.get_by_role("button", name="Hold these seats"), re.compile(r"/auth/user/login\?"))
    form = page.locator("form", has=page.get_by_role("heading", name="Continue without an account"))
    hand.fill(form.get_by_label("E-mail"), email)
    hand.fill(form.get_by_label("Name"), "Efe Adeleke")
    on(form.get_by_role("button", name="Hold my seats"), BOOKING)
    expect(page.get_by_text("Your seats are held until")).to_be_visible()
    hand.press(page.get_by_role("button", name=re.compile("^Pay ")))
    page.wait_for_url(CHECKOUT)  # somebody else's page
    for label, text in zip(("Card number", "Expiry", "CVV"), GOOD_CARD, strict=True):
        hand.fill(page.get_by_label(label), text)
    hand.press(page.get_by_role("button", name=re.compile("^Pay ")))
    expect_confirmed(page, labels)
    way.look(page)
    on(page.get_by_role("link", name="All tickets on one page"), re.compile(r"/ticket$"))
    expect(page.locator("img.qr")).to_have_count(2)


def test_by_the_keyboard_alone(page: Page) -> None:
    book(page, Way(Keys()), "keys@visitor.test")


def test_by_the_list_alone(page: Page) -> None:
    book(page, Way(Reader()), "list@visitor.test")


@without_javascript
def test_without_javascript(page: Page) -> None:
    book(page, Way(Pointer()), "plain@visitor.test")


def test_magnified_four_times(new_visitor: NewVisitor) -> None:
    """1280 by 1024 pixels at 400 %: nothing scrolls sideways but the map, and what has the focus is seen."""
    page = new_visitor(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    book(page, Way(Pointer(), fits), "large@visitor.test")


def fits(page: Page) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth") <= 0, page.url
    assert page.evaluate(COVERED) == [], page.url


COVERED = """() => [...document.querySelectorAll("main a, main button, main input, main select, main summary")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
  .filter((element) => !element.closest(".hall, .visually-hidden") && element.type !== "hidden")
  .filter((element) => {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
    const shown = (element.matches("[type=radio], [type=checkbox]") && element.closest("label")) || element;
    const { left, top, width, height } = shown.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + Math.min(height, innerHeight) / 2);
    return width && height && !(shown.contains(above) || above?.contains(shown));
  })
  .map((element) => element.outerHTML.slice(0, 90))"""


def test_with_nothing_that_moves(new_visitor: NewVisitor) -> None:
    page = new_visitor(reduced_motion="reduce")
    book(page, Way(Pointer(), is_still), "still@visitor.test")


def is_still(page: Page) -> None:
    moving = page.evaluate(
        "document.getAnimations().map((animation) => animation.effect.target.outerHTML.slice(0, 80))"
    )
    assert moving == [], page.url
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_in_colours_of_ones_own(new_visitor: NewVisitor) -> None:
    """Forced colours leave no ground of ours: what is chosen, taken or to be pressed shows by lines and signs."""
    page = new_visitor(forced_colors="active")
    book(page, Way(Pointer(), is_told_by_lines), "colours@visitor.test")


def is_told_by_lines(page: Page) -> None:
    bare = page.evaluate(
        """() => [...document.querySelectorAll("main .button, main button")]
          .filter((element) => element.checkVisibility() && getComputedStyle(element).borderTopStyle === "none")
          .map((element) => element.outerHTML.slice(0, 90))"""
    )
    assert bare == [], page.url
    looks = {
        state: page.locator(seat).first.evaluate(LINES)
        for state, seat in {
            "free": ".hall .seat.free:not(:has(:checked)) span",
            "chosen": ".hall .seat:has(:checked) span",
            "taken": ".hall .seat:is(.sold, .held) span",
        }.items()
        if page.locator(seat).count()
    }
    assert len(set(looks.values())) == len(looks), looks


LINES = """(element) => {
  const own = getComputedStyle(element);
  const sign = getComputedStyle(element, "::after");
  const border = [own.borderTopStyle, own.borderTopWidth, own.borderTopColor];
  return [...border, own.outlineStyle, own.backgroundColor, sign.content].join();
}"""


@pytest.mark.parametrize("javascript", [True])
def test_pages_work_where_the_scripts_do_not_come(new_visitor: NewVisitor, javascript: bool) -> None:
    """An old browser, or a line that loses half: the page's own words and forms are enough."""
    page = new_visitor()
    page.route("**/static/js/**", lambda route: route.abort())
    book(page, Way(Pointer()), "half@visitor.test")
