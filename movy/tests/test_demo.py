from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db.models import QuerySet

from accounts.models import User
from bookings.drafts import BookingDraft, booking_draft
from bookings.house import seats_block
from bookings.models import BookedSeat, Booking, BookingEvent, Buyer, ShowtimeSeat, Ticket
from bookings.pricing import SeatPick
from bookings.services import booking_hold, showtime_put_on_sale
from catalog.models import Movie, Showtime, ShowtimePrice
from catalog.services import ShowtimeDraft, showtime_schedule
from demo.schedule import fill
from demo.schedule import showtimes as planned_showtimes
from demo.theatres import LANTERN, THEATRES, DemoTheatre
from movy.lib.clock import database_now, local_day
from movy.management import demo as loader
from movy.management.demo import demo_load
from movy.management.demo.sales import HOLDER
from payments.audit import violations
from payments.models import Channel, Payment, PaymentEvent
from payments.services import desk_sale
from theatres.models import Membership, Screen, Theatre

NOW = datetime(2026, 6, 6, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_pictures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def one_hall(monkeypatch):
    """A small demo: every theatre, but the Lantern Room is the only hall."""
    monkeypatch.setattr(loader, "THEATRES", tuple(_with_halls(theatre, "lantern-room") for theatre in THEATRES))


def _with_halls(theatre: DemoTheatre, *keys: str) -> DemoTheatre:
    return replace(theatre, screens=tuple(screen for screen in theatre.screens if screen.key in keys))


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Movie, Theatre, Showtime, ShowtimeSeat, Booking, User)}


@pytest.mark.slow
def test_the_whole_demo_is_what_the_contract_says():
    call_command("demo", verbosity=0)
    now = database_now()
    assert Movie.objects.count() >= 24
    assert Counter(Theatre.objects.values_list("city", flat=True)) == {"Lagos": 2, "Accra": 1, "Nairobi": 1}
    sizes = {screen.name: screen.seats.count() for screen in Screen.objects.all()}
    assert (len(sizes), min(sizes.values()), max(sizes.values()), sizes["Grand Hall"]) == (11, 48, 420, 420)
    for screen in Screen.objects.select_related("theatre"):
        zone = screen.theatre.timezone
        shows = Counter(local_day(show.starts_at, zone) for show in screen.showtimes.filter(status="on_sale"))
        today = local_day(now, zone)
        assert all(shows[today + timedelta(days=day)] >= 3 for day in range(15)), screen
        seats = Counter(ShowtimeSeat.objects.filter(showtime__screen=screen).values_list("status", flat=True))
        expected = {"free"} if screen.name == "Grand Hall" else {"free", "sold", "held", "blocked"}
        assert set(seats) == expected, screen
    assert list(violations(now=now)) == []
    before = rows()
    call_command("demo", verbosity=0)
    assert rows() == before


def test_a_day_later_a_day_is_added(one_hall):
    assert demo_load(now=NOW).showtimes_added > 14 * 3
    assert demo_load(now=NOW + timedelta(hours=3)).showtimes_added == 0
    assert demo_load(now=NOW + timedelta(days=1)).showtimes_added in range(3, 6)


def test_what_a_manager_did_stays(one_hall):
    demo_load(now=NOW)
    show = Showtime.objects.filter(starts_at__gt=NOW).first()
    Showtime.objects.filter(pk=show.pk).update(status="called_off")
    Theatre.objects.filter(slug="eko-lantern").update(name="Renamed")
    User.objects.filter(email="ada@movy.test").update(first_name="Augusta")
    assert demo_load(now=NOW).showtimes_added == 0
    assert Theatre.objects.get(slug="eko-lantern").name == "Renamed"
    assert User.objects.get(email="ada@movy.test").first_name == "Augusta"


def test_everybody_is_what_they_are(one_hall, client):
    demo_load(now=NOW)
    staff = {
        user.email.partition("@")[0]: (
            user.is_staff,
            user.is_superuser,
            *user.memberships.values_list("role", "theatre__slug"),
        )
        for user in User.objects.all()
    }
    assert staff == {
        "ada": (False, False),
        "kofi": (False, False),
        "manager": (True, False, ("manager", "eko-lantern")),
        "desk": (False, False, ("box_office", "eko-lantern")),
        "door": (False, False, ("door", "eko-lantern")),
        "rival": (True, False, ("manager", "harmattan-cinema")),
        "admin": (True, True),
    }
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(staff)
    assert all(user.check_password("movy-demo") for user in User.objects.all())


