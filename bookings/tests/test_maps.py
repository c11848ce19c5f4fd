"""The seat map: exact about seats, a second late about everything else at most."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.services import session_token_issue
from bookings.maps import MINE, seat_map
from bookings.models import Booking, ShowtimeSeat
from bookings.services import booking_cancel, showtime_put_on_sale
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.models import Showtime, ShowtimeStatus
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from movy.lib.errors import NotFound
from theatres.tests.factories import seats_add

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime() -> Showtime:
    return showtime_on_sale(["C4", "C5"], starts_at=database_now() + timedelta(days=3))


def states(showtime: Showtime, viewer_id: int | None = None) -> dict[str, str]:
    drawn = seat_map(showtime.pk, viewer_id=viewer_id)
    return {seat.label: drawn.state(seat) for seat in drawn.hall.seats}


def test_a_hold_is_on_the_map_at_once_and_has_another_version(showtime):
    before = seat_map(showtime.pk)
    hold(showtime, ["C4"], now=database_now())
    assert states(showtime) == {"C4": "held", "C5": "free"}
    assert seat_map(showtime.pk).version != before.version


def test_the_version_returns_when_the_seats_do(showtime):
    before = seat_map(showtime.pk).version
    booking_cancel(hold(showtime, ["C4"], now=database_now()).reference, actor_id=None, now=database_now())
    assert seat_map(showtime.pk).version == before


def test_a_lapsed_hold_is_free_and_a_blocked_seat_is_not(showtime):
    hold(showtime, ["C4"], now=database_now())
    ShowtimeSeat.objects.filter(status="held").update(held_until=NOW - timedelta(days=3650))
    block(showtime, ["C5"])
    assert states(showtime) == {"C4": "free", "C5": "blocked"}


def test_the_viewers_own_seats_are_theirs_on_their_map_alone(showtime):
    hold(showtime, ["C4"], who=buyer("ada"), now=database_now())
    assert states(showtime, buyer("ada").user_id) == {"C4": MINE, "C5": "free"}
    assert states(showtime, buyer("kofi").user_id) == {"C4": "held", "C5": "free"}


def test_a_show_that_is_called_off_is_so_at_once(showtime):
    assert seat_map(showtime.pk).sales_open
    Showtime.objects.filter(pk=showtime.pk).update(status=ShowtimeStatus.CALLED_OFF)
    assert not seat_map(showtime.pk).sales_open


def test_a_draft_is_not_there_and_a_show_put_on_sale_is():
    draft = ShowtimeFactory()
    with pytest.raises(NotFound):
        seat_map(draft.pk)
    showtime_put_on_sale(showtime_id=draft.pk, now=NOW)
    assert seat_map(draft.pk).seats_free == 2


def test_a_seat_that_was_added_to_the_plan_later_is_on_no_map(showtime):
    seats_add(showtime.screen, ["C6"])
    assert set(states(showtime)) == {"C4", "C5"}


def test_everybody_gets_the_same_page_with_a_token_of_their_own(client, showtime):
    def page() -> str:
        client.cookies.clear()
        return client.get(f"/booking/{showtime.pk}").content.decode()

    def tokens(html: str) -> set[str]:
        return set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', html))

    first, second = page(), page()
    assert len(tokens(first)) == 1
    assert tokens(first) != tokens(second)
    assert first.replace(*tokens(first), "") == second.replace(*tokens(second), "")
    assert client.cookies["csrftoken"].value


def test_a_page_drawn_for_all_is_not_shown_to_one_who_has_seats(client, showtime):
    client.get(f"/booking/{showtime.pk}")
    booking = hold(showtime, ["C4"], who=buyer("ada"), now=database_now())
    client.force_login(Booking.objects.get(pk=booking.pk).user)
    assert 'class="seat c1 k0 mine' in client.get(f"/booking/{showtime.pk}").content.decode()
    client.logout()
    assert " mine" not in client.get(f"/booking/{showtime.pk}").content.decode()


def test_the_json_map_is_answered_304_until_somebody_takes_a_seat(client, showtime):
    path = f"/api/v1/booking/{showtime.pk}"
    etag = client.get(path)["ETag"]
    again = client.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    booking = hold(showtime, ["C4"], who=buyer("ada"), now=database_now())
    assert client.get(path, headers={"if-none-match": etag}).json()["seats"][0]["status"] == "held"
    token = session_token_issue(Booking.objects.get(pk=booking.pk).user)
    own = client.get(path, headers={"authorization": f"Bearer {token}"})
    assert own.json()["seats"][0]["status"] == MINE
    assert client.get(path).json()["seats"][0]["status"] == "held"


def test_the_answer_to_a_hold_is_the_booking_as_it_will_be_read(client, showtime):
    token = session_token_issue(Booking.objects.get(pk=hold(showtime, ["C4"], now=database_now()).pk).user)
    headers = {"authorization": f"Bearer {token}"}
    wish = {"showtime": showtime.pk, "seats": ["C5"]}
    held = client.post("/api/v1/booking", wish, content_type="application/json", headers=headers).json()["booking"]
    assert held == client.get(f"/api/v1/bookings/{held['reference']}", headers=headers).json()
