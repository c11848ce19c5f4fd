"""A manager's films and people: found at TMDb and listed, invited and come; a second step; who did what."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from accounts.tests.test_second_step import code
from scripts.contact_sheet import sign_in
from tests.browser.conftest import PAGE_WITH_TMDB_PICTURES, NewVisitor
from tests.browser.test_every_page import problems_in_office
from tests.running import RunningMovy

NEW = "new.colleague@visitor.test"


def manager(new_visitor: NewVisitor, movy: RunningMovy, email: str = "manager@movy.test") -> Page:
    page = new_visitor(reduced_motion="reduce")
    sign_in(page, movy.base_url, email)
    return page


def to_people(page: Page) -> None:
    page.goto("/admin/theatres/theatre/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="People", exact=True).last.click()


def test_a_film_is_found_by_its_poster_and_listed_by_one_click(new_visitor: NewVisitor, movy: RunningMovy) -> None:
    page = manager(new_visitor, movy)
    page.goto(PAGE_WITH_TMDB_PICTURES)
    page.get_by_label("Title").fill("the kid")
    page.get_by_role("button", name="Search TMDB").click()
    poster = page.locator(".film-results img").first
    poster.scroll_into_view_if_needed()
    poster.evaluate("picture => picture.decode()")  # waits for it, and fails when it is none
    page.get_by_role("button", name="Add The Kid (1921)").click()
    expect(page.get_by_text("is on the list of Eko Lantern now")).to_be_visible()
    expect(page.get_by_text("On the list ·").first).to_be_visible()
    page.goto("/admin/changes/")
    expect(page.get_by_role("row", name=re.compile("manager@movy.test The Kid.* Added"))).to_be_visible()


def test_somebody_is_invited_comes_and_goes(new_visitor: NewVisitor, movy: RunningMovy) -> None:
    page = manager(new_visitor, movy)
    to_people(page)
    page.get_by_label("E-mail").fill(NEW)
    page.get_by_label("May work as", exact=True).select_option("manager")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"We have sent an invitation to {NEW}")).to_be_visible()

    colleague = new_visitor()
    colleague.goto(movy.mailed_link(NEW, "Eko Lantern invites you"))
    colleague.get_by_role("link", name="Create an account").click()
    colleague.get_by_label("First name").fill("New")
    colleague.get_by_label("Last name").fill("Colleague")
    expect(colleague.get_by_label("E-mail")).to_have_value(NEW)
    colleague.get_by_label("Password").fill("four words in a row")
    colleague.locator("main form:has([name=password]) button[type=submit]").click()
    colleague.get_by_role("button", name="Accept").click()
    expect(colleague.get_by_role("heading", name="Eko Lantern")).to_be_visible()

    to_people(page)
    page.get_by_role("button", name=f"Remove {NEW}").click()
    expect(page.get_by_text(f"{NEW} does not work here any more")).to_be_visible()
    colleague.goto("/admin/")
    expect(colleague.get_by_text("Eko Lantern")).to_have_count(0)


def test_a_second_step_is_set_up_and_asked_for(new_visitor: NewVisitor, movy: RunningMovy) -> None:
    page = manager(new_visitor, movy, "rival@movy.test")
    page.goto("/admin/")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Password").fill("movy-demo")
    page.get_by_role("button", name="Go on").click()
    assert problems_in_office(page) == []
    secret = page.locator(".second-step-key").inner_text()
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Spare codes")).to_be_visible()
    assert problems_in_office(page) == []
    spare = page.locator(".spare-codes code").first.inner_text()

    again = new_visitor()
    again.goto("/auth/user/login")
    again.get_by_label("E-mail").fill("rival@movy.test")
    again.get_by_label("Password").fill("movy-demo")
    again.locator("main form:has([name=password]) button[type=submit]").click()
    again.get_by_label("Code").fill(spare)
    again.get_by_role("button", name="Sign in").click()
    again.goto("/admin/")
    expect(again.get_by_role("link", name="Set it up")).to_have_count(0)

    page.goto("/auth/user/second-step/app/remove")  # other tests sign in as this manager
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("Your password is all that is asked for.")).to_be_visible()


def test_the_pages_fit_and_can_be_read_in_light_and_dark(new_visitor: NewVisitor, movy: RunningMovy) -> None:
    page = manager(new_visitor, movy)
    to_people(page)
    people = page.url
    found = {}
    for address in [people, f"{PAGE_WITH_TMDB_PICTURES}?q=the", "/admin/changes/", "/auth/user/second-step"]:
        page.goto(address)
        if wrong := problems_in_office(page):
            found[address] = wrong
    assert found == {}
