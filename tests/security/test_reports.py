"""And the rival manager? Reports, their files and the office's home tell nothing of another theatre, not even that it
is there; and only managers and the owner get in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Movie
from catalog.tests.factories import MovieFactory
from payments.models import Payment, Refund, RefundStatus
from payments.report_forms import FORMATS
from payments.reports.catalogue import REPORTS
from tests.security.admin_walk import NO_SUCH_PK
from tests.security.admin_world import House, house, person
from theatres.models import Membership, Role

pytestmark = pytest.mark.django_db

HOME, LIST = reverse("admin:index"), reverse("admin:reports")
DESK = reverse("admin:reconciliation")
PAGES = [HOME, LIST, DESK, *(reverse("admin:report", args=[name]) for name in REPORTS)]
MONTH = {
    "first": (timezone.now() - timedelta(days=20)).date().isoformat(),
    "last": (timezone.now() + timedelta(days=2)).date().isoformat(),
}


@pytest.fixture
def theirs() -> House:
    theirs = house("Quartz", 1)
    Refund.objects.update(status=RefundStatus.NEEDS_ATTENTION)
    Payment.objects.update(mismatch="amount")
    return theirs


@pytest.fixture
def mine() -> House:
    return house("Velvet", 2)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace").lower()


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_theatre_is_not_found_just_as_one_that_never_was(theirs, mine, page) -> None:
    client = signed_in(mine.manager)
    assert client.get(page, {"theatre": mine.theatre.pk}).status_code == 200
    for asked in (theirs.theatre.pk, NO_SUCH_PK, "x", "-1", "1e9", "\x00", f" {mine.theatre.pk}"):
        for more in ({}, {"format": "csv"}):
            answer = client.get(page, {"theatre": asked} | MONTH | more)
            assert answer.status_code == 404, asked
            assert "quartz" not in body(answer)


@pytest.mark.parametrize("page", PAGES)
def test_the_own_pages_and_files_hold_no_word_of_another_theatre(theirs, mine, page) -> None:
    client = signed_in(mine.manager)
    for more in ({}, *({"format": name} for name in FORMATS), *({"by": by} for by in ("show", "film", "ticket_type"))):
        answer = client.get(page, MONTH | more)
        assert answer.status_code in (200, 400)
        assert "quartz" not in body(answer)
        assert "qubooking" not in body(answer)
    assert "velvet" in body(client.get(page))


def test_a_foreign_film_is_neither_offered_nor_taken_and_named_in_no_error(theirs, mine) -> None:
    client = signed_in(mine.manager)
    foreign = theirs.rows[Movie].pk
    page = reverse("admin:report", args=["takings"])
    answers = [client.get(page, MONTH | {"movie": pk}) for pk in (foreign, NO_SUCH_PK, MovieFactory().pk)]
    for answer in answers:
        assert answer.status_code == 400
        assert "quartz" not in body(answer)
        assert [str(error) for error in answer.context["form"].errors["movie"]] == [
            str(error) for error in answers[1].context["form"].errors["movie"]
        ]
    assert client.get(page, MONTH | {"movie": mine.rows[Movie].pk}).status_code == 200


def test_the_owner_sees_each_theatre_by_itself(theirs, mine) -> None:
    client = signed_in(person("owner@movy.test", is_superuser=True))
    page = reverse("admin:report", args=["takings"])
    for own in (theirs, mine):
        answer = client.get(page, MONTH | {"theatre": own.theatre.pk, "by": "film"})
        assert [row[0][0] for row in answer.context["rows"]] == [f"{own.word} Film"]
    assert "Quartz Cinema" in client.get(HOME).content.decode()


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
@pytest.mark.parametrize("page", PAGES)
def test_box_office_and_door_do_not_get_in(mine, page, role) -> None:
    answer = signed_in(mine.staff[role]).get(page, {"theatre": mine.theatre.pk, "format": "csv"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_a_manager_who_only_helps_out_elsewhere_gets_no_report_there(theirs, mine, role) -> None:
    Membership.objects.create(theatre=theirs.theatre, user=mine.manager, role=role)
    client = signed_in(mine.manager)
    for page in PAGES:
        assert client.get(page, {"theatre": theirs.theatre.pk}).status_code == 404
        assert "quartz" not in body(client.get(page))


def test_a_stranger_is_led_to_the_sign_in(db) -> None:
    for page in PAGES:
        assert Client().get(page)["Location"].startswith(reverse("admin:login"))


def test_reports_only_read(mine) -> None:
    """A POST answers as a GET does and changes nothing; nothing here has a form that posts."""
    before = [list(model.objects.order_by("pk").values()) for model in (Payment, Refund)]
    for page in PAGES:
        signed_in(mine.manager).post(page, MONTH)
    assert [list(model.objects.order_by("pk").values()) for model in (Payment, Refund)] == before
