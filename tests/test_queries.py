"""How many queries every address costs: a fixed number, the same for two rows as for thirty. The table is the promise;
a number in it changes in the commit that means it to.

BEGIN, COMMIT and savepoints count too. Nothing is kept from before, so these are the numbers of the first visit in a
second: the next one finds public pages (movy/public_pages.py) and halls (movy/lib/recent.py) made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import PASSWORD
from accounts.tests.test_signup import link_in
from bookings.links import booking_url
from bookings.models import Booking, Ticket
from bookings.services import booking_confirm, showtime_put_on_sale
from bookings.tests.factories import buyer, hold
from bookings.tickets import ticket_code
from catalog.models import Credit, Job, Person, Showtime
from catalog.tests.factories import GenreFactory, ListingFactory, MovieFactory, ShowtimeFactory
from movy.lib.clock import database_now, local_day, rfc3339
from movy.lib.recent import forget_recent
from movy.lib.references import hex_digest, reference_new
from movy.outbox.models import Mail
from payments.models import Channel, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from theatres.models import Invitation
from theatres.people import token_new
from theatres.tests.factories import ScreenFactory, TheatreFactory
from theatres.tests.people import browser_of, client_of

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 30

PUBLIC = {
    "": 8,  # now, theatres; on now: which, films, genres, shows; soon: films, genres. Made once a minute for everybody
    "movies": 9,  # now, theatres; which, films, genres, shows; days, genres, languages to filter by. Likewise
    "movies/<id_slug:movie_id>": 4,
    "showtimes/seats-left": 1,  # of none; of any number 3: catalog/tests/test_finding.py
    "theatres": 1,
    "theatres/<id_slug:theatre_id>": 3,
    "movies/<id_slug:movie_id>/share.png": 1,
    "theatres/<id_slug:theatre_id>/share.png": 1,
    "booking/<int:showtime_id>": 4,  # now, the show and seats taken; in the first look of a second show, prices, seats
    "booking/<int:showtime_id>/best": 4,
    "sitemap.xml": 2,  # now, how many films
    "sitemap-places.xml": 1,
    "sitemap-films-<int:number>.xml": 2,  # now, films
    "find-my-money": 0,
    "find-my-booking": 0,
    "tickets/<str:code>": 1,
    "tickets/<str:code>/qr.svg": 1,
    "api/v1/movies": 6,
    "api/v1/movies/<int:movie_id>": 6,
    "api/v1/movies/<int:movie_id>/showtimes": 5,
    "api/v1/theatres": 1,
    "api/v1/theatres/<int:theatre_id>": 1,
    "api/v1/theatres/<int:theatre_id>/showtimes": 5,
    "api/v1/genres": 1,
    "api/v1/showtimes/<int:showtime_id>": 4,
    "api/v1/booking/<int:showtime_id>": 4,
}
SESSION_AND_USER = 1
"""What each of the following pages costs besides."""

BEARER = 1
"""What each of the following endpoints costs besides: session and user too."""

OWN_PAGES = {
    "bookings": 4,  # now; bookings, their showings, their lines
    "bookings/<str:reference>": 4,  # it with show and now; lines with tickets, payments, refunds
    "bookings/<str:reference>/ticket": 4,
    "bookings/<str:reference>/ticket.pdf": 4,
    "bookings/<str:reference>/ticket.ics": 4,
    "cancel-booking/<str:reference>": 4,
    "auth/user": 3,
    "auth/user/sessions": 4,  # allauth asks of each sign-in whether it still lives, by three queries; here there is one
    "auth/user/connections": 1,
}
OWN_ENDPOINTS = {
    "api/v1/bookings": 6,  # now; bookings, their showings, lines with tickets, payments, refunds
    "api/v1/bookings/<str:reference>": 4,
    "api/v1/auth/user": 1,
}
OFFICE = {  # besides: the theatre, by the role
    "api/v1/theatre/<int:theatre_id>/screens": 2,
    "api/v1/theatre/<int:theatre_id>/movies": 5,  # now; which, films, genres, shows
    "api/v1/theatre/<int:theatre_id>/showtimes": 6,  # now; shows, their prices, categories, ticket types; seats
    "api/v1/theatre/<int:theatre_id>/showtimes/<int:showtime_id>": 6,
}
STAFF_PAGES = {  # besides: the theatre, by the role; and where the person works, for the way to the other pages
    "theatre/<id_slug:theatre_id>/add-movie": 0,
    "theatre/<id_slug:theatre_id>/box-office": 9,  # now, shows, free seats, takings; the map, its house seats
    "theatre/<id_slug:theatre_id>/box-office/<str:reference>": 5,
    "theatre/<id_slug:theatre_id>/check-in": 4,  # now, shows, the one that is asked for, who is in
    "theatre/<id_slug:theatre_id>/check-in/<int:showtime_id>": 3,
}
REPORTS = {  # besides: the role, the second step; own theatres, now, and the films to choose from
    "takings": 2,
    "occupancy": 2,
    "return": 2,
    "fees": 2,
    "payouts": 2,
    "refunds": 1,
    "desk": 2,
}
REPORT_PAGE = 5
OFFICE_HOME = 18  # one more where a mail was given up, two for the first steps of a theatre without a show
FIND_MONEY = 6  # whether the pair is right; booking, lines, payments, refunds; now. Paystack costs more, per attempt
HOLD = 14
"""5 to price it: the hall's stamp with now, show, prices, seats, refund steps; 1 when the hall is at hand. 9 in the
transaction: BEGIN, the buyer's lock and lines, the address's, the take, three inserts, COMMIT."""

CHECK_IN = 6  # now; BEGIN, the ticket with all that is told of it, the event, the ticket, COMMIT
DESK_SALE = 30
"""6 to price it, 4 for the answer; 20 in the transaction, with the mail to a buyer who leaves an e-mail."""

SIGN_IN = {  # POST alone, under api/v1/auth/user; allauth saves the session in several steps
    "signup": 29,
    "confirm-email": 7,
    "login": 23,
    "refresh": 8,
    "logout": 1,
    "forgot-password": 10,
    "reset-password": 7,
}
CLOSING = 25
"""DELETE api/v1/auth/user, for somebody without a hold; each of those costs its own cancellation."""

INVITATION = 2  # now, and the invitation with its theatre
GUEST_HOLD = 18
"""On the page, by somebody whom nobody knows: 5 to price it; 1 asks whether this form came before; 8 in the
transaction, where a guest is counted but not locked; 4 to begin their session."""

GUEST_LINK = 6  # the booking with its showing, now; and a session begins
GUEST_LINK_ROUTE = "bookings/<str:reference>/open/<str:key>"
REDIRECTS = {  # their GET leads elsewhere, mostly without looking
    "booking",
    "booking/pay",
    "movies/<id_slug:movie_id>/tell-me",  # a film that can be booked
}
ASKS_PAYSTACK = {  # one payment's, or one refund's; payments/tests
    "verify-payment",
    "api/v1/verify-payment",
    "webhooks/paystack",
    "bookings/<str:reference>/refunds/<str:refund_reference>",
}
DOOR, DESK = "api/v1/theatre/<int:theatre_id>/check-in", "api/v1/theatre/<int:theatre_id>/box-office"
SCHEDULE = "api/v1/theatre/<int:theatre_id>/showtimes"
SCHEDULING = {"post": 22, "patch": 21, "delete": 16}  # each with one price, and the history of what it saves
ASKS_TMDB = {f"api/v1/theatre/<int:theatre_id>/{door}" for door in ("add-movie", "search-movies")}
CHANGES = {  # no GET
    "api/v1/booking",
    "api/v1/booking/pay",
    "api/v1/cancel-booking/<str:reference>",
    SCHEDULE,
    f"{SCHEDULE}/<int:showtime_id>",
    "api/v1/theatre/<int:theatre_id>/movies/<int:movie_id>",
}
OF_NO_ROWS = {
    "language",
    "offline",
    "robots.txt",
    "worker.js",
    "styleguide",
    "share.png",
    "manifest.webmanifest",
    "healthz",
    "readyz",
    "metrics",
    "media/<path:path>",
    "api/v1/schema",
    "api/v1/docs",
}


@dataclass(frozen=True)
class World:
    """Everything `rows` times: films, theatres, shows of one film at one theatre, seats and bookings of one person."""

    showtime: Showtime
    ada: User
    booking: Booking
    code: str

    def path(self, route: str) -> str:
        values = {
            "<id_slug:movie_id>": f"{self.showtime.movie_id}-film",
            "<int:movie_id>": self.showtime.movie_id,
            "<id_slug:theatre_id>": f"{self.showtime.screen.theatre_id}-theatre",
            "<int:theatre_id>": self.showtime.screen.theatre_id,
            "<int:showtime_id>": self.showtime.pk,
            "<str:reference>": self.booking.reference,
            "<str:code>": self.code,
            "<int:number>": 1,
        }
        for part, value in values.items():
            route = route.replace(part, str(value))
        return f"/{route}"


def world(rows: int) -> World:
    now = database_now()
    labels = [f"{row}{number}" for row in "ABC" for number in range(1, rows + 1)]
    movie, screen = MovieFactory(), ScreenFactory(seats=labels)
    ScreenFactory.create_batch(rows, theatre=screen.theatre)
    for film in (movie, *MovieFactory.create_batch(rows)):
        ListingFactory(theatre=screen.theatre, movie=film)
    for number in range(rows):
        other = ShowtimeFactory(starts_at=now + timedelta(days=1, hours=number)).movie
        coming = ListingFactory(theatre=TheatreFactory(city=f"City {number}")).movie
        for film in (movie, other, coming):
            film.genres.add(GenreFactory(name=f"Genre {number}"))
            person = Person.objects.create(name=f"Person {number}")
            Credit.objects.create(movie=film, person=person, job=Job.CAST, position=number)
    shows = [
        ShowtimeFactory(movie=movie, screen=screen, starts_at=now + timedelta(days=2, minutes=number))
        for number in range(rows)
    ]
    with transaction.atomic():
        for showtime in Showtime.objects.order_by("pk"):
            showtime_put_on_sale(showtime_id=showtime.pk, now=now)
    bookings = [hold(show, labels[:rows], now=now) for show in shows]
    with transaction.atomic():
        assert all(booking_confirm(booking.reference, now=now) for booking in bookings)
    for booking in bookings:
        pay_and_give_back(booking)
    ada, ticket = User.objects.get(pk=buyer().user_id), Ticket.objects.filter(booked_seat__booking=bookings[0])[0]
    return World(shows[0], ada, bookings[0], ticket_code(ticket.serial))


def pay_and_give_back(booking: Booking) -> None:
    """Note a payment that confirms a booking, and that a part of it has gone back."""
    payment = Payment.objects.create(
        reference=reference_new(24),
        booking=booking,
        confirms=booking,
        amount_minor=booking.total_minor,
        currency=booking.currency,
        channel=Channel.CARD,
        status=PaymentStatus.PAID,
        created_at=booking.created_at,
        deadline_at=booking.created_at,
        paid_at=booking.created_at,
        charged_minor=booking.total_minor,
        charged_currency=booking.currency,
        refunded_minor=1,
    )
    Refund.objects.create(
        reference=reference_new(24),
        payment=payment,
        amount_minor=payment.refunded_minor,
        currency=booking.currency,
        status=RefundStatus.PROCESSED,
        reason=RefundReason.OFFICE,
        created_at=booking.created_at,
    )


@pytest.fixture(params=[FEW, MANY], ids=["few rows", "many rows"])
def rows(request, settings) -> int:
    settings.RATE_LIMITS = False
    return request.param


def count(answer: Callable[[], HttpResponse], *, status: int = 200) -> int:
    """Return how many queries an answer takes when nothing is kept from before."""
    forget_recent()
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        response = answer()
    assert response.status_code == status, response
    return len(queries)


def noted(client: Client) -> Client:
    """Note whose session a browser has, as allauth does when somebody signs in."""
    UserSession.objects.create(
        session_key=client.session.session_key, user_id=client.session[SESSION_KEY], ip="127.0.0.1"
    )
    return client


def counts(client: Client, here: World, table: dict[str, int], *, besides: int = 0) -> dict[str, int]:
    return {route: count(partial(client.get, here.path(route))) - besides for route in table}


def test_public_addresses(client, rows):
    assert counts(client, world(rows), PUBLIC) == PUBLIC


def test_own_pages(client, rows):
    here = world(rows)
    client.force_login(here.ada)
    noted(client)
    assert counts(client, here, OWN_PAGES, besides=SESSION_AND_USER) == OWN_PAGES


def test_own_endpoints(rows):
    here = world(rows)
    client = Client(headers={"authorization": f"Bearer {session_token_issue(here.ada)}"})
    assert counts(client, here, OWN_ENDPOINTS, besides=BEARER) == OWN_ENDPOINTS


def test_a_theatres_own_endpoints(rows):
    here = world(rows)
    client = client_of("manager", here.showtime.screen.theatre)
    assert counts(client, here, OFFICE, besides=BEARER + 1) == OFFICE


def test_staff_pages(rows):
    here = world(rows)
    theatre = here.showtime.screen.theatre
    client = noted(browser_of("manager", theatre))
    day = local_day(here.showtime.starts_at, theatre.timezone).isoformat()
    ask = {"date": day, "showtime": here.showtime.pk}
    counted = {route: count(partial(client.get, here.path(route), ask)) for route in STAFF_PAGES}
    assert {route: queries - SESSION_AND_USER - 2 for route, queries in counted.items()} == STAFF_PAGES


def test_the_offices_home_and_reports(rows):
    here = world(rows)
    client = noted(browser_of("manager", here.showtime.screen.theatre))
    assert count(partial(client.get, "/admin/")) == OFFICE_HOME
    counted = {name: count(partial(client.get, f"/admin/reports/{name}/")) for name in REPORTS}
    assert {name: queries - SESSION_AND_USER - REPORT_PAGE for name, queries in counted.items()} == REPORTS


def test_scheduling(rows):
    here = world(rows)
    screen = here.showtime.screen
    manager, soon = client_of("manager", screen.theatre), database_now() + timedelta(days=9)
    wish = {"movie": here.showtime.movie_id, "screen": screen.pk, "starts_at": rfc3339(soon), "price": 350_000}
    change = {"price": 400_000, "starts_at": rfc3339(soon + timedelta(days=1))}

    def ask(method: str, path: str, body: object, status: int) -> int:
        send = partial(getattr(manager, method), path, body, content_type="application/json")
        return count(send, status=status) - BEARER - 1

    counted = {"post": ask("post", here.path(SCHEDULE), wish, 201)}
    made = f"{here.path(SCHEDULE)}/{Showtime.objects.latest('pk').pk}"
    counted |= {"patch": ask("patch", made, change, 200), "delete": ask("delete", made, None, 204)}
    assert counted == SCHEDULING


def test_finding_money(client, rows):
    here = world(rows)
    asked = {"email": here.ada.email, "reference": here.booking.reference}
    assert count(partial(client.post, "/find-my-money", asked)) == FIND_MONEY


@pytest.mark.parametrize("seats", [1, 8])
def test_a_hold_costs_the_same_for_one_seat_as_for_many(settings, seats):
    settings.RATE_LIMITS = True
    here = world(10)
    kofi = User.objects.get(pk=buyer("kofi").user_id)
    client = Client(headers={"authorization": f"Bearer {session_token_issue(kofi)}"})
    wish = {"showtime": here.showtime.pk, "seats": [f"C{number}" for number in range(1, seats + 1)]}
    post = partial(client.post, "/api/v1/booking", wish, content_type="application/json")
    assert count(post, status=201) - BEARER == HOLD


def test_what_a_guest_does(settings, rows):
    here, client, other = world(rows), Client(), Client()
    settings.RATE_LIMITS = True
    wish = {"showtime": here.showtime.pk, "seats": ["C1"], "attempt": "one"}
    wish |= {"email": "guest@example.test", "name": "A Guest"}
    assert count(partial(client.post, "/booking", wish), status=303) == GUEST_HOLD
    booking = Booking.objects.get(email="guest@example.test")
    with transaction.atomic():
        assert booking_confirm(booking.reference, now=database_now())
    pay_and_give_back(booking)
    own = {route: queries for route, queries in OWN_PAGES.items() if "<str:reference>" in route}
    assert counts(client, replace(here, booking=booking), own, besides=SESSION_AND_USER) == own
    assert count(partial(other.get, urlsplit(booking_url(booking)).path), status=303) == GUEST_LINK


def test_a_check_in(rows):
    here = world(rows)
    door = client_of("door", here.showtime.screen.theatre)
    scan = {"code": here.code, "showtime": here.showtime.pk}
    post = partial(door.post, here.path(DOOR), scan, content_type="application/json")
    assert count(post) - BEARER - 1 == CHECK_IN


@pytest.mark.parametrize("seats", [1, 8])
def test_a_sale_at_the_desk_costs_the_same_for_one_seat_as_for_many(settings, seats):
    here = world(10)
    desk = client_of("box_office", here.showtime.screen.theatre)
    labels = [f"C{number}" for number in range(1, seats + 1)]
    sale = {"showtime": here.showtime.pk, "seats": labels, "paid_by": "cash", "email": "ngozi@example.test"}
    post = partial(desk.post, here.path(DESK), sale, content_type="application/json")
    assert count(post, status=201) - BEARER - 1 == DESK_SALE


def test_signing_in_and_what_belongs_to_it(rows):
    client, here = Client(), world(rows)
    email, password = here.ada.email, PASSWORD
    here.ada.set_password(password)
    here.ada.save()

    def post(path: str, status: int, **data: str) -> tuple[dict[str, str], int]:
        answers: list[HttpResponse] = []

        def send() -> HttpResponse:
            answers.append(client.post(f"/api/v1/auth/user/{path}", data, content_type="application/json"))
            return answers[0]

        cost = count(send, status=status)
        return answers[0].json() if answers[0].content else {}, cost

    new = {"email": "new@movy.test", "password": password, "first_name": "New", "last_name": "Person"}
    costs = {"signup": post("signup", 201, **new)[1]}
    costs["confirm-email"] = post("confirm-email", 204, key=key_in_last_mail())[1]
    pair, costs["login"] = post("login", 200, email=email, password=password)
    pair, costs["refresh"] = post("refresh", 200, refresh_token=pair["refresh_token"])
    costs["logout"] = post("logout", 204, refresh_token=pair["refresh_token"])[1]
    costs["forgot-password"] = post("forgot-password", 202, email=email)[1]
    costs["reset-password"] = post("reset-password", 204, key=key_in_last_mail(), password="another four words")[1]
    assert costs == SIGN_IN


def key_in_last_mail() -> str:
    return link_in(Mail.objects.latest("pk")).rpartition("/")[2]


def test_an_invitation(rows):
    theatre, token, now = world(rows).showtime.screen.theatre, token_new(), database_now()
    for number in range(rows):
        Invitation.objects.create(
            theatre=theatre,
            email=f"person-{number}@movy.test",
            role="door",
            token_digest=hex_digest(token if number == 0 else f"token {number}"),
            sent_at=now,
            expires_at=now + timedelta(days=1),
        )
    assert count(partial(Client().get, f"/invitations/{token}")) == INVITATION


def test_closing_an_account_costs_the_same_for_few_bookings_as_for_many(rows):
    here = world(rows)
    client = Client(headers={"authorization": f"Bearer {session_token_issue(here.ada)}"})
    assert count(partial(client.delete, "/api/v1/auth/user"), status=204) - BEARER == CLOSING


def test_every_address_that_can_be_read_is_counted():
    counted = PUBLIC.keys() | OWN_PAGES.keys() | OWN_ENDPOINTS.keys() | OFFICE.keys() | STAFF_PAGES.keys()
    links = {"invitations/<str:token>", GUEST_LINK_ROUTE}
    apart = REDIRECTS | ASKS_PAYSTACK | ASKS_TMDB | CHANGES | {DOOR, DESK} | links | OF_NO_ROWS
    forms = {route for route in routes() if route.startswith(("admin", "auth/", "api/v1/auth/"))}
    assert set(routes()) - counted - apart - forms == set()
    assert counted | apart <= set(routes())


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for part in (resolver or get_resolver()).url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield route
        else:
            yield from routes(part, route)
