"""Every page and endpoint once, in a town (benchmarks/town), and every job of the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib import admin
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from accounts.services import session_token_issue
from bookings.folding import showings_unfolded
from bookings.models import Booking, BookingStatus, Ticket
from bookings.tickets import ticket_code
from movy.lib.admin import OwnerOnlyAdmin
from movy.lib.clock import database_now, local_day
from movy.lib.recent import forget_recent
from movy.management.commands.worker import lanes
from tests.test_queries import OFFICE, OWN_ENDPOINTS, OWN_PAGES, PUBLIC, REPORTS, STAFF_PAGES, World
from theatres.models import Membership, Role

SEARCH = "/admin/bookings/booking/?q=buyer7@town.test"


@dataclass(frozen=True)
class Visit:
    """One thing that is done in the town. `name` is the route, and who goes there where that matters."""

    name: str
    go: Callable[[], object]

    def __call__(self) -> None:
        """Do it as the first visitor in a second does: nothing is kept from before. Raises AssertionError for any
        answer but 200."""
        forget_recent()
        caches["pages"].clear()
        answer = self.go()
        status = getattr(answer, "status_code", 200)
        assert status == 200, f"{self.name}: {status}"


def world_of_town(now: datetime) -> World:
    """Return a booking of a show to come with its buyer, as tests/test_queries.py makes one."""
    sold = Booking.objects.filter(
        status=BookingStatus.CONFIRMED, user__isnull=False, showtime__starts_at__gt=now + timedelta(days=1)
    )
    booking = sold.select_related("showtime__screen__theatre", "user").order_by("pk")[0]
    ticket = Ticket.objects.filter(booked_seat__booking=booking).order_by("pk")[0]
    return World(booking.showtime, booking.user, booking, ticket_code(ticket.serial))


def visits(here: World) -> Iterator[Visit]:
    """Yield every page and endpoint that tests/test_queries.py counts, the office's lists, and the worker's jobs."""
    theatre = here.showtime.screen.theatre
    manager = Membership.objects.get(theatre=theatre, role=Role.MANAGER).user
    owner = User.objects.filter(is_superuser=True).earliest("pk")
    nobody, buyer = Client(), _browser(here.ada)
    own_app, office_app = _app(here.ada), _app(manager)
    for client, routes in ((nobody, PUBLIC), (buyer, OWN_PAGES), (own_app, OWN_ENDPOINTS), (office_app, OFFICE)):
        for route in routes:
            yield Visit(route, partial(client.get, here.path(route)))
    for filters in ("?genre=Comedy", "?city=Lagos", f"?theatre={theatre.pk}", "?search=river", "?status=coming_soon"):
        yield Visit(f"movies{filters.partition('=')[0]}", partial(nobody.get, f"/movies{filters}"))
    day = local_day(here.showtime.starts_at, theatre.timezone).isoformat()
    yield Visit("movies?date", partial(nobody.get, f"/movies?date={day}"))
    for when in ("upcoming", "past"):
        yield Visit(f"bookings?when={when}", partial(buyer.get, f"/bookings?when={when}"))
    desk = {"date": day, "showtime": here.showtime.pk}
    office = _browser(manager)
    for route in STAFF_PAGES:
        yield Visit(route, partial(office.get, here.path(route), desk))
    for who, client, lists in (
        ("manager", office, _lists(of_theatres=True)),
        ("owner", _browser(owner), _lists(of_theatres=False)),
    ):
        for path in ("", "reports/", "reconciliation/", "changes/", *(f"reports/{name}/" for name in REPORTS)):
            yield Visit(f"admin/{path} ({who})", partial(client.get, f"/admin/{path}"))
        for path in lists:
            yield Visit(f"admin/{path}/ ({who})", partial(client.get, f"/admin/{path}/"))
    yield Visit("admin/bookings/booking/?q (manager)", partial(office.get, SEARCH))
    yield Visit("metrics: unfolded", partial(showings_unfolded, now=database_now()))
    for lane, jobs in lanes().items():
        for job in jobs:
            yield Visit(f"worker: {lane}: {job.name}", job.run)


def _lists(*, of_theatres: bool) -> list[str]:
    """Return the addresses of the office's lists; with `of_theatres` of those that a manager has."""
    return sorted(
        model._meta.label_lower.replace(".", "/")
        for model, office in admin.site._registry.items()
        if not (of_theatres and isinstance(office, OwnerOnlyAdmin))
    )


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _app(user: User) -> Client:
    return Client(headers={"authorization": f"Bearer {session_token_issue(user)}"})
