"""Every page of a guest's booking, as everybody and as two guests; and all other pages as a guest, to whom they are
what they are to somebody who has not signed in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.services import session_store
from bookings.guests import BOOKED_HERE, guest_key
from bookings.models import Booking, Buyer
from bookings.services import booking_confirm
from bookings.tests.factories import hold, showtime_on_sale
from movy.lib.clock import database_now
from tests.security.api_world import PEOPLE
from tests.security.matrix import Expected, Outcome, Row, everybody
from tests.security.office_rows import OFFICE
from tests.security.page_rows import LOGIN, PAGES, signed_in
from tests.security.page_world import SECRET_WORD, PageWorld, page_world
from tests.security.test_page_matrix import problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

GUESTS = ("guest", "other_guest")


@dataclass(frozen=True)
class GuestWorld(PageWorld):
    """Two guests, each with a booking that is held and one that is confirmed; of the first one's the rows tell."""

    held: Booking
    confirmed: Booking


def guest_world() -> GuestWorld:
    here, now = page_world(), database_now()
    showtime = showtime_on_sale(["A1", "A2", "A3", "A4"], starts_at=now + timedelta(days=3))
    made, sessions = {}, {}
    for who, labels in zip(GUESTS, (("A1", "A2"), ("A3", "A4")), strict=True):
        buyer = Buyer(email=f"{who}@example.test", name=f"{SECRET_WORD} Guest")
        made[who] = [hold(showtime, [label], who=buyer, now=now) for label in labels]
        with transaction.atomic():
            booking_confirm(made[who][1].reference, now=now)
        session = session_store()
        session[BOOKED_HERE] = [booking.reference for booking in made[who]]
        session.create()
        sessions[who] = str(session.session_key)
    parts = {field.name: getattr(here, field.name) for field in fields(here)}
    held, confirmed = made["guest"]
    return GuestWorld(**parts | {"sessions": here.sessions | sessions}, held=held, confirmed=confirmed)


def guest_alone(outcome: Outcome) -> Expected:
    """Somebody else's is not found, but by nobody: they are asked who they are."""
    return signed_in(404) | {"guest": outcome, "other_guest": 404}


def reference_of(name: str):
    return lambda here: {"reference": getattr(here, name).reference}


def key_of(name: str):
    return lambda here: reference_of(name)(here) | {"key": guest_key(getattr(here, name))}


def whoever_has_it(outcome: Outcome) -> Expected:
    return everybody(outcome) | dict.fromkeys(GUESTS, outcome)


ROWS = [
    Row("GET", "bookings/<str:reference>", guest_alone(200), ids=reference_of("held")),
    Row("GET", "bookings/<str:reference>", guest_alone(200), ids=reference_of("confirmed")),
    Row("GET", "bookings/<str:reference>/ticket", guest_alone(200), ids=reference_of("confirmed")),
    Row("GET", "bookings/<str:reference>/ticket.pdf", guest_alone(200), ids=reference_of("confirmed")),
    Row("GET", "bookings/<str:reference>/ticket.ics", guest_alone(200), ids=reference_of("confirmed")),
    Row("POST", "booking/pay", guest_alone("303 http"), lambda here: {"booking": here.held.reference}),
    Row("GET", "cancel-booking/<str:reference>", guest_alone(200), ids=reference_of("held")),
    Row("POST", "cancel-booking/<str:reference>", guest_alone("303 /bookings/"), ids=reference_of("held")),
    Row("GET", "bookings/<str:reference>/open/<str:key>", whoever_has_it("303 /bookings/"), ids=key_of("confirmed")),
]


@pytest.mark.parametrize("who", [*PEOPLE, *GUESTS])
def test_a_guests_booking_is_a_guests_alone(who):
    here = guest_world()
    wrong = [problem for row in ROWS for problem in problems(here, who, row)]
    assert not wrong, "\n".join(wrong)


def as_guest(row: Row) -> Row:
    """What somebody without an account gets where they have not booked: what nobody gets. But pages of bookings don't
    ask them to sign in: there they are somebody, and somebody else's is not found."""
    is_of_bookings = row.expected["ben"] == 404 or row.route == "booking/pay"
    asks = str(row.expected["nobody"]).endswith(LOGIN)
    return replace(row, expected={"guest": row.expected["ben" if is_of_bookings and asks else "nobody"]})


def test_everywhere_else_a_guest_is_nobody():
    here = guest_world()
    wrong = [problem for row in [*PAGES, *OFFICE] for problem in problems(here, "guest", as_guest(row))]
    assert not wrong, "\n".join(wrong)