def test_a_poster_is_served_as_a_picture_that_runs_nothing(one_hall, client):
    demo_load(now=NOW)
    answer = client.get(Movie.objects.get(title="Metropolis").poster.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"<svg")
    assert client.get("/media/../manage.py").status_code == 400


def test_the_rows_are_those_that_the_services_make(one_hall):
    demo_load(now=NOW)
    screen = Screen.objects.get(name="Lantern Room")
    hall = LANTERN.screens[-1]
    tomorrow = local_day(NOW, "Africa/Lagos") + timedelta(days=1)
    plan = planned_showtimes(tomorrow, hall)[-1]
    showtime = screen.showtimes.get(starts_at=plan.starts_at)
    loaded = told(showtime)
    in_hall = set(showtime.prices.values_list("category__code", flat=True))
    sold_at = showtime.bookings.earliest("created_at").created_at
    for rows_there in rows_of(showtime):
        rows_there._raw_delete(rows_there.db)

    draft = ShowtimeDraft(
        theatre_id=screen.theatre_id,
        screen_id=screen.pk,
        movie_id=showtime.movie_id,
        starts_at=plan.starts_at,
        prices={code: row for code, row in LANTERN.prices_for(plan.format).items() if code in in_hall},
        format=plan.format,
        language=plan.language,
    )
    made = showtime_schedule(draft=draft, now=sold_at)
    showtime_put_on_sale(showtime_id=made.pk, now=sold_at)
    seats_block(showtime_id=made.pk, labels=fill(plan).blocked, until=None, reason="", actor_id=None, now=sold_at)
    desk = Membership.objects.get(role="box_office").user_id

    def draft_of(labels: tuple[str, ...], now: datetime, *, buyer: Buyer) -> BookingDraft:
        children = len(labels) - 2 if len(labels) >= 4 else 0
        in_order = sorted(labels, key=lambda label: screen.seats.get(label=label).pk)
        kinds = ["adult"] * (len(labels) - children) + ["child"] * children
        picks = [SeatPick(label, kind) for label, kind in zip(in_order, kinds, strict=True)]
        return booking_draft(showtime_id=made.pk, seats=picks, buyer=buyer, now=now)

    for number, labels in enumerate(fill(plan).parties):
        sale = draft_of(labels, sold_at, buyer=Buyer(email=""))
        desk_sale(sale, reference=f"MV-{number}", channel=Channel.CASH, sold_by_id=desk, now=sold_at)
    booking_hold(draft_of(fill(plan).held, NOW, buyer=Buyer(email=HOLDER)), now=NOW)
    assert told(Showtime.objects.get(pk=made.pk)) == loaded


# Ids, what is random, and how long a hold lasts.
NOT_TOLD = {"id", "showtime_id", "booking_id", "payment_id", "booked_seat_id", "confirms_id"}
NOT_TOLD |= {"reference", "serial", "held_until", "updated_at"}


def rows_of(showtime: Showtime) -> list[QuerySet[Any]]:
    """Everything that hangs on a showtime, what points to others first."""
    of_bookings = {"booking__showtime": showtime}
    return [
        Ticket.objects.filter(booked_seat__booking__showtime=showtime),
        PaymentEvent.objects.filter(payment__booking__showtime=showtime),
        Payment.objects.filter(**of_bookings),
        BookingEvent.objects.filter(**of_bookings),
        BookedSeat.objects.filter(**of_bookings),
        ShowtimeSeat.objects.filter(showtime=showtime),
        Booking.objects.filter(showtime=showtime),
        ShowtimePrice.objects.filter(showtime=showtime),
        Showtime.objects.filter(pk=showtime.pk),
    ]


def told(showtime: Showtime) -> dict[str, list[str]]:
    """All rows of a showtime as sorted text, without NOT_TOLD."""
    return {rows.model.__name__: sorted(map(_row_told, rows.values())) for rows in rows_of(showtime)}


def _row_told(row: dict[str, Any]) -> str:
    not_told = NOT_TOLD | ({"hold_expires_at"} if row.get("status") == "held" else set())
    return str({name: value for name, value in sorted(row.items()) if name not in not_told})
