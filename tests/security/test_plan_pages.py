"""The seating-plan editor of another theatre's screen: not there for a rival, whatever is asked; not for the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.security.admin_walk import url
from tests.security.admin_world import House, house
from theatres.models import Role, Screen, Seat
from theatres.planning import stored_plan

pytestmark = pytest.mark.django_db

NO_SUCH_SCREEN = 987_654_321


@pytest.fixture
def theirs() -> House:
    return house("Quartz", 1)


@pytest.fixture
def rival() -> Client:
    client = Client()
    client.force_login(house("Velvet", 2).manager)
    return client


def wishes(screen: Screen) -> list[dict[str, str]]:
    version = stored_plan(screen).version
    return [{}, {"text": "A: 1", "version": version, "look": "1"}, {"text": "A: 1", "version": version, "save": "1"}]


@pytest.mark.parametrize("page", ["plan", "plan_read"])
def test_the_rival_finds_no_editor_and_changes_no_seat(theirs: House, rival: Client, page: str) -> None:
    screen, before = theirs.rows[Screen], list(Seat.objects.values())
    for pk in (screen.pk, NO_SUCH_SCREEN):
        answers = [rival.get(url(Screen, page, pk))]
        answers += [rival.post(url(Screen, page, pk), wish) for wish in wishes(screen)]
        assert {answer.status_code for answer in answers} == {404}
        assert not any("quartz" in answer.content.decode().lower() for answer in answers)
    assert list(Seat.objects.values()) == before


def test_the_rival_finds_the_own_editor(rival: Client) -> None:
    screen = Screen.objects.get(name="Velvet Hall")
    assert rival.get(url(Screen, "plan", screen.pk)).status_code == 200


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_desk_and_door_are_led_away_from_the_editor(theirs: House, role: str) -> None:
    client, screen = Client(), theirs.rows[Screen]
    client.force_login(theirs.staff[role])
    for page in ("plan", "plan_read"):
        assert client.get(url(Screen, page, screen.pk)).status_code == 302
        assert client.post(url(Screen, page, screen.pk), wishes(screen)[2]).status_code == 302
    assert stored_plan(screen).plan.seats_total == 2


def test_a_rivals_screen_cannot_be_copied(theirs: House, rival: Client) -> None:
    own = Screen.objects.get(name="Velvet Hall")
    wish = {"theatre": own.theatre_id, "name": "Copy", "copy_of": theirs.rows[Screen].pk}
    answer = rival.post(url(Screen, "add"), wish)
    assert answer.status_code == 200
    assert "quartz" not in answer.content.decode().lower()
    assert not Screen.objects.filter(name="Copy").exists()
