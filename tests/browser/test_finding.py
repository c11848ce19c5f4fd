"""Finding something to see: by city, by place, by filters, by words; with JavaScript and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import twice

LAGOS = {"latitude": 6.45, "longitude": 3.40}


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return new_visitor(viewport={"width": 360, "height": 760})


@twice
def test_filters_combine_in_the_address_and_are_taken_away_one_by_one(page: Page) -> None:
    page.goto("/movies")
    page.get_by_label("Search films").fill("kaeton")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Sherlock Jr.")).to_be_visible()
    page.get_by_text("Narrow down").click()
    page.get_by_label("City").select_option("Lagos")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"[?&]search=kaeton&.*city=Lagos|[?&]city=Lagos&.*search=kaeton"))
    expect(page.get_by_role("heading", name="Sherlock Jr.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\s*\d films\s*$"))).to_be_visible()
    page.get_by_role("link", name="kaeton remove").click()
    expect(page).to_have_url(re.compile(r"city=Lagos"))
    expect(page).not_to_have_url(re.compile(r"kaeton"))


def test_a_filter_changes_the_films_and_the_address_without_another_page(page: Page) -> None:
    page.goto("/movies")
    page.evaluate("window.isTheSame = true")
    count = page.locator("#count").inner_text()
    page.get_by_text("Narrow down").click()
    page.get_by_label("Genre").select_option("Horror")
    expect(page.get_by_role("link", name="Horror remove")).to_be_visible()
    expect(page.locator("#count")).not_to_have_text(count)
    expect(page).to_have_url(re.compile(r"genre=Horror"))
    assert page.evaluate("window.isTheSame")
    page.reload()
    expect(page.get_by_role("link", name="Horror remove")).to_be_visible()


def test_home_remembers_a_city_until_everywhere_is_chosen(page: Page) -> None:
    page.goto("/")
    cities = page.get_by_role("navigation", name="Cities")
    cities.get_by_role("link", name="Accra").click()
    expect(page.get_by_role("heading", name="On today in Accra").or_(page.get_by_text("Coming up"))).to_be_visible()
    page.goto("/")
    page.wait_for_url("/?city=Accra")
    cities.get_by_role("link", name="Everywhere").click()
    page.wait_for_url("/")
    page.goto("/")
    expect(cities.get_by_role("link", name="Everywhere")).to_have_attribute("aria-current", "true")


def test_a_browser_that_may_keep_nothing_goes_by_the_address_alone(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.goto("/")
    page.get_by_role("navigation", name="Cities").get_by_role("link", name="Accra").click()
    page.wait_for_url("/?city=Accra")
    expect(page.get_by_role("button", name="Near me")).to_be_visible()


def test_who_asks_for_it_sees_the_nearest_theatre_first(new_visitor: NewVisitor) -> None:
    page = new_visitor(geolocation=LAGOS, permissions=["geolocation"])
    page.goto("/")
    page.get_by_role("button", name="Near me").click()
    page.wait_for_url("/theatres?near=6.45,3.40")
    expect(page.locator(".place").first).to_contain_text(re.compile(r"\d km · .*Lagos"))
    page.get_by_role("link", name="What is on today in Lagos").click()
    page.wait_for_url("/?city=Lagos")


def test_who_keeps_their_place_to_themselves_is_told_what_else_to_do(new_visitor: NewVisitor) -> None:
    page = new_visitor(permissions=[])
    page.goto("/")
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_text("We could not find out where you are.")).to_be_visible()


def test_few_seats_left_are_told_on_the_films_page(page: Page, showtime: dict[str, Any]) -> None:
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(answer.url) if "seats-left" in answer.url else None)
    scarce = f'<span id="left-{showtime["id"]}" hx-swap-oob="true" class="few">3 seats left</span>'
    page.route("**/showtimes/seats-left?*", lambda route: route.fulfill(body=scarce, content_type="text/html"))
    page.goto(f"/movies/{showtime['movie']['id']}?date={showtime['starts_at'][:10]}")
    told = page.locator(f'a[href="/booking/{showtime["id"]}"]')
    expect(told).to_contain_text("3 seats left")
    assert f"showtime={showtime['id']}" in asked[0]
