"""DELETE /api/v1/auth/user: what stays of a person who closes their account, and what goes."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client

import movy.closing
from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from accounts.tests.test_api import me, post, signed_in
from accounts.tests.test_login import is_signed_in, sign_in
from bookings.models import Booking, Buyer, ShowtimeSeat, Ticket
from bookings.services import booking_confirm
from bookings.tests.factories import hold, showtime_on_sale
from bookings.tickets import ticket_code
from movy.closing import account_close
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from theatres.errors import LastManager
from theatres.models import Membership, Role
from theatres.services import memberships_end
from theatres.tests.factories import MembershipFactory, TheatreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return user_make(email="ada@movy.test", first_name="Ada", last_name="Obi", is_verified=True)


def close(user: User):
    token = signed_in(user)["access_token"]
    return Client().delete("/api/v1/auth/user", headers={"authorization": f"Bearer {token}"})


def refused(response, code: str) -> dict:
    assert (response.status_code, response.json()["code"]) == (409, code)
    return response.json()


def bought(user: User, label: str = "A1", *, days: int = 3, is_paid: bool = True) -> Booking:
    """A booking as a person makes it in the API, with all that it knows of them."""
    now = database_now()
    showtime = showtime_on_sale(["A1", "A2"], starts_at=now + timedelta(days=days))
    who = Buyer(email=user.email, name=user.get_full_name(), user_id=user.pk, address="10.0.0.7")
    booking = hold(showtime, [label], who=who, now=now)
    if is_paid:
        with transaction.atomic():
            assert booking_confirm(booking.reference, now=now)
        booking.refresh_from_db()
    return booking


def test_mails_to_them_and_about_their_bookings_go_too_and_those_of_others_stay(ada):
    booking = bought(ada)
    EmailAddress.objects.create(user=ada, email="ada.second@movy.test")
    Mail.objects.all().delete()
    for address, about in [
        ("Ada Obi <ADA@movy.test>", ""),
        ("ada.second@movy.test", ""),
        ("friend@movy.test", booking.reference),
        ("friend@movy.test", ""),
    ]:
        mail = EmailMessage("A mail", "Hello.", "tickets@movy.test", [address])
        mail.about = about
        mail.send()
    assert Mail.objects.count() == 4
    account_close(ada.pk)
    kept = Mail.objects.get()
    assert (kept.recipients, kept.about) == (["friend@movy.test"], "")


def everything_stored() -> str:
    """Return every value of every row that says something about people, as text."""
    models = (User, EmailAddress, SocialAccount, Authenticator, UserSession, Session, Booking, Membership, LogEntry)
    return repr([list(model.objects.values()) for model in models])


def test_the_person_is_gone_and_the_books_are_not(ada):
    booking = bought(ada)
    SocialAccount.objects.create(user=ada, provider="google", uid="1", extra_data={"name": "Ada Obi"})
    before = Booking.objects.values("reference", "status", "total_minor", "created_at", "user").get()
    response = close(ada)
    assert (response.status_code, response.content) == (204, b"")
    left = everything_stored()
    for trace in ("ada@movy.test", "Ada", "Obi", "10.0.0.7"):
        assert trace not in left
    assert Booking.objects.values("reference", "status", "total_minor", "created_at", "user").get() == before
    assert booking.events.count() == 2


def test_the_office_log_keeps_its_lines_without_the_person(ada):
    neighbour = user_make(email="a.ada@movy.test")
    office = {"user": neighbour, "content_type_id": 1, "object_id": "1", "action_flag": CHANGE}
    here, there = (str(MembershipFactory(user=user, role=Role.DOOR)) for user in (ada, neighbour))
    added = [{"added": {"name": "membership", "object": name}} for name in (here, there, ada.email)]
    for name in (ada.email, here, there):
        LogEntry.objects.create(object_repr=name, change_message=json.dumps(added), **office)
    close(ada)
    names = ["- · door", "a.ada@movy.test · door", "-"]
    lines = LogEntry.objects.order_by("pk")
    assert [line.object_repr for line in lines] == ["-", "-", there]
    for line in lines:
        assert [row["added"]["object"] for row in json.loads(line.change_message)] == names


def test_every_way_in_is_shut(ada):
    app, browser, key = signed_in(ada), Client(), ada.password
    sign_in(browser, ada.email)
    Authenticator.objects.create(user=ada, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert close(ada).status_code == 204
    assert me(app["access_token"]).status_code == 401
    assert post("refresh", {"refresh_token": app["refresh_token"]}).status_code == 401
    assert post("login", {"email": "ada@movy.test", "password": PASSWORD}).status_code == 401
    assert not is_signed_in(browser)
    ada.refresh_from_db()
    assert not ada.is_active
    assert not ada.has_usable_password()
    assert ada.password != key
    assert not Session.objects.exists()
    assert not Authenticator.objects.exists()


def test_the_e_mail_is_free_for_somebody_new_who_inherits_nothing(ada):
    bought(ada)
    close(ada)
    form = {"email": "ada@movy.test", "password": PASSWORD, "first_name": "Ada", "last_name": "Two"}
    body = post("signup", form).json()
    mine = Client().get("/api/v1/bookings", headers={"authorization": f"Bearer {body['access_token']}"})
    assert mine.json()["results"] == []


def test_holds_that_are_not_paid_are_let_go(ada):
    held = bought(ada, is_paid=False)
    close(ada)
    held.refresh_from_db()
    assert held.status == "cancelled"
    assert not ShowtimeSeat.objects.filter(booking=held.reference).exists()


def test_a_ticket_that_was_paid_stays_good(ada):
    bought(ada)
    close(ada)
    code = ticket_code(Ticket.objects.get().serial)
    assert Ticket.objects.get().cancelled_at is None
    assert Client().get(f"/tickets/{code}").status_code == 200


def test_somebody_elses_bookings_are_left_alone(ada):
    kofi = user_make(email="kofi@movy.test")
    theirs = bought(kofi, is_paid=False)
    close(ada)
    theirs.refresh_from_db()
    assert (theirs.email, theirs.status) == ("kofi@movy.test", "held")


def test_rights_in_theatres_end(ada):
    for role in (Role.DOOR, Role.BOX_OFFICE):
        MembershipFactory(user=ada, role=role)
    assert close(ada).status_code == 204
    assert not Membership.objects.exists()


def test_the_only_manager_of_a_theatre_stays_until_there_is_another(ada):
    theatre = TheatreFactory(name="Rex")
    MembershipFactory(user=ada, theatre=theatre, role=Role.MANAGER)
    MembershipFactory(user=user_make(), theatre=theatre, role=Role.DOOR)
    MembershipFactory(user=user_make(is_active=False), theatre=theatre, role=Role.MANAGER)
    held = bought(ada, is_paid=False)
    assert refused(close(ada), "last_manager")["theatres"] == ["Rex"]
    held.refresh_from_db()
    assert (held.status, held.email) == ("held", "ada@movy.test")  # nothing was done of what came before
    MembershipFactory(user=user_make(), theatre=theatre, role=Role.MANAGER)
    assert close(ada).status_code == 204


def test_the_only_owner_of_the_platform_stays_until_there_is_another():
    owner = user_make(is_superuser=True, is_staff=True)
    user_make(is_superuser=True, is_active=False)
    refused(close(owner), "last_owner")
    user_make(is_superuser=True)
    assert close(owner).status_code == 204
    owner.refresh_from_db()
    assert (owner.is_superuser, owner.is_staff) == (False, False)


def test_closing_again_after_a_lost_answer_changes_nothing(ada):
    bought(ada)
    account_close(ada.pk)
    account_close(ada.pk)
    assert Booking.objects.get().status == "confirmed"


def test_all_or_nothing(ada, monkeypatch):
    bought(ada)

    def fall_over(user_id: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(movy.closing, "user_delete", fall_over)
    with pytest.raises(RuntimeError):
        account_close(ada.pk)
    assert Booking.objects.get().email == "ada@movy.test"


def test_only_the_person_closes_the_account(ada):
    assert Client().delete("/api/v1/auth/user").status_code == 401
    client = Client()
    client.force_login(ada)
    assert client.delete("/api/v1/auth/user").status_code == 401
    ada.refresh_from_db()
    assert ada.is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_leave_at_once_one_stays(monkeypatch):
    """Both have looked at who else there is before one of them is gone: what is asked last waits for the other."""
    theatre, start = TheatreFactory(), threading.Barrier(2)
    people = [MembershipFactory(user=user_make(), theatre=theatre, role=Role.MANAGER).user for _ in range(2)]
    refusals = []

    def together(**who) -> None:
        with suppress(threading.BrokenBarrierError):  # one at a time where the database lets in one writer alone
            start.wait(timeout=1)
        memberships_end(**who)

    def leave(user: User) -> None:
        try:
            account_close(user.pk)
        except LastManager:
            refusals.append(user.pk)
        finally:
            connection.close()

    monkeypatch.setattr(movy.closing, "memberships_end", together)
    threads = [threading.Thread(target=leave, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.user_id for row in Membership.objects.all()] == refusals
    assert len(refusals) == 1
