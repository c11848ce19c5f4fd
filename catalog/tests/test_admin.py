"""The programme in the office: scheduling by the theatre's clock, prices, films by TMDb number and by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from catalog.models import Movie, Showtime, ShowtimePrice, ShowtimeStatus
from movy.lib.clock import database_now
from tests.security.admin_walk import form_data, url
from tests.security.admin_world import House, house


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    client = Client()
    client.force_login(own.manager)
    return client


def next_week(hour: int) -> datetime:
    """That hour on the theatre's clock (Lagos, an hour ahead of UTC), a week from now."""
    day = database_now() + timedelta(days=7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)


def scheduled(client: Client, own: House, *, hour: int, **changes: Any) -> Any:
    data = {
        "movie": own.rows[Movie].pk,
        "screen": own.theatre.screens.get().pk,
        "starts_at": next_week(hour).strftime("%Y-%m-%dT%H:%M"),
        "price": "3500",
        "format": "2D",
        "language": "",
    }
    return client.post(url(Showtime, "add"), data | changes)


def test_a_showing_is_scheduled_by_the_theatres_own_clock(client: Client, own: House) -> None:
    assert scheduled(client, own, hour=19).status_code == 302
    showtime = Showtime.objects.latest("pk")
    assert showtime.starts_at == next_week(18).replace(tzinfo=UTC)
    assert showtime.status == ShowtimeStatus.DRAFT
    assert showtime.free_at - showtime.ends_at == timedelta(minutes=own.theatre.cleaning_minutes)
    assert [price.amount_minor for price in showtime.prices.all()] == [350_000]


def test_a_showing_in_the_way_is_named_and_nothing_is_saved(client: Client, own: House) -> None:
    scheduled(client, own, hour=19)
    count = Showtime.objects.count()
    response = scheduled(client, own, hour=20)
    assert response.status_code == 200
    assert "Velvet Film runs in Velvet Hall from 19:00" in response.content.decode()
    assert Showtime.objects.count() == count


@pytest.mark.parametrize("price", ["0.10", "-1", "3500.005", "99999999"])
def test_a_price_that_paystack_would_not_charge_is_refused(client: Client, own: House, price: str) -> None:
    count = Showtime.objects.count()
    assert scheduled(client, own, hour=19, price=price).status_code == 200
    assert Showtime.objects.count() == count


def test_a_showing_in_the_past_is_refused(client: Client, own: House) -> None:
    assert "That is in the past." in scheduled(client, own, hour=19, starts_at="2020-01-01T19:00").content.decode()


def test_a_draft_moves_and_is_not_moved_onto_another(client: Client, own: House) -> None:
    scheduled(client, own, hour=14)
    scheduled(client, own, hour=19)
    showtime = Showtime.objects.latest("pk")
    page = url(Showtime, "change", showtime.pk)
    data = form_data(client.get(page))
    assert data["starts_at"] == next_week(19)
    assert client.post(page, data | {"starts_at": next_week(15).isoformat()}).status_code == 200
    assert client.post(page, data | {"starts_at": next_week(21).isoformat()}).status_code == 302
    showtime.refresh_from_db()
    assert showtime.starts_at == next_week(20).replace(tzinfo=UTC)


def test_a_showing_on_sale_keeps_its_time_screen_and_status_whatever_is_posted(client: Client, own: House) -> None:
    showtime = Showtime.objects.get(status=ShowtimeStatus.ON_SALE)
    page = url(Showtime, "change", showtime.pk)
    data = form_data(client.get(page))
    sent_along = {"starts_at": next_week(9).isoformat(), "status": "called_off", "currency": "USD", "movie": 1}
    assert client.post(page, data | sent_along | {"format": "3D"}).status_code == 302
    after = Showtime.objects.get(pk=showtime.pk)
    assert (after.starts_at, after.status, after.currency, after.movie_id) == (
        showtime.starts_at,
        showtime.status,
        showtime.currency,
        showtime.movie_id,
    )
    assert after.format == "3D"
    assert client.post(url(Showtime, "delete", showtime.pk), {"post": "yes"}).status_code == 403


def test_a_draft_can_be_deleted(client: Client, own: House) -> None:
    draft = own.rows[Showtime]
    assert client.post(url(Showtime, "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert not Showtime.objects.filter(pk=draft.pk).exists()


def test_a_price_is_typed_in_the_currencys_own_unit(client: Client, own: House) -> None:
    page = url(Showtime, "change", own.rows[Showtime].pk)
    data = form_data(client.get(page))
    assert client.post(page, data | {"prices-0-amount": "0.10"}).status_code == 200
    assert client.post(page, data | {"prices-0-amount": "4200.50"}).status_code == 302
    assert ShowtimePrice.objects.get(showtime=own.rows[Showtime]).amount_minor == 420_050
