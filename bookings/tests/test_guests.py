"""Booking without an account: who may see it, and what is kept on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as movy_settings
from django.db import transaction
from django.test import Client

from accounts.tests.factories import user_make
from bookings import flows
from bookings.drafts import BookingDraft
from bookings.guests import guest_email, guest_key
from bookings.history import booking_told
from bookings.models import Booking, BookingEvent
from bookings.services import booking_confirm
from bookings.tests.factories import buyer, hold
from catalog.models import Showtime
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.tests.factories import coming_showtime
from tests.security.page_world import writes
from theatres.tests.people import browser_of

pytestmark = pytest.mark.django_db

SEATS = ["C4", "C5", "C6"]
WHO = {"email": "Efe@Example.test", "name": "Efe Adeleke"}


@pytest.fixture
def showtime(settings) -> Showtime:
    settings.RATE_LIMITS = False
    return coming_showtime(seats=SEATS)


def book(client: Client, showtime: Showtime, *labels: str, **changes: Any) -> Booking:
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": labels or ["C4"]} | WHO | changes)
    assert answer.status_code == 303
    return Booking.objects.get(reference=answer["Location"].rpartition("/")[2])


def confirm(booking: Booking) -> None:
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=database_now())


def links_mailed(email: str = "efe@example.test") -> list[str]:
    """Return the paths of the links with a key in the mails to this address, the newest mail last."""
    mails = Mail.objects.filter(recipients__icontains=email).order_by("pk")
    found = [re.search(r"/bookings/\w+/open/[\w-]+", bytes(mail.content).decode().replace("=\n", "")) for mail in mails]
    return [link[0] for link in found if link]


def test_a_guest_holds_seats_by_e_mail_and_name(client, showtime):
    booking = book(client, showtime, "C4", "C5")
    assert (booking.user_id, booking.email, booking.name) == (None, "efe@example.test", "Efe Adeleke")
    assert booking.address == "127.0.0.1"
    assert client.get(booking.get_absolute_url()).status_code == 200


def test_a_guest_holds_the_best_seats(client, showtime):
    answer = client.post(f"/booking/{showtime.pk}", {"tickets": 2, "category": ""} | WHO)
    assert answer.status_code == 303
    assert Booking.objects.get().seats.count() == 2


def test_who_says_nothing_of_themselves_is_asked_with_the_picks_kept(client, showtime):
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["C4", "C5"], "ticket_type.C5": "child"})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    form = page[page.index("guest stack") :]
    assert 'action="/booking"' in form
    for name, value in [("showtime", showtime.pk), ("seats", "C4"), ("seats", "C5"), ("ticket_type.C5", "child")]:
        assert f'name="{name}" value="{value}"' in form


def test_a_sign_in_that_leads_to_no_seats_offers_nothing_to_hold(client, showtime):
    map_path = f"/booking/{showtime.pk}"
    for going_to in ("/bookings", map_path, f"//evil.test{map_path}?seats=C4", "//[", "/nothing/here?seats=A1"):
        page = client.get("/auth/user/login", {"next": going_to}).content.decode()
        assert "Continue without an account" not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "no e-mail"}, "Enter a valid email address."),
        ({"email": "a@b.test\r\nBcc: x@y.test"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"name": "  "}, "This field is required."),
        ({"email": f"{'a' * 60}@{'é' * 60}.test"}, "Enter a valid email address."),
        ({"email": "efe@gmial.com"}, "Did you mean efe@gmail.com?"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_is_kept(client, showtime, changes, said):
    wish = {"showtime": showtime.pk, "seats": ["C4", "C5"], "ticket_type.C5": "child"} | WHO | changes
    answer = client.post("/booking", wish)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(rf'<p class="error"[^>]*>{re.escape(said)}', page)
    assert 'name="seats" value="C5"' in page
    assert 'name="ticket_type.C5" value="child"' in page
    assert not Booking.objects.exists()


def test_an_e_mail_that_only_looks_mistyped_is_taken_the_second_time(client, showtime):
    wish = {"showtime": showtime.pk, "seats": ["C4"]} | WHO | {"email": "efe@gmial.com"}
    page = client.post("/booking", wish).content.decode()
    [sure] = re.findall(r'name="sure" value="([^"]+)"', page)
    assert book(client, showtime, email="efe@gmial.com", sure=sure).email == "efe@gmial.com"


def test_names_are_one_line_and_domains_ascii(client, showtime):
    booking = book(client, showtime, email="EFE@Bücher.Example", name="Efe\r\nBcc: x\tAdeleke")
    assert (booking.email, booking.name) == ("efe@xn--bcher-kva.example", "Efe Bcc: x Adeleke")
    assert guest_email(" A@B.Test ") == "a@b.test"


def test_what_was_typed_is_there_again_when_the_seats_were_gone(client, showtime):
    hold(showtime, ["C4"], now=database_now())
    answer = client.post("/booking", {"showtime": showtime.pk, "seats": ["C4"]} | WHO)
    assert answer.status_code == 409
    again = client.post("/booking", {"showtime": showtime.pk, "seats": ["C5"]})
    page = client.get(again["Location"]).content.decode()
    assert 'value="Efe Adeleke"' in page
    assert 'value="efe@example.test"' in page


def test_an_e_mail_with_an_account_is_neither_told_nor_refused(showtime):
    user_make(email="efe@example.test")
    known = Client().post("/booking", {"showtime": showtime.pk, "seats": ["C4"]} | WHO)
    unknown = Client().post("/booking", {"showtime": showtime.pk, "seats": ["C5"]} | WHO | {"email": "x@example.test"})
    assert (known.status_code, unknown.status_code) == (303, 303)
    assert set(Booking.objects.values_list("user_id", flat=True)) == {None}


def test_who_is_signed_in_books_as_themselves_whatever_is_sent_along(client, showtime):
    user = user_make()
    client.force_login(user)
    booking = book(client, showtime, email="somebody@else.test", name="Somebody")
    assert (booking.user_id, booking.email) == (user.pk, user.email)


def test_a_form_that_is_sent_twice_is_one_booking(client, showtime):
    """A slow phone and an impatient thumb: what the first answer said is lost, its cookies too."""
    first = book(Client(), showtime, "C4", attempt="one and only")
    assert book(client, showtime, "C4", attempt="one and only") == first
    assert client.get(first.get_absolute_url()).status_code == 200
    best = {"tickets": 1, "category": "", "attempt": "another"} | WHO
    answers = [client.post(f"/booking/{showtime.pk}", best) for _click in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert Booking.objects.count() == 2


def test_twice_at_the_same_moment_too(client, showtime, monkeypatch):
    """The one looks whether it came before, and only then the other is there."""
    hold_seats = flows.seats_hold

    def be_overtaken(draft: BookingDraft, **kwargs: Any) -> Booking:
        monkeypatch.setattr(flows, "seats_hold", hold_seats)
        book(Client(), showtime, "C4", attempt="one and only")
        return hold_seats(draft, **kwargs)

    monkeypatch.setattr(flows, "seats_hold", be_overtaken)
    assert book(client, showtime, "C4", attempt="one and only") == Booking.objects.get()


def test_a_form_that_somebody_comes_back_to_later_makes_a_new_booking(client, showtime):
    first = book(client, showtime, "C4", attempt="one and only")
    client.post(f"/cancel-booking/{first.reference}")
    second = book(client, showtime, "C4", attempt="one and only")
    assert second != first
    book(client, showtime, "C5", attempt="one and only", email="other@example.test")
    Booking.objects.filter(pk=first.pk).update(user_id=user_make().pk)  # adopted meanwhile
    book(client, showtime, "C6", attempt="one and only")
    assert Booking.objects.count() == 4


def test_another_e_mail_or_another_attempt_is_another_booking(client, showtime):
    book(client, showtime, "C4", attempt="one and only")
    for changes in ({"email": "other@example.test", "attempt": "one and only"}, {"attempt": "two"}, {}):
        wish = {"showtime": showtime.pk, "seats": ["C4"]} | WHO | changes
        assert Client().post("/booking", wish).status_code == 409


def test_the_api_knows_no_guests(client, showtime):
    wish = {"showtime": showtime.pk, "seats": ["C4"]} | WHO
    assert client.post("/api/v1/booking", wish, content_type="application/json").status_code == 401
    booking = book(client, showtime)
    assert client.get(f"/api/v1/bookings/{booking.reference}").status_code == 401


# ---- Who may see it


PAGES = ["/bookings/{0}", "/bookings/{0}/ticket", "/cancel-booking/{0}"]


def test_every_other_visitor_is_led_to_the_sign_in_or_finds_nothing(client, showtime):
    booking = book(client, showtime)
    other = Client()
    book(other, showtime, "C5", email="other@example.test")
    signed_in = Client()
    signed_in.force_login(user_make(email=booking.email))
    for page in PAGES:
        path = page.format(booking.reference)
        assert client.get(path).status_code == 200
        nobody = Client().get(path)
        assert (nobody.status_code, urlsplit(nobody["Location"]).path) == (302, "/auth/user/login")
        refused = other.get(path)
        assert refused.status_code == 404
        assert "Efe" not in refused.content.decode()
        unknown = other.get(page.format("ABCDEFGHJK")).content.decode()
        assert refused.content.decode() == unknown.replace("ABCDEFGHJK", booking.reference)
        assert signed_in.get(path).status_code == 404


def test_a_guest_does_not_see_an_accounts_booking_whose_reference_they_had(client, showtime):
    """Adopted meanwhile: what the session knows opens guests' bookings alone."""
    booking = book(client, showtime)
    Booking.objects.filter(pk=booking.pk).update(user_id=user_make().pk)
    assert client.get(booking.get_absolute_url()).status_code == 404


