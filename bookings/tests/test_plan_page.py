"""The seating-plan editor's page, as it works without JavaScript, and what its script asks."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.admin import screens
from bookings.tests.factories import showtime_on_sale
from catalog.models import Showtime
from movy.lib.clock import database_now
from tests.security.admin_walk import url
from tests.security.admin_world import person
from theatres.models import Membership, Role, Screen, Seat
from theatres.plan import plan_drawing, plan_of_text
from theatres.planning import stored_plan
from theatres.tests.factories import seats_add

pytestmark = pytest.mark.django_db

NEW = "A: 1w 2c 3-6 _ 7-12\n"


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = False
    return showtime_on_sale(["A1", "A2", "B1"], starts_at=database_now() + timedelta(days=2))


@pytest.fixture
def screen(showtime) -> Screen:
    return showtime.screen


@pytest.fixture
def client(screen) -> Client:
    user = person("manager@movy.test")
    Membership.objects.create(user=user, theatre=screen.theatre, role=Role.MANAGER)
    client = Client()
    client.force_login(user)
    return client


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def looked(client: Client, screen: Screen, text: str, **data: str):
    page = client.get(url(Screen, "plan", screen.pk)).content.decode()
    wish = {"version": field(page, "version"), "text": text, "look": "1"} | data
    return client.post(url(Screen, "plan", screen.pk), wish)


def saved(client: Client, screen: Screen, looked_at: str, text: str):
    wish = {"version": field(looked_at, "version"), "seen": field(looked_at, "seen"), "text": text, "save": "1"}
    return client.post(url(Screen, "plan", screen.pk), wish)


def labels() -> set[str]:
    return set(Seat.objects.in_use().values_list("label", flat=True))


def test_the_page_shows_the_plan_as_text_and_as_the_buyer_sees_it(client, screen):
    page = client.get(url(Screen, "plan", screen.pk)).content.decode()
    assert "A: 1-2\nB: 1\n" in page
    assert 'aria-label="A1, Standard"' in page


def test_a_plan_is_looked_at_before_it_is_saved(client, screen):
    page = looked(client, screen, NEW).content.decode()
    assert "Adds <strong>10 seats</strong>" in page
    assert "Takes <strong>1 seat</strong> out" in page
    assert labels() == {"A1", "A2", "B1"}
    assert saved(client, screen, page, NEW).status_code == 302
    assert labels() == {f"A{number}" for number in range(1, 13)}


def test_who_changed_a_plan_stands_in_the_office_s_list_of_changes(client, screen):
    saved(client, screen, looked(client, screen, NEW).content.decode(), NEW)
    page = client.get("/admin/changes/").content.decode()
    assert "Seating plan: 10 seats added, 1 retired." in page


def test_another_plan_than_the_one_that_was_looked_at_is_looked_at_first(client, screen):
    page = looked(client, screen, NEW).content.decode()
    answer = saved(client, screen, page, "Z: 1-9")
    assert "Adds <strong>9 seats</strong>" in answer.content.decode()
    assert labels() == {"A1", "A2", "B1"}


def test_saving_without_a_look_only_looks(client, screen):
    looked(client, screen, NEW, save="1")
    assert labels() == {"A1", "A2", "B1"}


def test_a_line_that_is_wrong_is_named_and_what_was_typed_stays(client, screen):
    answer = looked(client, screen, "A: 1-2\nB; <3\n")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Line 2: A row begins with its name and a colon" in page
    assert "B; &lt;3" in page


def test_the_second_of_two_managers_is_told_and_keeps_the_own_text(client, screen):
    mine = looked(client, screen, NEW).content.decode()
    saved(client, screen, looked(client, screen, "C: 1-3").content.decode(), "C: 1-3")
    answer = saved(client, screen, mine, NEW)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this plan" in page
    assert NEW in page
    assert labels() == {"C1", "C2", "C3"}
    assert "Takes <strong>3 seats</strong> out" in page
    assert saved(client, screen, page, NEW).status_code == 302


def test_a_drawing_is_saved_as_its_text_would_be(client, screen):
    drawing = json.dumps(plan_drawing(plan_of_text(NEW, categories=["standard"])))
    page = looked(client, screen, "what stood there before", drawing=drawing).content.decode()
    assert saved(client, screen, page, NEW).status_code == 302
    assert Seat.objects.get(label="A1", retired_at=None).kind == "accessible"


def test_the_script_is_told_the_other_form_of_the_plan(client, screen):
    page = url(Screen, "plan_read", screen.pk)
    told = client.post(page, {"text": "a: 1-2  3"}).json()
    assert told["text"] == "A: 1-3\n"
    assert client.post(page, {"drawing": json.dumps(told["rows"])}).json() == told
    assert client.post(page, {"text": "a"}).json()["problems"][0].startswith("Line 1: ")
    assert client.get(page).status_code == 405
    assert labels() == {"A1", "A2", "B1"}


@pytest.mark.parametrize(
    "data", [{}, {"drawing": "[[[["}, {"drawing": "\x00"}, {"text": "\x00"}, {"version": "x" * 9999}]
)
def test_whatever_is_posted_there_is_no_500(client, screen, data):
    for page in ("plan", "plan_read"):
        assert client.post(url(Screen, page, screen.pk), data).status_code < 500


def test_a_save_whose_answer_is_lost_is_found(client, screen, monkeypatch):
    def lost(function, *, find):
        assert find() is None
        function()
        return find()

    page = looked(client, screen, NEW).content.decode()
    monkeypatch.setattr(screens, "run_in_transaction", lost)
    assert saved(client, screen, page, NEW).status_code == 302


def test_the_page_and_its_looks_cost_the_same_for_few_seats_and_showings_as_for_many(client, screen):
    def costs(text: str) -> list[int]:
        page, taken = url(Screen, "plan", screen.pk), []
        version = stored_plan(screen).version
        posts = [{"text": text, "version": version, "look": "1"}, {"text": text}]
        for ask in (
            lambda: client.get(page),
            lambda: client.post(page, posts[0]),
            lambda: client.post(url(Screen, "plan_read", screen.pk), posts[1]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert ask().status_code == 200
            taken.append(len(queries))
        return taken

    few = costs("A: 1-3\n")
    seats_add(screen, [f"M{number}" for number in range(1, 40)])
    for day in range(3, 20):
        showtime_on_sale(screen=screen, starts_at=database_now() + timedelta(days=day))
    assert costs("A: 1-30\nZ: 1-9\n") == few == [7, 12, 7]
