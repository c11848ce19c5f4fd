"""Nobody is led from here to another site, by whatever is sent along as the way on; and no mail says another host than
the operator's, whatever was asked for."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_login import sign_in
from accounts.tests.test_second_step import code, set_up
from movy.outbox.models import Mail
from tests.security.page_world import page_world, undone
from tests.security.test_forms import whose
from tests.security.test_page_matrix import ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

HERE = "http://testserver"
ELSEWHERE = [
    *("//evil.test", "///evil.test", "////evil.test", "/\\evil.test", "\\\\evil.test", "\\/evil.test", "/\\/evil.test"),
    *(
        "https://evil.test/",
        "https:evil.test",
        "https:/evil.test",
        "http:///evil.test",
        "HtTpS://evil.test",
        "ftp://evil",
    ),
    *(
        "http://testserver@evil.test/",
        "http://testserver.evil.test/",
        "http://testserver:80@evil.test",
        "//evil.test\\@x",
    ),
    *(
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:x",
    ),
    *("data:text/html,<script>alert(1)</script>", "vbscript:x", "/\t/evil.test", "/\n/evil.test", "\t//evil.test"),
    *("%2F%2Fevil.test", "/%2F/evil.test", "/%5Cevil.test", "https:%2F%2Fevil.test", "javascript%3Aalert(1)"),
    *(
        "/\r\nLocation: https://evil.test",
        "//evil.test%00",
        "//evil%E3%80%82test",
        "//[::1]/",
        "//[evil",
        "//evil.test:99999",
    ),
]


def leads_to(page: str, location: str) -> str:
    """Return which site a browser goes to, as the WHATWG's rules for addresses have it: tabs and line ends are taken
    out, control characters and blanks at the ends too, and a backslash is a slash."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    led = urlsplit(urljoin(f"{HERE}{page}", cleaned))
    return f"{led.scheme}://{led.netloc}"


def after_password(way_on: str) -> tuple[str, Any]:
    return "/auth/user/login", sign_in(Client(), user_make().email, next=way_on)


def after_signing_up(way_on: str) -> tuple[str, Any]:
    person = {"email": "new@movy.test", "password": PASSWORD, "first_name": "New", "last_name": "Person"}
    return "/auth/user/signup", Client().post("/auth/user/signup", person | {"next": way_on})


def after_the_second_step(way_on: str) -> tuple[str, Any]:
    user, owner, client = user_make(is_verified=True), Client(), Client()
    sign_in(owner, user.email)
    secret = set_up(owner)
    asked = sign_in(client, user.email, next=way_on)["Location"]
    assert asked.startswith("/auth/user/second-step/code")
    return asked, client.post(asked, {"code": code(secret)})


def signed_in() -> Client:
    client = Client()
    sign_in(client, user_make().email)
    return client


def after_confirming_access(way_on: str) -> tuple[str, Any]:
    page = "/auth/user/confirm-access"
    return page, signed_in().post(page, {"password": PASSWORD, "next": way_on})


def after_signing_out(way_on: str) -> tuple[str, Any]:
    return "/auth/user/logout", signed_in().post("/auth/user/logout", {"next": way_on})


def by_being_signed_in(way_on: str) -> tuple[str, Any]:
    return "/auth/user/login", signed_in().get("/auth/user/login", {"next": way_on})


def by_the_offices_door(way_on: str) -> tuple[str, Any]:
    return "/admin/login/", Client().get("/admin/login/", {"next": way_on})


WAYS = [
    *(after_password, after_signing_up, after_the_second_step, after_confirming_access, after_signing_out),
    *(by_being_signed_in, by_the_offices_door),
]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_led_to_another_site(way, settings):
    settings.RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS = False
    for way_on in ELSEWHERE:
        with undone():
            page, answer = way(way_on)
        assert answer.status_code in (302, 303), way_on
        assert leads_to(page, answer["Location"]) == HERE, f"{way_on!r} leads to {answer['Location']!r}"


@pytest.mark.parametrize("way", [way for way in WAYS if way not in (after_the_second_step, by_the_offices_door)])
def test_everybody_is_led_on_within_the_site_so_it_is_the_site_that_counts(way):
    assert way("/booking/3?seats=C4")[1]["Location"] == "/booking/3?seats=C4"


def test_pages_link_to_no_other_site_because_they_were_asked_to():
    for way_on in ELSEWHERE:
        for page in ("/auth/user/login", "/auth/user/signup", "/auth/user/logout", "/auth/google"):
            html = (
                signed_in().get(page, {"next": way_on}, follow=True)
                if "logout" in page
                else Client().get(page, {"next": way_on})
            )
            links = re.findall(r'(?:href|action|formaction|hx-\w+)="([^"]*)"', html.content.decode())
            assert not [link for link in links if "evil" in leads_to(page, link) or leads_to(page, link)[:4] == "java"]


def test_no_mail_names_a_host_that_was_asked_for():
    """Each form of each page, with a strange host in every header that could name one."""
    here, mailed = page_world(), 0
    before = Mail.objects.count()
    strange = {
        "host": "evil.test",
        "x-forwarded-host": "evil.test",
        "origin": "https://evil.test",
        "forwarded": "host=evil.test",
    }
    forms = [row for row in ROWS if row.method == "POST"]
    for row in forms:
        with undone():
            here.browser(whose(row)).post(row.path(here), row.body(here), headers=strange)
            mails = [bytes(mail.content) for mail in Mail.objects.order_by("pk")[before:]]
        mailed += len(mails)
        assert not [mail for mail in mails if b"evil.test" in mail], row
    assert mailed >= 5


def test_a_host_that_is_not_ours_is_refused_in_production(client, settings):
    settings.ALLOWED_HOSTS = ["movy.example"]
    for headers in ({"host": "evil.test"}, {"host": "movy.example.evil.test"}, {"host": "movy.example@evil.test"}):
        assert client.get("/", headers=headers).status_code == 400
        assert client.post("/auth/user/forgot-password", {"email": "a@movy.test"}, headers=headers).status_code == 400
    assert client.get("/", headers={"host": "movy.example", "x-forwarded-host": "evil.test"}).status_code == 200
    assert not Mail.objects.exists()
