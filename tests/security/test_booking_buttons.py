"""The rival manager, and everybody else, at the office's own pages about bookings: another theatre's are not there, and
nothing of it is changed by any of their buttons."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from bookings.models import BookedSeat, Booking, BookingEvent, CallOff, ShowtimeEvent, ShowtimeSeat, Ticket
from catalog.models import Showtime, ShowtimeStatus
from movy.outbox.models import Mail
from payments.models import Payment, PaymentEvent, Refund, RefundStatus
from tests.security.admin_world import House, house, person
from theatres.models import Role

TABLES: list[type[models.Model]] = [
    Booking,
    BookedSeat,
    BookingEvent,
    CallOff,
    Mail,
    Payment,
    PaymentEvent,
    Refund,
    Showtime,
    ShowtimeEvent,
    ShowtimeSeat,
    Ticket,
]


@pytest.fixture
def theirs(db: None) -> House:
    return house("Quartz", 1)


@pytest.fixture
def mine(db: None) -> House:
    return house("Velvet", 2)


def pages(of: House) -> dict[str, dict[str, Any]]:
    """Every page about a booking or a showing's seats, with what its button sends."""
    booking, payment, refund = of.rows[Booking], of.rows[Payment], of.rows[Refund]
    showtime = booking.showtime
    label = booking.seats.get().label
    free = f"{label[:-1]}2"
    refund_pages = {
        reverse(f"admin:bookings_booking_refund_{step}", args=[booking.pk, refund.reference]): {}
        for step in ("again", "paid_out")
    }
    return refund_pages | {
        reverse("admin:bookings_booking_resend", args=[booking.pk]): {},
        reverse("admin:bookings_booking_check", args=[booking.pk]): {"payment": payment.reference},
        reverse("admin:bookings_booking_refund", args=[booking.pk]): {
            "seats": [label],
            "amount": "0",
            "why": "Velvet",
            "confirmed": "on",
        },
        reverse("admin:bookings_booking_move", args=[booking.pk]): {"leave": [label], "seats": [free]},
        reverse("admin:catalog_showtime_seats", args=[showtime.pk]): {
            "wish": "block",
            "reason": "Velvet",
            "seats": [free],
        },
        reverse("admin:catalog_showtime_call_off", args=[showtime.pk]): {"sure": "on"},
        reverse("admin:bookings_calloff_change", args=[of.rows[CallOff].pk]): {},
    }


def everything() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_rival_finds_none_of_them_and_changes_nothing(mine: House, theirs: House) -> None:
    client, before = signed_in(mine.manager), everything()
    for page, data in pages(theirs).items():
        for answer in (client.get(page), client.post(page, data)):
            assert answer.status_code in (404, 405) or _is_djangos_own(answer), page
            assert "quartz" not in answer.content.decode().lower()
    assert everything() == before


def _is_djangos_own(answer: Any) -> bool:
    """Its page of a row leads to the index when there is none, and takes no POST where nothing can be changed."""
    return answer.status_code == 403 or (answer.status_code, answer.get("Location")) == (302, reverse("admin:index"))


def test_a_foreign_refund_or_payment_is_not_found_under_the_own_booking(mine: House, theirs: House) -> None:
    client, before = signed_in(mine.manager), everything()
    own = mine.rows[Booking].pk
    foreign = theirs.rows[Refund].reference
    for step in ("again", "paid_out"):
        page = reverse(f"admin:bookings_booking_refund_{step}", args=[own, foreign])
        assert {client.get(page).status_code, client.post(page).status_code} == {404}
    check = reverse("admin:bookings_booking_check", args=[own])
    assert client.post(check, {"payment": theirs.rows[Payment].reference}).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_box_office_and_door_do_not_get_in(mine: House, role: str) -> None:
    client, before = signed_in(mine.staff[role]), everything()
    for page, data in pages(mine).items():
        for answer in (client.get(page), client.post(page, data)):
            assert answer.status_code in (302, 405), page
    assert everything() == before


def test_without_a_token_of_the_form_nothing_is_done(mine: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mine.manager)
    before = everything()
    for page, data in pages(mine).items():
        assert client.post(page, data).status_code == 403, page
    assert everything() == before


def test_a_look_changes_nothing(mine: House) -> None:
    client, before = signed_in(mine.manager), everything()
    for page in pages(mine):
        assert client.get(page).status_code in (200, 405), page
    assert everything() == before


@pytest.mark.parametrize(
    "term",
    [
        "QUBOOKING1",
        "quartz-guest@movy.test",
        "Quartz Guest",
        "QUBOOKING1PAY",
        "QUBOOKING1ID",
        "QUBOOKING1BACK",
        "+2348031234567",
    ],
)
def test_the_rivals_search_finds_nothing_of_another_theatre(mine: House, theirs: House, term: str) -> None:
    Booking.objects.filter(pk=theirs.rows[Booking].pk).update(phone="+2348031234567")
    answers = [
        signed_in(user).get(reverse("admin:bookings_booking_changelist"), {"q": term})
        for user in (mine.manager, theirs.manager)
    ]
    assert [len(answer.context["cl"].result_list) for answer in answers] == [0, 1]


def test_the_owner_may_press_them_all(mine: House) -> None:
    client = signed_in(person("owner@movy.test", is_superuser=True))
    Refund.objects.update(status=RefundStatus.FAILED)
    calls_off_last = sorted(pages(mine).items(), key=lambda item: "call-off" in item[0])
    for page, data in calls_off_last:
        assert client.post(page, data).status_code in (303, 400, 403, 409), page
    assert Showtime.objects.get(pk=mine.rows[Booking].showtime_id).status == ShowtimeStatus.CALLED_OFF
