"""One's bookings page by page: each once, in their order, whatever is booked meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import session_token_issue
from bookings.models import Booking, BookingStatus
from bookings.tests.factories import NOW, buyer, hold, showtime_on_sale
from movy.lib.clock import database_now
from movy.lib.cursors import cut
from movy.lib.references import reference_new

pytestmark = pytest.mark.django_db

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def showtime():
    return showtime_on_sale(["C4"], starts_at=database_now() + timedelta(days=2))


@pytest.fixture
def ada(db) -> User:
    return User.objects.get(pk=buyer().user_id)


@pytest.fixture
def app(ada) -> Client:
    return Client(headers={"authorization": f"Bearer {session_token_issue(ada)}"})


def booked(user: User, showtime: Any, *made: timedelta) -> list[str]:
    """Make a booking at each of these times after NOW and return their references, the newest first."""
    for after in made:
        Booking.objects.create(
            reference=reference_new(),
            showtime=showtime,
            user=user,
            status=BookingStatus.CANCELLED,
            currency=showtime.currency,
            total_minor=0,
            created_at=NOW + after,
        )
    return list(Booking.objects.order_by("-created_at", "-pk").values_list("reference", flat=True))


@pytest.fixture
def seven(ada, showtime) -> list[str]:
    """Four of one instant, and others a millionth of a second before and after."""
    return booked(ada, showtime, *[MICROSECOND * after for after in (1, 0, 0, 2, 0, 0, -1)])


def page(app: Client, url: str) -> tuple[dict[str, Any], list[str]]:
    answer = app.get(url)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    return body, [row["reference"] for row in body["results"]]


def walk(app: Client, url: str | None, by: str) -> tuple[list[list[str]], str]:
    """Follow `next` or `previous` to the end; return the pages and the last one's address."""
    pages, last = [], ""
    while url:
        assert len(pages) < 20
        body, references = page(app, url)
        pages.append(references)
        last, url = url, body[by]
    return pages, last


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_following_next_shows_each_once_and_previous_the_same_on_the_way_back(app, seven, size):
    there, end = walk(app, f"/api/v1/bookings?page_size={size}", "next")
    assert there == [seven[start : start + size] for start in range(0, 7, size)]
    back, beginning = walk(app, end, "previous")
    assert back == there[::-1]
    assert page(app, beginning)[0]["previous"] is None


def test_what_is_booked_meanwhile_neither_repeats_nor_hides_a_booking(app, ada, showtime, seven):
    first, shown = page(app, "/api/v1/bookings?page_size=3")
    booked(ada, showtime, MICROSECOND * 2, timedelta(seconds=1))  # one of them in the very instant of the newest
    second, then = page(app, first["next"])
    assert shown + then == seven[:6]
    newer, _end = walk(app, second["previous"], "previous")
    now = booked(ada, showtime)
    assert newer[0] == seven[:3]
    assert [reference for part in newer[1:] for reference in part] == now[:2]


def test_a_cursor_goes_on_with_the_same_choice_and_size(app, seven):
    body, _shown = page(app, "/api/v1/bookings?when=upcoming&page_size=2")
    assert body["next"].startswith("http://testserver/api/v1/bookings?when=upcoming&page_size=2&cursor=")
    assert page(app, body["next"])[1] == seven[2:4]
    assert page(app, body["next"].replace("upcoming", "past"))[1] == []


def test_a_page_whose_bookings_are_gone_leads_back_to_the_beginning(app, seven):
    body, _shown = page(app, "/api/v1/bookings?page_size=5")
    gone, none = page(app, body["next"].replace("bookings?", "bookings?when=past&"))
    assert (none, gone["next"]) == ([], None)
    assert page(app, gone["previous"].replace("when=past&", ""))[1] == seven[:5]


def bad_cursors(seven: list[str]) -> dict[str, str]:
    good = cut(Booking.objects.all(), "", size=2).older or ""
    foreign = cut(User.objects.all(), "", size=1, by="date_joined").older or ""
    assert good
    assert foreign
    return {
        "another list's": foreign,
        "altered": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "another place, signed for this one": f"A{good}",
        "cut off": good[:40],
        "without a signature": good.partition(".")[0],
        "a signature alone": f".{good.partition('.')[2]}",
        "a dot": ".",
        "no base64": "%%%",
        "NUL": "%00",
        "half a character": "%ed%a0%80",
        "no UTF-8": "%ff%fe",
        "a blank": "%20",
        "of another world": "cD0yMDI2LTAxLTAx",
        "a number": "2",
        "5,000 digits": "9" * 5000,
    }


def test_a_cursor_that_is_none_is_a_400_that_names_it(app, ada, seven):
    User.objects.create_user("another@example.test")
    for name, cursor in bad_cursors(seven).items():
        answer = app.get(f"/api/v1/bookings?cursor={cursor}")
        assert answer.status_code == 400, name
        assert answer["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert (body["code"], {row["field"] for row in body["errors"]}) == ("invalid", {"cursor"}), name
    assert page(app, "/api/v1/bookings?cursor=")[1] == seven


def test_my_bookings_lead_on_to_older_ones_and_back(client, ada, seven, monkeypatch):
    monkeypatch.setattr("bookings.views.BOOKINGS_A_PAGE", 3)
    client.force_login(ada)

    def leaf(url: str, onward: str = "") -> tuple[list[str], str]:
        """Return which are shown, and where the link with these words leads, "" for nowhere."""
        text = client.get(url).content.decode()
        _before, found, after = text.rpartition(f'rel="{onward}" href="')
        address = after.partition('"')[0].replace("&amp;", "&") if found else ""
        return [reference for reference in seven if reference in text], address and f"/bookings{address}"

    shown, older = leaf("/bookings?when=upcoming", "next")
    assert (shown, leaf("/bookings", "prev")[1]) == (seven[:3], "")
    assert "when=upcoming" in older
    shown, oldest = leaf(older, "next")
    assert shown == seven[3:6]
    assert leaf(oldest, "next") == (seven[6:], "")
    assert leaf(leaf(oldest, "prev")[1])[0] == seven[3:6]


def test_the_page_begins_with_the_newest_where_a_place_cannot_be_read_and_says_so(client, ada, seven):
    User.objects.create_user("another@example.test")
    client.force_login(ada)
    for name, cursor in bad_cursors(seven).items():
        text = client.get(f"/bookings?cursor={cursor}").content.decode()
        assert "This place in the list could not be read." in text, name
        assert all(reference in text for reference in seven)
    assert "could not be read" not in client.get("/bookings?cursor=").content.decode()


def test_a_cursor_of_somebody_else_shows_nothing_of_theirs(app, ada, showtime, seven):
    kofi = User.objects.get(pk=buyer("kofi").user_id)
    theirs = hold(showtime, ["C4"], who=buyer("kofi"), now=NOW + timedelta(minutes=1)).reference
    body, _mine = page(app, "/api/v1/bookings?page_size=1")
    other = Client(headers={"authorization": f"Bearer {session_token_issue(kofi)}"})
    assert page(other, body["next"])[1] == []
    assert theirs not in sum(walk(app, body["next"], "previous")[0], [])


def test_no_page_is_counted_to(app, client, ada, seven):
    client.force_login(ada)
    url = page(app, "/api/v1/bookings?page_size=2")[0]["next"]
    for ask in (lambda: app.get(url), lambda: client.get(f"/bookings?{url.partition('?')[2]}")):
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        sent = " ".join(query["sql"].upper() for query in queries)
        assert "OFFSET" not in sent
        assert "COUNT(" not in sent
