"""Tickets' codes: only ours are ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.errors import UnknownTicket
from bookings.tickets import serial_new, ticket_code, ticket_serial


def test_a_code_gives_its_serial_however_it_is_typed():
    serial = serial_new()
    code = ticket_code(serial)
    typed = f" {code[:8].lower()}-{code[8:16]} {code[16:]} "
    assert len(code) == 32
    assert ticket_serial(typed) == serial


@pytest.mark.parametrize("place", [0, 15, 16, 31])
def test_an_altered_code_is_not_a_ticket(place):
    code = ticket_code(serial_new())
    other = "A" if code[place] != "A" else "B"
    with pytest.raises(UnknownTicket):
        ticket_serial(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", ["", "A", "A" * 31, "A" * 33, "O" * 32, "é" * 32, "A" * 32])
def test_what_was_made_up_is_not_a_ticket(code):
    with pytest.raises(UnknownTicket):
        ticket_serial(code)


@given(st.text())
def test_no_text_is_worse_than_unknown(text):
    with pytest.raises(UnknownTicket):
        ticket_serial(text)


def test_the_address_of_a_tickets_page_is_as_good_as_its_code():
    code = ticket_code(serial_new())
    page = f"https://movy.example/tickets/{code}"
    assert ticket_serial(page) == ticket_serial(f"{page}/qr.svg?size=2#top") == ticket_serial(code)


def test_codes_of_another_key_are_not_ours(settings):
    code = ticket_code(serial_new())
    settings.SECRET_KEY = "another"
    with pytest.raises(UnknownTicket):
        ticket_serial(code)