def test_a_session_remembers_the_newest_twenty(client, settings):
    settings.RATE_LIMITS = False
    showtime = coming_showtime(seats=[f"A{number}" for number in range(1, 23)])
    made = [book(client, showtime, f"A{number}") for number in range(1, 23)]
    assert [client.get(booking.get_absolute_url()).status_code for booking in made] == [404] * 2 + [200] * 20


def test_a_session_that_gains_a_booking_has_a_new_key(client, showtime):
    client.get("/auth/user/signup")
    session = client.session
    session["anything"] = 1
    session.save()
    client.cookies[movy_settings.SESSION_COOKIE_NAME] = before = session.session_key
    booking = book(client, showtime)
    assert client.cookies[movy_settings.SESSION_COOKIE_NAME].value != before
    client.cookies[movy_settings.SESSION_COOKIE_NAME] = before
    assert client.get(booking.get_absolute_url()).status_code == 302


# ---- The link in the mail


def test_the_link_in_the_mail_opens_the_booking_on_another_device(client, showtime):
    confirm(book(client, showtime))
    [link] = links_mailed()
    other = Client()
    answer = other.get(link)
    assert answer.status_code == 303
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert other.get(answer["Location"]).status_code == 200
    assert other.get(f"{answer['Location']}/ticket").status_code == 200


