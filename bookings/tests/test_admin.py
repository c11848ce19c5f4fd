"""Bookings in the office: found and read, never written; a draft goes on sale."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Booking, Ticket
from bookings.tickets import ticket_code
from catalog.models import Showtime, ShowtimeStatus
from movy.lib.clock import database_now
from tests.security.admin_walk import snapshot, url
from tests.security.admin_world import House, house


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    client = Client()
    client.force_login(own.manager)
    return client


@pytest.mark.parametrize("term", ["VEBOOKING1", "velvet-guest@movy.test", "Velvet Guest"])
def test_a_booking_is_found_by_reference_e_mail_and_name(client: Client, own: House, term: str) -> None:
    found = client.get(url(Booking, "changelist"), {"q": term}).context["cl"].result_list
    assert list(found) == [own.rows[Booking]]


def test_a_hold_past_its_time_reads_expired_swept_or_not(client: Client, own: House) -> None:
    booking = own.rows[Booking]
    held = Booking.objects.filter(pk=booking.pk)
    for minutes, state, other in ((-1, "expired", "held"), (9, "held", "expired")):
        held.update(status="held", hold_expires_at=database_now() + timedelta(minutes=minutes))
        assert f'<td class="field-state">{state}</td>' in client.get(url(Booking, "changelist")).content.decode()
        found = {asked: client.get(url(Booking, "changelist"), {"status": asked}) for asked in (state, other)}
        assert [len(page.context["cl"].result_list) for page in found.values()] == [1, 0]


def test_a_bookings_page_shows_seats_price_and_history_in_local_time_and_no_code(client: Client, own: House) -> None:
    booking = own.rows[Booking]
    page = client.get(url(Booking, "change", booking.pk)).content.decode()
    local = booking.created_at.astimezone(own.theatre.zone)
    for text in ("₦3,500", "Velvet Standard", "not used", "100 % until 2 hours before", f"{local:%H:%M}"):
        assert text in page
    serial = Ticket.objects.get().serial
    assert serial not in page
    assert ticket_code(serial) not in page


def test_nothing_of_a_booking_can_be_written(client: Client, own: House) -> None:
    booking = own.rows[Booking]
    before = snapshot(booking)
    assert client.get(url(Booking, "add")).status_code == 403
    for page in ("change", "delete"):
        data = {"status": "cancelled", "total_minor": 1, "post": "yes"}
        assert client.post(url(Booking, page, booking.pk), data).status_code == 403
    assert snapshot(booking) == before


def test_a_draft_goes_on_sale_with_a_row_for_each_seat(client: Client, own: House) -> None:
    draft = own.rows[Showtime]
    data = {"action": "put_on_sale", "index": 0, "_selected_action": [draft.pk]}
    assert "1 showing on sale" in client.post(url(Showtime, "changelist"), data, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.status == ShowtimeStatus.ON_SALE
    assert draft.seats.count() == draft.screen.seats.count()
