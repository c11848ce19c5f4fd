"""Tickets to take along: what stands in the PDF and in the calendar's entry, and who gets them."""

from __future__ import annotations

from datetime import UTC, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import Client
from icalendar import Calendar
from pypdf import PageObject, PdfReader

from accounts.models import User
from accounts.tests.factories import user_make
from bookings.models import Booking
from bookings.services import booking_cancel, booking_confirm
from bookings.tests.factories import hold, showtime_on_sale
from bookings.tickets import ticket_code
from movy.lib.clock import database_now

pytestmark = pytest.mark.django_db

A4 = (595.28, 841.89)  # points


def client_of(booking: Booking) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=booking.user_id))
    return client


def bought(*labels: str, **showing: object) -> Booking:
    now = database_now()
    showtime = showtime_on_sale(labels, starts_at=now + timedelta(days=3), **showing)
    booking = hold(showtime, labels, now=now)
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=now)
    booking.refresh_from_db()
    return booking


def pdf_of(booking: Booking, **headers: str) -> PdfReader:
    response = client_of(booking).get(f"/bookings/{booking.reference}/ticket.pdf", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert f'filename="movy-{booking.reference}.pdf"' in response["Content-Disposition"]
    return PdfReader(BytesIO(response.content))


def entry_of(booking: Booking):
    response = client_of(booking).get(f"/bookings/{booking.reference}/ticket.ics")
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    return event


def test_each_ticket_has_its_seat_code_price_and_way_there():
    booking = bought("C4", "C5")
    theatre = booking.showtime.screen.theatre
    reader = pdf_of(booking)
    [page] = reader.pages
    text = page.extract_text()
    assert (round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2)) == A4
    for line in booking.seats.select_related("ticket"):
        code = ticket_code(line.ticket.serial)
        assert line.label in text
        assert code[:16] in text
        assert code[16:] in text
    screen = booking.showtime.screen
    for word in (booking.showtime.movie.title, theatre.name, theatre.address, screen.name, booking.reference, "₦3,500"):
        assert word in text
    assert "It can be given back until" in text
    assert f"{booking.showtime.starts_at.astimezone(theatre.zone):%H:%M}" in text


def test_the_cedi_is_printed_as_it_is_written():
    text = pdf_of(bought("A1", currency="GHS")).pages[0].extract_text()
    assert "GH₵" in text


def test_a_pdf_is_in_the_language_of_whoever_asks_and_says_so():
    booking = bought("A1")
    for language in ("en", "fr"):
        reader = pdf_of(booking, accept_language=language)
        assert reader.trailer["/Root"]["/Lang"] == language
        assert booking.showtime.movie.title in reader.metadata.title


def test_a_party_gets_two_tickets_a_page():
    booking = bought("A1", "A2", "A3", "A4", "A5")
    pages = pdf_of(booking).pages
    assert [page.extract_text().count(booking.reference) for page in pages] == [2, 2, 1]


def test_names_that_never_end_stay_on_their_ticket_and_cover_nothing():
    booking = bought("A1", "A2")
    theatre = booking.showtime.screen.theatre
    booking.showtime.movie.title = "Neverending " * 16  # as long as the columns are
    booking.showtime.movie.save()
    theatre.name, theatre.address = "Moving Pictures " * 6, "Third Floor, Ahmadu Bello Way " * 6
    theatre.save()
    [page] = pdf_of(booking).pages
    for top, bottom in ((A4[1], A4[1] / 2), (A4[1] / 2, 0)):
        heights = left_column(page, top=top, bottom=bottom)
        assert bottom < heights[-1] < heights[0] < top
        assert all(upper - lower > 9 for upper, lower in pairwise(heights))
        assert (
            len(heights) == 3 + 1 + 1 + 2 + 1 + 1 + 2 + 1 + 1
        )  # title, day, end, place, seat, price; address, two rules


def left_column(page: PageObject, *, top: float, bottom: float) -> list[float]:
    """The heights of the lines of text at the left margin of one ticket, from above."""
    heights: set[float] = set()

    def see(text: str, _cm: list[float], place: list[float], *_font: object) -> None:
        if text.strip() and place[4] < 50 and bottom < place[5] < top:
            heights.add(round(place[5], 1))

    page.extract_text(visitor_text=see)
    return sorted(heights, reverse=True)


def test_a_hold_has_no_pdf_yet_and_is_led_to_where_that_is_said():
    now = database_now()
    booking = hold(showtime_on_sale(["A1"], starts_at=now + timedelta(days=3)), ["A1"], now=now)
    response = client_of(booking).get(f"/bookings/{booking.reference}/ticket.pdf")
    assert (response.status_code, response["Location"]) == (302, f"/bookings/{booking.reference}/ticket")


def test_the_calendar_has_the_show_in_the_theatres_zone_with_a_reminder():
    booking = bought("C4")
    showtime, event = booking.showtime, entry_of(booking)
    assert event.decoded("dtstart").astimezone(UTC) == showtime.starts_at.replace(microsecond=0)
    assert event["dtstart"].params["TZID"] == showtime.screen.theatre.timezone
    assert event["summary"] == showtime.movie.title
    assert showtime.screen.theatre.address in event["location"]
    assert event["status"] == "CONFIRMED"
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(hours=2)


def test_what_was_cancelled_leaves_the_calendar_by_the_same_entry():
    booking = bought("C4")
    before = entry_of(booking)
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=booking.user_id, now=database_now())
    after = entry_of(booking)
    assert after["uid"] == before["uid"]
    assert (after["status"], after["sequence"]) == ("CANCELLED", 1)
    assert not after.walk("VALARM")


def test_a_hostile_title_adds_no_line_of_its_own():
    booking = bought("C4")
    booking.showtime.movie.title = "A;B,C\\D\r\nEND:VEVENT\r\nBEGIN:VEVENT"
    booking.showtime.movie.save()
    event = entry_of(booking)  # there is one
    assert event["summary"] == "A;B,C\\D END:VEVENT BEGIN:VEVENT"


@pytest.mark.parametrize("kind", ["pdf", "ics"])
def test_nobody_elses_ticket_is_found(kind):
    booking = bought("C4")
    stranger = Client()
    stranger.force_login(user_make())
    assert stranger.get(f"/bookings/{booking.reference}/ticket.{kind}").status_code == 404
