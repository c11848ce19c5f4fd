"""Signing up, in and out, a forgotten password, and Google, with JavaScript and without."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.steps import arrive_signed_in, sign_in, twice
from tests.running import PASSWORD, Person, RunningMovy

NEW_PASSWORD = "a stormy matinee for three"


def expect_account_of(page: Page, email: str, *, first_name: str = "Efe") -> None:
    """See whose account this is, on its page."""
    page.goto("/auth/user")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value(first_name)
    expect(page.get_by_text(email).first).to_be_visible()


def expect_nobody(page: Page) -> None:
    page.goto("/auth/user")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def confirm_by_mail(movy: RunningMovy, page: Page, email: str) -> None:
    page.goto(movy.mailed_link(email, "is this your e-mail?"))
    page.get_by_role("button", name="Yes, that's mine").click()
    expect(page.get_by_role("button", name="Yes, that's mine")).to_have_count(0)


def come_by_google(page: Page, *, email: str, name: str) -> None:
    """From the sign-in page through Google's pages, as somebody with this e-mail there, and back."""
    page.goto("/auth/user/login")
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_text("Use another account").click()
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("/")


@twice
def test_a_new_visitor_signs_up_confirms_the_e_mail_and_signs_out(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor, javascript: bool
) -> None:
    email = f"new.{'quick' if javascript else 'plain'}@visitor.test"
    page.goto("/auth/user/login")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("First name").fill("Ifeoma")
    page.get_by_label("Last name").fill("Balogun")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("/")
    expect_account_of(page, email, first_name="Ifeoma")
    expect(page.get_by_text("not confirmed yet")).to_be_visible()

    confirm_by_mail(movy, new_visitor(), email)  # the mail is read on another device
    page.reload()
    expect(page.get_by_text("confirmed", exact=True)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect_nobody(page)
    sign_in(page, Person(email, token=""))
    expect_account_of(page, email, first_name="Ifeoma")


@twice
def test_a_refused_sign_up_says_why_and_keeps_what_was_typed(movy: RunningMovy, page: Page) -> None:
    page.goto("/auth/user/signup")
    page.get_by_label("First name").fill("Ifeoma")
    page.get_by_label("Last name").fill("Balogun")
    page.get_by_label("E-mail").fill("ada@movy.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("E-mail")
    expect(page.get_by_label("First name")).to_have_value("Ifeoma")


@twice
def test_a_forgotten_password_is_set_anew_by_the_mails_link(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor
) -> None:
    person = movy.person_new()
    elsewhere = new_visitor()
    arrive_signed_in(elsewhere, person)

    page.goto("/auth/user/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(movy.mailed_link(person.email, "Choose a new password"))
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("heading", name="All set")).to_be_visible()

    expect_nobody(elsewhere)
    page.goto("/auth/user/login")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, Person(person.email, token="", password=NEW_PASSWORD))
    expect_account_of(page, person.email)


@twice
def test_somebody_new_comes_by_google(movy: RunningMovy, page: Page, javascript: bool) -> None:
    email = f"google.{'quick' if javascript else 'plain'}@gmail.test"
    come_by_google(page, email=email, name="Zuri Otieno")
    expect_account_of(page, email, first_name="Zuri")
    expect(page.get_by_text(f"Connected with Google as {email}")).to_be_visible()


@twice
def test_google_opens_the_account_that_has_the_same_confirmed_e_mail(
    movy: RunningMovy, page: Page, new_visitor: NewVisitor
) -> None:
    person = movy.person_new()
    confirm_by_mail(movy, page, person.email)
    come_by_google(page, email=person.email, name="Somebody Else")
    expect_account_of(page, person.email)
    by_password = new_visitor()
    arrive_signed_in(by_password, person)
    expect_account_of(by_password, person.email)


@twice
def test_turning_back_at_google_leads_to_the_sign_in_again(page: Page) -> None:
    page.goto("/auth/user/login")
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Back to signing in").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
