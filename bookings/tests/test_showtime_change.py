from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from bookings.models import Booking
from bookings.services import booking_cancel, booking_confirm, booking_hold
from bookings.showtimes import showtime_change, showtime_delete
from bookings.tests.factories import NOW, buyer, draft_of, hold, showtime_on_sale
from catalog.errors import InvalidShowtime, ScreenBusy, ShowtimeChanged, ShowtimeHasBookings
from catalog.models import Showtime, ShowtimePrice, ShowtimeStatus
from catalog.services import ShowtimeChange
from catalog.tests.factories import STARTS_AT, ListingFactory, ShowtimeFactory
from movy.lib.errors import NotFound
from theatres.tests.factories import ScreenFactory, TheatreFactory, seats_add

pytestmark = pytest.mark.django_db

LATER = STARTS_AT + timedelta(hours=1)


def change(showtime: Showtime, *, status: ShowtimeStatus | None = None, now: Any = NOW, **changes: Any) -> Showtime:
    theatre_id = showtime.screen.theatre_id
    with transaction.atomic():
        showtime_change(
            theatre_id=theatre_id,
            showtime_id=showtime.pk,
            change=ShowtimeChange(**changes),
            status=status,
            now=now,
        )
    return Showtime.objects.get(pk=showtime.pk)


def delete(showtime: Showtime) -> None:
    with transaction.atomic():
        showtime_delete(theatre_id=showtime.screen.theatre_id, showtime_id=showtime.pk)


@pytest.fixture
def showtime() -> Showtime:
    theatre = TheatreFactory(cleaning_minutes=20, sales_close_minutes_before=5)
    return showtime_on_sale(screen=ScreenFactory(theatre=theatre))


def elsewhere(showtime: Showtime) -> dict[str, dict[str, Any]]:
    """Return a change of each kind that makes it another showing."""
    theatre = showtime.screen.theatre
    return {
        "film": {"movie_id": ListingFactory(theatre=theatre).movie.pk},
        "hall": {"screen_id": ScreenFactory(theatre=theatre).pk},
        "time": {"starts_at": LATER},
        "draft": {"status": ShowtimeStatus.DRAFT},
        "called off": {"status": ShowtimeStatus.CALLED_OFF},
    }


def test_a_move_takes_all_its_times_along(showtime):
    moved = change(showtime, starts_at=LATER)
    assert (moved.starts_at, moved.ends_at) == (LATER, LATER + timedelta(minutes=100))
    assert moved.free_at == LATER + timedelta(minutes=120)
    assert moved.sales_close_at == LATER - timedelta(minutes=5)


def test_another_film_brings_its_length_and_language(showtime):
    film = ListingFactory(theatre=showtime.screen.theatre, movie__runtime_minutes=150, movie__language="yo").movie
    changed = change(showtime, movie_id=film.pk)
    assert (changed.movie, changed.language) == (film, "yo")
    assert changed.ends_at == STARTS_AT + timedelta(minutes=150)


def test_another_hall_brings_its_seats(showtime):
    hall = ScreenFactory(theatre=showtime.screen.theatre, seats=["A1", "A2", "A3"])
    changed = change(showtime, screen_id=hall.pk)
    assert changed.screen == hall
    assert set(changed.seats.values_list("seat_id", flat=True)) == set(hall.seats.values_list("pk", flat=True))


def test_another_hall_must_be_priced(showtime):
    hall = ScreenFactory(theatre=showtime.screen.theatre)
    hall.theatre.categories.create(code="balcony", name="Balcony")
    seats_add(hall, ["Z1"], category="balcony")
    with pytest.raises(InvalidShowtime) as refusal:
        change(showtime, screen_id=hall.pk)
    assert refusal.value.field == "price"
    prices = {code: {"adult": 400_000} for code in ("standard", "balcony")}
    assert change(showtime, screen_id=hall.pk, prices=prices).screen == hall


def test_a_show_may_move_over_itself_but_not_over_another(showtime):
    other = showtime_on_sale(screen=showtime.screen, starts_at=STARTS_AT + timedelta(hours=4))
    change(showtime, starts_at=LATER)
    with pytest.raises(ScreenBusy) as refusal:
        change(showtime, starts_at=other.starts_at)
    assert refusal.value.showtime == other


def test_what_another_theatre_has_cannot_be_moved_to(showtime):
    for changes in ({"screen_id": ScreenFactory().pk}, {"movie_id": ListingFactory().movie.pk}):
        with pytest.raises(InvalidShowtime):
            change(showtime, **changes)


