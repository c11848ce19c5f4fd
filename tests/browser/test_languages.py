"""French on a phone: the switch, sums by scripts, and a booking from home to the mail in which no page is too wide."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from movy.lib.money import money_pattern, money_text
from tests.browser.conftest import NewVisitor
from tests.browser.steps import BOOKING, CHECKOUT, free_seats, twice
from tests.running import RunningMovy

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AMOUNTS = (0, 5, 4550, 350_000, 123_456_789)


@twice
def test_the_switch_in_the_footer_leads_back_to_the_same_page(page: Page):
    page.goto("/movies?status=coming_soon")
    page.get_by_role("button", name="Français").click()
    page.wait_for_url(re.compile(r"/movies\?status=coming_soon$"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="Cinémas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cinémas")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Theatres")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_scripts_write_sums_as_the_server_does(new_visitor: NewVisitor, showtime: dict[str, Any], language: str):
    page = new_visitor(locale=language)
    page.goto(f"/booking/{showtime['id']}")
    module = page.locator("link[rel=modulepreload][href*=money]").get_attribute("href")
    for currency in ("NGN", "GHS", "XOF"):
        with override(language):
            pattern, written = money_pattern(currency), [money_text(amount, currency) for amount in AMOUNTS]
        script = f"([pattern, sums]) => import('{module}').then((it) => sums.map(it.moneyWriter(pattern)))"
        assert page.evaluate(script, [pattern, AMOUNTS]) == written


def test_a_guest_books_in_french_on_a_phone(new_visitor: NewVisitor, movy: RunningMovy, showtime: dict[str, Any]):
    page = new_visitor(locale="fr-FR", **PHONE)
    look(page, "/")
    look(page, "/movies")
    look(page, f"/movies/{showtime['movie']['id']}")
    look(page, "/theatres")
    look(page, f"/booking/{showtime['id']}")
    free_seats(page).first.check(force=True)
    look(page)
    page.get_by_role("button", name="Retenir ces places").click()
    page.get_by_label("Nom").fill("Aïcha Koné")
    page.locator("form", has=page.get_by_label("Nom")).get_by_label("E-mail").fill("aicha@example.test")
    look(page)
    page.get_by_role("button", name="Retenir mes places").click()
    page.wait_for_url(BOOKING)
    look(page)
    page.get_by_role("button", name=re.compile("^Payer")).click()
    page.wait_for_url(CHECKOUT)
    page.locator("button:has-text('4084 0840 8408 4081')").first.click()
    page.wait_for_url(BOOKING)
    look(page)
    look(page, f"{page.url}/ticket")
    look(page, f"/cancel-booking/{page.url.split('/')[-2]}")
    for path in ("/find-my-money", "/find-my-booking", "/auth/user/login", "/auth/user/signup", "/nothing", "/offline"):
        look(page, path)
    [mail] = movy.mails("aicha@example.test")
    assert "Vos billets pour" in mail["Subject"]
    html = mail.get_body(["html"])
    assert html
    letter = new_visitor(**PHONE)
    letter.set_content(html.get_content())
    look(letter)


def look(page: Page, path: str = "") -> None:
    """Go there if told where, and see that nothing sticks out. MOVY_PICTURES names a folder for what it looks like."""
    if path:
        page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    if folder := os.environ.get("MOVY_PICTURES"):
        number = len(os.listdir(folder))
        page.screenshot(path=f"{folder}/{number:02}.png", full_page=True)
