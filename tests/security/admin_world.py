"""Theatres with one row of everything the office shows. Every name in a house begins with the house's own word, so a
page that shows a foreign row shows a foreign word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone

from accounts.models import User
from bookings.models import (
    BookedSeat,
    Booking,
    BookingEvent,
    BookingStatus,
    CallOff,
    SeatStatus,
    ShowtimeSeat,
    Ticket,
)
from catalog.models import CardPrice, Genre, Listing, Movie, Person, PriceCard, Showtime, ShowtimeStatus
from catalog.tests.factories import ListingFactory, MovieFactory, ShowtimeFactory
from movy.outbox.models import Mail
from payments.models import Channel, Payment, PaymentEvent, PaymentStatus, Refund, RefundReason, WebhookMessage
from theatres.models import Membership, Role, Screen, Seat, SeatCategory, Theatre, TicketType
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add

EVENING = datetime(2031, 6, 6, 18, tzinfo=UTC)


@dataclass
class House:
    """A theatre whose every text begins with `word`. `rows`: one row for each model that has an admin class."""

    word: str
    theatre: Theatre
    manager: User
    staff: dict[str, User] = field(default_factory=dict)
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)


def person(email: str, **fields: object) -> User:
    """A person without a usable password: tests sign in by force, which spares the hashing."""
    user = User(email=email, **fields)
    user.set_unusable_password()
    user.save()
    return user


def house(word: str, number: int) -> House:
    """Build a theatre. `number` (1, 2, …) keeps what must be unique apart, seat labels too."""
    low = word.lower()
    theatre = TheatreFactory(name=f"{word} Cinema", slug=f"{low}-cinema", city=f"{word} City", address=f"{word} Road")
    SeatCategory.objects.filter(theatre=theatre).update(name=f"{word} Standard")
    TicketType.objects.filter(theatre=theatre).update(name=f"{word} Adult")
    people = {role: person(f"{low}-{role}@movy.test", first_name=f"{word} {role}") for role in Role.values}
    for role, user in people.items():
        Membership.objects.create(theatre=theatre, user=user, role=role)
    made = House(word=word, theatre=theatre, manager=people[Role.MANAGER], staff=people)

    screen: Screen = ScreenFactory(theatre=theatre, name=f"{word} Hall", seats=[])
    row = word[:2].upper()
    seats = seats_add(screen, [f"{row}{number}1", f"{row}{number}2"])
    movie: Movie = MovieFactory(title=f"{word} Film")
    listing = ListingFactory(theatre=theatre, movie=movie)
    shown = {"movie": movie, "screen": screen, "format": f"{word} 2D"}
    card = PriceCard.objects.create(theatre=theatre, name=f"{word} card")
    kinds = {"category": theatre.categories.get(), "ticket_type": theatre.ticket_types.get()}
    CardPrice.objects.create(card=card, **kinds, amount_minor=350_000)
    draft = ShowtimeFactory(**shown, starts_at=EVENING, price_card=card)
    on_sale = ShowtimeFactory(**shown, starts_at=EVENING + timedelta(days=1), status=ShowtimeStatus.ON_SALE)
    booking = booking_add(made, on_sale, seats[0], reference=f"{row}BOOKING{number}")
    payment, refund = payment_add(made, booking)
    off = ShowtimeFactory(**shown, starts_at=EVENING + timedelta(days=2), status=ShowtimeStatus.CALLED_OFF)
    made.rows = {
        Theatre: theatre,
        Screen: screen,
        Seat: seats[0],
        Movie: movie,
        Listing: listing,
        PriceCard: card,
        Showtime: draft,
        Booking: booking,
        Payment: payment,
        Refund: refund,
        CallOff: CallOff.objects.create(showtime=off, at=timezone.now(), by=made.manager, note=f"{word} note"),
    }
    return made


def booking_add(of: House, showtime: Showtime, seat: Seat, *, reference: str) -> Booking:
    """A confirmed booking of one seat, with its ticket and one line of history."""
    now = timezone.now()
    booking = Booking.objects.create(
        reference=reference,
        showtime=showtime,
        email=f"{of.word.lower()}-guest@movy.test",
        name=f"{of.word} Guest",
        status=BookingStatus.CONFIRMED,
        currency="NGN",
        total_minor=350_000,
        created_at=now,
        confirmed_at=now,
        refund_steps=[[2, 100]],
    )
    line = BookedSeat.objects.create(
        booking=booking,
        seat=seat,
        label=seat.label,
        category="standard",
        category_name=f"{of.word} Standard",
        ticket_type="adult",
        ticket_type_name=f"{of.word} Adult",
        price_minor=350_000,
    )
    Ticket.objects.create(booked_seat=line, serial=f"{reference}SERIAL"[:16])
    BookingEvent.objects.create(booking=booking, at=now, kind="confirmed", actor=of.manager)
    ShowtimeSeat.objects.create(showtime=showtime, seat=seat, status=SeatStatus.SOLD, booking=booking)
    return booking


def payment_add(of: House, booking: Booking) -> tuple[Payment, Refund]:
    """A card payment of a booking and a refund of it."""
    now = timezone.now()
    payment = Payment.objects.create(
        reference=f"{booking.reference}PAY",
        booking=booking,
        confirms=booking,
        amount_minor=350_000,
        currency="NGN",
        channel=Channel.CARD,
        status=PaymentStatus.PAID,
        created_at=now,
        deadline_at=now + timedelta(minutes=10),
        paid_at=now,
        charged_minor=350_000,
        charged_currency="NGN",
        provider_id=f"{booking.reference}ID",
        provider_note=f"{of.word} note",
    )
    PaymentEvent.objects.create(payment=payment, at=now, kind="paid", actor=of.manager)
    refund = Refund.objects.create(
        reference=f"{booking.reference}BACK",
        payment=payment,
        amount_minor=350_000,
        currency="NGN",
        reason=RefundReason.OFFICE,
        created_at=now,
        provider_note=f"{of.word} note",
    )
    return payment, refund


def platform_rows(word: str) -> dict[type[models.Model], models.Model]:
    """Rows of the classes that are the platform owner's alone."""
    return {
        User: person(f"{word.lower()}-somebody@movy.test", first_name=f"{word} Somebody"),
        Mail: Mail.objects.create(
            message_id=f"<{word}@movy.test>",
            sender="tickets@movy.test",
            recipients=[f"{word.lower()}-guest@movy.test"],
            subject=f"{word} tickets",
            content=b"",
        ),
        WebhookMessage: WebhookMessage.objects.create(
            digest=f"{word}digest", body="{}", event=f"{word} event", received_at=timezone.now()
        ),
    }


def shared_rows(word: str) -> dict[type[models.Model], models.Model]:
    """Rows that every theatre chooses from and that the public sees too."""
    return {
        Genre: Genre.objects.create(name=f"{word} Genre"),
        Person: Person.objects.create(name=f"{word} Person"),
    }
