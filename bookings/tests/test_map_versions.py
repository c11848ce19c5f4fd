"""The version of a map, and what is kept under it: another map has another version, and nobody sees an older one."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts.services import session_token_issue
from bookings import plan
from bookings.errors import SeatsUnavailable
from bookings.maps import seat_map
from bookings.models import Booking, ShowtimeSeat
from bookings.plan import plan_html
from bookings.tests.factories import buyer, hold, showtime_on_sale
from catalog.models import Movie, Showtime
from movy.lib.clock import database_now
from movy.lib.recent import forget_recent
from theatres.models import Theatre

pytestmark = pytest.mark.django_db

LABELS = [f"{row}{number}" for row in "ABCD" for number in range(1, 6)]
GZIP = {"accept-encoding": "gzip"}
HOUR = timedelta(hours=1)
LONG_AGO, FAR_AWAY = datetime(2001, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


@pytest.fixture
def showtime() -> Showtime:
    return showtime_on_sale(LABELS, starts_at=database_now() + timedelta(days=3))


def address(showtime: Showtime) -> str:
    return f"/api/v1/booking/{showtime.pk}"


def look(showtime: Showtime) -> tuple[int, str]:
    """Return a map's version, and all else that the API shows of it."""
    shown = Client().get(address(showtime)).json()
    return shown.pop("version"), json.dumps(shown)


def put(showtime: Showtime, label: str, **state: Any) -> None:
    """Bring a seat into any state that there is."""
    seat = showtime.screen.seats.get(label=label)
    of_none = {"status": "free", "booking": None, "held_until": None}
    ShowtimeSeat.objects.filter(showtime=showtime, seat_id=seat.pk).update(**of_none | state)


def test_maps_that_look_the_same_have_the_same_version_and_no_others(showtime):
    now, chance = database_now(), random.Random(420)
    states: list[dict[str, Any]] = [
        {},
        {"status": "sold", "booking_id": "AAAA"},
        {"status": "held", "booking_id": "BBBB", "held_until": now + HOUR},
        {"status": "held", "booking_id": "BBBB", "held_until": now + 2 * HOUR},
        {"status": "held", "booking_id": "BBBB", "held_until": now - HOUR},
        {"status": "blocked"},
        {"status": "blocked", "held_until": now + HOUR},
        {"status": "blocked", "held_until": now - HOUR},
    ]
    looks = set()
    for _change in range(80):
        put(showtime, chance.choice(LABELS[:3]), **chance.choice(states))
        looks.add(look(showtime))
    assert len(looks) > 10
    assert len({version for version, _shown in looks}) == len({shown for _version, shown in looks}) == len(looks)
    assert all(version < 2**53 for version, _shown in looks)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"status": "sold", "booking_id": "AAAA"},
        *[{"status": "held", "booking_id": "BBBB", "held_until": end} for end in (LONG_AGO, FAR_AWAY)],
        *[{"status": "blocked", "held_until": end} for end in (None, LONG_AGO, FAR_AWAY)],
    ],
    ids=str,
)
def test_a_map_shows_a_seat_as_taken_just_when_nobody_could_take_it(showtime, state):
    put(showtime, "A1", **state)
    seat = showtime.screen.seats.get(label="A1")
    is_taken = seat.pk in seat_map(showtime.pk).taken
    if is_taken:
        with pytest.raises(SeatsUnavailable):
            hold(showtime, ["A1"], now=database_now())
    else:
        hold(showtime, ["A1"], now=database_now())


