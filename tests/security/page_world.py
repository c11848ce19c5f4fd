"""The world of the API with everything else that a page can be about, and everybody's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, models, transaction
from django.test import Client

from accounts.models import User
from accounts.tests.factories import user_make
from bookings.models import Booking, CallOff
from catalog.models import CardPrice, Credit, Genre, Job, Listing, Movie, Person, PriceCard, Showtime, ShowtimeStatus
from catalog.tests.factories import ShowtimeFactory
from movy.lib.clock import database_now
from movy.lib.recent import forget_recent
from movy.lib.references import hex_digest
from payments.models import Payment, Refund, RefundReason, RefundStatus
from tests.security.admin_world import platform_rows
from tests.security.api_world import ApiWorld, api_world
from theatres.models import Invitation, Role, Screen, Seat, Theatre
from theatres.people import token_new

SECRET_WORD = "Quartz"
"""Stands in the theatre's name, in ada's and in the office's notes: no refusal repeats it."""

NOSFERATU = 9000002  # its number at the stand-in of TMDb
SESSIONS = ("django_session", "usersessions_usersession")
Rows = dict[type[models.Model], models.Model]


@dataclass(frozen=True)
class PageWorld:
    """`rows`: one of each model of the office. ben is invited by the link that ends with `token`. The keys are out of
    mails, to ada and to somebody else."""

    api: ApiWorld
    rows: Rows
    sessions: dict[str, str]
    token: str
    confirm_key: str
    reset_key: str

    @property
    def ids(self) -> dict[str, Any]:
        """Return what fills the places of a route."""
        return self.api.ids | {
            "code": self.api.code,
            "token": self.token,
            "key": self.confirm_key,
            "path": "missing.jpg",
            "name": "takings",
            "app_label": "bookings",
            "url": "nothing/here/",
            "content_type_id": ContentType.objects.get_for_model(Booking).pk,
            "object_id": self.api.paid.pk,
            "screen_id": self.rows[Screen].pk,
            "pk": self.api.paid.pk,
        }

    def browser(self, who: str, **options: Any) -> Client:
        """Return a browser in which one of PEOPLE signed in when the world was made."""
        client = Client(**options)
        if who != "nobody":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


def page_world() -> PageWorld:
    """Make the world. Paystack's stand-in must be there, because something has been paid."""
    here = api_world()
    screen = here.showtime.screen
    Theatre.objects.filter(pk=screen.theatre_id).update(name=f"{SECRET_WORD} Cinema", slug="quartz-cinema")
    theatre = Theatre.objects.get(pk=screen.theatre_id)
    here.people["ada"].first_name = SECRET_WORD
    here.people["ada"].save()
    person, genre = Person.objects.create(name="A Person"), Genre.objects.create(name="A Genre")
    Credit.objects.create(movie=here.showtime.movie, person=person, job=Job.CAST, position=0)
    here.showtime.movie.genres.add(genre)
    Movie.objects.filter(pk=here.unshown.pk).update(tmdb_id=NOSFERATU)
    here.unshown.refresh_from_db()
    card = PriceCard.objects.create(theatre=theatre, name=f"{SECRET_WORD} card")
    kinds = {"category": theatre.categories.get(), "ticket_type": theatre.ticket_types.get()}
    CardPrice.objects.create(card=card, **kinds, amount_minor=350_000)
    off = ShowtimeFactory(
        movie=here.showtime.movie,
        screen=screen,
        starts_at=database_now() + timedelta(days=3),
        status=ShowtimeStatus.CALLED_OFF,
    )
    rows: Rows = {
        Theatre: theatre,
        Screen: screen,
        Seat: screen.seats.first(),
        Movie: here.unshown,
        Listing: Listing.objects.get(movie=here.unshown),
        PriceCard: card,
        Showtime: here.draft,
        Booking: here.paid,
        Payment: here.payment,
        Refund: _refund(here.payment),
        CallOff: CallOff.objects.create(
            showtime=off, at=database_now(), by=here.people["manager"], note=f"{SECRET_WORD} note"
        ),
        Person: person,
        Genre: genre,
    }
    token, address = token_new(), EmailAddress.objects.get(user=here.people["ada"])
    _invitation(here, theatre, token)
    never = user_make()  # who has signed in since has another key
    return PageWorld(
        api=here,
        rows=rows | platform_rows(SECRET_WORD),
        sessions={who: _session(user) for who, user in here.people.items()},
        token=token,
        confirm_key=EmailConfirmationHMAC(address).key,
        reset_key=f"{user_pk_to_url_str(never)}-{default_token_generator.make_token(never)}",
    )


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _refund(payment: Payment) -> Refund:
    return Refund.objects.create(
        reference=f"{payment.reference[:16]}BACK",
        payment=payment,
        amount_minor=100,
        currency=payment.currency,
        reason=RefundReason.OFFICE,
        status=RefundStatus.FAILED,
        created_at=database_now(),
        provider_note=f"{SECRET_WORD} note",
    )


def _invitation(here: ApiWorld, theatre: Theatre, token: str) -> Invitation:
    now = database_now()
    return Invitation.objects.create(
        theatre=theatre,
        email=here.people["ben"].email,
        role=Role.DOOR,
        token_digest=hex_digest(token),
        sent_at=now,
        expires_at=now + timedelta(days=1),
        invited_by=here.people["manager"],
    )


@contextmanager
def writes() -> Iterator[list[str]]:
    """What was written inside, as SQL. Sessions are left out: a request that signs nobody in may still begin one."""
    found: list[str] = []

    def note(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(table in sql for table in SESSIONS):
            found.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        yield found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, in the database and in what a process keeps. By a savepoint of the database
    alone: inside one of Django's the transactions of Movy would refuse to begin."""
    forget_recent()
    for name in ("default", "pages"):
        caches[name].clear()
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
