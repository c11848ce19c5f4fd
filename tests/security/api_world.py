"""Two theatres and everybody who may ask the API about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from accounts.tests.factories import user_make
from bookings.models import Booking, Buyer, Ticket
from bookings.tests.factories import hold, showtime_on_sale
from bookings.tickets import ticket_code
from catalog.models import Movie, Showtime
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from movy.lib.clock import database_now, rfc3339
from payments.flows import payment_look
from payments.gateway import paystack as gateway
from payments.models import Payment
from payments.tests.factories import attempt, charge
from theatres.models import Role
from theatres.tests.factories import MembershipFactory

PEOPLE = ("nobody", "ada", "ben", "desk", "door", "manager", "rival", "owner")
"""ada has bookings here, ben is another buyer, rival manages another theatre, owner is the platform's."""


@dataclass(frozen=True)
class ApiWorld:
    """What a request can name. `showtime` has a free seat D1; `draft` has sold nothing; `unshown` is listed alone."""

    people: dict[str, User]
    showtime: Showtime
    draft: Showtime
    unshown: Movie
    held: Booking
    paid: Booking
    payment: Payment
    code: str

    @property
    def ids(self) -> dict[str, Any]:
        """Return what fills the places of a route."""
        return {
            "movie_id": self.showtime.movie_id,
            "theatre_id": self.showtime.screen.theatre_id,
            "showtime_id": self.showtime.pk,
            "reference": self.paid.reference,
        }

    def client(self, person: str) -> Client:
        if person == "nobody":
            return Client()
        return Client(headers={"authorization": f"Bearer {session_token_issue(self.people[person])}"})

    @property
    def next_week(self) -> str:
        return rfc3339(database_now() + timedelta(days=7))


def api_world() -> ApiWorld:
    """Make the world. Paystack's stand-in must be there, because something has been paid."""
    now = database_now()
    showtime = showtime_on_sale(["C1", "C2", "D1"], starts_at=now + timedelta(hours=1, minutes=30))
    theatre = showtime.screen.theatre
    ListingFactory(theatre=theatre, movie=showtime.movie)
    draft = ShowtimeFactory(movie=showtime.movie, screen=showtime.screen, starts_at=now + timedelta(days=2))
    people = {name: user_make(is_superuser=name == "owner") for name in PEOPLE if name != "nobody"}
    for name, role in (("desk", Role.BOX_OFFICE), ("door", Role.DOOR), ("manager", Role.MANAGER)):
        MembershipFactory(user=people[name], theatre=theatre, role=role)
    MembershipFactory(user=people["rival"])
    ada = Buyer(email=people["ada"].email, name="Ada", user_id=people["ada"].pk)
    paid, held = (hold(showtime, [label], who=ada, now=now) for label in ("C1", "C2"))
    payment = attempt(paid)
    charge(payment)
    payment_look(payment.reference, via=gateway.WORKER)
    code = ticket_code(Ticket.objects.get(booked_seat__booking=paid).serial)
    unshown = ListingFactory(theatre=theatre).movie
    return ApiWorld(people, showtime, draft, unshown, held, paid, payment, code)
