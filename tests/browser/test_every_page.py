"""Every kind of page, on a phone and a desktop, light and dark: it fits, a screen reader can work with it, and nothing
goes wrong behind the visitor's back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from scripts.contact_sheet import SIGNED_OUT, WIDTHS, pages
from tests.browser.conftest import NewVisitor
from tests.running import RunningMovy

OTHERS = {"checkout"}  # Paystack's page
SERIOUS = frozenset({"serious", "critical"})
BESIDE_THE_WORDS = 24  # pixels that a link in a line of text is high at least (WCAG 2.2, 2.5.8)
TOUCH = 44  # and everything else that a finger meets (2.5.5)


@pytest.fixture(scope="session")
def ada_was_here(
    movy: RunningMovy, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Path]:
    """Return the addresses of pages before and after booking, by name, and the cookies of whose bookings they show."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    addresses = pages(context.new_page(), movy.base_url)
    cookies = tmp_path_factory.mktemp("ada") / "cookies.json"
    context.storage_state(path=cookies)
    context.close()
    return {name: address for name, address in addresses.items() if name not in OTHERS}, cookies


def problems(page: Page) -> list[str]:
    """Return what is wrong with how a page fits, what it is to somebody who cannot see it well, and to a thumb."""
    headings = page.locator("h1").count()
    found = [] if headings == 1 else [f"{headings} headings of the first level"]
    return found + small_targets(page) + _problems(page, impacts=None)


def problems_in_office(page: Page) -> list[str]:
    """As problems, for the office, which is Django's admin and made for a desk: it has links in small type side by
    side, and its own order of headings. What axe-core calls serious holds there too."""
    return _problems(page, impacts=SERIOUS)


def _problems(page: Page, *, impacts: frozenset[str] | None) -> list[str]:
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{too_wide} pixels too wide"] if too_wide > 0 else []
    page.emulate_media(color_scheme="light")
    found += violations(page, impacts=impacts)
    page.emulate_media(color_scheme="dark")
    dark = violations(page, impacts=impacts, rules=["color-contrast"])
    return found + [f"dark: {violation}" for violation in dark]


def violations(page: Page, *, impacts: frozenset[str] | None, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds, each with where it is. impacts: of these alone, None for all. rules: likewise."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    return [
        f"{violation['id']}: {', '.join(' '.join(map(str, node['target'])) for node in violation['nodes'][:5])}"
        for violation in Axe().run(page, options=options).response["violations"]
        if impacts is None or violation["impact"] in impacts
    ]


def small_targets(page: Page) -> list[str]:
    """Return buttons, links and fields that a finger would miss. Seats have their own rule (test_choosing.py)."""
    return page.evaluate(SMALL_TARGETS, [TOUCH, BESIDE_THE_WORDS])  # type: ignore[no-any-return]


SMALL_TARGETS = """([touch, line]) => {
  const isStretched = (element) => getComputedStyle(element, "::after").position === "absolute"; // over all of its card
  const isWord = (element) => element.matches("a") && getComputedStyle(element).display === "inline";
  const height = (element) => {
    const label = element.matches("[type=radio], [type=checkbox]") && element.closest("label");
    if (isWord(element)) return parseFloat(getComputedStyle(element).lineHeight);
    return (label || element).getBoundingClientRect().height;
  };
  return [...document.querySelectorAll("main a, main button, main input, main select, main summary, nav a")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => !element.closest(".hall, .visually-hidden, .skip") && element.type !== "hidden")
    .filter((element) => !isStretched(element) && height(element) < (isWord(element) ? line : touch) - 0.5)
    .map((element) => `${element.outerHTML.slice(0, 90)} is ${Math.round(height(element))} high`);
}"""


def test_every_page_fits_and_can_be_read_on_a_phone_and_a_desktop_in_light_and_dark(
    ada_was_here: tuple[dict[str, str], Path], new_visitor: NewVisitor
) -> None:
    addresses, cookies = ada_was_here
    still = {"reduced_motion": "reduce"}  # no colour halfway to another
    visitors = {"stranger": new_visitor(**still), "ada": new_visitor(**still, storage_state=cookies)}
    found = []
    for name, address in addresses.items():
        page = visitors["stranger" if name in SIGNED_OUT else "ada"]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if width == WIDTHS[0]:
                page.goto(address)
            found += [f"{name} at {width}: {wrong}" for wrong in problems(page)]
    assert not found, "\n".join(found)


def test_every_page_has_a_title_of_its_own(ada_was_here: tuple[dict[str, str], Path], new_visitor: NewVisitor) -> None:
    addresses, cookies = ada_was_here
    page = new_visitor(storage_state=cookies)
    titles: dict[str, str] = {}
    for name, address in addresses.items():
        if name in SIGNED_OUT | {"home-city", "movies-none", "movies-guess", "theatres-near", "held", "waiting"}:
            continue  # of the same kind as another one
        page.goto(address)
        assert page.title() not in titles, (name, titles[page.title()])
        titles[page.title()] = name
