"""Every kind of page, on a phone and a desktop, light and dark: it fits, a screen reader can work with it, and nothing
goes wrong behind the visitor's back."""

from __future__ import annotations

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
    """Return what is wrong with how the page fits and what it says to a screen reader."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{too_wide} pixels too wide"] if too_wide > 0 else []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in SERIOUS:
            places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            found.append(f"{violation['id']}: {', '.join(places[:5])}")
    return found


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_can_be_read(
    ada_was_here: tuple[dict[str, str], Path], new_visitor: NewVisitor, width: int, scheme: str
) -> None:
    addresses, cookies = ada_was_here
    look = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    visitors = {"stranger": new_visitor(**look), "ada": new_visitor(**look, storage_state=cookies)}
    found = {}
    for name, address in addresses.items():
        page = visitors["stranger" if name in SIGNED_OUT else "ada"]
        page.goto(address)
        if wrong := problems(page):
            found[name] = wrong
    assert found == {}
