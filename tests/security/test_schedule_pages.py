"""And the rival manager? The schedule's pages, its buttons, previews and files tell and change nothing of another
theatre. The pages are taken from the addresses that there are: one without a row here fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from bookings.models import ShowtimeSeat
from catalog.models import CardPrice, PriceCard, Showtime, ShowtimePrice
from tests.security.admin_walk import NO_SUCH_PK
from tests.security.admin_world import EVENING, House, house, person
from theatres.models import Role, Screen

TABLES: list[type[models.Model]] = [Showtime, ShowtimePrice, ShowtimeSeat, PriceCard, CardPrice]
WISHES = ("move", "open", "draft", "open_at", "delete")


@pytest.fixture
def theirs(db: None) -> House:
    return house("Quartz", 1)


@pytest.fixture
def mine(db: None) -> House:
    return house("Velvet", 2)


def sent(of: House) -> dict[str, Any]:
    """What fills every form of the schedule, with rows of this house."""
    showtime, day = of.rows[Showtime], EVENING.date().isoformat()
    text = f"film,screen,date,time,price\n{showtime.movie},{showtime.screen.name},{day},12:00,{of.word} card\n"
    place = {"screen": showtime.screen_id, "movie": showtime.movie_id, "day": day, "at": "12:00"}
    copied = {"first": day, "to": "2031-06-20", "span": "7", "opening": "now", "price": of.rows[PriceCard].pk}
    return place | copied | {"text": text, "save": "all", "opens_on": "2031-06-01T10:00"}


def pages(of: House) -> dict[str, str]:
    """Every page of the schedule that is about one theatre, by name."""
    keys = {"theatre_id": of.theatre.pk, "showtime_id": of.rows[Showtime].pk}
    found = {}
    for pattern in admin.site._registry[Showtime].get_urls():
        if (pattern.name or "").startswith("schedule_") and pattern.name != "schedule_home":
            wanted = {name: value for name, value in keys.items() if name in pattern.pattern.converters}
            found[pattern.name] = reverse(f"admin:{pattern.name}", kwargs=wanted)
    return found


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode().lower()


def everything() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_there_are_pages_to_walk(theirs: House) -> None:
    assert len(pages(theirs)) >= 8


def test_the_rival_finds_no_page_and_no_button_of_another_theatre(theirs: House, mine: House) -> None:
    client, before = signed_in(mine.manager), everything()
    for name, page in pages(theirs).items():
        missing = page.replace(f"/{theirs.theatre.pk}/", f"/{NO_SUCH_PK}/", 1)
        for asked in (page, missing):
            answers = [client.get(asked), *(client.post(asked, sent(theirs) | {"wish": wish}) for wish in WISHES)]
            assert {answer.status_code for answer in answers} == {404}, name
            assert not any("quartz" in body(answer) for answer in answers), name
    assert everything() == before


def test_a_foreign_showing_is_not_found_under_the_own_theatre(theirs: House, mine: House) -> None:
    client, before = signed_in(mine.manager), everything()
    page = reverse("admin:schedule_show", args=[mine.theatre.pk, theirs.rows[Showtime].pk])
    assert client.get(page).status_code == 404
    assert {client.post(page, sent(mine) | {"wish": wish}).status_code for wish in WISHES} == {404}
    assert everything() == before


def test_the_own_pages_take_no_foreign_row_and_name_none(theirs: House, mine: House) -> None:
    client, before = signed_in(mine.manager), everything()
    foreign = sent(theirs)
    for name, page in pages(mine).items():
        assert "quartz" not in body(client.get(page, {"day": EVENING.date().isoformat()})), name
    for field in ("screen", "movie", "price"):
        answer = client.post(pages(mine)["schedule_new"], sent(mine) | {field: foreign[field]})
        assert answer.status_code == 400
        assert "quartz" not in body(answer)
    moved = client.post(pages(mine)["schedule_show"], sent(mine) | {"wish": "move", "screen": foreign["screen"]})
    assert moved.status_code == 400
    assert client.post(pages(mine)["schedule_copy"], sent(mine) | {"screen": foreign["screen"]}).status_code == 400
    read = client.post(pages(mine)["schedule_import"], {"text": foreign["text"], "save": "all"})
    assert read.status_code == 409
    assert {problem.field for problem in read.context["planned"][0].problems} == {"film", "screen", "price"}
    assert everything() == before


def test_the_own_form_is_taken_so_it_is_the_foreign_row_that_is_refused(mine: House) -> None:
    client = signed_in(mine.manager)
    assert client.post(pages(mine)["schedule_show"], sent(mine) | {"wish": "open"}).status_code == 303
    assert Screen.objects.get(pk=sent(mine)["screen"]).showtimes.filter(status="on_sale").count() == 2


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR, "moviegoer", "nobody"])
def test_nobody_but_managers_gets_in(mine: House, role: str) -> None:
    client = Client()
    if role != "nobody":
        client.force_login(mine.staff.get(role) or person("ada@movy.test"))
    before = everything()
    for name, page in pages(mine).items():
        for answer in (client.get(page), client.post(page, sent(mine) | {"wish": "delete"})):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("admin:login"))
    assert everything() == before