def test_a_program_that_follows_every_link_changes_nothing(client, showtime):
    booking = book(client, showtime)
    confirm(booking)
    [link] = links_mailed()
    with writes() as written:
        statuses = [Client().get(link).status_code, Client().head(link).status_code, Client().post(link).status_code]
    assert statuses == [303, 303, 405]
    assert written == []
    assert client.get(booking.get_absolute_url()).status_code == 200


def test_a_key_opens_its_own_booking_with_its_own_e_mail_alone(client, showtime):
    booking, other = book(client, showtime, "C4"), book(client, showtime, "C5")
    path = f"/bookings/{booking.reference}/open"
    assert Client().get(f"{path}/{guest_key(booking)}").status_code == 303
    wrong = [guest_key(other), guest_key(booking)[:-1], f"{guest_key(booking)}x", "x", "é"]
    assert {Client().get(f"{path}/{key}").status_code for key in wrong} == {404}
    assert Client().get(f"/bookings/ABCDEFGHJK/open/{guest_key(booking)}").status_code == 404
    mailed = guest_key(booking)
    Booking.objects.filter(pk=booking.pk).update(email="another@example.test")
    assert Client().get(f"{path}/{mailed}").status_code == 404


def test_a_link_is_good_until_long_after_the_show_and_no_longer(client, showtime):
    booking = book(client, showtime)
    path = f"/bookings/{booking.reference}/open/{guest_key(booking)}"
    for days, status in [(59, 303), (61, 404)]:
        over_at = database_now() - timedelta(days=days)
        Showtime.objects.filter(pk=showtime.pk).update(starts_at=over_at - timedelta(hours=2), ends_at=over_at)
        assert Client().get(path).status_code == status