CHANGES: dict[str, Callable[[Showtime], Any]] = {
    "end of sales": lambda show: Showtime.objects.filter(pk=show.pk).update(sales_close_at=database_now() - HOUR),
    "price": lambda show: show.prices.update(amount_minor=1),
    "category without a price": lambda show: show.prices.all().delete(),
    "title": lambda show: Movie.objects.filter(pk=show.movie_id).update(title="Another one"),
    "theatre's name": lambda show: Theatre.objects.filter(pk=show.screen.theatre_id).update(name="Another one"),
    "place of a seat": lambda show: show.screen.seats.filter(label="A1").update(x=200),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_else_changes_on_a_map_makes_another_version(showtime, change):
    before = look(showtime)
    CHANGES[change](showtime)
    after = look(showtime)
    assert after[1] != before[1]
    assert after[0] != before[0]


def test_sales_that_end_by_the_clock_alone_make_another_version(showtime, monkeypatch):
    before = seat_map(showtime.pk)
    monkeypatch.setattr("bookings.maps.sales_open", lambda showtime, now: False)
    assert seat_map(showtime.pk).version != before.version


def test_what_is_made_anew_after_a_second_is_the_same_map_if_nothing_changed(showtime):
    before = look(showtime)
    forget_recent()
    assert look(showtime) == before


def test_a_seat_that_changes_hands_between_two_looks_is_on_the_next(client, showtime):
    for status in ("sold", "free", "held", "blocked", "free"):
        until = database_now() + HOUR if status == "held" else None
        put(showtime, "A1", status=status, held_until=until)
        assert client.get(address(showtime)).json()["seats"][0]["status"] == status
        page = client.get(f"/booking/{showtime.pk}").content.decode()
        assert re.search(rf'class="seat c1 k0 {status}[ "]', page)


def test_packed_and_plain_are_the_same_map(client, showtime):
    plain, packed = client.get(address(showtime)), client.get(address(showtime), headers=GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert "Accept-Encoding" in plain["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content)


def test_packed_and_plain_page_are_the_same_but_for_the_token(showtime):
    plain = Client().get(f"/booking/{showtime.pk}")
    packed = Client().get(f"/booking/{showtime.pk}", headers=GZIP)
    unpacked = gzip.decompress(packed.content).decode()
    assert packed["Content-Encoding"] == "gzip"
    assert re.sub(r'value="\w{64}"', "", unpacked) == re.sub(r'value="\w{64}"', "", plain.content.decode())


def test_the_token_in_a_packed_page_is_the_visitors_own(showtime):
    client = Client(enforce_csrf_checks=True)
    page = gzip.decompress(client.get(f"/booking/{showtime.pk}", headers=GZIP).content).decode()
    tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    wish = {"showtime": showtime.pk, "seats": ["A1"]}
    assert len(tokens) == 1
    assert client.post("/booking", wish | {"csrfmiddlewaretoken": tokens.pop()}).status_code == 303
    assert client.post("/booking", wish | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_whoever_has_the_map_is_told_so_without_it(client, showtime, accepted):
    headers = {"accept-encoding": accepted}
    first = client.get(address(showtime), headers=headers)
    again = client.get(address(showtime), headers=headers | {"if-none-match": f'"1", {first["ETag"]}'})
    head = client.head(address(showtime), headers=headers)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", first["Content-Length"])
    assert (head["ETag"], head["Vary"]) == (first["ETag"], first["Vary"])


def test_what_a_bearer_sees_is_kept_for_nobody_else(client, showtime):
    now = database_now()
    held = [hold(showtime, [label], who=buyer(name), now=now) for label, name in (("A1", "ada"), ("A2", "kofi"))]
    token, other = (session_token_issue(Booking.objects.get(pk=booking.pk).user) for booking in held)
    seen = [
        client.get(address(showtime), headers=headers)
        for headers in ({"authorization": f"Bearer {token}"}, {}, {"authorization": f"Bearer {other}"})
    ]
    first_two = [[seat["status"] for seat in answer.json()["seats"]][:2] for answer in seen]
    assert first_two[0] == ["mine", "held"]
    assert first_two[1][0] == first_two[2][0] == "held"
    assert len({answer["ETag"] for answer in seen}) == 3
    assert b"Ada" not in seen[1].content


def test_a_draft_and_a_bad_token_are_refused_as_everywhere(client, showtime):
    missing = client.get("/api/v1/booking/9999999", headers=GZIP)
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert client.get(address(showtime), headers={"authorization": "Bearer bad"}).status_code == 401


def test_the_plan_in_one_language_is_not_shown_in_another(showtime, monkeypatch):
    monkeypatch.setattr(plan, "_", lambda text: f"{translation.get_language()}: {text}")
    drawn = seat_map(showtime.pk)
    with translation.override("fr"):
        french = plan_html(drawn, ())
    with translation.override("en"):
        english = plan_html(drawn, ())
    assert "fr: Row" in french
    assert "en: Row" in english
    assert "fr: " not in english


def test_the_database_cuts_no_map_short():
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@SESSION.group_concat_max_len")
            assert cursor.fetchone()[0] == 1_000_000
    labels = [f"A{number}" for number in range(1, 301)]
    showtime = showtime_on_sale(labels)
    ShowtimeSeat.objects.filter(showtime=showtime).update(status="sold")
    assert seat_map(showtime.pk).seats_free == 0
