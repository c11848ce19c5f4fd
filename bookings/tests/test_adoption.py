"""What somebody booked without an account is in the one that they make, once it is sure that it was they."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.services import user_delete
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_google import come_by_google
from accounts.tests.test_signup import link_in
from bookings.adopting import bookings_adopt, bookings_to_adopt
from bookings.flows import guest_bookings_adopt
from bookings.history import booking_told
from bookings.models import Booking, BookingEvent
from bookings.tests.factories import hold
from bookings.tests.test_guests import SEATS, book, links_mailed
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.tests.factories import coming_showtime

pytestmark = pytest.mark.django_db

EMAIL = "efe@example.test"


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = False
    return coming_showtime(seats=SEATS)


@pytest.fixture
def elsewhere(showtime) -> Booking:
    """Booked in another browser, with EMAIL."""
    return book(Client(), showtime, "C6")


def sign_up(client: Client, email: str = EMAIL) -> User:
    person = {"email": email, "password": PASSWORD, "first_name": "Efe", "last_name": "Adeleke"}
    assert client.post("/auth/user/signup", person).status_code == 303
    return User.objects.get(email=email)


def sign_in(client: Client, user: User) -> None:
    assert client.post("/auth/user/login", {"email": user.email, "password": PASSWORD}).status_code == 303


def owner(booking: Booking) -> int | None:
    booking.refresh_from_db()
    return booking.user_id


def test_who_signs_up_finds_what_they_booked_in_this_browser(client, showtime):
    here = book(client, showtime)
    user = sign_up(client, "another@example.test")
    assert owner(here) == user.pk
    assert here.reference in client.get("/bookings").content.decode()
    event = BookingEvent.objects.get(kind="adopted")
    assert (event.booking, event.actor) == (here, user)
    assert booking_told(event).what == "Booked without an account, now in this one"


def test_an_e_mail_that_nobody_has_confirmed_brings_nothing(client, elsewhere):
    """Anybody can sign up with somebody else's e-mail."""
    user = sign_up(client)
    sign_in(Client(), user)
    assert owner(elsewhere) is None
    assert elsewhere.reference not in client.get("/bookings").content.decode()


def test_a_confirmed_e_mail_brings_all_that_was_booked_with_it(client, elsewhere):
    user = sign_up(client)
    assert client.post(link_in(Mail.objects.latest("pk"))).status_code == 303
    assert owner(elsewhere) == user.pk


def test_confirmed_by_the_api_too(client, elsewhere):
    person = {"email": EMAIL, "password": PASSWORD, "first_name": "Efe", "last_name": "Adeleke"}
    assert client.post("/api/v1/auth/user/signup", person, content_type="application/json").status_code == 201
    assert owner(elsewhere) is None
    key = {"key": link_in(Mail.objects.latest("pk")).rpartition("/")[2]}
    assert client.post("/api/v1/auth/user/confirm-email", key, content_type="application/json").status_code == 204
    assert owner(elsewhere) == User.objects.get(email=EMAIL).pk


def test_signing_in_brings_what_was_booked_since_with_a_confirmed_e_mail(client, elsewhere):
    user = user_make(email=EMAIL)
    EmailAddress.objects.update_or_create(user=user, email=EMAIL, defaults={"verified": True, "primary": True})
    sign_in(client, user)
    assert owner(elsewhere) == user.pk


def test_signing_in_by_the_api_brings_it_too_and_nothing_of_the_browsers_session(client, showtime, elsewhere):
    here = book(client, showtime, email="another@example.test")
    user = user_make(email=EMAIL)
    EmailAddress.objects.update_or_create(user=user, email=EMAIL, defaults={"verified": True, "primary": True})
    credentials = {"email": EMAIL, "password": PASSWORD}
    assert client.post("/api/v1/auth/user/login", credentials, content_type="application/json").status_code == 200
    assert (owner(elsewhere), owner(here)) == (user.pk, None)


def test_googles_word_for_an_e_mail_brings_what_was_booked_with_it(client, showtime, google):
    booking = book(Client(), showtime, email="zainab@gmail.test")
    come_by_google(client, "zainab")
    assert owner(booking) == User.objects.get(email="zainab@gmail.test").pk


def test_a_booking_that_was_only_opened_by_its_link_stays_whose_it_is(client, elsewhere):
    """A friend may have been sent the mail."""
    assert client.post("/find-my-booking", {"email": EMAIL}).status_code == 200
    [link] = links_mailed()
    client.get(link)
    sign_up(client, "friend@example.test")
    assert owner(elsewhere) is None
    assert client.get(elsewhere.get_absolute_url()).status_code == 200


def test_what_another_account_has_or_the_desk_sold_is_never_adopted(showtime):
    user = user_make()
    theirs, desk = hold(showtime, ["C4"], now=database_now()), hold(showtime, ["C5"], now=database_now())
    before = theirs.user_id
    Booking.objects.update(email=EMAIL)
    Booking.objects.filter(pk=desk.pk).update(user_id=None, sold_by_id=user.pk)
    references = [theirs.reference, desk.reference]
    assert guest_bookings_adopt(user_id=user.pk, references=references, emails=[EMAIL]) == []
    with transaction.atomic():  # also when somebody else was faster than the look
        adopted = bookings_adopt(
            [theirs.pk, desk.pk], user_id=user.pk, references=references, emails=[], now=database_now()
        )
    assert (adopted, owner(theirs), owner(desk)) == ([], before, None)


def test_e_mails_are_compared_exactly_whatever_the_database_calls_equal(elsewhere):
    assert bookings_to_adopt(references=[], emails=["EFE@example.test"]) == []
    assert bookings_to_adopt(references=[elsewhere.reference.lower()], emails=["éfe@example.test"]) == []
    assert bookings_to_adopt(references=[], emails=[EMAIL]) == [elsewhere.pk]


def test_an_account_that_was_closed_a_moment_ago_adopts_nothing(elsewhere):
    user = user_make()
    with transaction.atomic():
        user_delete(user.pk)
    assert guest_bookings_adopt(user_id=user.pk, emails=[EMAIL]) == []
    assert owner(elsewhere) is None


def test_what_is_adopted_is_forgotten_with_the_account(client, showtime):
    here = book(client, showtime)
    user = sign_up(Client(), "another@example.test")
    guest_bookings_adopt(user_id=user.pk, references=[here.reference])
    signed_in = Client()
    sign_in(signed_in, user)
    signed_in.post("/auth/user/confirm-access", {"password": PASSWORD})
    assert signed_in.post("/auth/user/close", {"sure": "on"}).status_code == 303
    here.refresh_from_db()
    assert (here.email, here.name, here.address, here.status) == ("", "", None, "cancelled")