def test_the_link_of_a_booking_that_an_account_has_adopted_asks_to_sign_in(client, showtime):
    booking, owner = book(client, showtime), user_make()
    Booking.objects.filter(pk=booking.pk).update(user_id=owner.pk)
    other = Client()
    answer = other.get(f"/bookings/{booking.reference}/open/{guest_key(booking)}")
    assert other.get(answer["Location"])["Location"].startswith("/auth/user/login")


def test_mails_to_somebody_with_an_account_have_no_key(showtime):
    confirm(hold(showtime, ["C4"], who=buyer("ada"), now=database_now()))
    assert links_mailed("ada@example.test") == []


# ---- The link once more


def test_a_lost_mail_is_sent_again_and_whoever_asks_learns_nothing(client, showtime):
    book(client, showtime)
    answers = [Client().post("/find-my-booking", {"email": email}) for email in ("EFE@example.test", "no@example.test")]
    known, unknown = (answer.content.decode() for answer in answers)
    assert [answer.status_code for answer in answers] == [200, 200]
    said = "a mail with the link is on its way"
    assert said in known
    assert said in unknown
    [link] = links_mailed()
    assert Client().get(link).status_code == 303
    assert links_mailed("no@example.test") == []


def test_links_are_sent_for_what_is_live_and_a_guests_alone(client, showtime):
    past = book(client, showtime, "C4")
    mine = hold(showtime, ["C5"], who=buyer("ada"), now=database_now())
    Booking.objects.filter(pk=mine.pk).update(email="efe@example.test")
    Booking.objects.filter(pk=past.pk).update(hold_expires_at=database_now() - timedelta(seconds=1))
    Client().post("/find-my-booking", {"email": "efe@example.test"})
    assert links_mailed() == []


def test_links_are_not_mailed_twice_in_five_minutes_nor_asked_for_without_end(client, showtime, settings):
    book(client, showtime)
    settings.RATE_LIMITS = True
    statuses = [client.post("/find-my-booking", {"email": "efe@example.test"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(links_mailed()) == 1


def test_somebody_elses_computer_forgets_who_booked_at_it(client, showtime):
    booking = book(client, showtime)
    assert client.post("/find-my-booking", {"forget": "1"}).status_code == 200
    assert client.get(booking.get_absolute_url()).status_code == 302
    for page in ("/auth/user/login", "/find-my-booking"):
        seen = client.get(page, {"next": f"/booking/{showtime.pk}?seats=C5"}).content.decode()
        assert booking.reference not in seen
        assert booking.email not in seen
    booking.refresh_from_db()
    assert booking.status == "held"


# ---- At the office


def test_the_office_reads_that_the_buyer_has_no_account_and_what_they_did(client, showtime):
    booking = book(client, showtime)
    assert client.post(f"/cancel-booking/{booking.reference}").status_code == 303
    page = browser_of("manager", showtime.screen.theatre).get(f"/admin/bookings/booking/{booking.pk}/change/")
    assert "online, without an account" in page.content.decode()
    told = [booking_told(event) for event in BookingEvent.objects.filter(booking=booking)]
    assert [(line.who, line.what) for line in told] == [
        ("The buyer, not signed in", "Seats held"),
        ("The buyer, not signed in", "Cancelled, all seats are free"),
    ]
