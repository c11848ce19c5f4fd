"""Who did what in a theatre: one list out of many tables, and the history of one row."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking, BookingEvent, ShowtimeEvent
from catalog.models import Listing, Movie, Showtime, ShowtimePrice
from movy.changes import SOURCES
from movy.lib.clock import local_day
from payments.models import Payment, PaymentEvent
from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house, person
from theatres.models import Membership, Role, Screen, Theatre

CHANGES = "/admin/changes/"


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    return signed_in(own.manager)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def entries(client: Client, **query: Any) -> list[Any]:
    return [entry for entry, _local in client.get(CHANGES, query).context["lines"]]


def act_everywhere(own: House) -> None:
    """One change in each of the tables that the list reads, by the manager through the office where that works."""
    client = signed_in(own.manager)
    for model, change in ((Theatre, {"phone": "123"}), (Screen, {"name": "Velvet Room"}), (Showtime, {"format": "3D"})):
        page = url(model, "change", own.rows[model].pk)
        assert client.post(page, form_data(client.get(page)) | change).status_code == 302
    page = url(Showtime, "change", own.rows[Showtime].pk)
    assert client.post(page, form_data(client.get(page)) | {"prices-0-amount": "4200.50"}).status_code == 302
    page = url(Theatre, "change", own.theatre.pk)
    assert client.post(page, form_data(client.get(page)) | {"refund_steps-0-percent": "50"}).status_code == 302
    page = url(Listing, "change", own.rows[Listing].pk)
    assert client.post(page, form_data(client.get(page)) | {"note": "Velvet organ"}).status_code == 302
    page = url(Movie, "change", own.rows[Movie].pk)
    assert client.post(page, form_data(client.get(page)) | {"tagline": "Soft"}).status_code == 302
    door = Membership.objects.get(user=own.staff[Role.DOOR])
    client.post(f"/admin/theatres/theatre/{own.theatre.pk}/people/", {"wish": "role", "id": door.pk, "role": "manager"})
    ShowtimeEvent.objects.create(
        showtime=own.rows[Showtime],
        at=timezone.now(),
        kind="seats_blocked",
        actor=own.manager,
        detail={"seats": ["A1"]},
    )


def test_the_list_tells_of_every_table_in_words(client: Client, own: House) -> None:
    act_everywhere(own)
    found = entries(client)
    assert {entry.source for entry in found} == {source.code for source in SOURCES}
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)
    told = {(entry.about, entry.sentence) for entry in found}
    assert ("Velvet Cinema", "Phone: – → 123") in told
    assert ("Velvet Room", "Name: Velvet Hall → Velvet Room") in told
    assert ("velvet-door@movy.test as manager", "Role: door → manager") in told
    assert ("Velvet Film", "Note for visitors: – → Velvet organ") in told
    sentences = [entry.sentence for entry in found]
    assert "Price: ₦3,500 → ₦4,200.50" in [sentence.replace("\xa0", "") for sentence in sentences]
    assert any(sentence.startswith("Format: Velvet 2D → 3D") for sentence in sentences)
    assert any("refund step" in sentence for sentence in sentences)
    assert "Seats blocked: A1" in sentences
    assert sentences.count("Phone: – → 123") == 1  # not a second time out of the office's log
    assert not any("phone" in sentence for sentence in sentences)
    by_manager = [entry for entry in found if entry.sentence == "Phone: – → 123"]
    assert by_manager[0].actor == own.manager


def test_every_line_leads_somewhere_that_opens(client: Client, own: House) -> None:
    act_everywhere(own)
    addresses = {entry.url for entry in entries(client) if entry.url}
    assert len(addresses) >= 7
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("query", [{}, {"what": "house"}, {"what": "bookings"}, {"day": f"{timezone.now():%Y-%m-%d}"}])
def test_the_rival_finds_nothing_of_it(own: House, query: dict[str, str]) -> None:
    act_everywhere(own)
    rival = house("Quartz", 2)
    page = signed_in(rival.manager).get(CHANGES, query)
    assert page.status_code == 200
    assert "velvet" not in page.content.decode().lower()
    assert "VEBOOKING" not in page.content.decode()
    for asked in ({"person": own.manager.pk}, {"theatre": own.theatre.pk}, {"person": 987_654_321}):
        refused = signed_in(rival.manager).get(CHANGES, asked)
        assert refused.status_code == 400
        assert "velvet" not in refused.content.decode().lower()
    far = "".join(f"{source.code}{10**9}" for source in SOURCES)
    assert "velvet" not in signed_in(rival.manager).get(CHANGES, {"after": far}).content.decode().lower()


def test_a_film_tells_no_theatre_who_works_at_another(own: House) -> None:
    act_everywhere(own)
    rival, film = house("Quartz", 2), own.rows[Movie]
    Listing.objects.create(theatre=rival.theatre, movie=film)
    thief, owner = signed_in(rival.manager), signed_in(person("owner@movy.test", is_superuser=True))
    for is_shared in (True, False):
        if not is_shared:
            Listing.objects.filter(theatre=own.theatre, movie=film).delete()
        assert not [entry for entry in entries(thief) if entry.source == "o"]
        history = thief.get(url(Movie, "history", film.pk))
        assert history.status_code == 200
        assert own.manager.email not in history.content.decode()
    assert own.manager.email in owner.get(url(Movie, "history", film.pk)).content.decode()


def test_a_film_tells_its_own_theatre_who_changed_it(client: Client, own: House) -> None:
    act_everywhere(own)
    assert own.manager.email in client.get(url(Movie, "history", own.rows[Movie].pk)).content.decode()
    assert "Changed Tagline." in [entry.sentence for entry in entries(client)]


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_box_office_and_door_do_not_get_in(own: House, role: Role) -> None:
    assert signed_in(own.staff[role]).get(CHANGES).status_code == 302


def test_it_is_narrowed_by_person_part_and_day(client: Client, own: House) -> None:
    act_everywhere(own)
    assert {entry.actor for entry in entries(client, person=own.manager.pk)} == {own.manager}
    assert entries(client, person=own.staff[Role.BOX_OFFICE].pk) == []
    assert {entry.source for entry in entries(client, what="bookings")} == {"b"}
    assert {entry.source for entry in entries(client, what="payments")} == {"p"}
    later = timezone.now() + timedelta(days=2)
    day = local_day(later, own.theatre.timezone)  # which ends at 05:00
    assert entries(client, day=f"{day:%Y-%m-%d}") == []
    BookingEvent.objects.update(at=timezone.now() - timedelta(days=40))
    BookingEvent.objects.filter(booking__showtime__screen__theatre=own.theatre).update(at=later)
    assert [entry.source for entry in entries(client, day=f"{day:%Y-%m-%d}")] == ["b"]


@pytest.mark.parametrize(
    "query", ["day=abc", "day=0001-01-01", "person=abc", "person=%00", "what=x", "theatre=-1", f"person={10**30}"]
)
def test_a_wish_that_cannot_be_read_is_a_400(client: Client, query: str) -> None:
    assert client.get(f"{CHANGES}?{query}").status_code == 400


@pytest.mark.parametrize("after", ["x", "b", "b-1", f"b{10**40}", "b0", "<script>", "%00", "z1" * 400])
def test_an_address_that_was_played_with_is_no_error(client: Client, after: str) -> None:
    answer = client.get(f"{CHANGES}?after={after}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script ", "")


def test_leafing_shows_each_change_once(client: Client, own: House) -> None:
    act_everywhere(own)
    booking, payment = own.rows[Booking], own.rows[Payment]
    now = timezone.now()
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=booking, at=now - timedelta(seconds=n * 7 % 100), kind=f"kind{n}") for n in range(80)
    )
    PaymentEvent.objects.bulk_create(
        PaymentEvent(payment=payment, at=now - timedelta(seconds=n % 50), kind=f"kind{n}") for n in range(80)
    )
    shown: list[tuple[str, int]] = []
    address = CHANGES
    for _page in range(20):
        answer = client.get(address)
        shown += [(entry.source, entry.pk) for entry, _local in answer.context["lines"]]
        if not answer.context["next_url"]:
            break
        address = CHANGES + answer.context["next_url"]
    assert len(shown) == len(set(shown))
    assert len([one for one in shown if one[0] == "b"]) == BookingEvent.objects.count()
    assert len([one for one in shown if one[0] == "p"]) == PaymentEvent.objects.count()


def test_it_takes_as_many_queries_for_many_changes_as_for_few(client: Client, own: House) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(CHANGES).status_code == 200
        return len(queries)

    act_everywhere(own)
    count()  # content types are remembered from here on
    few = count()
    for number in range(30):
        colleague = person(f"colleague-{number}@movy.test")
        member = Membership.objects.create(theatre=own.theatre, user=colleague, role=Role.DOOR)
        member.role = Role.BOX_OFFICE
        member.save()
        screen = Screen.objects.create(theatre=own.theatre, name=f"Hall {number}")
        screen.name = f"Room {number}"
        screen.save()
        price = ShowtimePrice.objects.get(showtime=own.rows[Showtime])
        price.amount_minor = 500_000 + number
        price.save()
    assert count() == few


# ---- One row's history


def test_a_showing_tells_who_changed_it_and_its_prices(client: Client, own: House) -> None:
    act_everywhere(own)
    page = client.get(url(Showtime, "history", own.rows[Showtime].pk)).content.decode()
    assert "Format: Velvet 2D → 3D" in page
    assert re.search(r"Price: ₦\s?3,500 → ₦\s?4,200\.50", page)
    assert own.manager.email in page


def test_a_theatre_tells_who_changed_its_people(client: Client, own: House) -> None:
    act_everywhere(own)
    page = client.get(url(Theatre, "history", own.theatre.pk)).content.decode()
    assert "Phone: – → 123" in page
    assert "Role: door → manager" in page


def test_a_save_that_changes_nothing_tells_nothing(client: Client, own: House) -> None:
    own.theatre.save()
    own.theatre.save()
    assert client.get(url(Theatre, "history", own.theatre.pk)).context["lines"][0].kind != "~"


def test_what_a_worker_changes_is_nobodys(client: Client, own: House) -> None:
    own.theatre.phone = "999"
    own.theatre.save()
    [entry] = [entry for entry in entries(client) if entry.sentence == "Phone: – → 999"]
    assert entry.actor is None
