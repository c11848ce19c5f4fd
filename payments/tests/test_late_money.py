"""Money that came too late: page and mail say it plainly, and offer the same seats in the next showing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.utils.formats import date_format

from bookings.models import Booking, BookingStatus
from bookings.selectors import booking_full
from bookings.tests.factories import NOW, block, buyer, hold, showtime_on_sale
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from catalog.tests.factories import STARTS_AT, MovieFactory, ShowtimeFactory
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.later import Offer, same_seats_later
from payments.models import Payment
from payments.telling import refund_why
from payments.tests.factories import attempt, charge, coming_showtime, held_booking, lapse
from theatres.models import TicketType
from theatres.tests.factories import ScreenFactory

pytestmark = pytest.mark.django_db

SEATS = ("C4", "C5", "C6")


@pytest.fixture
def first() -> Showtime:
    return showtime_on_sale(SEATS)


@pytest.fixture
def booking(first) -> Booking:
    found = booking_full(hold(first, ["C4", "C5"]).reference)
    assert found is not None
    return found


def another(first: Showtime, *, hours: int = 24, **kwargs) -> Showtime:
    """Return the same film on the same screen, so many hours later."""
    kwargs = {"movie": first.movie, "screen": first.screen} | kwargs
    return showtime_on_sale((), starts_at=first.starts_at + timedelta(hours=hours), **kwargs)


def offered(booking: Booking, now: datetime = NOW) -> Offer:
    offer = same_seats_later(booking, now=now)
    assert offer is not None
    return offer


# ---- What is offered


def test_the_next_showing_with_the_same_seats_free_is_offered_with_the_seats_picked(first, booking):
    taken, free, _later = another(first), another(first, hours=48), another(first, hours=72)
    hold(taken, ["C5"], who=buyer("kofi"))
    offer = offered(booking)
    assert (offer.showtime, offer.has_same_seats, offer.names) == (free, True, "C4, C5")
    assert offer.path == f"/booking/{free.pk}?seats=C4&seats=C5"


def test_without_the_same_seats_the_next_showing_with_as_many_free_is_offered(first, booking):
    full, roomy = another(first), another(first, hours=48)
    block(full, ["C4", "C5"])
    block(roomy, ["C5"])
    offer = offered(booking)
    assert (offer.showtime, offer.has_same_seats) == (roomy, False)
    assert offer.path == f"/booking/{roomy.pk}"


def test_a_seat_of_the_same_name_in_another_hall_is_not_the_same_seat(first, booking):
    theatre = first.screen.theatre
    other_hall = ScreenFactory(theatre=theatre, seats=SEATS)
    elsewhere = showtime_on_sale((), movie=first.movie, screen=other_hall, starts_at=first.starts_at)
    offer = offered(booking)
    assert (offer.showtime, offer.has_same_seats) == (elsewhere, False)


def test_a_lapsed_hold_leaves_its_seats_to_be_offered(first, booking):
    free = another(first)
    hold(free, ["C4"], who=buyer("kofi"))
    assert offered(booking, NOW + timedelta(hours=1)).has_same_seats


@pytest.mark.parametrize("case", ["another film", "another theatre", "a draft", "called off", "sales over", "itself"])
def test_nothing_is_offered_that_cannot_be_booked_or_is_something_else(first, booking, case):
    now = NOW
    if case == "another film":
        another(first, movie=MovieFactory())
    elif case == "another theatre":
        showtime_on_sale(SEATS, movie=first.movie, starts_at=STARTS_AT + timedelta(days=1))
    elif case == "a draft":
        ShowtimeFactory(movie=first.movie, screen=first.screen, seats=(), starts_at=STARTS_AT + timedelta(days=1))
    elif case == "called off":
        Showtime.objects.filter(pk=another(first).pk).update(status=ShowtimeStatus.CALLED_OFF)
    elif case == "sales over":
        now = another(first).sales_close_at
    assert same_seats_later(booking, now=now) is None


def test_the_ticket_types_go_along_where_they_are_sold(first, booking):
    later = another(first)
    booking.seats.filter(label="C5").update(ticket_type="child")
    assert not offered(booking_full(booking.reference)).has_same_seats
    child = TicketType.objects.create(theatre=first.screen.theatre, code="child", name="Child")
    price = later.prices.get()
    ShowtimePrice.objects.create(showtime=later, category=price.category, ticket_type=child, amount_minor=1_000)
    offer = offered(booking_full(booking.reference))
    assert offer.path == f"/booking/{later.pk}?seats=C4&seats=C5&ticket_type.C5=child"


@pytest.mark.parametrize("showings", [2, 15])
def test_however_many_showings_it_is_four_queries(first, booking, django_assert_num_queries, showings):
    for day in range(1, 1 + showings):
        block(another(first, hours=24 * day), ["C4"])
    with django_assert_num_queries(4):
        offered(booking)


# ---- What is told


def paid_late(**kwargs) -> Payment:
    """Ada paid for two seats a minute after their time, when Kofi had one of them."""
    late = held_booking(coming_showtime(seats=SEATS), labels=("C4", "C5"), **kwargs)
    payment = attempt(late)
    lapse(late)
    hold(late.showtime, ["C4"], who=buyer("kofi"), now=database_now())
    charge(payment)
    return payment


def settled(payment: Payment) -> Payment:
    payment_look(payment.reference, via=gateway.WORKER)
    return Payment.objects.get(pk=payment.pk)


def look(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def late_mail() -> str:
    """Return the words of the mail that tells it, and see that its HTML tells the same of the money."""
    mail = message_from_bytes(Mail.objects.get(subject__contains="Your money for").content, policy=policy.default)
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert "All of ₦7,000 goes back" in rich.get_content()
    return " ".join(plain.get_content().split())


@pytest.mark.usefixtures("paystack")
def test_page_booking_and_mail_say_when_it_came_what_happened_and_offer_the_same_seats(client):
    payment = paid_late()
    late = payment.booking
    later = showtime_on_sale(
        (),
        starts_at=late.showtime.starts_at + timedelta(days=1),
        movie=late.showtime.movie,
        screen=late.showtime.screen,
    )
    settled(payment)
    client.force_login(late.user)
    address = f"/booking/{later.pk}?seats=C4&seats=C5"
    for page in (f"/verify-payment?reference={payment.reference}", late.get_absolute_url()):
        told = look(client, page)
        assert "Your payment came at" in told
        assert "have been taken since" in told
        assert "All of ₦7,000 goes back to how you paid; it can take up to 10 working days." in told
        assert "The same seats are free in the next showing" in told
        assert address.replace("&", "&amp;") in told
    mail = late_mail()
    assert "have been taken since" in mail
    assert "All of ₦7,000 goes back" in mail
    assert address in mail
    shows = [show.starts_at.astimezone(late.showtime.screen.theatre.zone) for show in (late.showtime, later)]
    assert all(date_format(local, "l j F, H:i") in mail for local in shows)
    assert f"/find-my-money?reference={payment.reference}" in mail
    assert look(client, address).count(" checked") == 2


@pytest.mark.usefixtures("paystack")
def test_without_another_showing_nothing_is_offered(client):
    payment = settled(paid_late())
    client.force_login(payment.booking.user)
    assert "next showing" not in look(client, f"/verify-payment?reference={payment.reference}")
    assert "next showing" not in late_mail()


@pytest.mark.usefixtures("paystack")
def test_a_link_that_is_opened_later_says_which_seat_has_gone(client):
    payment = paid_late()
    shown = payment.booking.showtime
    later = showtime_on_sale((), starts_at=shown.starts_at + timedelta(days=1), movie=shown.movie, screen=shown.screen)
    settled(payment)
    offer = same_seats_later(booking_full(payment.booking.reference), now=database_now())
    assert offer is not None
    hold(later, ["C5"], who=buyer("kofi"), now=database_now())
    page = look(client, offer.path)
    assert "Seat C5 is not free any more." in page
    assert page.count(" checked") == 1


@pytest.mark.usefixtures("paystack")
def test_a_payment_in_time_that_was_learned_of_late_is_not_called_late():
    refund = settled(paid_late()).refunds.get()
    ended_at = refund.payment.booking.hold_expires_at
    assert ended_at is not None
    refund.payment.paid_at = ended_at - timedelta(minutes=1)
    assert refund_why(refund).startswith("You paid at")
    assert "but we could learn of it only at" in refund_why(refund)


@pytest.mark.usefixtures("paystack")
def test_a_payment_after_the_show_began_says_that():
    late = held_booking(coming_showtime(seats=SEATS), labels=("C4",))
    payment = attempt(late)
    lapse(late)
    Showtime.objects.update(starts_at=database_now() - timedelta(seconds=30))
    charge(payment)
    assert "the show had begun at" in refund_why(settled(payment).refunds.get())


@pytest.mark.usefixtures("paystack")
def test_the_same_seats_if_still_free_are_confirmed_and_nothing_is_offered(client):
    late = held_booking(coming_showtime(seats=SEATS), labels=("C4",))
    payment = attempt(late)
    lapse(late)
    charge(payment)
    assert settled(payment).booking.status == BookingStatus.CONFIRMED
    assert not payment.refunds.exists()


@pytest.mark.usefixtures("paystack")
def test_the_tickets_mail_has_the_theatres_time_too():
    booked = held_booking(coming_showtime(seats=SEATS), labels=("C4",))
    payment = attempt(booked)
    charge(payment)
    settled(payment)
    local = booked.showtime.starts_at.astimezone(booked.showtime.screen.theatre.zone)
    content = Mail.objects.get(subject__contains="Your tickets for").content
    plain = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert plain is not None
    assert date_format(local, "l j F Y, H:i") in plain.get_content()


@pytest.mark.usefixtures("paystack")
def test_a_next_showing_without_these_seats_is_told_as_that_in_the_mail():
    payment = paid_late()
    shown = payment.booking.showtime
    later = showtime_on_sale((), starts_at=shown.starts_at + timedelta(days=1), movie=shown.movie, screen=shown.screen)
    hold(later, ["C4"], who=buyer("kofi"), now=database_now())
    settled(payment)
    mail = late_mail()
    local = later.starts_at.astimezone(shown.screen.theatre.zone)
    assert f"The next showing is {date_format(local, 'l j F, H:i')}" in mail
    assert "Not all of your seats are free there" in mail
    assert any(word.endswith(f"/booking/{later.pk}") for word in mail.split())  # no seat is picked