def test_another_theatres_showing_is_not_found(showtime):
    rival = TheatreFactory()
    with transaction.atomic(), pytest.raises(NotFound):
        showtime_change(theatre_id=rival.pk, showtime_id=showtime.pk, change=ShowtimeChange(format="3D"), now=NOW)
    with transaction.atomic(), pytest.raises(NotFound):
        showtime_delete(theatre_id=rival.pk, showtime_id=showtime.pk)


@pytest.mark.parametrize("kind", ["film", "hall", "time", "draft"])
def test_nothing_is_moved_or_withdrawn_under_a_live_booking(showtime, kind):
    booking = hold(showtime, ["C4"])
    changes = elsewhere(showtime)[kind]
    with pytest.raises(ShowtimeHasBookings):
        change(showtime, **changes)
    with transaction.atomic():
        booking_confirm(booking.reference, now=NOW)
    with pytest.raises(ShowtimeHasBookings):
        change(showtime, **changes)
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=None, now=NOW)
    change(showtime, **changes)


def test_a_lapsed_hold_keeps_nothing_where_it_is(showtime):
    booking = hold(showtime, ["C4"])
    assert change(showtime, starts_at=LATER, now=booking.hold_expires_at).starts_at == LATER


def test_the_same_again_is_no_move(showtime):
    hold(showtime, ["C4"])
    change(
        showtime,
        movie_id=showtime.movie_id,
        screen_id=showtime.screen_id,
        starts_at=STARTS_AT + timedelta(seconds=30),
        status=ShowtimeStatus.ON_SALE,
    )


def test_prices_change_under_a_booking_which_keeps_its_own(showtime):
    booking = hold(showtime, ["C4"])
    changed = change(showtime, prices={"standard": {"adult": 500_000}}, format="IMAX", language="fr")
    price = ShowtimePrice.objects.get()
    assert price.amount_minor == 500_000
    assert list(price.history.values_list("amount_minor", flat=True)) == [500_000, 350_000]
    assert (changed.format, changed.language) == ("IMAX", "fr")
    booking.refresh_from_db()
    assert booking.total_minor == 350_000
    assert hold(showtime, ["C5"], who=buyer("kofi")).total_minor == 500_000


def test_a_draft_goes_on_sale_and_back(showtime):
    draft = change(showtime, status=ShowtimeStatus.DRAFT)
    assert (draft.status, draft.seats.count()) == ("draft", 0)
    on_sale = change(draft, status=ShowtimeStatus.ON_SALE)
    assert (on_sale.status, on_sale.seats.count()) == ("on_sale", 2)


def test_what_was_called_off_stays_so(showtime):
    change(showtime, status=ShowtimeStatus.CALLED_OFF)
    for changes in ({"status": ShowtimeStatus.ON_SALE}, {"starts_at": LATER}, {"format": "3D"}):
        with pytest.raises(InvalidShowtime):
            change(showtime, **changes)


def test_a_draft_cannot_be_called_off():
    with pytest.raises(InvalidShowtime):
        change(ShowtimeFactory(), status=ShowtimeStatus.CALLED_OFF)


def test_one_that_nobody_booked_is_deleted(showtime):
    delete(showtime)
    assert not Showtime.objects.exists()
    with pytest.raises(NotFound):
        delete(showtime)


def test_one_that_was_ever_booked_is_not(showtime):
    booking = hold(showtime, ["C4"])
    with transaction.atomic():
        booking_cancel(booking.reference, actor_id=None, now=NOW)
    with pytest.raises(ShowtimeHasBookings):
        delete(showtime)
    assert Showtime.objects.exists()


@pytest.mark.parametrize("kind", ["film", "hall", "time", "draft", "called off", "deleted"])
def test_a_buyer_who_was_shown_another_showing_is_told_so(showtime, kind):
    wish = draft_of(showtime, ["C4"])
    delete(showtime) if kind == "deleted" else change(showtime, **elsewhere(showtime)[kind])
    with pytest.raises(ShowtimeChanged), transaction.atomic():
        booking_hold(wish, now=NOW)
    assert not Booking.objects.exists()


def test_a_late_payment_for_a_showing_that_was_withdrawn_buys_nothing(showtime):
    booking = hold(showtime, ["C4"])
    late = booking.hold_expires_at
    change(showtime, status=ShowtimeStatus.CALLED_OFF, now=late)
    with transaction.atomic():
        assert not booking_confirm(booking.reference, now=late)


def test_a_showing_off_sale_confirms_nothing(showtime):
    booking = hold(showtime, ["C4"])
    Showtime.objects.update(status=ShowtimeStatus.CALLED_OFF)
    with transaction.atomic():
        assert not booking_confirm(booking.reference, now=NOW)
