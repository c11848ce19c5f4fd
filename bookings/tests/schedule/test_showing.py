"""One showing's page, its prices, and the rival manager."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse

from bookings.flows import showings_open_due
from bookings.models import ShowtimeSeat
from bookings.tests.factories import hold, showtime_on_sale
from bookings.tests.schedule.steps import address, at, card, typed
from catalog.models import CardPrice, PriceCard, Showtime, ShowtimePrice
from catalog.tests.factories import ListingFactory, ShowtimeFactory
from movy.lib.clock import database_now
from theatres.models import Theatre, TicketType
from theatres.tests.factories import ScreenFactory, TheatreFactory
from theatres.tests.people import browser_of

pytestmark = pytest.mark.django_db


# ---- One showing


def test_a_showing_is_moved_unless_somebody_has_booked_it(office, theatre, screen, listing, monday):
    show = showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    place = {"wish": "move", "screen": screen.pk, "day": monday.isoformat(), "at": "20:30"}
    assert office.post(address("show", theatre, show.pk), place).status_code == 303
    show.refresh_from_db()
    assert show.starts_at == at(monday, "20:30")
    hold(show, ["C4"], now=database_now())
    refused = office.post(address("show", theatre, show.pk), place | {"at": "21:00"})
    assert refused.status_code == 409
    assert "People have booked this showing" in refused.content.decode()
    show.refresh_from_db()
    assert show.starts_at == at(monday, "20:30")


def test_a_move_into_another_show_is_refused_and_names_it(office, theatre, screen, listing, monday):
    ShowtimeFactory(screen=screen, movie__title="Nosferatu", starts_at=at(monday, "22:00"))
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    place = {"wish": "move", "screen": screen.pk, "day": monday.isoformat(), "at": "21:00"}
    refused = office.post(address("show", theatre, show.pk), place)
    assert refused.status_code == 409
    assert "Nosferatu runs in Grand Hall from 22:00" in refused.content.decode()


def test_a_draft_goes_on_sale_at_its_moment_and_not_before(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    moment = f"{monday - timedelta(days=7)}T10:00"
    assert office.post(address("show", theatre, show.pk), {"wish": "open_at", "opens_on": moment}).status_code == 303
    show.refresh_from_db()
    assert show.on_sale_at == at(monday - timedelta(days=7), "10:00")
    assert showings_open_due() == 0
    Showtime.objects.filter(pk=show.pk).update(on_sale_at=database_now() - timedelta(seconds=1))
    assert (showings_open_due(), showings_open_due()) == (1, 0)
    show.refresh_from_db()
    assert (show.status, show.on_sale_at) == ("on_sale", None)
    assert ShowtimeSeat.objects.filter(showtime=show).count() == 2


def test_the_films_page_says_when_booking_opens_and_tells_nothing_of_other_drafts(client, screen, listing, monday):
    plain = ShowtimeFactory(screen=screen, starts_at=at(monday, "12:00")).movie
    assert "Look in again soon" in client.get(plain.get_absolute_url()).content.decode()
    opens_at = at(monday - timedelta(days=7), "10:00")
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"), on_sale_at=opens_at)
    page = client.get(listing.movie.get_absolute_url()).content.decode()
    assert f"Booking opens on {monday - timedelta(days=7):%A} " in page
    assert f"10:00 at {screen.theatre.name}." in page
    assert client.get(f"/booking/{show.pk}").status_code == 404


def test_sales_cannot_begin_after_they_end_nor_in_the_past(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    for moment in (f"{monday}T19:00", "2020-01-01T10:00"):
        answer = office.post(address("show", theatre, show.pk), {"wish": "open_at", "opens_on": moment})
        assert answer.status_code == 400
    show.refresh_from_db()
    assert show.on_sale_at is None


def test_a_showing_is_opened_taken_back_and_deleted(office, theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    for wish, status in (("open", "on_sale"), ("draft", "draft")):
        assert office.post(address("show", theatre, show.pk), {"wish": wish}).status_code == 303
        show.refresh_from_db()
        assert show.status == status
    assert office.post(address("show", theatre, show.pk), {"wish": "nothing"}).status_code == 400
    assert office.post(address("show", theatre, show.pk), {"wish": "delete"}).status_code == 303
    assert not Showtime.objects.exists()


# ---- Prices


def test_a_showing_takes_the_prices_of_the_first_card_that_fits(office, theatre, screen, listing, monday):
    card(theatre, "Always", 350_000, position=9)
    matinee = card(
        theatre, "Weekday matinee 2D", 150_000, position=1, weekdays="12345", starts_before=time(17), format="2d"
    )
    for clock, format in (("14:00", "2D"), ("18:00", "2D")):
        office.post(address("new", theatre), typed(screen, listing, monday, at=clock, format=format, price=""))
    saturday = monday + timedelta(days=5)
    for day, clock in ((saturday, "14:00"), (saturday, "01:00")):
        office.post(address("new", theatre), typed(screen, listing, day, at=clock, price=""))
    shows = Showtime.objects.order_by("starts_at")
    assert [show.prices.get().amount_minor for show in shows] == [150_000, 350_000, 350_000, 350_000]
    assert shows[0].price_card == matinee


def test_without_a_card_that_fits_a_showing_needs_a_price(office, theatre, screen, listing, monday):
    answer = office.post(address("new", theatre), typed(screen, listing, monday, price=""))
    assert answer.status_code == 409
    assert "No price card fits" in answer.content.decode()


def test_changed_cards_reach_coming_showings_that_nobody_booked_and_only_when_asked(
    office, theatre, screen, listing, monday
):
    always = card(theatre, "Always", 350_000)
    follows, booked, own = (
        showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, clock), price_card=followed)
        for clock, followed in (("10:00", always), ("13:00", always), ("16:00", None))
    )
    booking = hold(booked, ["C4"], now=database_now())
    CardPrice.objects.update(amount_minor=400_000)
    page = office.get(address("reprice", theatre))
    assert [one.showtime for one in page.context["found"]] == [follows]
    assert "₦3,500" in page.content.decode()
    assert "₦4,000" in page.content.decode()
    assert office.post(address("reprice", theatre), {"seen": "other"}).status_code == 409
    assert follows.prices.get().amount_minor == 350_000
    assert office.post(address("reprice", theatre), {"seen": page.context["seen"]}).status_code == 303
    assert [show.prices.get().amount_minor for show in (follows, booked, own)] == [400_000, 350_000, 350_000]
    assert booking.seats.get().price_minor == booking.total_minor == 350_000


def test_a_changed_price_never_changes_a_booking(office, theatre, screen, listing, monday):
    show = showtime_on_sale(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    booking = hold(show, ["C4"], now=database_now())
    ShowtimePrice.objects.filter(showtime=show).update(amount_minor=900_000)
    booking.refresh_from_db()
    assert (booking.total_minor, booking.seats.get().price_minor) == (350_000, 350_000)


def test_a_card_is_made_then_priced_as_people_write_money(office, theatre):
    TicketType.objects.create(theatre=theatre, code="child", name="Child", position=1)
    add = reverse("admin:catalog_pricecard_add")
    made = {"theatre": theatre.pk, "name": "Matinee", "position": "1", "weekdays": ["1", "2"], "starts_before": "17:00"}
    answer = office.post(add, made)
    found = PriceCard.objects.get()
    assert answer["Location"] == reverse("admin:catalog_pricecard_change", args=[found.pk])
    assert (found.weekdays, found.starts_before) == ("12", time(17))
    form = office.get(answer["Location"]).context["adminform"].form
    [(_category, [adult, child])] = list(form.grid())
    wish = made | {adult.html_name: "3,500.50", child.html_name: ""}
    assert office.post(answer["Location"], wish).status_code == 302
    assert CardPrice.objects.get().amount_minor == 350_050
    refused = office.post(answer["Location"], wish | {child.html_name: "3,50"})
    assert refused.status_code == 200
    assert "Write a price as 3500" in refused.content.decode()
    assert CardPrice.objects.get().amount_minor == 350_050


def test_retired_kinds_are_not_priced_any_more_and_what_was_priced_keeps_them(office, theatre, screen, listing, monday):
    student = TicketType.objects.create(theatre=theatre, code="student", name="Student")
    before = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "10:00"))
    TicketType.objects.filter(pk=student.pk).update(is_retired=True)
    office.post(address("new", theatre), typed(screen, listing, monday))
    assert before.prices.count() == 2
    assert Showtime.objects.exclude(pk=before.pk).get().prices.get().ticket_type.code == "adult"


# ---- And the rival manager?


def test_the_rival_finds_no_page_of_another_theatres_schedule(theatre, screen, listing, monday):
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    rival = browser_of("rival", theatre)
    pages = [address(name, theatre) for name in ("week", "new", "copy", "import", "template", "export", "reprice")]
    for page in [*pages, address("show", theatre, show.pk)]:
        for answer in (rival.get(page), rival.post(page, typed(screen, listing, monday) | {"wish": "delete"})):
            assert answer.status_code == 404, page
            assert "Metropolis" not in answer.content.decode()
    assert Showtime.objects.get() == show


def test_the_rivals_own_pages_take_nothing_of_another_theatre(theatre, screen, listing, monday):
    foreign_card = card(theatre, "Secret card", 100_000)
    show = ShowtimeFactory(screen=screen, movie=listing.movie, starts_at=at(monday, "19:00"))
    rival, own = browser_of("rival", theatre), Theatre.objects.exclude(pk=theatre.pk)
    browser = browser_of("manager", own := own.first() or TheatreFactory())
    hall, film = ScreenFactory(theatre=own), ListingFactory(theatre=own)
    before = Showtime.objects.count()
    for foreign in ({"screen": screen.pk}, {"movie": listing.movie_id}, {"price": str(foreign_card.pk)}):
        answer = browser.post(address("new", own), typed(hall, film, monday) | foreign)
        assert answer.status_code == 400
        assert "Secret" not in answer.content.decode()
    assert browser.get(address("show", own, show.pk)).status_code == 404
    text = f"film,screen,date,time,price\nMetropolis,Grand Hall,{monday},19:00,Secret card\n"
    [one] = browser.post(address("import", own), {"text": text}).context["planned"]
    assert {problem.field for problem in one.problems} == {"film", "screen", "price"}
    assert Showtime.objects.count() == before
    assert rival.get(reverse("admin:catalog_pricecard_change", args=[foreign_card.pk])).status_code == 302
