"""Every kind of page, on a phone and a desktop, light and dark: it fits, a screen reader can work with it, and nothing
goes wrong behind the visitor's back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from scripts.contact_sheet import SIGNED_OUT, pages
from tests.browser.conftest import NewVisitor
from tests.running import RunningMovy

OTHERS = {"checkout"}  # Paystack's page
SERIOUS = {"serious", "critical"}


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
    """Return what is wrong with how the page fits and with what it is to somebody who cannot see it well."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{too_wide} pixels too wide"] if too_wide > 0 else []
    page.emulate_media(color_scheme="light")
    found += violations(page)
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {violation}" for violation in violations(page, rules=["color-contrast"])]


def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core takes seriously, each with where it is. rules: these alone, else all of them."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    return [
        f"{violation['id']}: {', '.join(' '.join(map(str, node['target'])) for node in violation['nodes'][:5])}"
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_and_can_be_read_in_light_and_dark(
    ada_was_here: tuple[dict[str, str], Path], new_visitor: NewVisitor, width: int
) -> None:
    addresses, cookies = ada_was_here
    screen = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}  # no colour halfway to another
    visitors = {"stranger": new_visitor(**screen), "ada": new_visitor(**screen, storage_state=cookies)}
    found = {}
    for name, address in addresses.items():
        page = visitors["stranger" if name in SIGNED_OUT else "ada"]
        page.goto(address)
        if wrong := problems(page):
            found[name] = wrong
    assert found == {}
